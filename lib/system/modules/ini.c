/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/modules/ini.h"

#include <errno.h>
#include <iniparser.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int keep_quiet(const char *format, ...)
{
	(void)format;
	return 0;
}

/* iniparser opens files only by name: give it the bytes that were scanned, not a file that may have changed since. */
static dictionary *load(const char *bytes, size_t len)
{
	char path[64];
	int fd = memfd_create("spicecfg-ini", MFD_CLOEXEC);
	dictionary *dict = NULL;

	if (fd < 0)
		return NULL;
	size_t done = 0;
	while (done < len) {
		ssize_t n = write(fd, bytes + done, len - done);

		if (n < 0 && errno != EINTR)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
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
	dictionary *dict = load(bytes, len);

	if (!dict)
		return sc_fail(ctx, SPICECFG_SYSTEM, "Mount /proc.", "%s: iniparser can't read it", name);
	enum spicecfg_status status = compare(ctx, name, dict, ini);
	iniparser_freedict(dict);
	return status;
}

extern const struct sc_module_ini sc_module_ini;

__attribute__((visibility("default"))) const struct sc_module_ini sc_module_ini = {.verify = verify};
