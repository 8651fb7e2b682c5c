/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/modules/ini.h"

#include <errno.h>
#include <iniparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int keep_quiet(const char *format, ...)
{
	(void)format;
	return 0;
}

/* iniparser knows a section only where its bracket ends the line. The copy is for free(); NULL: memory is short. */
static char *without_comments(const char *bytes, size_t len, const struct sc_ini *ini)
{
	char *copy = malloc(len + 1), *at = copy, *end = copy ? copy + len : NULL;
	unsigned line = 1;

	if (!copy)
		return NULL;
	memcpy(copy, bytes, len);
	for (size_t i = 0; i < ini->n_sections && at; i++) {
		while (at && line < ini->sections[i].line) {
			char *feed = memchr(at, '\n', (size_t)(end - at));

			at = feed ? feed + 1 : NULL;
			line++;
		}
		char *bracket = at ? memchr(at, ']', (size_t)(end - at)) : NULL;
		for (char *c = bracket ? bracket + 1 : end; c < end && *c != '\n'; c++)
			*c = ' ';
	}
	return copy;
}

/* iniparser opens files only by name: give it the bytes that were scanned, not a file that may have changed since. */
static dictionary *load(const char *bytes, size_t len, const struct sc_ini *ini)
{
	char path[64];
	int fd = memfd_create("spicecfg-ini", MFD_CLOEXEC);
	dictionary *dict = NULL;

	if (fd < 0)
		return NULL;
	char *copy = without_comments(bytes, len, ini);
	size_t done = 0;
	while (copy && done < len) {
		ssize_t n = write(fd, copy + done, len - done);

		if (n < 0 && errno != EINTR)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	free(copy);
	if (done == len) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		iniparser_set_error_callback(keep_quiet);
		dict = iniparser_load(path);
	}
	close(fd);
	return dict;
}

static enum spicecfg_status compare(struct spicecfg_ctx *ctx, const char *name, const dictionary *dict, const struct sc_ini *ini)
{
	char key[2200];

	for (size_t i = 0; i < ini->count; i++) {
		const struct sc_ini_entry *entry = &ini->entries[i];

		snprintf(key, sizeof(key), "%s:%s", entry->section, entry->key);
		const char *value = iniparser_getstring(dict, key, NULL);
		if (!value || strcmp(value, entry->value) != 0)
			return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){name, entry->line, entry->value_column},
					  "Quote the value, or write it without quotes inside.", "the value of '%s' is ambiguous",
					  entry->key);
	}
	return SPICECFG_OK;
}

static enum spicecfg_status verify(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len, const struct sc_ini *ini)
{
	dictionary *dict = load(bytes, len, ini);

	if (!dict)
		return sc_fail(ctx, SPICECFG_SYSTEM, "Mount /proc.", "%s: iniparser can't read it", name);
	enum spicecfg_status status = compare(ctx, name, dict, ini);
	iniparser_freedict(dict);
	return status;
}

extern const struct sc_module_ini sc_module_ini;

__attribute__((visibility("default"))) const struct sc_module_ini sc_module_ini = {.verify = verify};
