/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/modules/ini.h"

#include <errno.h>
#include <iniparser.h>
#include <limits.h>
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

/* iniparser looks for each key among all: what it gets at once is bounded, so that a file needs time by its size alone. */
enum { PART_ENTRIES = 500 };

/* Whole sections, one after the other. */
struct part {
	const char *bytes;
	size_t len;
	unsigned line; /* its first */
	const struct sc_ini_section *sections;
	size_t n_sections;
	const struct sc_ini_entry *entries;
	size_t n_entries;
};

/* The line that is n lines below the one at. */
static const char *skip_lines(const char *at, const char *end, unsigned n)
{
	while (at && n--) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));

		at = feed ? feed + 1 : NULL;
	}
	return at;
}

/* iniparser knows a section only where its bracket ends the line. The copy is for free(); NULL: memory is short. */
static char *without_comments(const struct part *part)
{
	char *copy = malloc(part->len + 1), *at = copy, *end = copy ? copy + part->len : NULL;
	unsigned line = part->line;

	if (!copy)
		return NULL;
	memcpy(copy, part->bytes, part->len);
	for (size_t i = 0; i < part->n_sections && at; i++) {
		const char *found = skip_lines(at, end, part->sections[i].line - line);
		at = found ? copy + (found - copy) : NULL;
		line = part->sections[i].line;
		char *bracket = at ? memchr(at, ']', (size_t)(end - at)) : NULL;
		for (char *c = bracket ? bracket + 1 : end; c < end && *c != '\n'; c++)
			*c = ' ';
	}
	return copy;
}

/* iniparser opens files only by name: give it the bytes that were scanned, not a file that may have changed since. */
static dictionary *load(const struct part *part)
{
	char path[64];
	int fd = memfd_create("spicecfg-ini", MFD_CLOEXEC);
	dictionary *dict = NULL;

	if (fd < 0)
		return NULL;
	char *copy = without_comments(part);
	size_t done = 0;
	while (copy && done < part->len) {
		ssize_t n = write(fd, copy + done, part->len - done);

		if (n < 0 && errno != EINTR)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	free(copy);
	if (done == part->len) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		iniparser_set_error_callback(keep_quiet);
		dict = iniparser_load(path);
	}
	close(fd);
	return dict;
}

static enum spicecfg_status compare(struct spicecfg_ctx *ctx, const char *name, const dictionary *dict, const struct part *part)
{
	char key[2200];

	for (size_t i = 0; i < part->n_entries; i++) {
		const struct sc_ini_entry *entry = &part->entries[i];

		snprintf(key, sizeof(key), "%s:%s", entry->section, entry->key);
		const char *value = iniparser_getstring(dict, key, NULL);
		if (!value || strcmp(value, entry->value) != 0)
			return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){name, entry->line, entry->value_column},
					  "Quote the value, or write it without quotes inside.", "the value of '%s' is ambiguous",
					  entry->key);
	}
	return SPICECFG_OK;
}

/* The next sections, of those that are left, and their entries; the bytes are not known yet. */
static struct part next_part(const struct sc_ini *left, unsigned line)
{
	struct part part = {.line = line, .sections = left->sections, .entries = left->entries};

	while (part.n_sections < left->n_sections && part.n_sections + part.n_entries < PART_ENTRIES) {
		const unsigned end = part.n_sections + 1 < left->n_sections ? left->sections[part.n_sections + 1].line : UINT_MAX;

		part.n_sections++;
		while (part.n_entries < left->count && left->entries[part.n_entries].line < end)
			part.n_entries++;
	}
	return part;
}

static enum spicecfg_status verify(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len, const struct sc_ini *ini)
{
	struct sc_ini left = *ini;
	const char *end = bytes + len;
	enum spicecfg_status status = SPICECFG_OK;
	unsigned line = 1;

	while (left.n_sections && !status) {
		struct part part = next_part(&left, line);

		left.sections += part.n_sections;
		left.n_sections -= part.n_sections;
		left.entries += part.n_entries;
		left.count -= part.n_entries;
		const char *next = left.n_sections ? skip_lines(bytes, end, left.sections->line - line) : end;
		part.bytes = bytes;
		part.len = (size_t)(next - bytes);
		dictionary *dict = load(&part);
		status = dict ? compare(ctx, name, dict, &part)
			      : sc_fail(ctx, SPICECFG_SYSTEM, "Mount /proc.", "%s: iniparser can't read it", name);
		if (dict)
			iniparser_freedict(dict);
		line = left.n_sections ? left.sections->line : line;
		bytes = next;
	}
	return status;
}

extern const struct sc_module_ini sc_module_ini;

__attribute__((visibility("default"))) const struct sc_module_ini sc_module_ini = {.verify = verify};
