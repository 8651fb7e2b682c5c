/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a set of nftables rules (`nft -j list ruleset`) does to a new TCP connection from another host. */
#ifndef SC_DOC_NFT_H
#define SC_DOC_NFT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Calls fn for each range of ports that is certainly open to everybody: every base chain that incoming packets pass accepts them from any
 * source. json: len bytes, the listing. family: 4 or 6. A match that can't be evaluated is taken as neither true nor false. Returns false
 * when the text is not such a listing, or is too large.
 */
bool sc_nft_open_ports(const char *json, size_t len, int family, void (*fn)(void *opaque, unsigned first, unsigned last), void *opaque);

#endif
