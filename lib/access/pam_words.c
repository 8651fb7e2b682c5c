/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/pam_words.h"

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

bool sc_access_listfile_read(const char *args, struct sc_access_listfile *out)
{
	char word[SC_ACCESS_WORD_MAX];
	bool item = false, sense = false, foreign = false;

	out->onerr_succeed = false;
	out->file[0] = '\0';
	while (next_word(&args, word, &foreign)) {
		if (strcmp(word, "item=user") == 0 || strcmp(word, "item=group") == 0) {
			item = true;
			out->groups = word[5] == 'g';
		} else if (strcmp(word, "sense=allow") == 0 || strcmp(word, "sense=deny") == 0) {
			sense = true;
			out->allow = word[6] == 'a';
		} else if (strncmp(word, "file=", 5) == 0) {
			memcpy(out->file, word + 5, strlen(word + 5) + 1);
		} else if (strcmp(word, "onerr=succeed") == 0 || strcmp(word, "onerr=fail") == 0) {
			out->onerr_succeed = word[6] == 's';
		} else if (strcmp(word, "quiet") != 0) {
			foreign = true;
		}
	}
	return item && sense && out->file[0] == '/' && !foreign;
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
