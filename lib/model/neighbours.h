/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the domains that stand before one on the same host hold: ports, socket paths, names. */
#ifndef SC_MODEL_NEIGHBOURS_H
#define SC_MODEL_NEIGHBOURS_H

#include "model/launch.h"

enum sc_claim_kind { SC_CLAIM_PORT, SC_CLAIM_SOCKET, SC_CLAIM_NAME, SC_CLAIM_UUID };

/* Something that one domain holds. */
struct sc_claim {
	enum sc_claim_kind kind;
	unsigned port;    /* of a port, as libvirt's port allocator counts: 16 bits */
	const char *text; /* of the others */
	const char *owner;
	bool automatic; /* libvirt chose the port */
};

struct sc_neighbours;

struct sc_neighbours *sc_neighbours_new(void); /* NULL when memory is short */
void sc_neighbours_free(struct sc_neighbours *neighbours);

/*
 * Counts a domain in. defined: its name and UUID are taken. started: its ports and sockets are taken too, the automatic ones as
 * libvirt would choose them on host. false when memory is short.
 */
bool sc_neighbours_add(struct sc_neighbours *neighbours, const struct sc_domain *domain, const struct sc_launch *launch,
		       const struct sc_host *host, bool defined, bool started);

/* Counts in something that is known without its domain; text and owner are copied. false when memory is short. */
bool sc_neighbours_claim(struct sc_neighbours *neighbours, const struct sc_claim *claim);

/* Who holds it; NULL: nobody. neighbours may be NULL. */
const struct sc_claim *sc_neighbours_port(const struct sc_neighbours *neighbours, unsigned port);
const struct sc_claim *sc_neighbours_text(const struct sc_neighbours *neighbours, enum sc_claim_kind kind, const char *text);

/* Somebody's socket right in a directory of dir_len bytes; it takes time by the number of all claims. */
const struct sc_claim *sc_neighbours_socket_in(const struct sc_neighbours *neighbours, const char *dir, size_t dir_len);

/*
 * The ports that libvirt would choose for a domain: its fixed ports first, then for each console a plain and a TLS one
 * (util/virportallocator.c), for VNC a websocket of its own range. 0 where none is needed, -1 where the range is used up.
 */
enum { SC_CHOSEN_PORTS = 3 };
void sc_neighbours_choose(const struct sc_neighbours *neighbours, const struct sc_launch *launch, const struct sc_host *host,
			  int (*chosen)[SC_CHOSEN_PORTS]);

#endif
