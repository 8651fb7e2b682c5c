/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ACLs on the way to a console's socket. */
#include <string.h>

#include "base/grow.h"
#include "base/text.h"
#include "model/door.h"
#include "system/facts/hostgather.h"
#include "system/os/acl.h"
#include "system/os/look.h"

struct gather {
	struct spicecfg_ctx *ctx;
	struct sc_host *host;
	bool failed; /* out of memory */
};

/* A directory that another socket's path has as well. */
static const struct sc_door_part *known_part(const struct sc_host *host, const char *path)
{
	for (size_t i = 0; i < host->logins.n_doors; i++)
		for (size_t j = 0; j < host->logins.doors[i].n_above; j++)
			if (strcmp(host->logins.doors[i].above[j]->path, path) == 0)
				return host->logins.doors[i].above[j];
	return NULL;
}

/* NULL: it is missing (*missing), could not be read, or memory is short. */
static const struct sc_door_part *read_part(struct gather *gather, const char *path, bool *missing)
{
	struct sc_acl_state state;
	enum spicecfg_status status = sc_acl_look(gather->ctx, path, &state);

	*missing = !status && !state.exists;
	if (status)
		sc_look_error(gather->ctx, path);
	if (status || !state.exists)
		return NULL;
	struct sc_door_part *part = sc_arena_alloc(gather->host->memory, sizeof(*part));
	gather->failed |= !part;
	if (part)
		*part = (struct sc_door_part){path, state.uid, state.gid, state.mode & S_ISGID, state.access, state.standing};
	return part;
}

static void read_above(struct gather *gather, const char *path, struct sc_door_fact *fact)
{
	for (const char *slash = strchr(path + 1, '/'); slash && !gather->failed; slash = strchr(slash + 1, '/')) {
		char *name = sc_arena_strndup(gather->host->memory, path, (size_t)(slash - path));
		const struct sc_door_part **above = sc_arena_grow(gather->host->memory, fact->above, fact->n_above, sizeof(*above));
		bool missing = false;

		gather->failed = !name || !above;
		if (gather->failed)
			return;
		fact->above = above;
		above[fact->n_above] = known_part(gather->host, name);
		if (!above[fact->n_above])
			above[fact->n_above] = read_part(gather, name, &missing);
		if (!above[fact->n_above]) {
			fact->missing = missing ? name : NULL;
			fact->unread = missing ? NULL : name;
			return;
		}
		fact->n_above++;
	}
}

enum spicecfg_status sc_host_gather_door(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path)
{
	struct gather gather = {ctx, host, false};
	SC_BUF normal = SC_BUF_INIT;
	struct sc_door_fact fact = {.path = path};
	bool missing;

	if (*path != '/' || sc_host_door(host, path) || !sc_path_normal(path, &normal))
		return SPICECFG_OK;
	fact.path = sc_arena_strdup(host->memory, path);
	char *real = sc_arena_strdup(host->memory, sc_buf_text(&normal));
	if (!real || !fact.path)
		return sc_fail_memory(ctx);
	read_above(&gather, real, &fact);
	/* below a root no VM runs: a socket there is an old one */
	if (!ctx->root && !fact.missing && !fact.unread)
		fact.socket = read_part(&gather, real, &missing);
	struct sc_door_fact *doors = sc_arena_grow(host->memory, host->logins.doors, host->logins.n_doors, sizeof(*doors));
	if (!doors || gather.failed)
		return sc_fail_memory(ctx);
	host->logins.doors = doors;
	doors[host->logins.n_doors++] = fact;
	return sc_settle(ctx);
}
