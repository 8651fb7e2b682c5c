/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ACLs as the kernel's extended attributes store them (linux/posix_acl_xattr.h): entries in the order of acl.h. libacl would have to be
 * loaded by each program for it, and could not be a module, because a module is opened only from a directory whose ACL has been read.
 */
#include "system/os/acl_fd.h"

#include <endian.h>
#include <errno.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>

struct stored {
	struct posix_acl_xattr_header header;
	struct posix_acl_xattr_entry entries[SC_ACL_ENTRIES_MAX];
};

static const unsigned tags[] = {
    [SC_ACL_OWNER] = ACL_USER_OBJ, [SC_ACL_USER] = ACL_USER, [SC_ACL_OWNING_GROUP] = ACL_GROUP_OBJ,
    [SC_ACL_GROUP] = ACL_GROUP,    [SC_ACL_MASK] = ACL_MASK, [SC_ACL_OTHER] = ACL_OTHER,
};

static const char *attribute(bool standing)
{
	return standing ? "system.posix_acl_default" : "system.posix_acl_access";
}

/* The calls for descriptors refuse those of O_PATH, and a socket can't be opened any other way: use the file's link in /proc/self/fd. */
enum { LINK_SIZE = 32 };

static void link_of(int fd, char link[LINK_SIZE])
{
	snprintf(link, LINK_SIZE, "/proc/self/fd/%d", fd);
}

/* Without an ACL, or on a file system that has none, only the mode applies. */
static int from_mode(int fd, bool standing, struct sc_acl *out)
{
	struct stat st;

	if (standing)
		return 0;
	if (fstat(fd, &st) < 0)
		return -1;
	sc_acl_from_mode(out, st.st_mode);
	return 0;
}

static bool take_entry(const struct posix_acl_xattr_entry *from, struct sc_acl *out)
{
	unsigned tag = le16toh(from->e_tag);
	size_t i = 0;

	while (i < sizeof(tags) / sizeof(*tags) && tags[i] != tag)
		i++;
	if (i == sizeof(tags) / sizeof(*tags))
		return false;
	bool named = i == SC_ACL_USER || i == SC_ACL_GROUP;
	return sc_acl_put(out, (enum sc_acl_tag)i, named ? le32toh(from->e_id) : 0, le16toh(from->e_perm) & SC_ACL_RWX);
}

int sc_acl_fd_read(int fd, bool standing, struct sc_acl *out)
{
	char link[LINK_SIZE];
	struct stored stored;

	*out = (struct sc_acl){0};
	link_of(fd, link);
	ssize_t size = getxattr(link, attribute(standing), &stored, sizeof(stored));
	if (size < 0 && (errno == ENODATA || errno == ENOTSUP))
		return from_mode(fd, standing, out);
	if (size < 0) {
		errno = errno == ERANGE ? EOVERFLOW : errno;
		return -1;
	}
	size_t n = (size_t)size / sizeof(*stored.entries);
	bool valid = (size_t)size == sizeof(stored.header) + n * sizeof(*stored.entries) &&
		     le32toh(stored.header.a_version) == POSIX_ACL_XATTR_VERSION;
	for (size_t i = 0; i < n && valid; i++)
		valid = take_entry(&stored.entries[i], out);
	if (!valid)
		errno = EINVAL;
	return valid ? 0 : -1;
}

int sc_acl_fd_write(int fd, bool standing, const struct sc_acl *from)
{
	struct stored stored = {.header.a_version = htole32(POSIX_ACL_XATTR_VERSION)};
	char link[LINK_SIZE];

	link_of(fd, link);
	if (standing && from->n == 0)
		return removexattr(link, attribute(true)) == 0 || errno == ENODATA ? 0 : -1;
	for (size_t i = 0; i < from->n; i++) {
		const struct sc_acl_entry *entry = &from->entries[i];
		bool named = entry->tag == SC_ACL_USER || entry->tag == SC_ACL_GROUP;

		stored.entries[i] = (struct posix_acl_xattr_entry){
		    .e_tag = htole16((uint16_t)tags[entry->tag]),
		    .e_perm = htole16((uint16_t)entry->perms),
		    .e_id = htole32(named ? entry->id : (uint32_t)ACL_UNDEFINED_ID),
		};
	}
	return setxattr(link, attribute(standing), &stored, sizeof(stored.header) + from->n * sizeof(*stored.entries), 0);
}
