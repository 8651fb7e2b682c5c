/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who can read a file, by owner, mode and ACL of the file and of every directory on the path. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system/os/acl.h"
#include "system/os/names.h"
#include "system/os/seen.h"
#include "system/pki/pki.h"

enum { GROUPS_MAX = SC_ACL_ENTRIES_MAX + 2 };

/*
 * The groups in the ACL that QEMU's account is a member of: its own and, since libvirt keeps supplementary groups, those of the group file.
 */
static size_t groups_of(struct spicecfg_ctx *ctx, const struct sc_pki_snapshot *in, const struct sc_acl *acl, gid_t owning,
			gid_t groups[GROUPS_MAX])
{
	size_t n = 0;

	groups[n++] = in->qemu_gid;
	for (size_t i = 0; i < acl->n; i++) {
		const struct sc_acl_entry *entry = &acl->entries[i];

		if (entry->tag != SC_ACL_OWNING_GROUP && entry->tag != SC_ACL_GROUP)
			continue;
		gid_t gid = entry->tag == SC_ACL_OWNING_GROUP ? owning : (gid_t)entry->id;
		const char *name = sc_names_of_group(ctx, gid, in->memory);
		if (name && sc_names_member(ctx, in->qemu_user, name))
			groups[n++] = gid;
	}
	return n;
}

static bool qemu_may(struct spicecfg_ctx *ctx, const struct sc_pki_snapshot *in, const struct stat *st, const struct sc_acl *acl,
		     unsigned perms)
{
	gid_t groups[GROUPS_MAX];
	const struct sc_acl_subject qemu = {in->qemu_uid, groups, groups_of(ctx, in, acl, st->st_gid, groups)};

	return sc_acl_allows(acl, st->st_uid, st->st_gid, &qemu, perms);
}

/* Whether an account other than root and QEMU's can read it, provided that it can reach it. */
static bool others_may(const struct sc_pki_snapshot *in, const struct stat *st, const struct sc_acl *acl)
{
	bool strange_owner = st->st_uid != 0 && !(in->qemu_user && st->st_uid == in->qemu_uid);
	bool strange_group = st->st_gid != 0 && !(in->qemu_user && st->st_gid == in->qemu_gid);

	if ((strange_owner && sc_acl_effective(acl, SC_ACL_OWNER, 0) & SC_ACL_R) ||
	    (strange_group && sc_acl_effective(acl, SC_ACL_OWNING_GROUP, 0) & SC_ACL_R))
		return true;
	for (size_t i = 0; i < acl->n; i++) {
		const struct sc_acl_entry *entry = &acl->entries[i];
		bool named = entry->tag == SC_ACL_USER || entry->tag == SC_ACL_GROUP;

		if (named && entry->id == (entry->tag == SC_ACL_USER ? in->qemu_uid : in->qemu_gid) && in->qemu_user)
			continue;
		if ((named || entry->tag == SC_ACL_OTHER) && sc_acl_effective(acl, entry->tag, entry->id) & SC_ACL_R)
			return true;
	}
	return false;
}

static enum spicecfg_status walk(struct spicecfg_ctx *ctx, const char *real, const struct sc_pki_snapshot *in, struct sc_pki_place *out)
{
	char above[PATH_MAX];

	for (const char *slash = strchr(real + 1, '/'); slash && !out->blocked_at; slash = strchr(slash + 1, '/')) {
		struct sc_acl_state state;

		snprintf(above, sizeof(above), "%.*s", (int)(slash - real), real);
		enum spicecfg_status status = sc_acl_look(ctx, above, &state);
		if (status)
			return status;
		const struct stat st = {.st_uid = state.uid, .st_gid = state.gid};
		if (!state.exists || !qemu_may(ctx, in, &st, &state.access, SC_ACL_X))
			out->blocked_at = sc_arena_strdup(in->memory, above);
	}
	return SPICECFG_OK;
}

enum spicecfg_status sc_pki_place_look(struct spicecfg_ctx *ctx, const char *path, const struct sc_pki_snapshot *in,
				       struct sc_pki_place *out)
{
	enum spicecfg_status status = SPICECFG_OK;
	char real[PATH_MAX];
	struct sc_acl acl;
	struct sc_seen seen;

	*out = (struct sc_pki_place){.path = path};
	int missing = sc_see(ctx, path, false, true, &seen);
	if (missing && errno == ENOENT)
		return SPICECFG_OK;
	if (missing || sc_seen_acl(&seen, false, &acl) < 0) {
		status = sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){path, 0, 0}, errno == EACCES ? "Run it as root." : NULL,
				    "can't be examined: %s", strerror(errno));
	} else {
		out->exists = true;
		out->others_read = others_may(in, &seen.st, &acl);
		out->qemu_reads = in->qemu_user && qemu_may(ctx, in, &seen.st, &acl, SC_ACL_R);
		if (in->qemu_user && sc_seen_real(ctx, &seen, real))
			status = walk(ctx, real, in, out);
	}
	sc_seen_close(&seen);
	return status;
}
