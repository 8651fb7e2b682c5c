/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Programs of the host: found in the system's own directories, whatever PATH says, and run with a plain environment. */
#ifndef SC_SYSTEM_PROGRAM_H
#define SC_SYSTEM_PROGRAM_H

#include "base/buf.h"

/*
 * Runs argv with nothing on stdin, and appends what it writes to stdout. False when it can't be started, fails, writes more
 * than max bytes, or takes longer than seconds (it is killed then).
 */
bool sc_program_read(const char *const *argv, unsigned seconds, size_t max, struct sc_buf *out);

/* Runs argv without input and output, to its end: its exit status, 128 when a signal ended it, -1 with errno when it can't be started. */
int sc_program_run(const char *const *argv);

#endif
