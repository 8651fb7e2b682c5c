/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for commands that people paste into a shell. */
#ifndef SC_BASE_SHELL_H
#define SC_BASE_SHELL_H

#include "base/buf.h"

/* Appends word as a POSIX shell reads it back: as it is where that is safe, else in single quotes. */
void sc_shell_add(struct sc_buf *out, const char *word);

#endif
