/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "system/os/acl_fd.h"
#include "system/os/names.h"

enum { ROOM = 64 * 1024 }; /* of an account */

bool sc_trust_owner(uid_t uid)
{
	const char *sudo = getenv("SUDO_UID");
	char *end;

	if (uid == 0 || uid == getuid())
		return true;
	if (geteuid() != 0 || !sudo || *sudo < '0' || *sudo > '9')
		return false;
	unsigned long caller = strtoul(sudo, &end, 10);
	return !*end && caller == uid;
}

/* Whether no other account has it as its primary group. On some systems group "users" lists no members, yet everybody is in it. */
static bool is_alone_in(const char *user, gid_t gid)
{
	struct passwd entry, *found;
	char room[ROOM];
	FILE *accounts = fopen("/etc/passwd", "re");
	bool alone = accounts != NULL;
	int error = 0;

	while (alone && (error = fgetpwent_r(accounts, &entry, room, sizeof(room), &found)) == 0)
		alone = entry.pw_gid != gid || strcmp(entry.pw_name, user) == 0;
	if (accounts)
		fclose(accounts);
	/* an account that couldn't be read may be in it */
	return alone && error == ENOENT;
}

/* With a umask of 002 everything is group-writable; that is harmless if the group is the owner's private one, named like the owner. */
static bool is_private_group(uid_t uid, gid_t gid)
{
	char user_room[ROOM], *group_room;
	struct passwd user, *found_user = NULL;
	struct group group;

	if (getpwuid_r(uid, &user, user_room, sizeof(user_room), &found_user) != 0 || !found_user || user.pw_gid != gid)
		return false;
	bool own = sc_names_entry(NULL, gid, &group, &group_room) == 0 && strcmp(group.gr_name, user.pw_name) == 0;
	for (char **member = own ? group.gr_mem : NULL; own && *member; member++)
		own = strcmp(*member, user.pw_name) == 0;
	free(group_room);
	return own && is_alone_in(user.pw_name, gid);
}

/* The last entry that lets another account write; NULL: there is none. */
static const struct sc_acl_entry *other_writer(const struct stat *st, const struct sc_acl *acl)
{
	for (size_t i = acl->n; i-- > 0;) {
		const struct sc_acl_entry *entry = &acl->entries[i];
		bool group = entry->tag == SC_ACL_OWNING_GROUP || entry->tag == SC_ACL_GROUP;
		gid_t gid = entry->tag == SC_ACL_OWNING_GROUP ? st->st_gid : (gid_t)entry->id;

		if (!(sc_acl_effective(acl, entry->tag, entry->id) & SC_ACL_W))
			continue;
		if (entry->tag == SC_ACL_OTHER || (entry->tag == SC_ACL_USER && !sc_trust_owner(entry->id)) ||
		    (group && gid != 0 && !is_private_group(st->st_uid, gid)))
			return entry;
	}
	return NULL;
}

static const char *distrust(struct sc_arena *memory, const struct stat *st, const struct sc_acl_entry *writer)
{
	unsigned mode = st->st_mode & 07777;

	if (writer->tag == SC_ACL_OTHER)
		return sc_arena_printf(memory, "everybody may write to it (mode %04o)", mode);
	if (writer->tag == SC_ACL_USER)
		return sc_arena_printf(memory, "account %u may write to it, by its ACL", writer->id);
	return sc_arena_printf(memory, "group %u may write to it (mode %04o)", writer->tag == SC_ACL_GROUP ? writer->id : st->st_gid, mode);
}

const char *sc_trust_why_not(struct sc_arena *memory, int fd, const struct stat *st)
{
	const struct sc_acl_entry *writer;
	const char *why = NULL;
	struct sc_acl acl;

	if (!S_ISREG(st->st_mode))
		return "it is not a regular file";
	if (!sc_trust_owner(st->st_uid))
		why = sc_arena_printf(memory, "it belongs to another account (uid %lu)", (unsigned long)st->st_uid);
	else if (sc_acl_fd_read(fd, false, &acl) < 0)
		return "its ACL can't be read";
	else if ((writer = other_writer(st, &acl)))
		why = distrust(memory, st, writer);
	else
		return NULL;
	return why ? why : "out of memory";
}

bool sc_trust_only_owner_writes(const char *dir, uid_t *owner)
{
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct sc_acl acl;
	struct stat st;
	bool only = fd >= 0 && fstat(fd, &st) == 0 && sc_acl_fd_read(fd, false, &acl) == 0 && !other_writer(&st, &acl);

	if (fd >= 0)
		close(fd);
	if (only)
		*owner = st.st_uid;
	return only;
}
