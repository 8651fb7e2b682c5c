/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the preceding domains on the same host use: ports, socket paths, names. */
#ifndef SC_MODEL_NEIGHBOURS_H
#define SC_MODEL_NEIGHBOURS_H

#include "model/launch.h"

/* SC_CLAIM_OFFER: a port that the fix of another domain names. */
enum sc_claim_kind { SC_CLAIM_PORT, SC_CLAIM_OFFER, SC_CLAIM_SOCKET, SC_CLAIM_NAME, SC_CLAIM_UUID };

/* Something that a domain uses. */
struct sc_claim {
	enum sc_claim_kind kind;
	unsigned port;    /* of a port or an offer: 16 bits, as in libvirt's port allocator */
	const char *text; /* of the others */
	const char *owner;
	bool automatic; /* libvirt chose the port */
};

struct sc_neighbours;

/* Makes an empty set, to be freed with sc_neighbours_free(). NULL when memory runs out. */
struct sc_neighbours *sc_neighbours_new(void);
void sc_neighbours_free(struct sc_neighbours *neighbours);

/*
 * Adds a domain. defined: its name and UUID are used. started: its ports and sockets are used, too, with automatic ones as libvirt would
 * choose them on host. Returns false when memory runs out.
 */
bool sc_neighbours_add(struct sc_neighbours *neighbours, const struct sc_domain *domain, const struct sc_launch *launch,
		       const struct sc_host *host, bool defined, bool started);

/* Adds a claim without its domain (copied). Returns false when memory runs out. */
bool sc_neighbours_claim(struct sc_neighbours *neighbours, const struct sc_claim *claim);

/* Return the claim on a port, or on another thing; NULL: none. neighbours can be NULL. */
const struct sc_claim *sc_neighbours_port(const struct sc_neighbours *neighbours, unsigned port);
const struct sc_claim *sc_neighbours_text(const struct sc_neighbours *neighbours, enum sc_claim_kind kind, const char *text);

/* Returns a claim on a socket directly in a directory (dir_len bytes); NULL: none. Takes linear time in the number of claims. */
const struct sc_claim *sc_neighbours_socket_in(const struct sc_neighbours *neighbours, const char *dir, size_t dir_len);

/*
 * Determines the ports that libvirt would choose for a domain: after reserving its fixed ports, a plain and a TLS port for each console
 * (util/virportallocator.c), and for VNC a websocket from a range of its own. 0: none is needed; -1: the range is exhausted.
 */
enum { SC_CHOSEN_PORTS = 3 };
void sc_neighbours_choose(const struct sc_neighbours *neighbours, const struct sc_launch *launch, const struct sc_host *host,
			  int (*chosen)[SC_CHOSEN_PORTS]);

/*
 * Ports for the fixes of a domain: those that neither it nor a neighbour nor a listening socket of the host uses, nor the fix of a
 * neighbour names. Allocated in memory. NULL when memory runs out.
 */
struct sc_free_ports;
struct sc_free_ports *sc_free_ports_new(const struct sc_neighbours *neighbours, const struct sc_launch *launch, const struct sc_host *host,
					struct sc_arena *memory);
/*
 * Returns the next free port after `after` in the range of qemu.conf for displays or websockets, else the first one of the range; 0: none
 * is free. No port is returned twice.
 */
unsigned sc_free_ports_next(struct sc_free_ports *ports, long long after, bool websocket);
/* Adds the ports that were returned, so that fixes of further domains name others. ports can be NULL. False when memory runs out. */
bool sc_neighbours_offer(struct sc_neighbours *neighbours, const struct sc_free_ports *ports);

#endif
