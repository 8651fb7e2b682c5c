/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/apparmor.h"

#include <string.h>

enum { DEPTH_MAX = 64 };

static bool matches(const char *glob, const char *end, const char *path, int depth);

/* The place after the bracket that closes the alternatives at open; end: there is none. */
static const char *after_bracket(const char *open, const char *end)
{
	int depth = 0;

	for (const char *c = open; c < end; c++) {
		if (*c == '\\' && c + 1 < end)
			c++;
		else if (*c == '{')
			depth++;
		else if (*c == '}' && --depth == 0)
			return c + 1;
	}
	return end;
}

/* Matches one alternative of {a,b}, together with what follows the bracket, against path. */
static bool with_rest(const char *part, size_t len, const char *rest, const char *end, const char *path, int depth)
{
	char joined[512];
	size_t tail = (size_t)(end - rest);

	if (len + tail >= sizeof(joined))
		return false;
	memcpy(joined, part, len);
	memcpy(joined + len, rest, tail);
	return matches(joined, joined + len + tail, path, depth + 1);
}

static bool alternatives(const char *glob, const char *end, const char *path, int depth)
{
	const char *rest = after_bracket(glob, end), *part = glob + 1;
	int inner = 0;

	for (const char *c = part; c < rest; c++) {
		if (inner == 0 && (*c == ',' || c == rest - 1)) {
			if (with_rest(part, (size_t)(c - part), rest, end, path, depth))
				return true;
			part = c + 1;
		}
		inner += (*c == '{') - (*c == '}');
	}
	return false;
}

static bool matches(const char *glob, const char *end, const char *path, int depth)
{
	if (depth > DEPTH_MAX)
		return false;
	for (; glob < end; glob++, path++) {
		if (*glob == '{')
			return alternatives(glob, end, path, depth);
		if (*glob == '*') {
			bool any = glob + 1 < end && glob[1] == '*';

			glob += any ? 2 : 1;
			for (;; path++) {
				if (matches(glob, end, path, depth + 1))
					return true;
				if (!*path || (!any && *path == '/'))
					return false;
			}
		}
		if (*glob == '?' && *path && *path != '/')
			continue;
		/* character classes and variables are not supported */
		if (*glob == '[' || *glob == '@')
			return false;
		if (*glob == '\\' && glob + 1 < end)
			glob++;
		if (*glob != *path)
			return false;
	}
	return !*path;
}

static const char *skip(const char *at)
{
	return at + strspn(at, " \t");
}

/* Whether a rule on a line of its own, "/path perms," or "perms /path,", grants perms on path. */
static bool grants(const char *line, size_t len, const char *path, const char *perms)
{
	const char *end = line + len, *word = line;
	const char *glob = NULL, *glob_end = NULL, *given = NULL;
	size_t given_len = 0;

	while (word < end) {
		bool quoted = *word == '"';
		const char *stop = word + quoted;

		while (stop < end && (quoted ? *stop != '"' : *stop != ' ' && *stop != '\t'))
			stop++;
		if (word[quoted] == '/' || word[quoted] == '{') {
			glob = word + quoted;
			glob_end = stop;
		} else {
			given = word;
			given_len = (size_t)(stop - word);
		}
		word = stop + (quoted && stop < end);
		while (word < end && (*word == ' ' || *word == '\t'))
			word++;
	}
	for (const char *want = perms; *want; want++)
		if (!given || !memchr(given, *want, given_len))
			return false;
	return glob && matches(glob, glob_end, path, 0);
}

static bool is_include(const char **line)
{
	const char *at = *line;

	at += *at == '#';
	if (strncmp(at, "include", 7) != 0 || (at[7] != ' ' && at[7] != '\t'))
		return false;
	at = skip(at + 7);
	if (strncmp(at, "if exists", 9) == 0)
		at = skip(at + 9);
	*line = at;
	return *at == '<' || *at == '"';
}

bool sc_apparmor_grants(const char *text, const char *path, const char *perms, void (*include)(void *opaque, const char *name, size_t len),
			void *opaque)
{
	bool granted = false;

	for (const char *line = text; *line && !granted;) {
		const char *at = skip(line), *next = line + strcspn(line, "\n");

		line = *next ? next + 1 : next;
		if (is_include(&at)) {
			if (include)
				include(opaque, at + 1, strcspn(at + 1, ">\"\n"));
			continue;
		}
		/* the rule ends at the last comma; a comment can follow */
		const char *end = at;
		for (const char *c = at; c < next && *c != '#'; c++)
			if (*c == ',')
				end = c;
		if (end > at && strncmp(at, "deny ", 5) != 0 && strncmp(at, "owner ", 6) != 0 && strncmp(at, "audit deny ", 11) != 0)
			granted = grants(at, (size_t)(end - at), path, perms);
	}
	return granted;
}
