/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asks about rules with hours: calendar_ask reads questions from standard input, one a line, with tabs between the words: the path of a
 * zone's file ("-": UTC), the times of a rule of pam_time, and seconds since 1970. It prints for each the weekday and time of day there,
 * and whether the rule denies.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc/pamtime.h"

enum { FILE_SIZE = 1024 * 1024, LINE_SIZE = 4096, PATH_SIZE = 256 };

struct zone {
	char path[PATH_SIZE];
	char data[FILE_SIZE];
	size_t len;
};

static void load(struct zone *zone, const char *path)
{
	FILE *file;

	if (strcmp(zone->path, path) == 0)
		return;
	snprintf(zone->path, sizeof(zone->path), "%s", path);
	file = strcmp(path, "-") == 0 ? NULL : fopen(path, "re");
	zone->len = file ? fread(zone->data, 1, sizeof(zone->data), file) : 0;
	if (!file && strcmp(path, "-") != 0) {
		perror(path);
		exit(2);
	}
	if (file)
		fclose(file);
}

int main(void)
{
	static struct zone zone;
	char line[LINE_SIZE], rule[LINE_SIZE + 32];

	while (fgets(line, sizeof(line), stdin)) {
		char *save, *path = strtok_r(line, "\t\n", &save), *times = strtok_r(NULL, "\t\n", &save),
			    *instant = strtok_r(NULL, "\t\n", &save);
		struct sc_wall wall;
		unsigned at;

		if (!path || !times || !instant)
			return 2;
		load(&zone, path);
		if (!sc_zone_wall(zone.len ? zone.data : NULL, zone.len, atoll(instant), &wall)) {
			printf("unknown\n");
			continue;
		}
		int len = snprintf(rule, sizeof(rule), "spice;*;anne;%s\n", times);
		const struct sc_pamtime_login login = {"spice", "anne", &wall};
		static const char *const answers[] = {"admits", "unclear", "denies"};

		printf("%d %d %s\n", wall.weekday, wall.minute, answers[sc_pamtime_ask(rule, (size_t)len, &login, &at)]);
	}
	return 0;
}
