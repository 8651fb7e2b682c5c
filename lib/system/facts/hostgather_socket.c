/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who can reach a console's socket: the ACLs of the socket, of its directory, and of the directories above. */
#include <string.h>

#include "base/text.h"
#include "system/facts/hostgather.h"
#include "system/os/acl.h"
#include "system/os/look.h"
#include "system/os/names.h"

struct way {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	const char **paths; /* of the directories, topmost first */
	struct sc_acl_state *dirs, socket;
	size_t n;
};

static bool look(struct way *way, const char *path)
{
	size_t slashes = 0;
	bool fine = true;

	for (const char *at = path; *at; at++)
		slashes += *at == '/';
	way->paths = sc_arena_alloc(way->memory, slashes * sizeof(*way->paths));
	way->dirs = sc_arena_alloc(way->memory, slashes * sizeof(*way->dirs));
	for (const char *slash = strchr(path + 1, '/'); slash && fine; slash = strchr(slash + 1, '/')) {
		if (!way->paths || !way->dirs || !(way->paths[way->n] = sc_arena_strndup(way->memory, path, (size_t)(slash - path)))) {
			sc_look_failed(way->ctx, NULL, NULL);
			return false;
		}
		fine = !sc_acl_look(way->ctx, way->paths[way->n], &way->dirs[way->n]) && way->dirs[way->n].exists;
		way->n += fine;
	}
	return fine && way->n && !sc_acl_look(way->ctx, path, &way->socket);
}

/* The first directory that the subject can't search; NULL: there is none. */
static const char *bar_of(const struct way *way, const struct sc_acl_subject *who)
{
	for (size_t i = 0; i < way->n; i++)
		if (!sc_acl_allows(&way->dirs[i].access, way->dirs[i].uid, way->dirs[i].gid, who, SC_ACL_X))
			return way->paths[i];
	return NULL;
}

/* The word ("user:anne") and the subject of an entry that grants access to the socket; false: the entry grants none. */
static bool read_opener(struct way *way, const struct sc_acl *acl, const struct sc_acl_entry *entry, const char **word,
			struct sc_acl_subject *who)
{
	bool group = entry->tag == SC_ACL_GROUP;

	if ((!group && entry->tag != SC_ACL_USER) || !(sc_acl_effective(acl, entry->tag, entry->id) & SC_ACL_W))
		return false;
	const char *name =
	    group ? sc_names_of_group(way->ctx, (gid_t)entry->id, way->memory) : sc_names_of_user(way->ctx, (uid_t)entry->id, way->memory);
	if (!name)
		return false;
	*word = sc_arena_printf(way->memory, "%s:%s", group ? "group" : "user", name);
	*who = (struct sc_acl_subject){group ? (uid_t)-1 : (uid_t)entry->id, NULL, 0};
	if (group) {
		gid_t *gid = sc_arena_alloc(way->memory, sizeof(*gid));

		who->groups = gid;
		who->n_groups = gid != NULL;
		if (gid)
			*gid = (gid_t)entry->id;
	} else {
		who->groups = sc_names_groups(way->ctx, name, way->memory, &who->n_groups);
	}
	return *word != NULL;
}

static void find_heirs(struct way *way, struct sc_socket_fact *fact)
{
	const struct sc_acl *acl = &way->dirs[way->n - 1].standing;

	for (size_t i = 0; i < acl->n; i++) {
		struct sc_acl_subject who;
		const char *word;

		if (!read_opener(way, acl, &acl->entries[i], &word, &who))
			continue;
		fact->heir = fact->heir ? fact->heir : word;
		const char *bar = bar_of(way, &who);
		if (bar && !fact->barred) {
			fact->barred = word;
			fact->barred_at = bar;
		}
	}
}

/* Entries of the default ACL that grant nothing: shut out by the mask, or of an account or group that does not exist. */
static void find_idle(struct way *way, struct sc_socket_fact *fact)
{
	const struct sc_acl *acl = &way->dirs[way->n - 1].standing;

	for (size_t i = 0; i < acl->n; i++) {
		const struct sc_acl_entry *entry = &acl->entries[i];
		bool group = entry->tag == SC_ACL_GROUP;

		if ((!group && entry->tag != SC_ACL_USER) || !(entry->perms & SC_ACL_W))
			continue;
		const char *name = group ? sc_names_of_group(way->ctx, (gid_t)entry->id, way->memory)
					 : sc_names_of_user(way->ctx, (uid_t)entry->id, way->memory);
		const char *number = sc_arena_printf(way->memory, "%u", entry->id);
		bool unknown = name && number && strcmp(name, number) == 0;

		if (unknown && !fact->nobody)
			fact->nobody = sc_arena_printf(way->memory, "%s:%s", group ? "group" : "user", name);
		else if (name && !fact->masked && !(sc_acl_effective(acl, entry->tag, entry->id) & SC_ACL_W))
			fact->masked = sc_arena_printf(way->memory, "%s:%s", group ? "group" : "user", name);
	}
	const struct sc_acl_state *directory = &way->dirs[way->n - 1];
	fact->replaceable =
	    sc_acl_effective(&directory->access, SC_ACL_OTHER, 0) & SC_ACL_W && !(directory->mode & S_ISVTX) ? SC_TRUE : SC_FALSE;
}

/* Who can open the present socket but not the next one, which takes its ACL from the directory. */
static void find_beyond(struct way *way, uid_t qemu_uid, struct sc_socket_fact *fact)
{
	const struct sc_acl *acl = &way->socket.access, *standing = &way->dirs[way->n - 1].standing;
	const struct sc_acl_subject others = {(uid_t)-1, NULL, 0};

	if (!way->socket.exists || !S_ISSOCK(way->socket.mode))
		return;
	if (sc_acl_effective(acl, SC_ACL_OTHER, 0) & SC_ACL_W && !bar_of(way, &others))
		fact->beyond = "others";
	for (size_t i = 0; i < acl->n && !fact->beyond; i++) {
		const struct sc_acl_entry *entry = &acl->entries[i];
		struct sc_acl_subject who;
		const char *word;

		if (!read_opener(way, acl, entry, &word, &who) || (entry->tag == SC_ACL_USER && (entry->id == 0 || entry->id == qemu_uid)))
			continue;
		if (!(sc_acl_effective(standing, entry->tag, entry->id) & SC_ACL_W) && !bar_of(way, &who))
			fact->beyond = word;
	}
}

bool sc_host_gather_socket(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path)
{
	SC_BUF normal = SC_BUF_INIT;
	struct sc_socket_fact fact = {.path = path};

	if (*path != '/' || sc_host_socket(host, path) || !sc_host_gather_account(ctx, host) || !sc_path_normal(path, &normal))
		return true;
	struct way *way = sc_arena_alloc(host->memory, sizeof(*way));
	if (!way || normal.failed)
		return false;
	*way = (struct way){.ctx = ctx, .memory = host->memory};
	if (look(way, sc_buf_text(&normal))) {
		find_heirs(way, &fact);
		find_idle(way, &fact);
		find_beyond(way, host->account.uid, &fact);
	}
	sc_look_error(ctx, NULL);
	bool any = fact.heir || fact.beyond || fact.masked || fact.nobody || fact.replaceable == SC_TRUE;
	return !any || sc_host_add_socket(host, &fact);
}
