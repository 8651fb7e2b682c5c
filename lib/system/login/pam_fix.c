/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/login/pam_fix.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fix.h"
#include "plan/pam.h"
#include "system/os/look.h"

struct fixer {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	const struct sc_pam *pam;
	const struct sc_pam_entry *entry; /* of the line; NULL: the finding is about the file */
	bool *ask;
};

/* sed works on lines: a rule that continues on another one is left to people. */
static bool is_one_line(const struct sc_pam *pam, const struct sc_pam_entry *entry)
{
	const struct sc_buf *bytes = sc_pam_bytes(pam);
	const char *end = memchr(bytes->data + entry->start, '\n', bytes->len - entry->start);

	return !end || (size_t)(end - bytes->data) + 1 >= entry->next;
}

/* The rule is disabled, unless another one stands there by now. */
static const struct spicecfg_fix *disable(const struct fixer *fixer, const char *module)
{
	if (!fixer->entry)
		return NULL;
	*fixer->ask = true;
	return sc_fix_command(fixer->memory, "sed -i '%u{/%s/s/^[^#]/#&/}' -- %s", fixer->entry->line, module, sc_pam_name(fixer->pam));
}

static const struct spicecfg_fix *fix_skipped(const struct fixer *fixer)
{
	return disable(fixer, "pam_permit");
}

/* Which accounts the host has elsewhere is not known: those of its own files are asked for their passwords. */
static const struct spicecfg_fix *fix_admits_all(const struct fixer *fixer)
{
	const struct sc_pam_entry *entry = fixer->entry;

	if (entry)
		return sc_pam_is_module(entry, "pam_permit.so") ? disable(fixer, "pam_permit") : NULL;
	for (size_t i = 0; (entry = sc_pam_entry_at(fixer->pam, i)); i++)
		if (entry->type == SC_PAM_AUTH && !entry->error && sc_pam_is_module(entry, "pam_permit.so") && !*entry->args)
			break;
	if (!entry || !is_one_line(fixer->pam, entry))
		return NULL;
	*fixer->ask = true;
	return sc_fix_command(fixer->memory, "sed -i '%us/pam_permit[.]so/pam_unix.so nodelay/' -- %s", entry->line,
			      sc_pam_name(fixer->pam));
}

/* The list that the rule names; NULL: none. */
static const char *list_of(const struct fixer *fixer)
{
	const char *args = fixer->entry ? fixer->entry->args : "", *file = NULL;
	SC_BUF arg = SC_BUF_INIT;

	while (sc_pam_next_arg(&args, &arg))
		if (strncmp(sc_buf_text(&arg), "file=/", 6) == 0)
			file = sc_arena_strdup(fixer->memory, sc_buf_text(&arg) + 5);
	return file;
}

#define STRICT "sed -i '%us/onerr=succeed/onerr=fail/' -- %s"

/* The list is there: nobody loses anything. */
static const struct spicecfg_fix *fix_lenient(const struct fixer *fixer)
{
	return fixer->entry ? sc_fix_command(fixer->memory, STRICT, fixer->entry->line, sc_pam_name(fixer->pam)) : NULL;
}

/* Whether root alone can put something, such as a link, where the list is: else touch, chown and chmod could be led elsewhere. */
static bool is_trusted_place(const struct fixer *fixer, const char *list)
{
	for (const char *slash = list; slash; slash = strchr(slash + 1, '/')) {
		const char *directory = sc_arena_strndup(fixer->memory, list, slash == list ? 1 : (size_t)(slash - list));
		struct stat st;

		if (sc_look_stat(fixer->ctx, directory, &st) != SC_LOOK_OK || !S_ISDIR(st.st_mode) || st.st_mode & 022 ||
		    (st.st_uid != 0 && st.st_uid != geteuid()))
			return false;
	}
	return true;
}

/* Without its list the rule lets everybody pass: an empty one, which names nobody yet, takes its place. */
static const struct spicecfg_fix *fix_list(const struct fixer *fixer)
{
	const char *list = list_of(fixer);
	struct stat st;

	if (!list || !is_trusted_place(fixer, list))
		return NULL;
	const enum sc_look look = sc_look_stat(fixer->ctx, list, &st);
	if (look == SC_LOOK_OK)
		return S_ISREG(st.st_mode) ? sc_fix_command(fixer->memory, "chown root -- %s && chmod go-w -- %s", list, list) : NULL;
	if (look != SC_LOOK_MISSING)
		return NULL;
	*fixer->ask = true;
	return sc_fix_command(fixer->memory, "touch -- %s && chmod 0644 -- %s && " STRICT, list, list, fixer->entry->line,
			      sc_pam_name(fixer->pam));
}

/* Entries are in the order of their lines. */
static const struct sc_pam_entry *find(const struct sc_pam *pam, unsigned line)
{
	const struct sc_pam_entry *entry;
	size_t low = 0, high = 1;

	while ((entry = sc_pam_entry_at(pam, high)) && entry->line <= line)
		high *= 2;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		entry = sc_pam_entry_at(pam, middle);
		if (entry && entry->line < line)
			low = middle + 1;
		else
			high = middle;
	}
	entry = sc_pam_entry_at(pam, low);
	return entry && entry->line == line ? entry : NULL;
}

const struct spicecfg_fix *sc_pam_fix(struct spicecfg_ctx *ctx, struct sc_arena *memory, const struct sc_pam *pam, const char *rule,
				      unsigned line, bool *ask)
{
	static const struct {
		const char *rule;
		const struct spicecfg_fix *(*fix)(const struct fixer *fixer);
	} fixes[] = {{"pam-skipped", fix_skipped},
		     {"pam-admits-all", fix_admits_all},
		     {"pam-list-open", fix_list},
		     {"pam-list-lenient", fix_lenient}};
	struct fixer fixer = {ctx, memory, pam, line ? find(pam, line) : NULL, ask};

	if (fixer.entry ? !is_one_line(pam, fixer.entry) : line != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(fixes) / sizeof(*fixes); i++)
		if (strcmp(fixes[i].rule, rule) == 0)
			return fixes[i].fix(&fixer);
	return NULL;
}
