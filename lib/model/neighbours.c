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

	if (kind == SC_CLAIM_PORT)
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

		if (claim->kind == kind && (kind == SC_CLAIM_PORT ? claim->port == port : strcmp(claim->text, text) == 0))
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
		return true; /* the first one holds it */
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

/* What a domain reserves before libvirt chooses ports: 16 bits of each fixed port. */
static size_t fixed_ports(const struct sc_launch *launch, unsigned *ports, size_t room)
{
	size_t count = 0;

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
			if (wanted[j] > 0 && (wanted[j] & 0xffff) && count < room)
				ports[count++] = (unsigned)(wanted[j] & 0xffff);
	}
	return count;
}

static bool is_busy(const struct sc_host *host, unsigned port)
{
	for (size_t i = 0; i < host->n_busy; i++)
		if (host->busy[i].port == port)
			return true; /* any address: libvirt tries to bind all of IPv4, then all of IPv6 */
	for (size_t i = 0; i < host->n_vm_ports; i++)
		if (host->vm_ports[i] == port)
			return true;
	return false;
}

static bool contains(const unsigned *ports, size_t count, unsigned port)
{
	for (size_t i = 0; i < count; i++)
		if (ports[i] == port)
			return true;
	return false;
}

enum { TAKEN_MAX = 64 };

static int choose(const struct sc_neighbours *n, const struct sc_host *host, long long min, long long max, unsigned *taken, size_t *count)
{
	for (long long port = min; port <= max && port <= 65535; port++) {
		unsigned p = (unsigned)port;

		if (contains(taken, *count, p) || sc_neighbours_port(n, p) || is_busy(host, p))
			continue;
		if (*count < TAKEN_MAX)
			taken[(*count)++] = p;
		return (int)p;
	}
	return -1;
}

void sc_neighbours_choose(const struct sc_neighbours *n, const struct sc_launch *launch, const struct sc_host *host,
			  int (*chosen)[SC_CHOSEN_PORTS])
{
	const struct sc_qemu_conf *conf = &host->conf;
	unsigned taken[TAKEN_MAX];
	size_t count = fixed_ports(launch, taken, TAKEN_MAX);

	for (size_t i = 0; i < launch->n_consoles; i++) {
		const struct sc_console *console = &launch->consoles[i];

		chosen[i][0] = console->auto_port ? choose(n, host, conf->port_min, conf->port_max, taken, &count) : 0;
		chosen[i][1] = console->auto_tls ? choose(n, host, conf->port_min, conf->port_max, taken, &count) : 0;
		chosen[i][2] = console->auto_websocket ? choose(n, host, conf->websocket_min, conf->websocket_max, taken, &count) : 0;
	}
}

static bool add_ports(struct sc_neighbours *n, const struct sc_domain *domain, const struct sc_launch *launch, const struct sc_host *host)
{
	unsigned fixed[TAKEN_MAX];
	size_t count = fixed_ports(launch, fixed, TAKEN_MAX);
	int(*chosen)[SC_CHOSEN_PORTS] = calloc(launch->n_consoles + 1, sizeof(*chosen));
	bool ok = chosen != NULL;

	if (ok)
		sc_neighbours_choose(n, launch, host, chosen);
	for (size_t i = 0; i < count && ok; i++)
		ok = sc_neighbours_claim(n, &(struct sc_claim){.kind = SC_CLAIM_PORT, .port = fixed[i], .owner = domain->name});
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
