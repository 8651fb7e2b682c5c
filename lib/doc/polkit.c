/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/polkit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The text of a polkit.addRule(…), without comments. */
struct rule {
	const char *text; /* not terminated */
	size_t len;
	const char *action;
	sc_polkit_fn fn;
	void *opaque;
	unsigned line;
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$';
}

/* Overwrites comments with blanks. Strings and newlines are kept. */
static void drop_comments(char *text)
{
	char quote = 0;

	for (char *c = text; *c; c++) {
		if (quote) {
			if (*c == '\\' && c[1])
				c++;
			else if (*c == quote || *c == '\n')
				quote = 0;
		} else if (*c == '"' || *c == '\'' || *c == '`') {
			quote = *c;
		} else if (c[0] == '/' && c[1] == '/') {
			while (*c && *c != '\n')
				*c++ = ' ';
			if (!*c)
				return;
		} else if (c[0] == '/' && c[1] == '*') {
			c[0] = c[1] = ' '; /* its own '*' does not close it */
			for (c += 2; *c && (c[0] != '*' || c[1] != '/'); c++)
				*c = *c == '\n' ? '\n' : ' ';
			if (!*c)
				return;
			c[0] = c[1] = ' ';
		}
	}
}

/* Counts the lines up to a place, which only moves forward, so that each is counted once. */
struct counter {
	const char *at;
	unsigned line;
};

static unsigned line_of(struct counter *counter, const char *place)
{
	for (; counter->at < place; counter->at++)
		counter->line += *counter->at == '\n';
	return counter->line;
}

/* The first occurrence of `what` before end, else end. */
static const char *find_before(const char *from, const char *end, const char *what)
{
	const char *found = from < end ? memmem(from, (size_t)(end - from), what, strlen(what)) : NULL;

	return found ? found : end;
}

/* The bracket that closes the one at open, else end. */
static const char *closing(const char *open, const char *end)
{
	char quote = 0;
	int depth = 0;

	for (const char *c = open; c < end; c++) {
		if (quote) {
			if (*c == '\\' && c + 1 < end)
				c++;
			else if (*c == quote)
				quote = 0;
		} else if (*c == '"' || *c == '\'' || *c == '`') {
			quote = *c;
		} else if (*c == '(') {
			depth++;
		} else if (*c == ')' && --depth == 0) {
			return c;
		}
	}
	return end;
}

static const char *find(const struct rule *rule, const char *from, const char *what)
{
	size_t len = strlen(what);

	for (const char *at = from; at + len <= rule->text + rule->len; at++)
		if (memcmp(at, what, len) == 0)
			return at;
	return NULL;
}

/* Calls visit for every string of the rule. True when one of the calls returns true. */
static bool any_string(const struct rule *rule, bool (*visit)(const struct rule *rule, const char *text, size_t len))
{
	const char *end = rule->text + rule->len;

	for (const char *c = rule->text; c < end; c++) {
		if (*c != '"' && *c != '\'' && *c != '`')
			continue;
		const char *close = c + 1;
		while (close < end && *close != *c)
			close += *close == '\\' && close + 1 < end ? 2 : 1;
		if (close < end && visit(rule, c + 1, (size_t)(close - c) - 1))
			return true;
		c = close;
	}
	return false;
}

/* Whether text is the action, or a prefix that is compared with it: at least the vendor. */
static bool names_action(const struct rule *rule, const char *text, size_t len)
{
	return len >= strlen("org.libvirt") && strncmp(rule->action, text, len) == 0;
}

static bool names_an_action(const struct rule *rule, const char *text, size_t len)
{
	(void)rule;
	return len > 4 && (memcmp(text, "org.", 4) == 0 || memcmp(text, "com.", 4) == 0 || memcmp(text, "net.", 4) == 0);
}

static bool says_yes(const struct rule *rule, const char *text, size_t len)
{
	(void)rule;
	return (len == 3 && memcmp(text, "yes", 3) == 0) || (len >= 9 && memcmp(text, "auth_self", 9) == 0);
}

static bool grants(const struct rule *rule)
{
	return find(rule, rule->text, "Result.YES") || find(rule, rule->text, "Result.AUTH_SELF") || any_string(rule, says_yes);
}

/* Finds the string that is compared with: the first one after at, if only blanks, '(' and '=' precede it. */
static bool string_after(const struct rule *rule, const char *at, const char **name, size_t *len)
{
	const char *end = rule->text + rule->len;

	while (at < end && (isspace((unsigned char)*at) || *at == '(' || *at == '='))
		at++;
	if (at == end || (*at != '"' && *at != '\'' && *at != '`'))
		return false;
	const char *close = memchr(at + 1, *at, (size_t)(end - at) - 1);
	*name = at + 1;
	*len = close ? (size_t)(close - at) - 1 : 0;
	return close && *len && !memchr(*name, '\n', *len);
}

static bool is_negated(const struct rule *rule, const char *subject)
{
	while (subject > rule->text && isspace((unsigned char)subject[-1]))
		subject--;
	return subject > rule->text && subject[-1] == '!';
}

/* Whether a rule applies to the action. One that names no action applies to all; one with a regular expression to those in it. */
static bool is_meant(const struct rule *rule)
{
	if (any_string(rule, names_action))
		return true;
	return !any_string(rule, names_an_action) && (!find(rule, rule->text, "action.") || find(rule, rule->text, "libvirt"));
}

static void tell_rule(const struct rule *rule)
{
	bool named = false, unread = false;
	const char *name = NULL;
	size_t len = 0;

	for (const char *at = rule->text; (at = find(rule, at, "subject.")); at += strlen("subject.")) {
		const char *member = at + strlen("subject.");
		bool group = strncmp(member, "isInGroup", 9) == 0, user = strncmp(member, "user", 4) == 0 && !is_word(member[4]);

		if (at > rule->text && is_word(at[-1]))
			continue;
		const char *rest = member + (group ? 9 : 4);
		if ((group || user) && !is_negated(rule, at) && !(user && strncmp(rest + strspn(rest, " \t"), "!=", 2) == 0) &&
		    string_after(rule, rest, &name, &len)) {
			rule->fn(rule->opaque, group ? SC_GRANT_GROUP : SC_GRANT_USER, name, len, rule->line);
			named = true;
		} else {
			unread = true;
		}
	}
	if (!named)
		rule->fn(rule->opaque, unread ? SC_GRANT_CONDITION : SC_GRANT_ALL, NULL, 0, rule->line);
}

void sc_polkit_read_rules(const char *text, const char *action, sc_polkit_fn fn, void *opaque)
{
	static const char call[] = "polkit.addRule";
	char *copy = strdup(text);

	if (!copy)
		return;
	drop_comments(copy);
	struct counter counter = {copy, 1};
	const char *all = copy + strlen(copy), *next;
	for (const char *at = find_before(copy, all, call); at < all; at = next) {
		/* A rule ends before the next one, also where its brackets don't close. */
		next = find_before(at + strlen(call), all, call);
		const char *open = find_before(at, next, "(");
		struct rule rule = {.text = open, .action = action, .fn = fn, .opaque = opaque, .line = line_of(&counter, at)};

		rule.len = (size_t)(closing(open, next) - open);
		if (grants(&rule) && is_meant(&rule))
			tell_rule(&rule);
	}
	free(copy);
}

/* Whether a list such as "org.libvirt.unix.manage;org.foo.*" contains the word, where '*' matches any rest. */
static bool list_has(const char *list, const char *word)
{
	while (*list && *list != '\n') {
		size_t len = strcspn(list, ";\r\n");

		while (len && isspace((unsigned char)*list)) {
			list++;
			len--;
		}
		const char *star = memchr(list, '*', len);
		size_t fixed = star ? (size_t)(star - list) : len;
		if (strncmp(list, word, fixed) == 0 && (star || strlen(word) == fixed))
			return true;
		list += len;
		list += strspn(list, ";\r ");
	}
	return false;
}

static void tell_identity(sc_polkit_fn fn, void *opaque, enum sc_polkit_grant grant, const char *name, size_t len, unsigned line)
{
	if (*name == '*')
		fn(opaque, SC_GRANT_ALL, NULL, 0, line);
	else
		fn(opaque, grant, name, len, line);
}

static void tell_identities(const char *list, unsigned line, sc_polkit_fn fn, void *opaque)
{
	while (*list && *list != '\n') {
		size_t len = strcspn(list, "; \r\n");

		if (len > 10 && strncmp(list, "unix-user:", 10) == 0)
			tell_identity(fn, opaque, SC_GRANT_USER, list + 10, len - 10, line);
		else if (len > 11 && strncmp(list, "unix-group:", 11) == 0)
			tell_identity(fn, opaque, SC_GRANT_GROUP, list + 11, len - 11, line);
		else if (len == 1 && *list == '*')
			fn(opaque, SC_GRANT_ALL, NULL, 0, line);
		list += len;
		list += strspn(list, "; \r");
	}
}

void sc_polkit_read_pkla(const char *text, const char *action, sc_polkit_fn fn, void *opaque)
{
	const char *identity = NULL;
	bool yes = false, meant = false;
	unsigned line = 0, section = 0;

	for (;; line++) {
		const char *value = memchr(text, '=', strcspn(text, "\n"));
		bool end = !*text || *text == '[';

		if (end && identity && yes && meant)
			tell_identities(identity, section, fn, opaque);
		if (!*text)
			return;
		if (end) {
			identity = NULL;
			yes = meant = false;
			section = line + 1;
		}
		/* keys before the first section are ignored */
		value = section && value ? value + 1 : NULL;
		if (value && strncmp(text, "Identity", 8) == 0)
			identity = value;
		else if (value && strncmp(text, "Action", 6) == 0)
			meant = list_has(value, action);
		else if (value && strncmp(text, "Result", 6) == 0)
			yes |= strncmp(value, "yes", 3) == 0 || strncmp(value, "auth_self", 9) == 0;
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
}

/* Overwrites XML comments with blanks. */
static void drop_xml_comments(char *text)
{
	for (char *at = text; (at = strstr(at, "<!--"));) {
		char *end = strstr(at + 4, "-->");

		if (!end)
			return;
		for (; at < end + 3; at++)
			*at = *at == '\n' ? '\n' : ' ';
	}
}

/* The first default in an element, from at to end, that grants the action; NULL: none. */
static const char *allowed(const char *at, const char *end)
{
	static const char *const allows[] = {"<allow_any>", "<allow_inactive>", "<allow_active>"};

	for (size_t i = 0; i < sizeof(allows) / sizeof(*allows); i++) {
		const char *allow = find_before(at, end, allows[i]);
		const char *value = allow < end ? allow + strlen(allows[i]) : "";

		value += strspn(value, " \t\r\n");
		if (strncmp(value, "yes", 3) == 0 || strncmp(value, "auth_self", 9) == 0)
			return allow;
	}
	return NULL;
}

void sc_polkit_read_action(const char *text, const char *action, sc_polkit_fn fn, void *opaque)
{
	static const char element[] = "<action";
	char *copy = strdup(text);

	if (!copy)
		return;
	drop_xml_comments(copy);
	struct counter counter = {copy, 1};
	const char *all = copy + strlen(copy), *next;
	for (const char *at = find_before(copy, all, element); at < all; at = next) {
		next = find_before(at + strlen(element), all, element);
		const char *end = find_before(at, next, "</action>"), *id = find_before(at, end, "id=");

		if (end == next || id == end || strncmp(id + 4, action, strlen(action)) != 0 || id[4 + strlen(action)] != id[3])
			continue;
		const char *allow = allowed(at, end);
		if (allow)
			fn(opaque, SC_GRANT_ALL, NULL, 0, line_of(&counter, allow));
	}
	free(copy);
}
