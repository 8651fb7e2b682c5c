/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for commands that people paste into a shell. */
#ifndef SC_BASE_SHELL_H
#define SC_BASE_SHELL_H

#include "base/buf.h"

/*
 * Appends word as bash, dash and other POSIX shells read it back: as it is where that is safe, else in single quotes. What a terminal
 * obeys or does not show (control characters, bytes that are no UTF-8, invisible and turning characters) is written as octal numbers in
 * "$(printf '…')", as dash has no $'…': the text is one line of characters that are seen.
 */
void sc_shell_add(struct sc_buf *out, const char *word);

#endif
