/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The words that saslauthd is started with. Its cache (-c; -t and -s belong to it) keeps admitting an account for 8 hours after its
 * password was changed, the account locked, or PAM's rules were made stricter (cyrus-sasl saslauthd/cache.c; measured).
 */
#ifndef SC_MODEL_SASLAUTHD_H
#define SC_MODEL_SASLAUTHD_H

#include "base/arena.h"
#include "doc/sysconfig.h"

/* True when the words switch the cache on, also in one word with others ("-cm DIR"), as getopt(3) reads them. */
bool sc_saslauthd_caches(const char *words);

/*
 * True when the words, of the ExecStart of a systemd unit, say all about the cache, but for the variables that files such as
 * /etc/default/saslauthd set (sc_saslauthd_read()).
 */
bool sc_saslauthd_is_clear(const char *words);

/* The directory of -m, in memory; NULL: none is given, or memory is short. */
const char *sc_saslauthd_dir(const char *words, struct sc_arena *memory);

/* What a file such as /etc/default/saslauthd or /etc/sysconfig/saslauthd makes of saslauthd. */
struct sc_saslauthd_says {
	bool caches;
	unsigned line;    /* of the assignment that does it; 0: none does, the init script by itself */
	unsigned unclear; /* the line of what only a shell that runs it could tell; 0: everything was understood */
	const char *dir;  /* of its socket; NULL: not said */
};

/*
 * Reads it. debian: of /etc/default, whose init script takes "-c -m /var/run/saslauthd" where OPTIONS is empty or not set. A variable that
 * the last assignment refers to counts with all its assignments.
 */
void sc_saslauthd_read(const struct sc_sysconfig *conf, bool debian, struct sc_arena *memory, struct sc_saslauthd_says *out);

/* Takes the cache out of the file, and nothing else; what stays keeps its quotes. */
SPICECFG_CHECKED enum spicecfg_status sc_saslauthd_uncache(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, bool debian);

#endif
