/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/acl.h"

#include <string.h>
#include <sys/stat.h>

#include "base/fix.h"
#include "base/text.h"
#include "rules/tables.h"

static enum spicecfg_status add_change(struct spicecfg_plan *plan, const char *path, const char *what, const char *from, const char *to,
				       unsigned effects)
{
	const struct spicecfg_change change = {path, what, from, to, effects};

	return sc_plan_change(plan, &change);
}

/* made: the ACLs of a new directory; NULL: it exists. */
static enum spicecfg_status add_mkdir(struct spicecfg_plan *plan, const char *path, struct sc_want want, const struct sc_acl_wanted *made,
				      const char *from, const char *to)
{
	const struct sc_step step = {.type = SC_STEP_MKDIR,
				     .document = path,
				     .path = path,
				     .want = want,
				     .no_links = true,
				     .acl = made,
				     .effects = SPICECFG_EFFECT_NOW};
	enum spicecfg_status status = add_change(plan, path, from ? "owner" : "", from, to, SPICECFG_EFFECT_NOW);

	return status ? status : sc_plan_step(plan, &step);
}

/* Missing directories above, and SC_SOCKET_ROOT if some account can't pass it or can write to it. */
static enum spicecfg_status add_above(struct spicecfg_plan *plan, const struct sc_socket_place *place)
{
	enum spicecfg_status status = SPICECFG_OK;
	struct sc_acl_wanted *plain = sc_arena_alloc(plan->memory, sizeof(*plain));

	if (!plain)
		return sc_fail_memory(plan->ctx);
	*plain = (struct sc_acl_wanted){.access.n = 0};
	for (size_t i = 0; i < place->n_above && !status; i++) {
		const struct sc_acl_node *node = &place->above[i];
		bool ours = sc_path_below(node->path, SC_SOCKET_ROOT);
		/* passable by everybody, but the list of VMs is not readable */
		struct sc_want want = {.owner = true, .group = true, .mode = true, .bits = ours ? 0711 : 0755};

		if (!node->exists)
			status = add_mkdir(plan, node->path, want, plain, NULL, ours ? "directory, mode 0711" : "directory, mode 0755");
		else if (ours && sc_socket_replaceable(place, node))
			status = add_mkdir(plan, node->path, want, NULL, "writable by others", "root:root, mode 0711");
		else if (ours && !(node->mode & S_IXOTH)) {
			want = (struct sc_want){.mode = true, .bits = (node->mode & 07777) | S_IXGRP | S_IXOTH};
			status = add_mkdir(plan, node->path, want, NULL, "not passable", "passable by all");
		}
	}
	return status;
}

static enum spicecfg_status refuse_dir(struct spicecfg_plan *plan, const struct sc_socket_place *place, enum spicecfg_status status,
				       const char *reason)
{
	(void)sc_fail_at(plan->ctx, status, (struct sc_where){place->dir.path, 0, 0}, NULL, "%s", reason);
	if (place->own)
		sc_fail_fixf(plan->ctx, "Find out what created it, then remove it.");
	else
		sc_fail_fixf(plan->ctx, "Use the VM's default path, %s: `spicecfg set-listen TARGET socket`", place->default_path);
	return status;
}

/* Only the VM's own directory is always fit. An unfit one prevents a grant, not a revoke. */
static enum spicecfg_status check_dir(struct spicecfg_plan *plan, struct sc_socket_place *place, const struct sc_socket_change *changes,
				      size_t n)
{
	const struct sc_acl_node *dir = &place->dir;

	if (!dir->exists)
		return SPICECFG_OK;
	if (!S_ISDIR(dir->mode))
		return refuse_dir(plan, place, SPICECFG_INPUT, "is not a directory");
	const char *reason = sc_socket_unfit(place, changes, n, plan->memory);
	place->unfit = reason != NULL;
	if (!reason || (n && changes[0].revoke))
		return SPICECFG_OK;
	return refuse_dir(plan, place, SPICECFG_FINDINGS, reason);
}

/* The directory becomes root's, so that only root can change its ACLs; one that is not the VM's own keeps its group. */
static enum spicecfg_status add_dir(struct spicecfg_plan *plan, const struct sc_socket_place *place, const struct sc_acl_wanted *wanted)
{
	const struct sc_acl_node *dir = &place->dir;
	struct sc_want want = {.owner = true, .group = true, .mode = true, .uid = 0, .gid = place->qemu_gid, .bits = 0770};

	if (!dir->exists)
		return add_mkdir(plan, dir->path, want, wanted, NULL,
				 sc_arena_printf(plan->memory, "directory, root:%s 0770", place->qemu_group));
	if (place->unfit || (dir->uid == 0 && (!place->own || dir->gid == place->qemu_gid)))
		return SPICECFG_OK;
	want.mode = false;
	want.gid = place->own ? place->qemu_gid : dir->gid;
	return add_mkdir(plan, dir->path, want, NULL, sc_arena_printf(plan->memory, "%u:%u", (unsigned)dir->uid, (unsigned)dir->gid),
			 sc_arena_printf(plan->memory, "%u:%u", 0U, (unsigned)want.gid));
}

static const char *acl_words(struct spicecfg_plan *plan, const struct sc_acl *acl)
{
	SC_BUF text = SC_BUF_INIT;

	if (acl->n == 0)
		return NULL;
	sc_acl_text(acl, &text);
	return sc_arena_strdup(plan->memory, sc_buf_text(&text));
}

static enum spicecfg_status add_acl_step(struct spicecfg_plan *plan, const struct sc_acl_node *node, const struct sc_acl_wanted *wanted,
					 unsigned effects)
{
	enum spicecfg_status status = SPICECFG_OK;
	bool access = !sc_acl_equal(&node->access, &wanted->access);
	bool standing = !wanted->socket && !sc_acl_equal(&node->standing, &wanted->standing);

	if (!access && !standing)
		return SPICECFG_OK;
	const struct sc_step step = {.type = SC_STEP_ACL, .document = node->path, .path = node->path, .acl = wanted, .effects = effects};
	if (access)
		status = add_change(plan, node->path, "acl", acl_words(plan, &node->access), acl_words(plan, &wanted->access),
				    SPICECFG_EFFECT_NOW);
	if (!status && standing)
		status = add_change(plan, node->path, "default-acl", acl_words(plan, &node->standing), acl_words(plan, &wanted->standing),
				    SPICECFG_EFFECT_NEXT_START);
	/* a new directory is made with its ACLs */
	return status || !node->exists ? status : sc_plan_step(plan, &step);
}

static enum spicecfg_status add_acls(struct spicecfg_plan *plan, const struct sc_socket_place *place,
				     const struct sc_socket_change *changes, size_t n)
{
	struct sc_acl_wanted *dir = sc_arena_alloc(plan->memory, sizeof(*dir)), *socket = sc_arena_alloc(plan->memory, sizeof(*socket));

	if (!dir || !socket)
		return sc_fail_memory(plan->ctx);
	if (!sc_socket_acls(place, changes, n, dir, socket))
		return sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){place->dir.path, 0, 0},
				  "Give access to a group instead of single users.", "the ACL would have more than %d entries",
				  SC_ACL_ENTRIES_MAX);
	enum spicecfg_status status = add_dir(plan, place, dir);
	if (!status)
		status = add_acl_step(plan, &place->dir, dir, SPICECFG_EFFECT_NOW | SPICECFG_EFFECT_NEXT_START);
	if (!status && place->socket.exists)
		status = add_acl_step(plan, &place->socket, socket, SPICECFG_EFFECT_NOW);
	return status;
}

static enum spicecfg_status find_open(struct spicecfg_plan *plan, const struct sc_socket_place *place, const struct sc_acl_node *node)
{
	const struct sc_rule *rule = &sc_rules_access[1];
	const struct spicecfg_finding finding = {
	    .rule = rule->id,
	    .level = rule->level,
	    .cls = rule->cls,
	    .message = sc_arena_printf(plan->memory,
				       "accounts other than root can write to '%s': they can replace the socket's directory with their own",
				       node->path),
	    .path = "",
	    .file = node->path,
	    .fix = sc_fix_row(plan->memory, NULL, rule->fix),
	};

	if (!sc_socket_replaceable(place, node) || sc_path_below(node->path, SC_SOCKET_ROOT))
		return SPICECFG_OK;
	return finding.message ? sc_plan_find(plan, &finding, false) : sc_fail_memory(plan->ctx);
}

/* The access ACL after add_above(). */
static struct sc_acl passage_of(const struct sc_acl_node *node)
{
	struct sc_acl acl = node->access;

	if (!sc_path_below(node->path, SC_SOCKET_ROOT) || node->mode & S_IXOTH)
		return acl;
	(void)sc_acl_add(&acl, SC_ACL_OTHER, 0, SC_ACL_X);
	(void)sc_acl_add(&acl, SC_ACL_OWNING_GROUP, 0, SC_ACL_X);
	return acl;
}

/* A directory that an account can't pass: what was granted has no effect yet. */
static enum spicecfg_status find_closed(struct spicecfg_plan *plan, const struct sc_acl_node *node, const char *word,
					const struct sc_acl_subject *who, const char *entry)
{
	const struct sc_acl acl = passage_of(node);

	if (!node->exists || sc_acl_allows(&acl, node->uid, node->gid, who, SC_ACL_X))
		return SPICECFG_OK;
	const struct spicecfg_finding finding = {
	    .rule = sc_rules_access[0].id,
	    .level = sc_rules_access[0].level,
	    .cls = sc_rules_access[0].cls,
	    .message = sc_arena_printf(plan->memory, "%s can't pass '%s' on the way to the socket", word, node->path),
	    .path = "",
	    .file = node->path,
	    .fix = sc_fix_command(plan->memory, "setfacl -m %s:x -- %s", entry, node->path),
	};
	return finding.message && finding.fix ? sc_plan_find(plan, &finding, false) : sc_fail_memory(plan->ctx);
}

static enum spicecfg_status find_all_closed(struct spicecfg_plan *plan, const struct sc_socket_place *place,
					    const struct sc_socket_change *changes, size_t n)
{
	const struct sc_acl_subject qemu = {place->qemu_uid, &place->qemu_gid, 1};
	enum spicecfg_status status = SPICECFG_OK;

	for (size_t i = 0; i < place->n_above && !status; i++) {
		status = find_open(plan, place, &place->above[i]);
		if (!status)
			status = find_closed(plan, &place->above[i], "QEMU's account", &qemu,
					     sc_arena_printf(plan->memory, "u:%s", place->qemu_user));
		for (size_t j = 0; j < n && !status; j++) {
			const struct sc_grant grant = changes[j].grant;
			const gid_t gid = (gid_t)grant.id;
			const struct sc_acl_subject group = {(uid_t)-1, &gid, 1},
						    user = {(uid_t)gid, changes[j].groups, changes[j].n_groups};
			const struct sc_acl_subject who = grant.group ? group : user;
			const char *entry = sc_arena_printf(plan->memory, "%c:%u", grant.group ? 'g' : 'u', grant.id);

			if (!changes[j].revoke)
				status = find_closed(plan, &place->above[i], changes[j].word, &who, entry);
		}
	}
	return status;
}

static enum spicecfg_status add_notes(struct spicecfg_plan *plan, const struct sc_socket_place *place,
				      const struct sc_socket_change *changes, size_t n)
{
	enum spicecfg_status status = SPICECFG_OK;
	bool revokes = false;

	for (size_t i = 0; i < n; i++)
		revokes = revokes || changes[i].revoke;
	if (place->unfit)
		status = sc_plan_note(plan, "%s is not fit for a socket with ACLs: only the entries that grant access are removed",
				      place->dir.path);
	if (!status && place->beside && place->beside[0])
		status = sc_plan_note(plan, "%s contains other sockets, such as '%s': what is granted applies to all of them",
				      place->dir.path, place->beside[0]);
	if (!status && revokes && place->socket.exists)
		status = sc_plan_note(plan, "clients that have the console open stay connected until they close it");
	return status;
}

enum spicecfg_status sc_plan_socket(struct spicecfg_plan *plan, struct sc_socket_place *place, const struct sc_socket_change *changes,
				    size_t n_changes)
{
	enum spicecfg_status status = check_dir(plan, place, changes, n_changes);

	if (!status)
		status = find_all_closed(plan, place, changes, n_changes);
	if (!status && !place->unfit)
		status = add_above(plan, place);
	if (!status)
		status = add_acls(plan, place, changes, n_changes);
	return status ? status : add_notes(plan, place, changes, n_changes);
}

bool sc_socket_opens(const struct sc_socket_place *place, const struct sc_acl_subject *who, bool live)
{
	for (size_t i = 0; i <= place->n_above; i++) {
		const struct sc_acl_node *node = i < place->n_above ? &place->above[i] : &place->dir;

		if (!node->exists || !sc_acl_allows(&node->access, node->uid, node->gid, who, SC_ACL_X))
			return false;
	}
	if (live)
		return place->socket.exists && sc_acl_allows(&place->socket.access, place->socket.uid, place->socket.gid, who, SC_ACL_W);
	/* without a default ACL, QEMU makes its socket with libvirt's umask 0002: nobody else can write to it */
	if (place->dir.standing.n == 0)
		return false;
	return sc_acl_allows(&place->dir.standing, place->qemu_uid, place->qemu_gid, who, SC_ACL_W);
}
