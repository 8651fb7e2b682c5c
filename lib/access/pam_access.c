/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pam_access as saslauthd asks it: a local login without a terminal, whose origin is the name of the service
 * (modules/pam_access/pam_access.c). Where releases differ (letters' case, numbers, several EXCEPT), the answer is unknown.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "access/access_impl.h"
#include "access/pam_words.h"

enum { SUCCESS = 1 << SC_PAM_SUCCESS, DENIED = 1 << SC_PAM_PERM_DENIED, LONGEST_LINE = 8190 /* BUFSIZ of the older releases */ };

struct ask {
	const struct sc_host *host;
	const struct sc_access_person *person;
	const struct sc_access_file_options *options;
};

static bool is_number(const char *word)
{
	return *word && !word[strspn(word, "0123456789")];
}

/* "(group)", or a word that names no account. */
static enum sc_known in_group(const struct ask *ask, const char *word)
{
	enum sc_known found = sc_access_is_in(ask->host, ask->person, word);

	/* newer releases take a number as well */
	return found == SC_FALSE && is_number(word) ? SC_UNKNOWN : found;
}

static enum sc_known is_user(const struct ask *ask, char *word)
{
	const char *name = ask->person->name;
	const size_t len = strlen(word);

	if (*word == '(' && word[len - 1] == ')') {
		word[len - 1] = '\0';
		return len < 3 ? SC_FALSE : in_group(ask, word + 1);
	}
	/* a netgroup, or user@host, which depends on names in the network */
	if (strchr(word, '@'))
		return SC_UNKNOWN;
	if (strcasecmp(word, "ALL") == 0)
		return SC_TRUE;
	if (name && strcmp(word, name) == 0)
		return SC_TRUE;
	if (name && strcasecmp(word, name) == 0)
		return SC_UNKNOWN;
	if (is_number(word))
		return SC_UNKNOWN;
	return ask->options->nodefgroup ? SC_FALSE : in_group(ask, word);
}

static enum sc_known is_origin(const struct ask *ask, char *word)
{
	(void)ask;
	if (strcasecmp(word, "ALL") == 0 || strcasecmp(word, "LOCAL") == 0)
		return SC_TRUE;
	/* after a pam_time in the same service the origin is empty, else it is "spice" */
	return *word == '@' || strcasecmp(word, "spice") == 0 || strcasecmp(word, "NONE") == 0 ? SC_UNKNOWN : SC_FALSE;
}

static enum sc_known either(enum sc_known a, enum sc_known b)
{
	return a == SC_TRUE || b == SC_TRUE ? SC_TRUE : a == SC_FALSE && b == SC_FALSE ? SC_FALSE : SC_UNKNOWN;
}

static enum sc_known both(enum sc_known a, enum sc_known b)
{
	return a == SC_FALSE || b == SC_FALSE ? SC_FALSE : a == SC_TRUE && b == SC_TRUE ? SC_TRUE : SC_UNKNOWN;
}

static enum sc_known negate(enum sc_known a)
{
	return a == SC_TRUE ? SC_FALSE : a == SC_FALSE ? SC_TRUE : SC_UNKNOWN;
}

/* list_match: a list of words, and those that EXCEPT takes out. */
static enum sc_known in_list(const struct ask *ask, char *list, enum sc_known (*is_one)(const struct ask *ask, char *word))
{
	enum sc_known parts[2] = {SC_FALSE, SC_FALSE};
	unsigned part = 0;
	char *save;

	for (char *word = strtok_r(list, ask->options->words, &save); word; word = strtok_r(NULL, ask->options->words, &save)) {
		if (strcasecmp(word, "EXCEPT") == 0)
			part++;
		else if (part < 2)
			parts[part] = either(parts[part], is_one(ask, word));
	}
	/* what a second EXCEPT puts back differs between releases */
	if (part > 1 && parts[1] != SC_FALSE)
		parts[1] = SC_UNKNOWN;
	return both(parts[0], negate(parts[1]));
}

/* A line that the module uses: whether it is about the person; *allows is set to its sign. */
static enum sc_known line_matches(const struct ask *ask, char *line, bool *allows)
{
	char *save, *sign, *users, *origins;

	if (!(sign = strtok_r(line, ask->options->fields, &save)) || !(users = strtok_r(NULL, ask->options->fields, &save)) ||
	    !(origins = strtok_r(NULL, "\n", &save)) || (*sign != '+' && *sign != '-'))
		return SC_FALSE;
	*allows = *line == '+';
	enum sc_known named = in_list(ask, users, is_user);
	return named == SC_FALSE ? named : both(named, in_list(ask, origins, is_origin));
}

/* Results of the lines until one certainly decides; *open: none does. */
static unsigned ask_lines(const struct ask *ask, const struct sc_pam_list_fact *list, struct sc_pam_reason *reason, bool *open)
{
	char copy[LONGEST_LINE + 1];
	unsigned results = 0, number = 1;

	*open = true;
	for (size_t at = 0, end; at < list->len && *open; at = end + 1, number++) {
		const char *newline = memchr(list->text + at, '\n', list->len - at);
		bool allows = false;

		/* a last line without a newline is ignored */
		if (!newline)
			break;
		end = (size_t)(newline - list->text);
		size_t len = end - at;
		if (len > LONGEST_LINE || memchr(list->text + at, '\0', len)) {
			reason->why = "a line of pam_access that is too long or contains a NUL byte";
			results |= SUCCESS | DENIED;
			continue;
		}
		memcpy(copy, list->text + at, len);
		while (len && isspace((unsigned char)copy[len - 1]))
			len--;
		copy[len] = '\0';
		enum sc_known matches = !len || *copy == '#' ? SC_FALSE : line_matches(ask, copy, &allows);
		if (matches == SC_FALSE)
			continue;
		results |= allows ? SUCCESS : DENIED;
		reason->list = list->path;
		reason->line = number;
		if (matches == SC_UNKNOWN)
			reason->why = "a line of pam_access that is not evaluated";
		*open = matches == SC_UNKNOWN;
	}
	return results;
}

unsigned sc_access_pam_access(const struct sc_host *host, const char *args, const struct sc_access_person *person,
			      struct sc_pam_reason *reason)
{
	struct sc_access_file_options options;
	const struct ask ask = {host, person, &options};
	bool open;

	sc_access_file_options_read(args, "accessfile=", SC_PAM_ACCESS_CONF, &options);
	const struct sc_pam_list_fact *list = options.foreign ? NULL : sc_host_pam_list(host, options.file);
	if (!list || (list->exists != SC_FALSE && !list->text)) {
		reason->why = "the file of pam_access could not be read";
		return SC_PAM_ANY;
	}
	if (list->exists == SC_FALSE && !options.default_file)
		return 1 << SC_PAM_ABORT;
	unsigned results = ask_lines(&ask, list, reason, &open);
	if (!open)
		return results;
	/* without a line that matches, it admits; the default file is followed by those of a directory */
	const struct sc_pam_list_fact *more = sc_host_pam_list(host, SC_PAM_ACCESS_DIRECTORY);
	if (options.default_file && (!more || more->exists != SC_FALSE)) {
		reason->why = "files in " SC_PAM_ACCESS_DIRECTORY " that are not evaluated";
		return SUCCESS | DENIED;
	}
	return results | SUCCESS;
}
