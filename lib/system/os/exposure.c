/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/exposure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/acl.h"
#include "plan/plan.h"
#include "system/os/names.h"
#include "system/os/names_book.h"
#include "system/os/seen.h"

/* Lookups of names, each of which may read a whole passwd file. */
enum { LOOKUPS_MAX = 100 };

/* The file, or a directory on the way to it. */
struct level {
	uid_t uid;
	gid_t gid;
	struct sc_acl acl;
	bool cut; /* its ACL is longer than what is read */
};

struct look {
	struct spicecfg_ctx *ctx;
	const struct spicecfg_ctx *names; /* whose accounts they are */
	struct sc_arena *memory;
	bool outside;
	struct level *levels; /* from the top; the last is the file */
	size_t n_levels;
	const char *owner; /* the file's */
	unsigned lookups;  /* that are left */
	struct sc_exposure *out;
};

/* The path without links. false: it can't be determined. */
static bool resolve(const struct look *look, const char *path, char real[PATH_MAX])
{
	if (look->outside)
		return realpath(path, real);
	struct sc_seen seen;
	bool found = sc_see(look->ctx, path, false, true, &seen) == 0 && sc_seen_real(look->ctx, &seen, real);
	sc_seen_close(&seen);
	return found;
}

static bool add_level(struct look *look, const char *path)
{
	struct level *level = &look->levels[look->n_levels];
	struct sc_seen seen;

	if (sc_see(look->ctx, path, look->outside, true, &seen) < 0)
		return false;
	*level = (struct level){.uid = seen.st.st_uid, .gid = seen.st.st_gid};
	if (sc_seen_acl(&seen, false, &level->acl) < 0) {
		level->cut = errno == EOVERFLOW;
		sc_acl_from_mode(&level->acl, seen.st.st_mode);
	}
	look->n_levels++;
	sc_seen_close(&seen);
	return true;
}

static struct level *new_levels(struct sc_arena *memory, const char *real)
{
	size_t parts = 1;

	for (const char *at = real; *at; at++)
		parts += *at == '/';
	return sc_arena_alloc(memory, parts * sizeof(struct level));
}

/* The root of a tree represents "/", which everybody may search. */
static bool add_levels(struct look *look, char *real)
{
	for (char *slash = strchr(real + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		bool seen = add_level(look, real);
		*slash = '/';
		if (!seen)
			return false;
	}
	return add_level(look, real);
}

static const struct level *file_of(const struct look *look)
{
	return &look->levels[look->n_levels - 1];
}

/* May search the directories and read the file. but_others: ignoring what the file grants to others. */
static bool reads(const struct look *look, const struct sc_acl_subject *who, bool but_others)
{
	struct sc_acl file = file_of(look)->acl;
	bool lets = true;

	if (but_others)
		(void)sc_acl_put(&file, SC_ACL_OTHER, 0, 0);
	for (size_t i = 0; i + 1 < look->n_levels && lets; i++)
		lets = sc_acl_allows(&look->levels[i].acl, look->levels[i].uid, look->levels[i].gid, who, SC_ACL_X);
	return lets && sc_acl_allows(&file, file_of(look)->uid, file_of(look)->gid, who, SC_ACL_R);
}

static bool may_look(struct look *look)
{
	return look->lookups && look->lookups--;
}

/* True for an account that can read the file and is neither root nor its owner. */
static bool try_account(struct look *look, const char *name, uid_t uid)
{
	struct sc_acl_subject who = {.uid = uid};

	if (uid == 0 || uid == file_of(look)->uid || !may_look(look))
		return false;
	who.groups = sc_names_groups(look->names, name, look->memory, &who.n_groups);
	if (!reads(look, &who, false))
		return false;
	look->out->groups |= reads(look, &who, true);
	return true;
}

static void take(struct look *look, const char *kind, const char *name)
{
	if (!look->out->reader)
		look->out->reader = sc_arena_printf(look->memory, "%s:%s", kind, name);
}

static void try_user(struct look *look, uid_t uid)
{
	const char *name = uid && uid != file_of(look)->uid && may_look(look) ? sc_names_of_user(look->names, uid, look->memory) : NULL;

	if (name && try_account(look, name, uid))
		take(look, "user", name);
}

/* A member of the group: any member if the group alone is enough, else one that has the other permissions itself. */
static void try_group(struct look *look, gid_t gid)
{
	const struct sc_acl_subject who = {.uid = (uid_t)-1, .groups = &gid, .n_groups = 1};
	const char *name = gid && may_look(look) ? sc_names_of_group(look->names, gid, look->memory) : NULL;
	struct spicecfg_ctx scratch = {.root = look->names->root, .unread = look->names->unread, .stage = look->names->stage};
	SC_NAMES_BOOK book = {0};
	char **members = NULL;
	size_t count = 0;
	bool whole = reads(look, &who, false), found = false;
	uid_t uid;
	gid_t primary;

	/* Too many to be listed: one of them can read it. */
	if (name && may_look(look) && sc_names_members(&scratch, &book, name, look->memory, &members, &count))
		found = true;
	spicecfg_ctx_clear_error(&scratch);
	for (size_t i = 0; i < count && !found; i++)
		if (whole)
			found = strcmp(members[i], "root") != 0 && !(look->owner && strcmp(members[i], look->owner) == 0);
		else if (may_look(look) && sc_names_user(look->names, members[i], &uid, &primary) == 0)
			found = try_account(look, members[i], uid);
		else if (!look->lookups)
			break;
	if (!found)
		return;
	take(look, "group", name);
	look->out->groups |= whole && reads(look, &who, true);
}

static void try_level(struct look *look, const struct level *level)
{
	try_user(look, level->uid);
	try_group(look, level->gid);
	for (size_t i = 0; i < level->acl.n; i++) {
		const struct sc_acl_entry *entry = &level->acl.entries[i];

		if (entry->tag == SC_ACL_USER)
			try_user(look, entry->id);
		else if (entry->tag == SC_ACL_GROUP)
			try_group(look, entry->id);
	}
}

static void find_readers(struct look *look)
{
	struct sc_exposure *out = look->out;

	/* nobody but its owner: the group bits are the most that an ACL can grant */
	if (!(sc_acl_mode(&file_of(look)->acl) & 044))
		return;
	if (reads(look, &(struct sc_acl_subject){.uid = (uid_t)-1}, false))
		out->reader = "others";
	look->owner = sc_names_of_user(look->names, file_of(look)->uid, look->memory);
	/* those that the file itself names first */
	for (size_t i = look->n_levels; i--;)
		try_level(look, &look->levels[i]);
	if (!file_of(look)->cut)
		return;
	out->groups = true;
	if (!out->reader)
		out->reader = "accounts of its ACL";
}

enum spicecfg_status sc_exposure_look(struct spicecfg_ctx *ctx, const char *path, bool outside, struct sc_arena *memory,
				      struct sc_exposure *out)
{
	const struct spicecfg_ctx machine = {.root = NULL, .unread = ctx->unread};
	struct look look = {
	    .ctx = ctx, .names = outside ? &machine : ctx, .memory = memory, .outside = outside, .lookups = LOOKUPS_MAX, .out = out};
	char real[PATH_MAX];

	*out = (struct sc_exposure){.path = sc_arena_strdup(memory, path), .outside = outside};
	if (!out->path)
		return sc_fail_memory(ctx);
	if (!resolve(&look, path, real))
		return SPICECFG_OK;
	look.levels = new_levels(memory, real);
	if (!look.levels)
		return sc_fail_memory(ctx);
	if (add_levels(&look, real))
		find_readers(&look);
	return out->groups && !out->reader ? sc_fail_memory(ctx) : SPICECFG_OK;
}

enum spicecfg_status sc_exposure_plan(struct spicecfg_plan *plan, const char *path, bool outside)
{
	struct sc_exposure *exposure = sc_arena_alloc(plan->memory, sizeof(*exposure));

	if (plan->now)
		plan->now->exposure = exposure;
	return exposure ? sc_exposure_look(plan->ctx, path, outside, plan->memory, exposure) : sc_fail_memory(plan->ctx);
}
