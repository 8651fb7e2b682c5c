/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What belongs to a file or directory beside its contents. Descriptors may be opened with O_PATH: all goes through /proc/self/fd. */
#ifndef SC_SYSTEM_ATTRIBUTES_H
#define SC_SYSTEM_ATTRIBUTES_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"

#define SC_XATTR_ACCESS "system.posix_acl_access"
#define SC_XATTR_STANDING "system.posix_acl_default"

struct sc_xattr {
	const char *name;
	const char *value;
	size_t len;
};

struct sc_attributes {
	mode_t mode; /* type and permission bits */
	uid_t uid;
	gid_t gid;
	struct sc_xattr *xattrs; /* ACLs and labels among them */
	size_t n_xattrs;
};

/* Reads them; the memory is the arena's. Returns 0, or -1 with errno. */
int sc_attributes_read(int fd, struct sc_arena *memory, struct sc_attributes *out);

/* Sets owner, extended attributes and mode, and removes other ACLs and attributes of users. Returns 0, or -1 with errno. */
int sc_attributes_write(int fd, const struct sc_attributes *attributes);

/* Whether type, owner and mode are the same. */
bool sc_attributes_same_owner(const struct sc_attributes *a, const struct sc_attributes *b);
/* Whether all are the same. Labels of the kernel's are not compared: it sets them by itself. */
bool sc_attributes_equal(const struct sc_attributes *a, const struct sc_attributes *b);

/* The attribute of that name; NULL: there is none. */
const struct sc_xattr *sc_attributes_find(const struct sc_attributes *attributes, const char *name);
/* Whether the attribute of that name is the same, or neither has it. */
bool sc_attributes_same(const struct sc_attributes *a, const struct sc_attributes *b, const char *name);

#endif
