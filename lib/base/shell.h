/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Quoting of words for commands that are pasted into a shell. */
#ifndef SC_BASE_SHELL_H
#define SC_BASE_SHELL_H

#include "base/buf.h"

/*
 * Appends word in a form that bash, dash and other POSIX shells read back unchanged: as it is where that is safe, else in single quotes.
 * What a terminal obeys or does not show (control characters, bytes that are not UTF-8, invisible characters and those that change the
 * direction of text) is written as octal numbers in "$(printf '…')", because dash does not have $'…'. The text is thus one line of visible
 * characters. A failed allocation sets out->failed.
 */
void sc_shell_add(struct sc_buf *out, const char *word);

#endif
