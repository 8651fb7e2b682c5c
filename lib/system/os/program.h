/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Programs of the host: found in the system's own directories, whatever PATH says, and run with a minimal environment. */
#ifndef SC_SYSTEM_PROGRAM_H
#define SC_SYSTEM_PROGRAM_H

#include "base/buf.h"

/*
 * Runs argv with empty stdin and appends what it writes to stdout to out. Returns false if it can't be started, fails, writes more than max
 * bytes, or takes longer than seconds (it is killed then).
 */
bool sc_program_read(const char *const *argv, unsigned seconds, size_t max, struct sc_buf *out);

/* Runs argv without input and output until it ends. Returns its exit status, 128 if a signal killed it, or -1 with errno if it can't be
 * started. */
int sc_program_run(const char *const *argv);

#endif
