/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/pam.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "doc/lines.h"

struct sc_pam {
	char *name;
	struct sc_buf text;
	struct sc_arena *memory;
	struct sc_pam_entry *entries;
	size_t n_entries;
	bool unfinished; /* the last rule ends with a backslash at the end of the file */
};

static const char *const type_names[] = {"auth", "account", "password", "session", "@include"};

const char *sc_pam_type_name(enum sc_pam_type type)
{
	return type_names[type];
}

/* Copies the next word of *text (a [bracketed] one as a whole) and advances; "" at the end. */
static const char *next_word(struct sc_pam *pam, const char **text)
{
	const char *start = *text + strspn(*text, " \t");
	const char *end = start;

	if (*start == '[') {
		while (*end && *end != ']')
			end += end[0] == '\\' && end[1] ? 2 : 1;
		if (*end == ']')
			end++;
	} else {
		end += strcspn(start, " \t");
	}
	*text = end;
	return end == start ? "" : sc_arena_strndup(pam->memory, start, (size_t)(end - start));
}

bool sc_pam_next_arg(const char **args, struct sc_buf *out)
{
	const char *at = *args + strspn(*args, " \t");
	bool bracket = *at == '[';

	out->len = 0;
	if (out->data)
		*out->data = '\0';
	if (!*at)
		return false;
	for (at += bracket; *at && (bracket ? *at != ']' : !strchr(" \t", *at)); at++) {
		at += bracket && at[0] == '\\' && at[1] == ']';
		sc_buf_addc(out, *at);
	}
	*args = at + (bracket && *at);
	return true;
}

static bool bracket_sound(const char *control)
{
	static const char *const actions[] = {"ignore", "bad", "die", "ok", "done", "reset"};
	size_t len = strlen(control);
	const char *at = control + 1;

	if (len < 3 || control[len - 1] != ']')
		return false;
	while (at < control + len - 1) {
		at += strspn(at, " \t");
		size_t value = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
		if (*at == ']')
			break;
		if (!value || at[value] != '=')
			return false;
		at += value + 1;
		size_t action = strcspn(at, " \t]");
		bool known = action && strspn(at, "0123456789") == action;
		for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
			known = known || (strlen(actions[i]) == action && strncmp(at, actions[i], action) == 0);
		if (!known)
			return false;
		at += action;
	}
	return true;
}

static bool control_sound(const char *control)
{
	static const char *const known[] = {"required", "requisite", "sufficient", "optional", "include", "substack"};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcasecmp(control, known[i]) == 0)
			return true;
	return control[0] == '[' && bracket_sound(control);
}

static bool is_word(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(text, word, len) == 0;
}

static void read_rule(struct sc_pam *pam, const char *text, struct sc_pam_entry *entry)
{
	const char *type = text + strspn(text, " \t");
	size_t len = strcspn(type, " \t");

	text = type + len;
	entry->type = SC_PAM_AUTH; /* libpam adds rules of an unknown type there, as rules that always fail (measured) */
	entry->control = "required";
	entry->module = "";
	entry->args = "";
	if (is_word(type, len, "@include")) {
		entry->type = SC_PAM_ANY;
		entry->control = "@include";
		entry->module = next_word(pam, &text);
		if (entry->module && !*entry->module)
			entry->error = "the include does not name a file";
		return;
	}
	entry->quiet = type[0] == '-';
	bool known = false;
	for (int i = 0; i < SC_PAM_ANY; i++) {
		if (is_word(type + entry->quiet, len - entry->quiet, type_names[i])) {
			entry->type = (enum sc_pam_type)i;
			known = true;
		}
	}
	entry->control = next_word(pam, &text);
	entry->module = next_word(pam, &text);
	text += strspn(text, " \t");
	entry->args = *text ? sc_arena_strdup(pam->memory, text) : "";
	if (!entry->control || !entry->module)
		return;
	if (!known)
		entry->error = "the type is not auth, account, password or session";
	else if (!control_sound(entry->control))
		entry->error = *entry->control ? "the control word is unknown to libpam" : "the control word is missing";
	else if (!*entry->module)
		entry->error = "the module is missing";
}

/* How much of the line libpam reads: without a comment and trailing blanks (a carriage return is not one). *hash: a comment follows. */
static size_t content(const struct sc_pam *pam, const struct sc_line *line, bool *hash)
{
	const char *data = pam->text.data + line->start;
	size_t len = line->next - line->start;
	const char *comment = memchr(data, '#', len);

	*hash = comment;
	if (comment)
		len = (size_t)(comment - data);
	while (len && strchr(" \t\n", data[len - 1]))
		len--;
	return len;
}

/*
 * Joins the lines of one rule as libpam does: a backslash at the end continues it, also across empty lines and comments; a carriage return
 * does not end a line. *line is the last line of the rule afterwards. False: the text ends where a line should follow.
 */
static bool join(const struct sc_pam *pam, struct sc_line *line, struct sc_buf *out)
{
	for (bool more = false;; sc_buf_addc(out, ' ')) {
		const char *data = pam->text.data + line->start;
		bool hash;
		size_t len = content(pam, line, &hash);

		if (len) {
			more = !hash && data[len - 1] == '\\';
			sc_buf_add(out, data, len - more);
		}
		if (!more)
			return true;
		if (!sc_line_next(&pam->text, line))
			return false;
	}
}

static enum spicecfg_status read_all(struct spicecfg_ctx *ctx, struct sc_pam *pam)
{
	struct sc_line line = {0};
	size_t count = 0;

	if (pam->text.failed)
		return sc_fail_memory(ctx);
	sc_arena_free(pam->memory);
	pam->memory = sc_arena_new();
	pam->n_entries = 0;
	pam->unfinished = false;
	while (sc_line_next(&pam->text, &line)) {
		bool hash;

		count += content(pam, &line, &hash) > 0;
	}
	pam->entries = pam->memory ? sc_arena_alloc(pam->memory, (count + 1) * sizeof(*pam->entries)) : NULL;
	if (!pam->entries)
		return sc_fail_memory(ctx);
	line = (struct sc_line){0};
	while (sc_line_next(&pam->text, &line)) {
		struct sc_pam_entry *entry = &pam->entries[pam->n_entries];
		SC_BUF rule = SC_BUF_INIT;

		*entry = (struct sc_pam_entry){.line = line.number, .start = line.start};
		pam->unfinished = !join(pam, &line, &rule);
		entry->next = line.next;
		if (rule.failed)
			return sc_fail_memory(ctx);
		const char *text = sc_buf_text(&rule);
		if (!text[strspn(text, " \t")] && !pam->unfinished)
			continue;
		read_rule(pam, text, entry);
		if (!entry->control || !entry->module || !entry->args)
			return sc_fail_memory(ctx);
		if (pam->unfinished)
			entry->error = "the file ends with a backslash, and libpam uses no rule of such a file";
		pam->n_entries++;
	}
	return SPICECFG_OK;
}

enum spicecfg_status sc_pam_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len, struct sc_pam **out)
{
	*out = NULL;
	if (len > SC_PAM_SIZE_MAX || (len && memchr(bytes, '\0', len)))
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){name, 0, 0}, "Name a text file with rules of PAM.",
				  "is not a PAM service file");
	SC_PAM *pam = calloc(1, sizeof(*pam));
	if (!pam || !(pam->name = strdup(name)))
		return sc_fail_memory(ctx);
	sc_buf_add(&pam->text, bytes, len);
	enum spicecfg_status status = read_all(ctx, pam);
	if (status != SPICECFG_OK)
		return status;
	*out = pam;
	pam = NULL;
	return SPICECFG_OK;
}

void sc_pam_free(struct sc_pam *pam)
{
	if (!pam)
		return;
	sc_buf_free(&pam->text);
	sc_arena_free(pam->memory);
	free(pam->name);
	free(pam);
}

const char *sc_pam_name(const struct sc_pam *pam)
{
	return pam->name;
}

const struct sc_buf *sc_pam_bytes(const struct sc_pam *pam)
{
	return &pam->text;
}

const struct sc_pam_entry *sc_pam_entry_at(const struct sc_pam *pam, size_t index)
{
	return index < pam->n_entries ? &pam->entries[index] : NULL;
}

enum spicecfg_status sc_pam_insert(struct spicecfg_ctx *ctx, struct sc_pam *pam, size_t index, const char *line)
{
	if (index >= pam->n_entries && pam->unfinished)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){pam->name, pam->entries[pam->n_entries - 1].line, 1},
				  "Remove the backslash at the end of the file.",
				  "a line at the end of the file would continue the rule before it");
	sc_lines_insert(&pam->text, index < pam->n_entries ? pam->entries[index].start : pam->text.len, line, "\n");
	return read_all(ctx, pam);
}

enum spicecfg_status sc_pam_remove(struct spicecfg_ctx *ctx, struct sc_pam *pam, size_t index)
{
	const struct sc_pam_entry *entry = &pam->entries[index];

	sc_lines_splice(&pam->text, entry->start, entry->next - entry->start, "", 0);
	return read_all(ctx, pam);
}

/* rules_left, files_left: how many more rules are visited, and files included. */
struct walker {
	const struct sc_pam_walk *walk;
	enum sc_pam_type type;
	unsigned rules_left, files_left;
};

static void visit_failed(const struct walker *walker, const struct sc_pam *pam, const struct sc_pam_entry *entry, unsigned depth,
			 const char *error)
{
	struct sc_pam_entry failed = *entry;

	failed.error = error;
	walker->walk->visit(walker->walk->opaque, pam, &failed, depth);
}

static void walk_from(struct walker *walker, const struct sc_pam *pam, unsigned depth);

static void walk_include(struct walker *walker, const struct sc_pam *pam, const struct sc_pam_entry *entry, unsigned depth)
{
	bool deep = depth >= SC_PAM_DEPTH_MAX, many = !walker->files_left;
	const struct sc_pam *other = deep || many ? NULL : walker->walk->load(walker->walk->opaque, entry->module);

	if (other) {
		bool substack = walker->walk->substack && strcasecmp(entry->control, "substack") == 0;

		walker->files_left--;
		if (substack)
			walker->walk->substack(walker->walk->opaque, pam, entry, true);
		walk_from(walker, other, depth + 1);
		if (substack)
			walker->walk->substack(walker->walk->opaque, pam, entry, false);
		return;
	}
	/* the rest of such files is not visited: libpam itself would practically never finish */
	walker->rules_left = many && !deep ? 0 : walker->rules_left;
	visit_failed(walker, pam, entry, depth,
		     deep   ? "files include each other too deeply"
		     : many ? "files include each other too often: the following rules were not checked"
			    : "the included file is missing or can't be read");
}

static void walk_from(struct walker *walker, const struct sc_pam *pam, unsigned depth)
{
	for (size_t i = 0; i < pam->n_entries && walker->rules_left; i++) {
		const struct sc_pam_entry *entry = &pam->entries[i];
		bool all = entry->type == SC_PAM_ANY;
		bool include = all || strcasecmp(entry->control, "include") == 0 || strcasecmp(entry->control, "substack") == 0;

		if (entry->type != walker->type && !all)
			continue;
		if (!--walker->rules_left)
			visit_failed(walker, pam, entry, depth, "there are too many rules: the following ones were not checked");
		else if (include && !entry->error)
			walk_include(walker, pam, entry, depth);
		else
			walker->walk->visit(walker->walk->opaque, pam, entry, depth);
	}
}

void sc_pam_walk(const struct sc_pam *pam, enum sc_pam_type type, const struct sc_pam_walk *walk)
{
	struct walker walker = {.walk = walk, .type = type, .rules_left = SC_PAM_RULES_MAX, .files_left = SC_PAM_INCLUDES_MAX};

	walk_from(&walker, pam, 0);
}
