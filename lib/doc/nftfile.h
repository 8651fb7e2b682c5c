/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file of nftables rules, such as /etc/nftables.conf, read as nft(8) does it as far as this reader goes: tables with chains and sets of
 * constants. What it can't evaluate can be anything, and the answer is unclear where that matters.
 */
#ifndef SC_DOC_NFTFILE_H
#define SC_DOC_NFTFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct sc_nft_file;

/* Reads the file, in memory; text need not outlive the call. NULL: it is not understood as a whole, or memory ran out. */
struct sc_nft_file *sc_nft_file_read(const char *text, size_t len, struct sc_arena *memory);

enum sc_nft_answer { SC_NFT_CLOSED, SC_NFT_UNCLEAR, SC_NFT_OPEN };

/* A TCP connection to a port of this host. */
struct sc_nft_connection {
	int family;            /* 4 or 6 */
	bool loopback;         /* from this host */
	unsigned port;         /* 0: unknown */
	const char *source;    /* the client's address; NULL: any, and where rules treat addresses differently the answer is unclear */
	const char *address;   /* the literal address that is listened on; NULL: all of this host */
	long long uid, server; /* the accounts at both ends; -1: one that no rule names, -2: unknown */
};

/* Whether it is established: the packets of both directions pass all base chains. */
enum sc_nft_answer sc_nft_file_ask(const struct sc_nft_file *file, const struct sc_nft_connection *connection);

#endif
