/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The file of pam_time (time.conf(5)), read as Linux-PAM's modules/pam_time/pam_time.c does. That module logs and ignores what it can't
 * read, so that the users in such a line can log in at any time. This reader therefore reports lines that do not mean what they seem to.
 */
#ifndef SC_DOC_PAMTIME_H
#define SC_DOC_PAMTIME_H

#include "base/buf.h"
#include "base/zone.h"

/*
 * Receives a line that is ignored or means something else. line and column are 1-based, the column in bytes. message says what is wrong and
 * what the consequence is.
 */
typedef void (*sc_pamtime_fn)(void *opaque, unsigned line, unsigned column, const char *message);

/* Reads the file for logins to a service by a daemon, which has no terminal. Returns the number of calls of fn. */
unsigned sc_pamtime_judge(const struct sc_buf *text, const char *service, sc_pamtime_fn fn, void *opaque);

enum sc_pamtime { SC_PAMTIME_ADMITS, SC_PAMTIME_UNCLEAR, SC_PAMTIME_DENIES };

/* A login by a daemon, which has no terminal. */
struct sc_pamtime_login {
	const char *service;
	const char *user;          /* NULL: an account that no rule names */
	const struct sc_wall *now; /* the local time of the module; NULL: unknown */
};

/*
 * What the module answers to a login, also where the file does not mean what it seems to. UNCLEAR: it depends on a netgroup, on the unknown
 * time, or on a field that is longer than the module's buffer. *line is set to that of the rule that denies or is unclear, else 0.
 */
enum sc_pamtime sc_pamtime_ask(const char *text, size_t len, const struct sc_pamtime_login *login, unsigned *line);

#endif
