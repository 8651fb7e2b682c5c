/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/libvirt/vm_neighbours.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/text.h"
#include "model/domain.h"
#include "model/libvirt.h"
#include "model/neighbours.h"
#include "stage/stage.h"
#include "system/libvirt/virt.h"
#include "system/os/file.h"
#include "system/os/look.h"

#define RUNNING "/run/libvirt/qemu"

/* A port (socket NULL) or a socket that a domain uses. */
struct hold {
	unsigned port;
	const char *socket, *name, *uuid;
};

struct holds {
	struct sc_arena *memory;
	struct hold *items;
	size_t n;
	bool failed;
};

static void holds_free(void *opaque)
{
	struct holds *holds = opaque;

	if (!holds)
		return;
	free(holds->items);
	sc_arena_free(holds->memory);
	free(holds);
}

static void add(struct holds *holds, long long port, const char *socket, const char *name, const char *uuid)
{
	if (!socket && (port <= 0 || port > 0xffff))
		return;
	struct hold *items = sc_grow(holds->items, holds->n, sizeof(*items));
	holds->failed |= !items;
	if (!items)
		return;
	holds->items = items;
	struct hold *hold = &holds->items[holds->n++];
	*hold = (struct hold){
	    .port = socket ? 0 : (unsigned)port,
	    .socket = sc_arena_strdup(holds->memory, socket),
	    .name = sc_arena_strdup(holds->memory, name),
	    .uuid = sc_arena_strdup(holds->memory, uuid),
	};
	holds->failed |= !hold->name || !hold->uuid || (socket && !hold->socket);
}

static void add_graphics(struct holds *holds, const struct sc_graphics *graphics, const struct sc_domain *domain, bool running)
{
	/* the XML of a running VM contains the ports that libvirt chose */
	bool fixed = running || graphics->autoport.value != SC_YES;
	const char *name = domain->name, *uuid = domain->uuid ? domain->uuid : "";

	add(holds, fixed ? graphics->port.value : 0, NULL, name, uuid);
	add(holds, fixed ? graphics->tls_port.value : 0, NULL, name, uuid);
	add(holds, graphics->websocket.value, NULL, name, uuid);
	for (size_t i = 0; i < graphics->n_listens; i++)
		if (graphics->listens[i].type == SC_LISTEN_SOCKET && graphics->listens[i].socket)
			add(holds, 0, graphics->listens[i].socket, name, uuid);
}

static void add_xml(struct spicecfg_ctx *ctx, struct holds *holds, const char *path, const char *xml, size_t len, bool running)
{
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;

	if (strstr(xml, "<graphics") && !sc_xml_parse(ctx, "neighbour", xml, len, &doc) && !sc_domain_read(ctx, doc, &domain))
		for (size_t i = 0; i < domain->n_graphics; i++)
			add_graphics(holds, &domain->graphics[i], domain, running);
	sc_look_error(ctx, path);
}

/* Calls fn for libvirt's own files in dir, which is faster than asking for a thousand domains. False: this account can't read them. */
static bool each_file(struct spicecfg_ctx *ctx, const char *dir, struct sc_arena *memory,
		      void (*fn)(struct spicecfg_ctx *ctx, void *opaque, const char *path, const char *xml, size_t len), void *opaque)
{
	/* if it can't be read, libvirt is asked */
	char **names = ctx->root ? sc_look_list(ctx, dir, memory) : sc_file_list(ctx, dir, memory);

	for (char **name = names; name && *name; name++) {
		const char *path = sc_arena_printf(memory, "%s/%s", dir, *name);
		SC_BUF xml = SC_BUF_INIT;

		if (!sc_text_ends(*name, ".xml"))
			continue;
		if (sc_look_read(ctx, path, SC_XML_SIZE_MAX, &xml) == SC_LOOK_OK)
			fn(ctx, opaque, path, sc_buf_text(&xml), xml.len);
	}
	return names;
}

static void add_defined(struct spicecfg_ctx *ctx, void *holds, const char *path, const char *xml, size_t len)
{
	add_xml(ctx, holds, path, xml, len, false);
}

static void add_domain(struct spicecfg_ctx *ctx, struct holds *holds, void *domain, bool running)
{
	const struct sc_virt_ops *ops = sc_virt(ctx);
	char uuid[37] = "";

	ops->uuid(domain, uuid);
	const struct sc_staged *staged = running ? NULL : sc_stage_find_domain(ctx->stage, uuid);
	char *xml = staged ? NULL : ops->xml(domain, !running, false);
	if (staged)
		add_xml(ctx, holds, staged->path, staged->bytes, staged->len, false);
	else if (xml)
		add_xml(ctx, holds, "a definition of libvirt", xml, strlen(xml), running);
	else
		sc_look_failed(ctx, "a definition of libvirt", "libvirt does not return it");
	free(xml);
}

static struct holds *gather(struct spicecfg_ctx *ctx)
{
	struct holds *holds = calloc(1, sizeof(*holds));

	if (!holds || !(holds->memory = sc_arena_new())) {
		free(holds);
		return NULL;
	}
	bool defined = each_file(ctx, SC_DOMAINS_DIR, holds->memory, add_defined, holds);
	void *conn = ctx->root ? NULL : sc_virt_connection(ctx, true);
	void **domains = conn ? sc_virt(ctx)->list(conn) : NULL;
	for (size_t i = 0; domains && domains[i]; i++) {
		if (!defined)
			add_domain(ctx, holds, domains[i], false);
		if (sc_virt(ctx)->was_active(domains[i]))
			add_domain(ctx, holds, domains[i], true);
		sc_virt(ctx)->domain_free(domains[i]);
	}
	free(domains);
	sc_look_error(ctx, SC_DOMAINS_DIR);
	return holds;
}

/* Collected once per context. */
static struct holds *holds_of(struct spicecfg_ctx *ctx)
{
	if (!ctx->holds) {
		ctx->holds = gather(ctx);
		ctx->holds_free = holds_free;
	}
	return ctx->holds;
}

/* The new value if the change gives a console a port or a socket, else NULL. */
static const char *gives(const struct spicecfg_change *change)
{
	static const char *const attributes[] = {"/@port", "/@tlsPort", "/@websocket", "/@socket"};
	const char *attr = strrchr(change->path, '/');

	if (!attr || !change->to || !strstr(change->path, "/graphics"))
		return NULL;
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
		if (strcmp(attr, attributes[i]) == 0)
			return change->to;
	return NULL;
}

/* The ports of all VMs, or of all others (uuid): a fix that moves a port names none of them. */
static bool offer_none_of(struct sc_neighbours *neighbours, const struct holds *holds, const char *uuid)
{
	bool fine = true;

	for (size_t i = 0; i < holds->n && fine; i++)
		if (!holds->items[i].socket && !(uuid && strcmp(holds->items[i].uuid, uuid) == 0))
			fine = sc_neighbours_claim(
			    neighbours,
			    &(struct sc_claim){.kind = SC_CLAIM_OFFER, .port = holds->items[i].port, .owner = holds->items[i].name});
	return fine;
}

bool sc_vm_offer_ports(struct spicecfg_ctx *ctx, struct sc_neighbours *neighbours)
{
	const struct holds *holds = holds_of(ctx);

	return holds && !holds->failed && offer_none_of(neighbours, holds, NULL);
}

static void free_neighbours(void *neighbours)
{
	sc_neighbours_free(neighbours);
}

static bool new_neighbours(struct spicecfg_plan *plan)
{
	plan->now->neighbours = sc_neighbours_new();
	return plan->now->neighbours && !sc_plan_own(plan, plan->now->neighbours, free_neighbours);
}

static bool claim(struct spicecfg_plan *plan, const struct holds *holds, const char *value, const char *uuid)
{
	bool socket = *value == '/', fine = true;
	unsigned long port = socket ? 0 : strtoul(value, NULL, 10);

	for (size_t i = 0; i < holds->n && fine; i++) {
		const struct hold *hold = &holds->items[i];
		bool same = socket ? hold->socket && strcmp(hold->socket, value) == 0 : !hold->socket && hold->port == port;

		if (!same || strcmp(hold->uuid, uuid) == 0)
			continue;
		if (!plan->now->neighbours && !new_neighbours(plan))
			return false;
		fine = sc_neighbours_claim(plan->now->neighbours, &(struct sc_claim){.kind = socket ? SC_CLAIM_SOCKET : SC_CLAIM_PORT,
										     .port = hold->port,
										     .text = hold->socket,
										     .owner = hold->name});
		fine = fine && (socket || offer_none_of(plan->now->neighbours, holds, uuid));
	}
	return fine;
}

enum spicecfg_status sc_vm_find_neighbours(struct spicecfg_plan *plan, const struct spicecfg_vm *vm)
{
	struct spicecfg_ctx *ctx = plan->ctx;
	const struct spicecfg_change *change;
	const char *uuid = vm->uuid ? vm->uuid : "";

	plan->now->neighbours = NULL;
	for (size_t i = 0; (change = spicecfg_plan_change(plan, i)); i++) {
		const char *value = strcmp(change->document, plan->now->document) == 0 ? gives(change) : NULL;

		if (!value)
			continue;
		struct holds *holds = holds_of(ctx);
		if (!holds || !claim(plan, holds, value, uuid))
			return sc_fail_memory(ctx);
		/* the next VM of the same run may be given the same */
		add(holds, *value == '/' ? 0 : strtol(value, NULL, 10), *value == '/' ? value : NULL, vm->name, uuid);
		if (holds->failed)
			return sc_fail_memory(ctx);
	}
	return SPICECFG_OK;
}

/* Whether the socket is at path or, with dir, directly in that directory. */
static bool matches(const struct hold *hold, const char *path, bool dir)
{
	SC_BUF normal = SC_BUF_INIT;

	if (!hold->socket || *hold->socket != '/' || !sc_path_normal(hold->socket, &normal))
		return false;
	const char *text = sc_buf_text(&normal), *slash = strrchr(text, '/');
	if (!dir)
		return strcmp(text, path) == 0;
	size_t len = slash ? (size_t)(slash - text) : 0;
	return slash && strlen(path) == len && memcmp(text, path, len) == 0;
}

static bool vm_has(const struct spicecfg_vm *vm, const char *path, bool dir)
{
	struct holds holds = {.memory = sc_arena_new()};
	bool has = false;

	if (!holds.memory)
		return false;
	add_xml(vm->ctx, &holds, vm->label, sc_buf_text(&vm->xml), vm->xml.len, false);
	if (vm->running.len)
		add_xml(vm->ctx, &holds, vm->label, sc_buf_text(&vm->running), vm->running.len, true);
	for (size_t i = 0; i < holds.n && !has; i++)
		has = matches(&holds.items[i], path, dir);
	free(holds.items);
	sc_arena_free(holds.memory);
	return has;
}

bool sc_vm_has_socket(const struct spicecfg_vm *vm, const char *path)
{
	return vm_has(vm, path, false);
}

bool sc_vm_has_socket_in(const struct spicecfg_vm *vm, const char *dir)
{
	return vm_has(vm, dir, true);
}

enum spicecfg_status sc_vm_find_socket_in(const struct spicecfg_vm *vm, const char *dir, struct sc_arena *arena, const char **name)
{
	const struct holds *holds = holds_of(vm->ctx);

	*name = NULL;
	if (!holds || holds->failed)
		return sc_fail_memory(vm->ctx);
	for (size_t i = 0; i < holds->n && !*name; i++) {
		const struct hold *hold = &holds->items[i];
		bool mine = vm->uuid ? strcmp(hold->uuid, vm->uuid) == 0 : strcmp(hold->name, vm->name) == 0;

		if (mine || !matches(hold, dir, true))
			continue;
		*name = sc_arena_strdup(arena, hold->name);
		if (!*name)
			return sc_fail_memory(vm->ctx);
	}
	return SPICECFG_OK;
}

struct bearer {
	const char *uuid;
	struct sc_arena *memory;
	const char *name; /* NULL: none found */
};

static void look_for_uuid(struct spicecfg_ctx *ctx, void *opaque, const char *path, const char *xml, size_t len)
{
	struct bearer *bearer = opaque;
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;

	if (!bearer->name && !sc_xml_parse(ctx, "neighbour", xml, len, &doc) && !sc_domain_read(ctx, doc, &domain) && domain->uuid &&
	    strcmp(domain->uuid, bearer->uuid) == 0)
		bearer->name = sc_arena_strdup(bearer->memory, domain->name);
	sc_look_error(ctx, path);
}

/* The state of a running domain, written by libvirt, contains its definition. */
static void look_in_state(struct spicecfg_ctx *ctx, void *opaque, const char *path, const char *xml, size_t len)
{
	const char *from = strstr(xml, "<domain "), *end = from ? strstr(from, "</domain>") : NULL;

	(void)len;
	if (end)
		look_for_uuid(ctx, opaque, path, from, (size_t)(end - from) + strlen("</domain>"));
}

const char *sc_vm_find_uuid(struct spicecfg_ctx *ctx, const char *uuid, struct sc_arena *arena)
{
	struct bearer bearer = {uuid, arena, NULL};

	(void)each_file(ctx, SC_DOMAINS_DIR, arena, look_for_uuid, &bearer);
	(void)each_file(ctx, RUNNING, arena, look_in_state, &bearer);
	return bearer.name;
}
