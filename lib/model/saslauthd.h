/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The arguments of saslauthd. Because of its cache (-c, with -t and -s), it admits an account for up to 8 hours after the password was
 * changed, the account was locked, or the rules of PAM were tightened (cyrus-sasl saslauthd/cache.c; measured).
 */
#ifndef SC_MODEL_SASLAUTHD_H
#define SC_MODEL_SASLAUTHD_H

#include "base/arena.h"
#include "doc/sysconfig.h"

/* Returns true when the words enable the cache, also combined with other options ("-cm DIR"), as getopt(3) parses them. */
bool sc_saslauthd_caches(const char *words);

/*
 * Returns true when the words in the ExecStart of a systemd unit determine the cache, apart from the variables that files such as
 * /etc/default/saslauthd set (sc_saslauthd_read()).
 */
bool sc_saslauthd_is_clear(const char *words);

/* Returns true when the words contain -r, which adds the realm to the name of an account. */
bool sc_saslauthd_joins(const char *words);

/* Returns the directory of -m, in memory; NULL: not set, or memory ran out. */
const char *sc_saslauthd_dir(const char *words, struct sc_arena *memory);

/* What a file such as /etc/default/saslauthd or /etc/sysconfig/saslauthd sets. */
struct sc_saslauthd_says {
	bool caches;
	unsigned line;    /* of the assignment that enables the cache; 0: none does, but the init script itself */
	unsigned unclear; /* the line whose effect only a shell could determine by running it; 0: there is none */
	const char *dir;  /* of its socket; NULL: not set */
};

/*
 * Reads such a file. debian: it is in /etc/default, whose init script uses "-c -m /var/run/saslauthd" when OPTIONS is empty or not set. Of
 * a variable that the last assignment refers to, all assignments are taken into account. Strings are allocated in memory.
 */
void sc_saslauthd_read(const struct sc_sysconfig *conf, bool debian, struct sc_arena *memory, struct sc_saslauthd_says *out);

/*
 * Removes only the options of the cache from the file; the others keep their quotes. SPICECFG_INPUT when that is not possible without
 * changing others.
 */
SPICECFG_CHECKED enum spicecfg_status sc_saslauthd_uncache(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, bool debian);

#endif
