/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Programs of the host that are asked for what they know. */
#ifndef SC_SYSTEM_PROGRAM_H
#define SC_SYSTEM_PROGRAM_H

#include "base/buf.h"

/*
 * Runs argv (found in PATH) with nothing on stdin, and appends what it writes to stdout. False when it can't be started, fails, writes more
 * than max bytes, or takes longer than seconds (it is killed then).
 */
bool sc_program_read(const char *const *argv, unsigned seconds, size_t max, struct sc_buf *out);

#endif
