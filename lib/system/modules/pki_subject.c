/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "system/modules/pki_impl.h"

/* RFC 5280, ub-common-name. */
enum { COMMON_NAME_MAX = 64 };

enum spicecfg_status sc_ssl_set_name(struct spicecfg_ctx *ctx, X509_NAME *name, const char *common_name)
{
	if (!X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, (const unsigned char *)common_name, -1, -1, 0))
		return sc_ssl_fail(ctx, SPICECFG_USAGE, "writing the common name");
	return SPICECFG_OK;
}

const char *sc_ssl_common_name(const struct sc_pki_subject *subject)
{
	const char *const *lists[] = {subject->dns, subject->ip};

	if (subject->common_name)
		return subject->common_name;
	for (size_t list = 0; list < 2; list++) {
		for (const char *const *name = lists[list]; name && *name; name++) {
			if (strlen(*name) <= COMMON_NAME_MAX)
				return *name;
		}
	}
	/* All names are too long for a common name: they are in the alternative names. */
	return "Spice server";
}

static bool add_name(GENERAL_NAMES *names, int type, ASN1_STRING *value)
{
	GENERAL_NAME *name = value ? GENERAL_NAME_new() : NULL;

	if (!name) {
		ASN1_STRING_free(value);
		return false;
	}
	GENERAL_NAME_set0_value(name, type, value);
	if (!sk_GENERAL_NAME_push(names, name)) {
		GENERAL_NAME_free(name);
		return false;
	}
	return true;
}

static ASN1_STRING *dns_value(const char *text)
{
	ASN1_IA5STRING *value = ASN1_IA5STRING_new();

	if (value && !ASN1_STRING_set(value, text, -1)) {
		ASN1_IA5STRING_free(value);
		return NULL;
	}
	return value;
}

GENERAL_NAMES *sc_ssl_alt_names(struct spicecfg_ctx *ctx, const struct sc_pki_subject *subject)
{
	SC_NAMES *names = GENERAL_NAMES_new();
	bool fine = names;

	/* DNS names first: spice-gtk logs a warning for each IP entry that it skips before a name. */
	for (const char *const *dns = subject->dns; fine && dns && *dns; dns++)
		fine = add_name(names, GEN_DNS, dns_value(*dns));
	for (const char *const *ip = subject->ip; fine && ip && *ip; ip++)
		fine = add_name(names, GEN_IPADD, a2i_IPADDRESS(*ip));
	if (!fine) {
		(void)sc_ssl_fail(ctx, SPICECFG_SYSTEM, "writing the alternative names");
		return NULL;
	}
	GENERAL_NAMES *out = names;
	names = NULL;
	return out;
}
