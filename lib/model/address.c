/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/address.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_host_name(const char *text)
{
	size_t len = strlen(text);

	if (len > 253 || strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") != len)
		return false;
	if (len >= 8 && strcmp(text + len - 8, ".invalid") == 0) /* RFC 6761 */
		return false;
	/* inet_aton() was tried before: a word of digits and dots only is not a name */
	if (strspn(text, "0123456789.") == len || *text == '-')
		return false;
	for (const char *label = text; *label;) {
		size_t part = strcspn(label, ".");

		if (!part || part > 63)
			return false;
		label += part + (label[part] == '.');
	}
	return true;
}

/* Whether getaddrinfo() accepts a scope: a number, or for link-local addresses the name of an interface. */
static bool is_scope(const struct in6_addr *v6, const char *scope)
{
	if (!*scope)
		return false;
	if (strspn(scope, "0123456789") == strlen(scope))
		return strlen(scope) <= 10 && strtoull(scope, NULL, 10) <= UINT32_MAX;
	return IN6_IS_ADDR_LINKLOCAL(v6) || IN6_IS_ADDR_MC_LINKLOCAL(v6);
}

static struct sc_address read_v6(const struct in6_addr *v6, const char *scope)
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	struct sc_address out = {.kind = SC_ADDRESS_V6};

	if (scope && !is_scope(v6, scope)) {
		out.kind = SC_ADDRESS_NONSENSE;
		return out;
	}
	if (memcmp(v6, mapped, sizeof(mapped)) == 0) {
		out.kind = SC_ADDRESS_V4;
		memcpy(out.bytes, (const unsigned char *)v6 + 12, 4);
		return out;
	}
	memcpy(out.bytes, v6, 16);
	if (IN6_IS_ADDR_UNSPECIFIED(v6))
		out.kind = SC_ADDRESS_ANY6;
	else if (IN6_IS_ADDR_LINKLOCAL(v6))
		out.kind = scope ? SC_ADDRESS_SCOPED : SC_ADDRESS_LINK;
	return out;
}

struct sc_address sc_address_read(const char *text)
{
	struct sc_address out = {.kind = SC_ADDRESS_ANY4};
	struct in_addr v4;
	struct in6_addr v6;
	char plain[INET6_ADDRSTRLEN];
	const char *scope = strchr(text, '%');

	/* to glibc "*" means no name at all */
	if (!*text || strcmp(text, "*") == 0)
		return out;
	if (strpbrk(text, " \t\n") == NULL && inet_aton(text, &v4)) {
		out.kind = v4.s_addr ? SC_ADDRESS_V4 : SC_ADDRESS_ANY4;
		memcpy(out.bytes, &v4, 4);
		return out;
	}
	if (scope && (size_t)(scope - text) < sizeof(plain)) {
		memcpy(plain, text, (size_t)(scope - text));
		plain[scope - text] = '\0';
		if (inet_pton(AF_INET6, plain, &v6) == 1)
			return read_v6(&v6, scope + 1);
	}
	if (inet_pton(AF_INET6, text, &v6) == 1)
		return read_v6(&v6, NULL);
	out.kind = is_host_name(text) ? SC_ADDRESS_NAME : SC_ADDRESS_NONSENSE;
	return out;
}

bool sc_address_is_loopback(const struct sc_address *address, const char *text)
{
	static const unsigned char one[16] = {[15] = 1};

	if (address->kind == SC_ADDRESS_V4)
		return address->bytes[0] == 127;
	if (address->kind == SC_ADDRESS_V6)
		return memcmp(address->bytes, one, sizeof(one)) == 0;
	return address->kind == SC_ADDRESS_NAME && (strcasecmp(text, "localhost") == 0 || strcasecmp(text, "localhost.localdomain") == 0);
}

bool sc_address_in(const struct sc_address *address, const char *entry)
{
	char text[INET6_ADDRSTRLEN + 8];
	const char *slash = strchr(entry, '/');
	size_t len = slash ? (size_t)(slash - entry) : strlen(entry);

	if (len >= sizeof(text))
		return false;
	memcpy(text, entry, len);
	text[len] = '\0';
	struct sc_address net = sc_address_read(text);
	bool v4 = address->kind == SC_ADDRESS_V4;
	if (net.kind == SC_ADDRESS_LINK || net.kind == SC_ADDRESS_SCOPED)
		net.kind = SC_ADDRESS_V6;
	if (net.kind != (v4 ? SC_ADDRESS_V4 : SC_ADDRESS_V6) || (!v4 && address->kind != SC_ADDRESS_V6))
		return false;
	unsigned max = v4 ? 32 : 128;
	unsigned bits = slash ? (unsigned)strtoul(slash + 1, NULL, 10) : max;
	if (bits > max)
		return false;
	if (memcmp(address->bytes, net.bytes, bits / 8) != 0)
		return false;
	unsigned rest = bits % 8;
	return !rest || (address->bytes[bits / 8] ^ net.bytes[bits / 8]) >> (8 - rest) == 0;
}

static bool is_v4(const struct sc_address *address)
{
	return address->kind == SC_ADDRESS_V4 || address->kind == SC_ADDRESS_ANY4;
}

static bool is_any(const struct sc_address *address)
{
	return address->kind == SC_ADDRESS_ANY4 || address->kind == SC_ADDRESS_ANY6;
}

bool sc_address_clash(const struct sc_address *a, const struct sc_address *b)
{
	if (a->kind == SC_ADDRESS_ANY6 || b->kind == SC_ADDRESS_ANY6)
		return true; /* :: includes IPv4 */
	if (is_v4(a) != is_v4(b))
		return false;
	return is_any(a) || is_any(b) || memcmp(a->bytes, b->bytes, is_v4(a) ? 4 : 16) == 0;
}
