/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/mechanisms.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define BASE                                                                                                                               \
	{                                                                                                                                  \
		"libsasl2-modules", "cyrus-sasl-scram", "cyrus-sasl-scram"                                                                 \
	}
#define PLAIN                                                                                                                              \
	{                                                                                                                                  \
		"libsasl2-modules", "cyrus-sasl-plain", "cyrus-sasl-plain"                                                                 \
	}
#define DIGEST                                                                                                                             \
	{                                                                                                                                  \
		"libsasl2-modules", "cyrus-sasl-digestmd5", "cyrus-sasl-md5"                                                               \
	}
#define CRAM                                                                                                                               \
	{                                                                                                                                  \
		"libsasl2-modules", "cyrus-sasl-crammd5", "cyrus-sasl-md5"                                                                 \
	}
#define GSSAPI                                                                                                                             \
	{                                                                                                                                  \
		"libsasl2-modules-gssapi-mit", "cyrus-sasl-gssapi", "cyrus-sasl-gssapi"                                                    \
	}
#define OTHER                                                                                                                              \
	{                                                                                                                                  \
		"libsasl2-modules-otp", "cyrus-sasl-otp", "cyrus-sasl"                                                                     \
	}
#define NTLM                                                                                                                               \
	{                                                                                                                                  \
		"libsasl2-modules", "cyrus-sasl-ntlm", "cyrus-sasl-ntlm"                                                                   \
	}
#define ANY                                                                                                                                \
	{                                                                                                                                  \
		"libsasl2-modules", "cyrus-sasl", "cyrus-sasl"                                                                             \
	}

enum { GSSAPI_SSF = 256 };

static const struct sc_mechanism table[] = {
    /* name, plugin, max_ssf, no_plaintext, no_anonymous, needs_secret, weak, packages */
    {"SCRAM-SHA-512", "scram", 0, true, true, true, false, BASE},
    {"SCRAM-SHA-384", "scram", 0, true, true, true, false, BASE},
    {"SCRAM-SHA-256", "scram", 0, true, true, true, false, BASE},
    {"SCRAM-SHA-224", "scram", 0, true, true, true, false, BASE},
    {"SCRAM-SHA-1", "scram", 0, true, true, true, false, BASE},
    {"GSSAPI", "gssapiv2", GSSAPI_SSF, true, true, false, false, GSSAPI},
    {"GSS-SPNEGO", "gssapiv2", GSSAPI_SSF, true, true, false, false, GSSAPI},
    {"SRP", "srp", 128, true, true, true, false, OTHER},
    {"OTP", "otp", 0, true, true, true, false, OTHER},
    {"PLAIN", "plain", 0, false, true, false, false, PLAIN},
    {"LOGIN", "login", 0, false, true, false, true, PLAIN},
    {"DIGEST-MD5", "digestmd5", 128, true, true, true, true, DIGEST},
    {"CRAM-MD5", "crammd5", 0, true, true, true, true, CRAM},
    {"NTLM", "ntlm", 0, true, true, true, true, NTLM},
    {"ANONYMOUS", "anonymous", 0, true, false, false, true, ANY},
};

enum { N_TABLE = sizeof(table) / sizeof(*table), MIN_SSF = 56 };

const struct sc_mechanism *sc_mechanism_at(size_t index)
{
	return index < N_TABLE ? &table[index] : NULL;
}

const struct sc_mechanism *sc_mechanism_find(const char *name, size_t len)
{
	/* the variant with channel binding has the same plugin; spice-server does not bind channels, so it offers the other one */
	if (len > 5 && strncasecmp(name + len - 5, "-PLUS", 5) == 0)
		len -= 5;
	for (size_t i = 0; i < N_TABLE; i++)
		if (strlen(table[i].name) == len && strncasecmp(table[i].name, name, len) == 0)
			return &table[i];
	return NULL;
}

enum sc_mechanism_outcome sc_mechanism_judge(const struct sc_mechanism_input *input, const char *name, size_t len,
					     const struct sc_mechanism **mechanism)
{
	const struct sc_mechanism *mech = sc_mechanism_find(name, len);

	if (mechanism)
		*mechanism = mech;
	if (!mech)
		return SC_MECH_UNKNOWN;
	if (input->has_plugin && !input->has_plugin(input->opaque, mech->plugin))
		return SC_MECH_NO_PLUGIN;
	if (!input->tls && (mech->max_ssf < MIN_SSF || !mech->no_plaintext || !mech->no_anonymous))
		return SC_MECH_NEEDS_TLS;
	if (!mech->no_anonymous)
		return SC_MECH_ANYBODY;
	if (input->saslauthd && mech->needs_secret)
		return SC_MECH_USELESS;
	return SC_MECH_OFFERED;
}

void sc_mechanism_each(const struct sc_mechanism_input *input,
		       void (*visit)(void *opaque, const char *name, size_t len, const struct sc_mechanism *mechanism,
				     enum sc_mechanism_outcome outcome),
		       void *opaque)
{
	const struct sc_mechanism *mech;
	enum sc_mechanism_outcome outcome;

	if (!input->mech_list) {
		for (size_t i = 0; i < N_TABLE; i++) {
			outcome = sc_mechanism_judge(input, table[i].name, strlen(table[i].name), &mech);
			if (outcome != SC_MECH_NO_PLUGIN)
				visit(opaque, table[i].name, strlen(table[i].name), mech, outcome);
		}
		return;
	}
	for (const char *at = input->mech_list; *at;) {
		size_t len = 0;

		while (at[len] && !isspace((unsigned char)at[len]))
			len++;
		if (len) {
			outcome = sc_mechanism_judge(input, at, len, &mech);
			visit(opaque, at, len, mech, outcome);
		}
		at += len;
		while (isspace((unsigned char)*at))
			at++;
	}
}

static const struct {
	const char *name, *text;
} outcomes[] = {
    [SC_MECH_OFFERED] = {"offered", "offered"},
    [SC_MECH_USELESS] = {"useless", "offered, but saslauthd can't check it: only plain works"},
    [SC_MECH_ANYBODY] = {"anybody", "offered, and admits anybody without a password"},
    [SC_MECH_UNKNOWN] = {"unknown", "unknown mechanism"},
    [SC_MECH_NO_PLUGIN] = {"no-plugin", "its plugin is not installed"},
    [SC_MECH_NEEDS_TLS] = {"needs-tls", "not offered on a channel without TLS, such as a Unix socket"},
};

const char *sc_mechanism_outcome_text(enum sc_mechanism_outcome outcome)
{
	return outcomes[outcome].text;
}

const char *sc_mechanism_outcome_name(enum sc_mechanism_outcome outcome)
{
	return outcomes[outcome].name;
}
