/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Listen addresses as getaddrinfo() interprets them, without resolving names. */
#ifndef SC_MODEL_ADDRESS_H
#define SC_MODEL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

enum sc_address_kind {
	SC_ADDRESS_ANY4, /* all of IPv4: "", "*", 0.0.0.0 and its other spellings */
	SC_ADDRESS_ANY6, /* all of IPv6 and IPv4: :: */
	SC_ADDRESS_V4,   /* a literal, in bytes */
	SC_ADDRESS_V6,
	SC_ADDRESS_LINK,     /* link-local IPv6 without a scope: can't be bound */
	SC_ADDRESS_SCOPED,   /* link-local IPv6 with %scope */
	SC_ADDRESS_NAME,     /* a host name that might resolve */
	SC_ADDRESS_NONSENSE, /* neither a literal nor a host name: never resolves */
};

struct sc_address {
	enum sc_address_kind kind;
	unsigned char bytes[16]; /* IPv4: the first four; IPv4-mapped IPv6 is treated as IPv4 */
};

struct sc_address sc_address_read(const char *text);

/* Returns true for 127.0.0.0/8, ::1 and the name localhost. text: the address as it was given to sc_address_read(). */
bool sc_address_is_loopback(const struct sc_address *address, const char *text);

/* Returns true when address is in entry, an address or "a.b.c.d/bits" (also IPv6). */
bool sc_address_in(const struct sc_address *address, const char *entry);

/* Returns true when two sockets can't be bound to both addresses with the same port. */
bool sc_address_clash(const struct sc_address *a, const struct sc_address *b);

#endif
