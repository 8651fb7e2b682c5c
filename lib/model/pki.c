/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/pki.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { NAME_MAX_BYTES = 253, LABEL_MAX = 63 };

void sc_pki_facts_free(struct sc_pki_facts *facts)
{
	/* the facts are in their own arena */
	if (facts)
		sc_arena_free(facts->memory);
}

static const char *label_wrong(const char *label, size_t len)
{
	if (len == 0)
		return "has an empty label";
	if (len > LABEL_MAX)
		return "has a label that is longer than 63 bytes";
	if (label[0] == '-' || label[len - 1] == '-')
		return "has a label that begins or ends with '-'";
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)label[i];

		if (c >= 0x80)
			return "is not ASCII (write its xn-- form)";
		if (!isalnum(c) && c != '-' && c != '_')
			return "contains a character that is not allowed in names";
	}
	return NULL;
}

const char *sc_pki_name_wrong(const char *name)
{
	char ip[INET6_ADDRSTRLEN];
	const char *label = name;

	if (strlen(name) > NAME_MAX_BYTES)
		return "is longer than 253 bytes";
	if (sc_pki_ip_normal(name, ip, sizeof(ip)))
		return "is an address";
	if (strncmp(name, "*.", 2) == 0) {
		label += 2;
		if (!strchr(label, '.'))
			return "is a wildcard for a whole top-level domain";
	}
	for (;;) {
		size_t len = strcspn(label, ".");
		const char *wrong = label_wrong(label, len);

		if (wrong || !label[len])
			return wrong;
		label += len + 1;
	}
}

bool sc_pki_ip_normal(const char *ip, char *out, size_t size)
{
	unsigned char bytes[16];
	int family = strchr(ip, ':') ? AF_INET6 : AF_INET;

	return inet_pton(family, ip, bytes) == 1 && inet_ntop(family, bytes, out, (socklen_t)size);
}

/* A '*' matches any bytes except a dot. Each step of the recursion has a shorter rest. */
static bool matches(const char *pattern, const char *host)
{
	while (*pattern && *pattern != '*' && toupper((unsigned char)*pattern) == toupper((unsigned char)*host)) {
		pattern++;
		host++;
	}
	if (*pattern != '*')
		return !*pattern && !*host;
	do {
		if (matches(pattern + 1, host))
			return true;
	} while (*host && *host++ != '.');
	return false;
}

bool sc_pki_name_matches(const struct spicecfg_cert *cert, const char *host)
{
	char ip[INET6_ADDRSTRLEN];

	for (const char *const *dns = cert->dns; *dns; dns++) {
		if (matches(*dns, host))
			return true;
	}
	if (sc_pki_ip_normal(host, ip, sizeof(ip))) {
		for (const char *const *one = cert->ip; *one; one++) {
			if (strcmp(*one, ip) == 0)
				return true;
		}
	}
	return !cert->dns[0] && !cert->ip[0] && cert->common_name && matches(cert->common_name, host);
}

int64_t sc_pki_days_left(int64_t then, int64_t now)
{
	const int64_t day = 24 * 60 * 60;
	int64_t left = then - now;

	return left >= 0 ? left / day : -((-left + day - 1) / day);
}

void spicecfg_pki_time(int64_t seconds, char *out, size_t size)
{
	time_t when = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&when, &tm) || strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(out, size, "?");
}

bool sc_pki_is_foreign(const struct spicecfg_cert *server, const struct spicecfg_cert *own_ca)
{
	if (server->self_signed)
		return false;
	return !own_ca || !server->issuer || !own_ca->subject || strcmp(server->issuer, own_ca->subject) != 0;
}
