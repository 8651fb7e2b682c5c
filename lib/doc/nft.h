/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a set of nftables rules (`nft -j list ruleset`) does to a new TCP connection from another host. */
#ifndef SC_DOC_NFT_H
#define SC_DOC_NFT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Tells the ranges of ports to which everybody gets through for certain: every base chain that what comes in passes accepts it, whatever
 * its source. family: 4 or 6. A match that can't be judged counts for neither. False when the text is no such listing, or too large to
 * judge.
 */
bool sc_nft_open_ports(const char *json, size_t len, int family, void (*fn)(void *opaque, unsigned first, unsigned last), void *opaque);

#endif
