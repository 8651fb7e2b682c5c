/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which SASL mechanisms a Spice client is offered. On a channel without TLS, including a Unix socket, spice-server (server/red-stream.cpp,
 * red_sasl_start_auth) requires min_ssf 56, and neither anonymous nor plain text. With TLS it requires nothing of a mechanism, so that even
 * ANONYMOUS is offered unless mech_list excludes it.
 */
#ifndef SC_MODEL_MECHANISMS_H
#define SC_MODEL_MECHANISMS_H

#include <stdbool.h>
#include <stddef.h>

/* A mechanism of cyrus-sasl, as its plugin declares it. */
struct sc_mechanism {
	const char *name;   /* upper case */
	const char *plugin; /* "scram": libscram.so */
	unsigned max_ssf;   /* the strength of its own encryption layer, in bits; 0: none */
	bool no_plaintext, no_anonymous;
	bool needs_secret;       /* the server needs the clear-text password, which sasldb provides and saslauthd does not */
	bool weak;               /* broken or obsolete (RFC 6331 and the like) */
	const char *packages[3]; /* Debian, SUSE, RHEL */
};

/* Returns a mechanism by its position in the table; NULL after the last. */
const struct sc_mechanism *sc_mechanism_at(size_t index);
/* Returns the mechanism called name (len bytes, ignoring case); NULL: unknown. */
const struct sc_mechanism *sc_mechanism_find(const char *name, size_t len);

enum sc_mechanism_outcome {
	SC_MECH_OFFERED,
	SC_MECH_USELESS,   /* offered, but nobody can log in with it, because saslauthd can't check challenges */
	SC_MECH_ANYBODY,   /* offered, and admits anybody without a password */
	SC_MECH_UNKNOWN,   /* no such mechanism */
	SC_MECH_NO_PLUGIN, /* its plugin is not installed */
	SC_MECH_NEEDS_TLS, /* excluded by what spice-server requires on a channel without TLS */
};

/* What determines the mechanisms. */
struct sc_mechanism_input {
	const char *mech_list; /* in the SASL file; NULL: all installed mechanisms */
	bool saslauthd;        /* pwcheck_method is saslauthd, without auxprop */
	bool tls;
	/* Returns whether a plugin (a name such as "scram") is installed; NULL: all are. */
	bool (*has_plugin)(const void *opaque, const char *plugin);
	const void *opaque;
};

/* Returns the outcome for the mechanism called name (len bytes). *mechanism, which can be NULL, is set to its row, NULL when unknown. */
enum sc_mechanism_outcome sc_mechanism_judge(const struct sc_mechanism_input *input, const char *name, size_t len,
					     const struct sc_mechanism **mechanism);

/* Calls visit for each name in mech_list, or for each installed mechanism when there is no list. */
void sc_mechanism_each(const struct sc_mechanism_input *input,
		       void (*visit)(void *opaque, const char *name, size_t len, const struct sc_mechanism *mechanism,
				     enum sc_mechanism_outcome outcome),
		       void *opaque);

/* Returns an outcome in words, for users: "its plugin is not installed"… */
const char *sc_mechanism_outcome_text(enum sc_mechanism_outcome outcome);
/* Returns an outcome as a word for JSON: "offered", "needs-tls"… */
const char *sc_mechanism_outcome_name(enum sc_mechanism_outcome outcome);

#endif
