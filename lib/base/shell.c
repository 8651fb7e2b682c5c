/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/shell.h"

#include <string.h>

void sc_shell_add(struct sc_buf *out, const char *word)
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";

	if (*word && strspn(word, safe) == strlen(word)) {
		sc_buf_adds(out, word);
		return;
	}
	sc_buf_addc(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			sc_buf_adds(out, "'\\''");
		else
			sc_buf_addc(out, *word);
	}
	sc_buf_addc(out, '\'');
}
