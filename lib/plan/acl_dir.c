/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ACLs of a socket's directory: the VM's own, or one that other accounts pass or keep files in. */
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "plan/acl.h"

bool sc_socket_replaceable(const struct sc_socket_place *place, const struct sc_acl_node *node)
{
	bool written = sc_acl_effective(&node->access, SC_ACL_OTHER, 0) & SC_ACL_W;

	for (size_t i = 0; i < node->access.n && !written; i++) {
		const struct sc_acl_entry *entry = &node->access.entries[i];
		gid_t gid = entry->tag == SC_ACL_OWNING_GROUP ? node->gid : (gid_t)entry->id;
		bool user = entry->tag == SC_ACL_USER && entry->id != 0 && entry->id != place->qemu_uid;
		bool group = (entry->tag == SC_ACL_GROUP || entry->tag == SC_ACL_OWNING_GROUP) && gid != 0 && gid != place->qemu_gid;

		written = (user || group) && sc_acl_effective(&node->access, entry->tag, entry->id) & SC_ACL_W;
	}
	return node->exists && ((node->uid != 0 && node->uid != place->qemu_uid) || (written && !(node->mode & S_ISVTX)));
}

static bool named(const struct sc_acl_entry *entry)
{
	return entry->tag == SC_ACL_USER || entry->tag == SC_ACL_GROUP;
}

static bool is_granted(const struct sc_acl_entry *entry, const struct sc_socket_change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (changes[i].grant.group == (entry->tag == SC_ACL_GROUP) && changes[i].grant.id == entry->id)
			return true;
	return false;
}

/* A subject, not granted for this VM, that the default ACL lets open each socket made here; NULL: none. */
static const char *heir_of_others(const struct sc_socket_place *place, const struct sc_socket_change *changes, size_t n,
				  struct sc_arena *arena)
{
	const struct sc_acl *acl = &place->dir.standing;

	for (size_t i = 0; i < acl->n && !place->settled; i++) {
		const struct sc_acl_entry *entry = &acl->entries[i];

		if (named(entry) && sc_acl_effective(acl, entry->tag, entry->id) & SC_ACL_W && !is_granted(entry, changes, n))
			return sc_arena_printf(arena, "%s:%u", entry->tag == SC_ACL_GROUP ? "group" : "user", entry->id);
	}
	return NULL;
}

const char *sc_socket_unfit(const struct sc_socket_place *place, const struct sc_socket_change *changes, size_t n, struct sc_arena *arena)
{
	const struct sc_acl_node *dir = &place->dir;

	if (dir->uid != 0 && dir->uid != place->qemu_uid)
		return sc_arena_printf(arena, "belongs to another account (%u), which could change what is granted", (unsigned)dir->uid);
	if (dir->mode & (S_IWOTH | S_ISVTX))
		return "is open to everybody, so it is not fit for a socket with ACLs";
	if (place->stranger)
		return sc_arena_printf(arena, "contains things other than sockets, such as '%s'", place->stranger);
	if (place->other_vm)
		return sc_arena_printf(arena, "also contains the socket of '%s', which would become accessible too", place->other_vm);
	if (place->own)
		return NULL;
	if (place->beside && place->beside[0])
		return sc_arena_printf(arena, "contains another socket, '%s', which would become accessible too", place->beside[0]);
	if (sc_socket_replaceable(place, dir))
		return "is writable by accounts other than root's and QEMU's, which could replace the socket";
	if (dir->mode & S_ISGID && dir->gid != place->qemu_gid && dir->gid != 0)
		return sc_arena_printf(arena, "passes its group (%u) on to the socket, so the group's members could open it",
				       (unsigned)dir->gid);
	const char *heir = heir_of_others(place, changes, n, arena);
	return heir
		   ? sc_arena_printf(arena, "has a default ACL, set for something else, that lets %s open every socket created in it", heir)
		   : NULL;
}

/* Whether every member of a group passes: no other group that a member may be in is denied. */
static bool members_pass(const struct sc_acl *acl, gid_t owning, gid_t gid)
{
	const struct sc_acl_subject who = {(uid_t)-1, &gid, 1};
	bool all = sc_acl_allows(acl, 0, owning, &who, SC_ACL_X);

	for (size_t i = 0; i < acl->n && all; i++)
		if (acl->entries[i].tag == SC_ACL_GROUP || acl->entries[i].tag == SC_ACL_OWNING_GROUP)
			all = sc_acl_effective(acl, acl->entries[i].tag, acl->entries[i].id) & SC_ACL_X;
	return all;
}

/* The grantee passes, and keeps the permissions it had: its own entry overrides those of groups and others. */
static bool let_pass(struct sc_acl *acl, const struct sc_acl_node *dir, const struct sc_socket_change *change)
{
	const struct sc_acl_subject user = {(uid_t)change->grant.id, change->groups, change->n_groups};
	unsigned perms = SC_ACL_X;

	if (change->grant.group) {
		if (members_pass(acl, dir->gid, (gid_t)change->grant.id))
			return true;
		perms |= sc_acl_effective(acl, SC_ACL_OTHER, 0) & SC_ACL_R;
		return sc_acl_add(acl, SC_ACL_GROUP, change->grant.id, perms);
	}
	if (sc_acl_allows(acl, dir->uid, dir->gid, &user, SC_ACL_X))
		return true;
	perms |= sc_acl_allows(acl, dir->uid, dir->gid, &user, SC_ACL_R) ? SC_ACL_R : 0;
	/* a member of QEMU's group */
	perms |= sc_acl_allows(acl, dir->uid, dir->gid, &user, SC_ACL_W) ? SC_ACL_W : 0;
	return sc_acl_add(acl, SC_ACL_USER, change->grant.id, perms);
}

/* QEMU has to make its socket, whatever the directory's owner is afterwards. */
static bool let_qemu(struct sc_acl *acl, const struct sc_socket_place *place)
{
	const struct sc_acl_subject qemu = {place->qemu_uid, &place->qemu_gid, 1};

	if (sc_acl_allows(acl, 0, place->dir.gid, &qemu, SC_ACL_W | SC_ACL_X))
		return true;
	return sc_acl_add(acl, SC_ACL_USER, place->qemu_uid, SC_ACL_RWX);
}

/* Removes the entry that a grant added: it gives passage only, and without it the subject has no other permission. */
static void take_passage(struct sc_acl *acl, const struct sc_acl_node *dir, const struct sc_socket_change *change)
{
	const struct sc_acl_subject user = {(uid_t)change->grant.id, change->groups, change->n_groups};
	enum sc_acl_tag tag = change->grant.group ? SC_ACL_GROUP : SC_ACL_USER;
	struct sc_acl without = *acl;

	if (sc_acl_effective(acl, tag, change->grant.id) != SC_ACL_X)
		return;
	sc_acl_remove(&without, tag, change->grant.id);
	bool more = sc_acl_effective(&without, SC_ACL_OTHER, 0) & SC_ACL_RW;
	if (!change->grant.group)
		more = sc_acl_allows(&without, dir->uid, dir->gid, &user, SC_ACL_R) ||
		       sc_acl_allows(&without, dir->uid, dir->gid, &user, SC_ACL_W);
	if (more)
		return;
	*acl = without;
}

/* Passage through a directory that is not the VM's own: nobody but a revoked subject loses it. */
static bool shared_access(struct sc_acl *acl, const struct sc_socket_place *place, const struct sc_socket_change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!changes[i].revoke && !let_pass(acl, &place->dir, &changes[i]))
			return false;
		/* the subject may need passage for other things in the directory */
		if (changes[i].revoke && !place->directories)
			take_passage(acl, &place->dir, &changes[i]);
	}
	return let_qemu(acl, place);
}

static bool apply_changes(struct sc_acl *acl, enum sc_acl_role role, const struct sc_socket_change *changes, size_t n)
{
	sc_acl_close(acl, role);
	for (size_t i = 0; i < n; i++) {
		if (changes[i].revoke)
			sc_acl_revoke(acl, role, changes[i].grant);
		else if (!sc_acl_grant(acl, role, changes[i].grant))
			return false;
	}
	return true;
}

/* For a place that is not fit for ACLs: a revoke removes the entry that grants access, and nothing else changes. */
static void drop_entries(struct sc_acl *acl, const struct sc_socket_change *changes, size_t n)
{
	for (size_t i = 0; i < n && acl->n; i++) {
		enum sc_acl_tag tag = changes[i].grant.group ? SC_ACL_GROUP : SC_ACL_USER;

		if (sc_acl_effective(acl, tag, changes[i].grant.id) & SC_ACL_W)
			sc_acl_remove(acl, tag, changes[i].grant.id);
	}
}

/* Directories that any account makes here inherit the default ACL and have to stay passable. */
static bool is_mixed(const struct sc_socket_place *place)
{
	return place->dir.exists && !place->own && strcmp(place->dir.path, SC_SOCKET_ROOT) == 0 &&
	       (place->directories || place->dir.mode & S_IXOTH);
}

bool sc_socket_acls(const struct sc_socket_place *place, const struct sc_socket_change *changes, size_t n, struct sc_acl_wanted *dir,
		    struct sc_acl_wanted *socket)
{
	bool shared = place->dir.exists && !place->own, fits = true, mixed = is_mixed(place);

	*dir = (struct sc_acl_wanted){
	    .access = place->dir.access,
	    .standing = place->dir.standing,
	    .known = place->dir.exists,
	    .old_access = place->dir.access,
	    .old_standing = place->dir.standing,
	};
	*socket = (struct sc_acl_wanted){.socket = true, .access = place->socket.access};
	if (place->unfit) {
		drop_entries(&dir->standing, changes, n);
		drop_entries(&socket->access, changes, n);
		return true;
	}
	if (shared) {
		fits = shared_access(&dir->access, place, changes, n);
	} else {
		fits = apply_changes(&dir->access, SC_ACL_DIRECTORY, changes, n);
		sc_acl_only_pass(&dir->access, place->qemu_uid);
	}
	fits = fits && apply_changes(&dir->standing, mixed ? SC_ACL_STANDING_MIXED : SC_ACL_STANDING, changes, n);
	if (!place->socket.exists)
		return fits;
	fits = fits && apply_changes(&socket->access, mixed ? SC_ACL_STANDING_MIXED : SC_ACL_SOCKET, changes, n);
	if (place->socket.gid != place->qemu_gid && place->socket.gid != 0)
		sc_acl_shut_group(&socket->access);
	return fits;
}
