/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The file of pam_time (time.conf(5)), read as Linux-PAM's modules/pam_time/pam_time.c reads it. What it can't read it leaves out with a
 * line in the log, and who stands there gets in at any time: so this reader looks for lines that do not mean what they say.
 */
#ifndef SC_DOC_PAMTIME_H
#define SC_DOC_PAMTIME_H

#include "base/buf.h"

/* A line that is ignored or means something else. column is 1-based, in bytes; message is a sentence's end: what is wrong, and what comes
 * of it. */
typedef void (*sc_pamtime_fn)(void *opaque, unsigned line, unsigned column, const char *message);

/* Reads the file for logins of the service by a daemon, which has no terminal. Returns the number of calls of fn. */
unsigned sc_pamtime_judge(const struct sc_buf *text, const char *service, sc_pamtime_fn fn, void *opaque);

#endif
