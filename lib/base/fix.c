/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes fixes from templates. */
#include "base/fix.h"

#include <stdio.h>
#include <string.h>

#include "base/grow.h"

#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* A fix under construction. args NULL: '%' is an ordinary character. */
struct maker {
	struct sc_arena *arena;
	const struct sc_fix_terms *terms;
	va_list *args;
	struct spicecfg_fix_part *parts;
	size_t count;
	bool outside;
	bool failed;
};

static void add(struct maker *maker, enum spicecfg_fix_kind kind, const char *text)
{
	struct spicecfg_fix_part *parts = sc_arena_grow(maker->arena, maker->parts, maker->count, sizeof(*parts));

	if (!parts) {
		maker->failed = true;
		return;
	}
	maker->parts = parts;
	const char *copy = sc_arena_strdup(maker->arena, text);
	maker->failed |= text && !copy;
	maker->parts[maker->count++] = (struct spicecfg_fix_part){kind, copy};
}

static const struct spicecfg_fix *made(struct maker *maker)
{
	struct spicecfg_fix *fix = maker->failed ? NULL : sc_arena_alloc(maker->arena, sizeof(*fix));

	if (fix)
		*fix = (struct spicecfg_fix){maker->parts, maker->count, maker->outside};
	return fix;
}

/* Appends the value of the conversion at spec to text. Returns the length of the conversion. */
static size_t convert(struct maker *maker, const char *spec, struct sc_buf *text)
{
	static const char *const known[] = {"%%", "%s", "%.*s", "%d", "%u", "%zu", "%lld", "%llu", "%04o"};
	size_t i = 0, count = sizeof(known) / sizeof(*known);

	while (i < count && strncmp(spec, known[i], strlen(known[i])) != 0)
		i++;
	if (i == count) {
		maker->failed = true;
		return 1;
	}
	if (i == 0)
		sc_buf_addc(text, '%');
	else if (i == 1)
		sc_buf_adds(text, va_arg(*maker->args, const char *));
	else if (i == 2) {
		int len = va_arg(*maker->args, int);
		const char *bytes = va_arg(*maker->args, const char *);

		sc_buf_add(text, bytes, strnlen(bytes, (size_t)len));
	} else if (i == 3)
		sc_buf_addf(text, "%d", va_arg(*maker->args, int));
	else if (i == 4)
		sc_buf_addf(text, "%u", va_arg(*maker->args, unsigned));
	else if (i == 5)
		sc_buf_addf(text, "%zu", va_arg(*maker->args, size_t));
	else if (i == 6)
		sc_buf_addf(text, "%lld", va_arg(*maker->args, long long));
	else if (i == 7)
		sc_buf_addf(text, "%llu", va_arg(*maker->args, unsigned long long));
	else
		sc_buf_addf(text, "%04o", va_arg(*maker->args, unsigned));
	return strlen(known[i]);
}

/* Whether a word of the template is one that a person has to fill in. */
static bool is_blank(const char *word, size_t len)
{
	size_t start = len;

	while (start && !memchr(":=", word[start - 1], 2))
		start--;
	size_t capitals = strspn(word + start, CAPITALS);
	return len > start && capitals >= len - start;
}

/* Appends the value of the term that a word begins with, PATH or ELEMENT. Returns the length of the term, 0: it begins with none. */
static size_t put_term(const struct maker *maker, const char *at, struct sc_buf *text)
{
	const char *const names[] = {"PATH", "ELEMENT"};
	const char *const values[] = {maker->terms ? maker->terms->path : NULL, maker->terms ? maker->terms->element : NULL};

	for (size_t i = 0; i < 2; i++)
		if (values[i] && strncmp(at, names[i], strlen(names[i])) == 0) {
			sc_buf_adds(text, values[i]);
			return strlen(names[i]);
		}
	return 0;
}

/* Adds the word of a command that begins at at. Returns what follows it. */
static const char *take_word(struct maker *maker, const char *at, bool program)
{
	SC_BUF text = SC_BUF_INIT;
	const char *from = at;
	bool quoted = false, fixed = true;

	while (*at && (quoted || !strchr(" ;`", *at))) {
		size_t term = at == from || (at == from + 1 && quoted) ? put_term(maker, at, &text) : 0;

		if (term) {
			at += term;
			fixed = false;
		} else if (*at == '\'') {
			quoted = !quoted;
			at++;
		} else if (*at == '%' && maker->args) {
			at += convert(maker, at, &text);
			fixed = false;
		} else {
			sc_buf_addc(&text, *at++);
		}
	}
	size_t len = (size_t)(at - from);
	maker->failed |= text.failed;
	if (program)
		add(maker, SPICECFG_FIX_PROGRAM, sc_buf_text(&text));
	else if (len == strlen("TARGET") && strncmp(from, "TARGET", len) == 0)
		add(maker, SPICECFG_FIX_TARGET, NULL);
	else
		add(maker, fixed && is_blank(from, len) ? SPICECFG_FIX_BLANK : SPICECFG_FIX_WORD, sc_buf_text(&text));
	return at;
}

/* Adds commands up to a backquote or the end. Returns that place. */
static const char *take_commands(struct maker *maker, const char *at, bool program)
{
	static const char *const shell[] = {"&&", ";", ">>", "\"$(hostname)\""};

	while (*at && *at != '`') {
		const char *word = NULL;

		for (size_t i = 0; i < 4 && !word; i++)
			word = strncmp(at, shell[i], strlen(shell[i])) == 0 ? shell[i] : NULL;
		if (word) {
			add(maker, SPICECFG_FIX_SHELL, word);
			program = word == shell[0] || word == shell[1];
			at += strlen(word);
		} else if (*at == ' ') {
			at++;
		} else {
			at = take_word(maker, at, program);
			program = false;
		}
	}
	return at;
}

static const char *take_text(struct maker *maker, const char *at)
{
	SC_BUF text = SC_BUF_INIT;

	while (*at && *at != '`') {
		if (*at == '%' && maker->args)
			at += convert(maker, at, &text);
		else
			sc_buf_addc(&text, *at++);
	}
	maker->failed |= text.failed;
	if (text.len)
		add(maker, SPICECFG_FIX_TEXT, text.data);
	return at;
}

static void take_prose(struct maker *maker, const char *template)
{
	for (bool command = false; *template; command = !command) {
		template = command ? take_commands(maker, template, true) : take_text(maker, template);
		template += *template == '`';
	}
}

const struct spicecfg_fix *sc_fix_vcommand(struct sc_arena *arena, const struct sc_fix_terms *terms, const char *format, va_list args)
{
	struct maker maker = {.arena = arena, .terms = terms};
	va_list copy;

	va_copy(copy, args);
	maker.args = &copy;
	(void)take_commands(&maker, format, true);
	va_end(copy);
	return made(&maker);
}

const struct spicecfg_fix *sc_fix_command(struct sc_arena *arena, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const struct spicecfg_fix *fix = sc_fix_vcommand(arena, NULL, format, args);
	va_end(args);
	return fix;
}

const struct spicecfg_fix *sc_fix_row(struct sc_arena *arena, const struct sc_fix_terms *terms, const char *template)
{
	struct maker maker = {.arena = arena, .terms = terms};

	if (!template)
		return NULL;
	(void)take_commands(&maker, template, true);
	return made(&maker);
}

const struct spicecfg_fix *sc_fix_prose(struct sc_arena *arena, const char *template)
{
	struct maker maker = {.arena = arena};

	if (!template)
		return NULL;
	take_prose(&maker, template);
	return made(&maker);
}

const struct spicecfg_fix *sc_fix_vprose(struct sc_arena *arena, const char *format, va_list args)
{
	struct maker maker = {.arena = arena};
	va_list copy;

	va_copy(copy, args);
	maker.args = &copy;
	take_prose(&maker, format);
	va_end(copy);
	return made(&maker);
}

static void add_all(struct maker *maker, const struct spicecfg_fix *fix)
{
	for (size_t i = 0; i < fix->n_parts; i++)
		add(maker, fix->parts[i].kind, fix->parts[i].text);
}

const struct spicecfg_fix *sc_fix_vmore(struct sc_arena *arena, const struct spicecfg_fix *fix, const struct sc_fix_terms *terms,
					const char *format, va_list args)
{
	struct maker maker = {.arena = arena, .terms = terms};
	va_list copy;

	if (!fix)
		return NULL;
	maker.parts = (struct spicecfg_fix_part *)fix->parts;
	maker.count = fix->n_parts;
	maker.outside = fix->outside;
	va_copy(copy, args);
	maker.args = &copy;
	(void)take_commands(&maker, format, false);
	va_end(copy);
	return made(&maker);
}

const struct spicecfg_fix *sc_fix_more(struct sc_arena *arena, const struct spicecfg_fix *fix, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fix = sc_fix_vmore(arena, fix, NULL, format, args);
	va_end(args);
	return fix;
}

static const struct spicecfg_fix *copy_of(struct sc_arena *arena, const struct spicecfg_fix *fix, bool outside)
{
	struct maker maker = {.arena = arena, .outside = outside};

	add_all(&maker, fix);
	return made(&maker);
}

const struct spicecfg_fix *sc_fix_copy(struct sc_arena *arena, const struct spicecfg_fix *fix)
{
	return fix ? copy_of(arena, fix, fix->outside) : NULL;
}

const struct spicecfg_fix *sc_fix_outside(struct sc_arena *arena, const struct spicecfg_fix *fix)
{
	return fix ? copy_of(arena, fix, true) : NULL;
}

bool sc_fix_equal(const struct spicecfg_fix *a, const struct spicecfg_fix *b)
{
	if (!a || !b || a->n_parts != b->n_parts)
		return a == b;
	for (size_t i = 0; i < a->n_parts; i++) {
		const char *x = a->parts[i].text, *y = b->parts[i].text;

		if (a->parts[i].kind != b->parts[i].kind || !x != !y || (x && strcmp(x, y) != 0))
			return false;
	}
	return true;
}

/* Whether the command at part i is one of spicecfg. */
static bool is_ours(const struct spicecfg_fix *fix, size_t i)
{
	return fix->parts[i].kind == SPICECFG_FIX_PROGRAM && strcmp(fix->parts[i].text, "spicecfg") == 0;
}

/* The argument that follows part i; "": none. */
static const char *argument(const struct spicecfg_fix *fix, size_t i)
{
	bool any = i + 1 < fix->n_parts && fix->parts[i + 1].kind == SPICECFG_FIX_WORD;

	return any ? fix->parts[i + 1].text : "";
}

bool sc_fix_removes_device(const struct spicecfg_fix *fix, size_t from)
{
	static const char devices[] = "/domain/devices/", removed[] = "=default";

	for (size_t i = from; i < fix->n_parts; i++) {
		const char *word = fix->parts[i].kind == SPICECFG_FIX_WORD ? fix->parts[i].text : "";

		if (strncmp(word, devices, strlen(devices)) == 0) {
			word += strlen(devices);
			if (strcmp(word + strcspn(word, "/='"), removed) == 0)
				return true;
		} else if (strstr(word, "commandline/") && strstr(word, removed)) {
			return true;
		}
	}
	return false;
}

/* Adds a path in a form that no program mistakes for an option. */
static void add_path(struct maker *maker, const char *path)
{
	SC_BUF text = SC_BUF_INIT;

	sc_buf_adds(&text, *path == '-' ? "./" : "");
	sc_buf_adds(&text, path);
	maker->failed |= text.failed;
	add(maker, SPICECFG_FIX_WORD, sc_buf_text(&text));
}

/* Adds the options without which a command of spicecfg would act on another host. */
static void add_host(struct maker *maker, const struct spicecfg_fix_place *place, const char *verb)
{
	bool hostless = strcmp(verb, "help") == 0 || strcmp(verb, "rules") == 0 || strcmp(verb, "explain") == 0;

	if (hostless || *verb == '-')
		return;
	if (place->root) {
		add(maker, SPICECFG_FIX_WORD, "--root");
		add_path(maker, place->root);
	} else if (place->uri) {
		add(maker, SPICECFG_FIX_WORD, "-c");
		add(maker, SPICECFG_FIX_WORD, place->uri);
	}
}

/* Whether the command of part i has the option after it. */
static bool has_option(const struct spicecfg_fix *fix, size_t i, const char *name)
{
	while (++i < fix->n_parts && fix->parts[i].kind != SPICECFG_FIX_SHELL && fix->parts[i].kind != SPICECFG_FIX_TEXT)
		if (fix->parts[i].kind == SPICECFG_FIX_WORD && strcmp(fix->parts[i].text, name) == 0)
			return true;
	return false;
}

/* Adds the options without which a verb of two words, of which part i is the second, would work on other files. */
static void add_files(struct maker *maker, const struct spicecfg_fix *fix, size_t i, const struct spicecfg_fix_place *place)
{
	const struct {
		const char *verbs, *name, *value;
	} options[] = {
	    {" host set, host unset, ", "--qemu-conf", place->qemu_conf},
	    {" pki issue, pki renew, pki csr, pki import, pki export-ca, pki show, pki check, ", "--dir", place->pki_dir},
	    {" pki init, pki issue, pki renew, pki export-ca, pki show, pki check, ", "--ca-dir", place->ca_dir},
	};
	SC_BUF verb = SC_BUF_INIT;

	const char *const text[] = {" ", argument(fix, i - 2), " ", fix->parts[i].text, ", "};
	for (size_t k = 0; k < sizeof(text) / sizeof(text[0]); k++)
		sc_buf_adds(&verb, text[k]);
	maker->failed |= verb.failed;
	for (size_t k = 0; k < sizeof(options) / sizeof(options[0]); k++) {
		if (!options[k].value || !strstr(options[k].verbs, sc_buf_text(&verb)) || has_option(fix, i, options[k].name))
			continue;
		add(maker, SPICECFG_FIX_WORD, options[k].name);
		add_path(maker, options[k].value);
	}
}

/* Other programs have no option for a root: the command is run inside it. */
static bool is_foreign(const struct spicecfg_fix *fix)
{
	for (size_t i = 0; i < fix->n_parts; i++)
		if (fix->parts[i].kind == SPICECFG_FIX_TEXT || is_ours(fix, i))
			return false;
	return fix->n_parts != 0;
}

static const struct spicecfg_fix *inside(struct maker *maker, const struct spicecfg_fix *fix, const char *root)
{
	SC_BUF text = SC_BUF_INIT;
	bool blank = false;

	for (size_t i = 0; i < fix->n_parts; i++)
		blank |= fix->parts[i].kind == SPICECFG_FIX_BLANK;
	sc_fix_put(&text, fix);
	maker->failed |= text.failed;
	add(maker, SPICECFG_FIX_PROGRAM, "chroot");
	add_path(maker, root);
	add(maker, SPICECFG_FIX_WORD, "sh");
	add(maker, SPICECFG_FIX_WORD, "-c");
	add(maker, blank ? SPICECFG_FIX_BLANK : SPICECFG_FIX_WORD, sc_buf_text(&text));
	return made(maker);
}

const struct spicecfg_fix *sc_fix_resolve(struct sc_arena *arena, const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place)
{
	struct maker maker = {.arena = arena};

	if (!fix)
		return NULL;
	maker.outside = fix->outside;
	if (place->root && !fix->outside && is_foreign(fix))
		return inside(&maker, fix, place->root);
	for (size_t i = 0; i < fix->n_parts; i++) {
		const struct spicecfg_fix_part *part = &fix->parts[i];
		bool target = part->kind == SPICECFG_FIX_TARGET && place->target;

		add(&maker, target ? SPICECFG_FIX_WORD : part->kind, target ? place->target : part->text);
		if (is_ours(fix, i))
			add_host(&maker, place, argument(fix, i));
		if (i > 1 && is_ours(fix, i - 2) && part->kind == SPICECFG_FIX_WORD)
			add_files(&maker, fix, i, place);
	}
	return made(&maker);
}
