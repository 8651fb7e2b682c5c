/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/pam_words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "doc/pam.h"

bool sc_access_is_module(const char *module, const char *name)
{
	const char *slash = strrchr(module, '/'), *base = slash ? slash + 1 : module;
	size_t len = strlen(name);

	return strncmp(base, name, len) == 0 && (strcmp(base + len, ".so") == 0 || !base[len]);
}

/* Copies the next argument; false: the end, or (in *foreign) one that is too long. */
static bool next_word(const char **args, char word[SC_ACCESS_WORD_MAX], bool *foreign)
{
	SC_BUF arg = SC_BUF_INIT;

	if (!sc_pam_next_arg(args, &arg))
		return false;
	if (arg.failed || arg.len >= SC_ACCESS_WORD_MAX) {
		*foreign = true;
		return false;
	}
	memcpy(word, sc_buf_text(&arg), arg.len + 1);
	return true;
}

static int find_word(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

/* A value of item=; false: unknown. */
static bool read_item(const char *word, struct sc_access_listfile *out)
{
	static const char *const words[] = {"user", "group", "shell", "tty", "rhost", "ruser", NULL};
	int item = find_word(words, word);

	if (item >= 0)
		out->item = item > SC_LIST_NOTHING ? SC_LIST_NOTHING : item;
	return item >= 0;
}

void sc_access_listfile_read(const char *args, struct sc_access_listfile *out)
{
	static const char *const senses[] = {"sense=deny", "sense=allow", NULL}, *const onerrs[] = {"onerr=fail", "onerr=succeed", NULL};
	char word[SC_ACCESS_WORD_MAX];
	bool item = false, sense = false, early = false;
	int at;

	/* not all of it is set to zero: a service can have thousands of such rules */
	out->item = SC_LIST_USER;
	out->allow = out->onerr_succeed = out->wrong = out->foreign = false;
	out->file[0] = '\0';
	while (next_word(&args, word, &out->foreign)) {
		if (strncmp(word, "item=", 5) == 0) {
			item = read_item(word + 5, out);
		} else if ((at = find_word(senses, word)) >= 0) {
			sense = true;
			out->allow = at;
		} else if ((at = find_word(onerrs, word)) >= 0) {
			/* what is wrong before it has the result of the option's default */
			out->foreign |= early;
			out->onerr_succeed = at;
		} else if (strncmp(word, "file=", 5) == 0) {
			memcpy(out->file, word + 5, strlen(word + 5) + 1);
		} else if (strncmp(word, "apply=", 6) == 0) {
			out->foreign = true;
		} else if (strchr(word, '=')) {
			early = true;
		}
	}
	out->wrong = !item || !sense || !out->file[0] || early;
	out->foreign |= out->file[0] && out->file[0] != '/';
}

static void keep(char to[SC_ACCESS_WORD_MAX], const char *text)
{
	snprintf(to, SC_ACCESS_WORD_MAX, "%s", text);
}

void sc_access_file_options_read(const char *args, const char *option, const char *otherwise, struct sc_access_file_options *out)
{
	const size_t len = strlen(option);
	char word[SC_ACCESS_WORD_MAX];

	out->default_file = true;
	out->foreign = out->nodefgroup = false;
	keep(out->file, otherwise);
	keep(out->fields, ":");
	keep(out->words, ", \t");
	while (next_word(&args, word, &out->foreign)) {
		if (strncmp(word, option, len) == 0 && word[len]) {
			keep(out->file, word + len);
			out->default_file = false;
		} else if (strncmp(word, "fieldsep=", 9) == 0) {
			keep(out->fields, word + 9);
		} else if (strncmp(word, "listsep=", 8) == 0) {
			keep(out->words, word + 8);
		} else if (strcmp(word, "nodefgroup") == 0) {
			out->nodefgroup = true;
		}
	}
}

bool sc_access_condition_next(const char **args, struct sc_access_condition *out)
{
	static const char *const options[] = {"debug", "quiet", "quiet_fail", "quiet_success", "audit", NULL};

	out->complete = out->foreign = false;
	for (;;) {
		size_t i = 0;

		if (!next_word(args, out->field, &out->foreign))
			return false;
		while (options[i] && strcmp(out->field, options[i]) != 0)
			i++;
		if (!options[i])
			break;
	}
	/* it is then about the account that saslauthd runs as */
	if (strcmp(out->field, "use_uid") == 0) {
		out->foreign = true;
		return false;
	}
	out->complete = next_word(args, out->op, &out->foreign) && next_word(args, out->value, &out->foreign) && !out->foreign;
	return true;
}
