/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/acl.h"

#include <string.h>

static bool named(const struct sc_acl_entry *entry)
{
	return entry->tag == SC_ACL_USER || entry->tag == SC_ACL_GROUP;
}

/* The index of the entry, or where it would have to be inserted. */
static size_t place(const struct sc_acl *acl, enum sc_acl_tag tag, unsigned id)
{
	size_t i = 0;

	while (i < acl->n && (acl->entries[i].tag < tag || (acl->entries[i].tag == tag && acl->entries[i].id < id)))
		i++;
	return i;
}

static struct sc_acl_entry *entry_of(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id)
{
	size_t i = place(acl, tag, id);

	return i < acl->n && acl->entries[i].tag == tag && acl->entries[i].id == id ? &acl->entries[i] : NULL;
}

static const struct sc_acl_entry *find(const struct sc_acl *acl, enum sc_acl_tag tag, unsigned id)
{
	size_t i = place(acl, tag, id);

	return i < acl->n && acl->entries[i].tag == tag && acl->entries[i].id == id ? &acl->entries[i] : NULL;
}

static unsigned perms_of(const struct sc_acl *acl, enum sc_acl_tag tag)
{
	const struct sc_acl_entry *entry = find(acl, tag, 0);

	return entry ? entry->perms : 0;
}

void sc_acl_from_mode(struct sc_acl *acl, mode_t mode)
{
	*acl = (struct sc_acl){
	    .n = 3, .entries = {{SC_ACL_OWNER, 0, mode >> 6 & 7}, {SC_ACL_OWNING_GROUP, 0, mode >> 3 & 7}, {SC_ACL_OTHER, 0, mode & 7}}};
}

mode_t sc_acl_mode(const struct sc_acl *acl)
{
	const struct sc_acl_entry *mask = find(acl, SC_ACL_MASK, 0);
	unsigned group = mask ? mask->perms : perms_of(acl, SC_ACL_OWNING_GROUP);

	return (mode_t)(perms_of(acl, SC_ACL_OWNER) << 6 | group << 3 | perms_of(acl, SC_ACL_OTHER));
}

bool sc_acl_put(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id, unsigned perms)
{
	size_t i = place(acl, tag, id);

	if (!find(acl, tag, id)) {
		if (acl->n == SC_ACL_ENTRIES_MAX)
			return false;
		memmove(&acl->entries[i + 1], &acl->entries[i], (acl->n - i) * sizeof(acl->entries[0]));
		acl->n++;
	}
	acl->entries[i] = (struct sc_acl_entry){tag, id, perms};
	return true;
}

void sc_acl_drop(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id)
{
	size_t i = place(acl, tag, id);

	if (!find(acl, tag, id))
		return;
	acl->n--;
	memmove(&acl->entries[i], &acl->entries[i + 1], (acl->n - i) * sizeof(acl->entries[0]));
}

unsigned sc_acl_effective(const struct sc_acl *acl, enum sc_acl_tag tag, unsigned id)
{
	const struct sc_acl_entry *entry = find(acl, tag, id);
	const struct sc_acl_entry *mask = find(acl, SC_ACL_MASK, 0);

	if (!entry)
		return 0;
	bool masked = mask && (named(entry) || tag == SC_ACL_OWNING_GROUP);
	return masked ? entry->perms & mask->perms : entry->perms;
}

static bool in_groups(const struct sc_acl_subject *who, gid_t gid)
{
	for (size_t i = 0; i < who->n_groups; i++) {
		if (who->groups[i] == gid)
			return true;
	}
	return false;
}

bool sc_acl_allows(const struct sc_acl *acl, uid_t owner, gid_t group, const struct sc_acl_subject *who, unsigned perms)
{
	bool in_a_group = false;

	if (who->uid == 0)
		return true;
	if (who->uid != (uid_t)-1) {
		if (who->uid == owner)
			return (sc_acl_effective(acl, SC_ACL_OWNER, 0) & perms) == perms;
		if (find(acl, SC_ACL_USER, who->uid))
			return (sc_acl_effective(acl, SC_ACL_USER, who->uid) & perms) == perms;
	}
	for (size_t i = 0; i < acl->n; i++) {
		const struct sc_acl_entry *entry = &acl->entries[i];
		gid_t gid = entry->tag == SC_ACL_OWNING_GROUP ? group : (gid_t)entry->id;

		if ((entry->tag != SC_ACL_OWNING_GROUP && entry->tag != SC_ACL_GROUP) || !in_groups(who, gid))
			continue;
		in_a_group = true;
		if ((sc_acl_effective(acl, entry->tag, entry->id) & perms) == perms)
			return true;
	}
	return !in_a_group && (sc_acl_effective(acl, SC_ACL_OTHER, 0) & perms) == perms;
}

bool sc_acl_equal(const struct sc_acl *a, const struct sc_acl *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct sc_acl_entry *x = &a->entries[i], *y = &b->entries[i];

		if (x->tag != y->tag || x->id != y->id || x->perms != y->perms)
			return false;
	}
	return true;
}

/* Adds a mask when there are named entries, and makes it grant what any of them grants. */
static void widen_mask(struct sc_acl *acl)
{
	unsigned mask = 0;
	bool any = false;

	for (size_t i = 0; i < acl->n; i++) {
		const struct sc_acl_entry *entry = &acl->entries[i];

		any = any || named(entry);
		if (named(entry) || entry->tag == SC_ACL_OWNING_GROUP)
			mask |= entry->perms;
	}
	if (any)
		(void)sc_acl_put(acl, SC_ACL_MASK, 0, mask);
	else
		sc_acl_drop(acl, SC_ACL_MASK, 0);
}

/* What the mask denied an entry must not become effective when the mask is widened for another one. */
static void apply_mask(struct sc_acl *acl)
{
	for (size_t i = 0; i < acl->n; i++) {
		struct sc_acl_entry *entry = &acl->entries[i];

		if (named(entry))
			entry->perms = sc_acl_effective(acl, entry->tag, entry->id);
	}
}

void sc_acl_settle(struct sc_acl *acl)
{
	struct sc_acl_entry *group = entry_of(acl, SC_ACL_OWNING_GROUP, 0);

	apply_mask(acl);
	if (group)
		group->perms = sc_acl_effective(acl, SC_ACL_OWNING_GROUP, 0);
	widen_mask(acl);
}

bool sc_acl_add(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id, unsigned perms)
{
	sc_acl_settle(acl);
	/* the entry and, with the first, the mask */
	if (acl->n + 2 > SC_ACL_ENTRIES_MAX)
		return false;
	(void)sc_acl_put(acl, tag, id, perms | sc_acl_effective(acl, tag, id));
	widen_mask(acl);
	return true;
}

void sc_acl_remove(struct sc_acl *acl, enum sc_acl_tag tag, unsigned id)
{
	sc_acl_settle(acl);
	sc_acl_drop(acl, tag, id);
	widen_mask(acl);
}

void sc_acl_shut_group(struct sc_acl *acl)
{
	(void)sc_acl_put(acl, SC_ACL_OWNING_GROUP, 0, 0);
	widen_mask(acl);
}

void sc_acl_only_pass(struct sc_acl *acl, uid_t but)
{
	for (size_t i = 0; i < acl->n; i++)
		if (named(&acl->entries[i]) && !(acl->entries[i].tag == SC_ACL_USER && acl->entries[i].id == but))
			acl->entries[i].perms &= SC_ACL_X;
	widen_mask(acl);
}

static unsigned base_of(enum sc_acl_role role)
{
	return role == SC_ACL_DIRECTORY || role == SC_ACL_STANDING_MIXED ? SC_ACL_RWX : SC_ACL_RW;
}

void sc_acl_close(struct sc_acl *acl, enum sc_acl_role role)
{
	unsigned base = base_of(role);

	if (acl->n == 0)
		sc_acl_from_mode(acl, 0);
	apply_mask(acl);
	(void)sc_acl_put(acl, SC_ACL_OWNER, 0, base);
	(void)sc_acl_put(acl, SC_ACL_OWNING_GROUP, 0, base);
	(void)sc_acl_put(acl, SC_ACL_OTHER, 0, role == SC_ACL_STANDING_MIXED ? SC_ACL_X : 0);
	widen_mask(acl);
}

bool sc_acl_grant(struct sc_acl *acl, enum sc_acl_role role, struct sc_grant grant)
{
	sc_acl_close(acl, role);
	/* the entry and, with the first, the mask */
	if (acl->n + 2 > SC_ACL_ENTRIES_MAX)
		return false;
	(void)sc_acl_put(acl, grant.group ? SC_ACL_GROUP : SC_ACL_USER, grant.id, role == SC_ACL_DIRECTORY ? SC_ACL_X : SC_ACL_RW);
	widen_mask(acl);
	return true;
}

void sc_acl_revoke(struct sc_acl *acl, enum sc_acl_role role, struct sc_grant grant)
{
	sc_acl_drop(acl, grant.group ? SC_ACL_GROUP : SC_ACL_USER, grant.id);
	sc_acl_close(acl, role);
}

void sc_acl_perms_text(unsigned perms, char text[4])
{
	text[0] = perms & SC_ACL_R ? 'r' : '-';
	text[1] = perms & SC_ACL_W ? 'w' : '-';
	text[2] = perms & SC_ACL_X ? 'x' : '-';
	text[3] = '\0';
}

void sc_acl_text(const struct sc_acl *acl, struct sc_buf *out)
{
	static const char *const words[] = {"user:", "user:", "group:", "group:", "mask:", "other:"};

	for (size_t i = 0; i < acl->n; i++) {
		const struct sc_acl_entry *entry = &acl->entries[i];
		char perms[4];

		sc_acl_perms_text(entry->perms, perms);
		if (i)
			sc_buf_addc(out, ',');
		sc_buf_adds(out, words[entry->tag]);
		if (named(entry))
			sc_buf_addf(out, "%u", entry->id);
		sc_buf_addf(out, ":%s", perms);
	}
}
