/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/doc/polkit.c
 * Rules, .pkla files and declarations of polkit: the same bytes as each of them. Promises: what is reported is in the text; a grant after
 * anything else is never missed; a comment grants nothing.
 */
#include "doc/polkit.h"
#include "fuzz.h"

#define ACTION "org.libvirt.unix.manage"

typedef void (*reader_fn)(const char *text, const char *action, sc_polkit_fn fn, void *opaque);

struct seen {
	const char *text;
	unsigned lines; /* of the text, plus one if it does not end with a line end */
	unsigned grants;
	bool known; /* the group zz was reported */
};

static void take(void *opaque, enum sc_polkit_grant grant, const char *name, size_t len, unsigned line)
{
	struct seen *seen = opaque;
	bool named = grant == SC_GRANT_GROUP || grant == SC_GRANT_USER;

	must(line >= 1 && line <= seen->lines, "a line of the text");
	must((name != NULL) == named && (!named || len), "groups and users have names");
	/* An extra quote can put a comment into a string, where it is read as blanks. */
	must(!named || strstr(seen->text, "/*") || strstr(seen->text, "//") || memmem(seen->text, strlen(seen->text), name, len),
	     "the name is in the text");
	seen->grants++;
	seen->known |= grant == SC_GRANT_GROUP && len == 2 && memcmp(name, "zz", 2) == 0;
}

static struct seen run(reader_fn reader, const char *text)
{
	struct seen seen = {.text = text, .lines = 1};

	for (const char *c = text; *c; c++)
		seen.lines += *c == '\n';
	reader(text, ACTION, take, &seen);
	return seen;
}

/* The text, followed by a line end and a grant to the group zz. */
static void with_grant(reader_fn reader, const char *text, const char *grant, const char *what)
{
	SC_BUF both = SC_BUF_INIT;

	sc_buf_addf(&both, "%s\n%s", text, grant);
	struct seen seen = run(reader, both.data);
	must(seen.known || (reader == sc_polkit_read_action && seen.grants), what);
}

static void in_comment(reader_fn reader, const char *before, const char *text, const char *behind)
{
	SC_BUF all = SC_BUF_INIT;

	if (strstr(text, behind))
		return;
	sc_buf_addf(&all, "%s%s%s", before, text, behind);
	must(run(reader, all.data).grants == 0, "a comment grants nothing");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	(void)run(sc_polkit_read_rules, text);
	(void)run(sc_polkit_read_pkla, text);
	(void)run(sc_polkit_read_action, text);
	with_grant(sc_polkit_read_pkla, text, "[zz]\nIdentity=unix-group:zz\nAction=" ACTION "\nResultAny=yes\n", "an authority is missed");
	if (!strstr(text, "<!--"))
		with_grant(sc_polkit_read_action, text,
			   "<action id=\"" ACTION "\"><defaults><allow_any>yes</allow_any></defaults></action>\n",
			   "a declaration is missed");
	if (!strpbrk(text, "\"'`/") && !strstr(text, "polkit.addRule"))
		with_grant(sc_polkit_read_rules, text,
			   "polkit.addRule(function(action, subject) { if (action.id == \"" ACTION
			   "\" && subject.isInGroup(\"zz\")) return polkit.Result.YES; });\n",
			   "a rule is missed");
	in_comment(sc_polkit_read_rules, "/*", text, "*/");
	in_comment(sc_polkit_read_action, "<!--", text, "-->");
	free(text);
	return 0;
}
