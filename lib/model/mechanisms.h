/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which SASL mechanisms a Spice client is offered. spice-server (server/red-stream.cpp, red_sasl_start_auth) asks libsasl2 for min_ssf 56
 * without anonymous and plain text unless the channel is TLS, on a Unix socket too; under TLS it asks for nothing, so that even
 * ANONYMOUS is offered where mech_list does not keep it out.
 */
#ifndef SC_MODEL_MECHANISMS_H
#define SC_MODEL_MECHANISMS_H

#include <stdbool.h>
#include <stddef.h>

/* A mechanism of cyrus-sasl, as its plugin declares it. */
struct sc_mechanism {
	const char *name;   /* upper case */
	const char *plugin; /* "scram": libscram.so */
	unsigned max_ssf;   /* the strongest encryption layer of its own, in bits; 0: none */
	bool no_plaintext, no_anonymous;
	bool needs_secret;       /* the server needs the clear-text password: sasldb can, saslauthd can't */
	bool weak;               /* broken or obsolete (RFC 6331 and the like) */
	const char *packages[3]; /* Debian, SUSE, RHEL */
};

/* The table; NULL behind the last. */
const struct sc_mechanism *sc_mechanism_at(size_t index);
/* By name, letter case ignored; NULL: unknown. len bytes of name. */
const struct sc_mechanism *sc_mechanism_find(const char *name, size_t len);

enum sc_mechanism_outcome {
	SC_MECH_OFFERED,
	SC_MECH_USELESS,   /* offered, but nobody gets in by it: saslauthd can't check challenges */
	SC_MECH_ANYBODY,   /* offered, and lets anybody in without a password */
	SC_MECH_UNKNOWN,   /* no such mechanism */
	SC_MECH_NO_PLUGIN, /* its plugin is not installed */
	SC_MECH_NEEDS_TLS, /* refused by spice-server's own properties on a channel without TLS */
};

/* What decides. */
struct sc_mechanism_input {
	const char *mech_list; /* of the SASL file; NULL: everything that is installed */
	bool saslauthd;        /* pwcheck_method is saslauthd (and not auxprop too) */
	bool tls;
	/* Whether the plugin (a name as "scram") is installed; NULL: assume so. */
	bool (*has_plugin)(const void *opaque, const char *plugin);
	const void *opaque;
};

/* What becomes of the mechanism called name (len bytes). mechanism (may be NULL) gets its row, NULL when unknown. */
enum sc_mechanism_outcome sc_mechanism_judge(const struct sc_mechanism_input *input, const char *name, size_t len,
					     const struct sc_mechanism **mechanism);

/* Calls visit for each name in mech_list (or each installed mechanism without a list). */
void sc_mechanism_each(const struct sc_mechanism_input *input,
		       void (*visit)(void *opaque, const char *name, size_t len, const struct sc_mechanism *mechanism,
				     enum sc_mechanism_outcome outcome),
		       void *opaque);

/* The outcome in words for people: "needs TLS on the channel"… */
const char *sc_mechanism_outcome_text(enum sc_mechanism_outcome outcome);
/* "offered", "needs-tls"… as the JSON has it. */
const char *sc_mechanism_outcome_name(enum sc_mechanism_outcome outcome);

#endif
