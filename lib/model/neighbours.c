/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/neighbours.h"

#include <stdlib.h>
#include <string.h>

struct sc_neighbours {
	struct sc_arena *memory;
	struct sc_claim **slots; /* open addressing */
	size_t size, used;
};

static size_t hash(enum sc_claim_kind kind, unsigned port, const char *text)
{
	size_t h = 14695981039346656037u ^ (size_t)kind;

	if (!text)
		return (h ^ port) * 1099511628211u;
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 1099511628211u;
	return h;
}

static struct sc_claim **slot(const struct sc_neighbours *n, enum sc_claim_kind kind, unsigned port, const char *text)
{
	size_t i = hash(kind, port, text) % n->size;

	for (; n->slots[i]; i = (i + 1) % n->size) {
		const struct sc_claim *claim = n->slots[i];

		if (claim->kind == kind && (text ? strcmp(claim->text, text) == 0 : claim->port == port))
			break;
	}
	return &n->slots[i];
}

static bool grow(struct sc_neighbours *n)
{
	struct sc_claim **old = n->slots;
	size_t size = n->size;

	n->slots = calloc(size * 2, sizeof(*n->slots));
	if (!n->slots) {
		n->slots = old;
		return false;
	}
	n->size = size * 2;
	for (size_t i = 0; i < size; i++)
		if (old[i])
			*slot(n, old[i]->kind, old[i]->port, old[i]->text) = old[i];
	free(old);
	return true;
}

bool sc_neighbours_claim(struct sc_neighbours *n, const struct sc_claim *what)
{
	if (n->used * 2 > n->size && !grow(n))
		return false;
	struct sc_claim **place = slot(n, what->kind, what->port, what->text);
	if (*place)
		return true; /* the first owner is kept */
	struct sc_claim *copy = sc_arena_alloc(n->memory, sizeof(*copy));
	if (!copy)
		return false;
	*copy = *what;
	copy->text = sc_arena_strdup(n->memory, what->text);
	copy->owner = sc_arena_strdup(n->memory, what->owner);
	*place = copy;
	n->used++;
	return copy->owner && (copy->text || !what->text);
}

struct sc_neighbours *sc_neighbours_new(void)
{
	struct sc_neighbours *n = calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	n->memory = sc_arena_new();
	n->size = 64;
	n->slots = calloc(n->size, sizeof(struct sc_claim *));
	if (n->memory && n->slots)
		return n;
	sc_neighbours_free(n);
	return NULL;
}

void sc_neighbours_free(struct sc_neighbours *n)
{
	if (!n)
		return;
	free(n->slots);
	sc_arena_free(n->memory);
	free(n);
}

const struct sc_claim *sc_neighbours_port(const struct sc_neighbours *n, unsigned port)
{
	return n ? *slot(n, SC_CLAIM_PORT, port, NULL) : NULL;
}

const struct sc_claim *sc_neighbours_text(const struct sc_neighbours *n, enum sc_claim_kind kind, const char *text)
{
	return n ? *slot(n, kind, 0, text) : NULL;
}

enum { N_PORTS = 65536 };

/* The ports of a domain, a bit for each. display, websocket: where the search for a free port starts, because all before are taken. */
struct taken {
	unsigned char bits[N_PORTS / 8];
	long long display, websocket;
};

static void take(struct taken *taken, unsigned port)
{
	taken->bits[port / 8] |= (unsigned char)(1U << port % 8);
}

static bool is_taken(const struct taken *taken, unsigned port)
{
	return taken->bits[port / 8] & 1U << port % 8;
}

/* Marks what a domain reserves before libvirt chooses ports: 16 bits of each fixed port. */
static void take_fixed(const struct sc_launch *launch, struct taken *taken)
{
	for (size_t i = 0; i < launch->n_consoles; i++) {
		const struct sc_console *console = &launch->consoles[i];

		if (!console->graphics || (console->type != SC_LISTEN_ADDRESS && console->type != SC_LISTEN_NETWORK))
			continue;
		long long wanted[3] = {0, 0, console->graphics->websocket.value};
		if (!console->autoport) {
			wanted[0] = console->port;
			wanted[1] = console->tls_port;
		}
		for (int j = 0; j < 3; j++)
			if (wanted[j] > 0 && (wanted[j] & 0xffff))
				take(taken, (unsigned)(wanted[j] & 0xffff));
	}
}

static bool is_busy(const struct sc_host *host, unsigned port)
{
	for (size_t i = 0; i < host->ports.n_busy; i++)
		if (host->ports.busy[i].port == port)
			return true; /* any address: libvirt tries to bind all of IPv4, then all of IPv6 */
	for (size_t i = 0; i < host->ports.n_of_vms; i++)
		if (host->ports.of_vms[i] == port)
			return true;
	return false;
}

/* The next free port up to max. *next: where the search starts, and continues the next time. */
static int choose(const struct sc_neighbours *n, const struct sc_host *host, long long *next, long long max, struct taken *taken)
{
	while (*next >= 0 && *next <= max && *next < N_PORTS) {
		unsigned port = (unsigned)(*next)++;

		if (is_taken(taken, port) || sc_neighbours_port(n, port) || is_busy(host, port))
			continue;
		take(taken, port);
		return (int)port;
	}
	return -1;
}

void sc_neighbours_choose(const struct sc_neighbours *n, const struct sc_launch *launch, const struct sc_host *host,
			  int (*chosen)[SC_CHOSEN_PORTS])
{
	const struct sc_qemu_conf *conf = &host->conf;
	struct taken taken = {.display = conf->port_min, .websocket = conf->websocket_min};

	take_fixed(launch, &taken);
	for (size_t i = 0; i < launch->n_consoles; i++) {
		const struct sc_console *console = &launch->consoles[i];

		chosen[i][0] = console->auto_port ? choose(n, host, &taken.display, conf->port_max, &taken) : 0;
		chosen[i][1] = console->auto_tls ? choose(n, host, &taken.display, conf->port_max, &taken) : 0;
		chosen[i][2] = console->auto_websocket ? choose(n, host, &taken.websocket, conf->websocket_max, &taken) : 0;
	}
}

static bool add_ports(struct sc_neighbours *n, const struct sc_domain *domain, const struct sc_launch *launch, const struct sc_host *host)
{
	struct taken fixed = {.display = 0};
	int(*chosen)[SC_CHOSEN_PORTS] = calloc(launch->n_consoles + 1, sizeof(*chosen));
	bool ok = chosen != NULL;

	if (ok)
		sc_neighbours_choose(n, launch, host, chosen);
	take_fixed(launch, &fixed);
	for (unsigned port = 0; port < N_PORTS && ok; port++)
		if (is_taken(&fixed, port))
			ok = sc_neighbours_claim(n, &(struct sc_claim){.kind = SC_CLAIM_PORT, .port = port, .owner = domain->name});
	for (size_t i = 0; i < launch->n_consoles; i++)
		for (int j = 0; j < SC_CHOSEN_PORTS && ok; j++)
			if (chosen[i][j] > 0)
				ok = sc_neighbours_claim(
				    n, &(struct sc_claim){SC_CLAIM_PORT, (unsigned)chosen[i][j], NULL, domain->name, true});
	free(chosen);
	return ok;
}

bool sc_neighbours_add(struct sc_neighbours *n, const struct sc_domain *domain, const struct sc_launch *launch, const struct sc_host *host,
		       bool defined, bool started)
{
	bool ok = true;

	if (defined && *domain->name)
		ok = sc_neighbours_claim(
		    n, &(struct sc_claim){.kind = SC_CLAIM_NAME, .text = domain->name, .owner = domain->uuid ? domain->uuid : ""});
	if (ok && defined && domain->uuid)
		ok = sc_neighbours_claim(n, &(struct sc_claim){.kind = SC_CLAIM_UUID, .text = domain->uuid, .owner = domain->name});
	if (!ok || !started)
		return ok;
	for (size_t i = 0; i < launch->n_consoles && ok; i++)
		if (launch->consoles[i].unix_socket && launch->consoles[i].socket)
			ok = sc_neighbours_claim(
			    n, &(struct sc_claim){.kind = SC_CLAIM_SOCKET, .text = launch->consoles[i].socket, .owner = domain->name});
	return ok && add_ports(n, domain, launch, host);
}

const struct sc_claim *sc_neighbours_socket_in(const struct sc_neighbours *n, const char *dir, size_t dir_len)
{
	for (size_t i = 0; n && i < n->size; i++) {
		const struct sc_claim *claim = n->slots[i];
		const char *slash = claim && claim->kind == SC_CLAIM_SOCKET ? strrchr(claim->text, '/') : NULL;

		if (slash && (size_t)(slash - claim->text) == dir_len && memcmp(claim->text, dir, dir_len) == 0)
			return claim;
	}
	return NULL;
}

struct sc_free_ports {
	const struct sc_neighbours *neighbours;
	const struct sc_host *host;
	struct taken taken, offered;
};

struct sc_free_ports *sc_free_ports_new(const struct sc_neighbours *n, const struct sc_launch *launch, const struct sc_host *host,
					struct sc_arena *memory)
{
	struct sc_free_ports *ports = sc_arena_alloc(memory, sizeof(*ports));
	int(*chosen)[SC_CHOSEN_PORTS] = calloc(launch->n_consoles + 1, sizeof(*chosen));

	if (!ports || !chosen) {
		free(chosen);
		return NULL;
	}
	*ports = (struct sc_free_ports){.neighbours = n, .host = host};
	take_fixed(launch, &ports->taken);
	sc_neighbours_choose(n, launch, host, chosen);
	for (size_t i = 0; i < launch->n_consoles; i++) {
		long long more[] = {chosen[i][0], chosen[i][1], chosen[i][2], launch->consoles[i].qemu_port,
				    launch->consoles[i].qemu_tls_port};

		for (size_t j = 0; j < sizeof(more) / sizeof(*more); j++)
			if (more[j] > 0 && more[j] < N_PORTS)
				take(&ports->taken, (unsigned)more[j]);
	}
	free(chosen);
	return ports;
}

unsigned sc_free_ports_next(struct sc_free_ports *ports, long long after, bool websocket)
{
	const struct sc_qemu_conf *conf = &ports->host->conf;
	long long min = websocket ? conf->websocket_min : conf->port_min, max = websocket ? conf->websocket_max : conf->port_max;
	long long next = after >= min ? after + 1 : min;
	int port;

	/* Ports that fixes of other domains name are passed over, and stay taken. */
	do {
		port = choose(ports->neighbours, ports->host, &next, max, &ports->taken);
		if (port < 0 && after >= min) {
			next = min;
			after = -1;
			port = choose(ports->neighbours, ports->host, &next, max, &ports->taken);
		}
	} while (port > 0 && ports->neighbours && *slot(ports->neighbours, SC_CLAIM_OFFER, (unsigned)port, NULL));
	if (port < 0)
		return 0;
	take(&ports->offered, (unsigned)port);
	return (unsigned)port;
}

bool sc_neighbours_offer(struct sc_neighbours *n, const struct sc_free_ports *ports)
{
	bool ok = true;

	for (unsigned port = 0; ports && port < N_PORTS && ok; port++)
		if (is_taken(&ports->offered, port))
			ok = sc_neighbours_claim(n, &(struct sc_claim){.kind = SC_CLAIM_OFFER, .port = port, .owner = ""});
	return ok;
}
