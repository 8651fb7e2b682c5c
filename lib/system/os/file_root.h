/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_SYSTEM_FILE_ROOT_H
#define SC_SYSTEM_FILE_ROOT_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/* A path with all its links resolved. */
struct sc_resolved {
	char
	    path[PATH_MAX]; /* below the root, without a leading slash; "" is the root. Behind what is missing: the rest as it was given. */
	bool missing;       /* it, or a directory above it, does not exist */
	size_t exists;      /* bytes of path that do exist: all, or those of the nearest directory above */
	bool foreign;       /* with -1 and ELOOP: link is a symbolic link of another account, which was not followed */
	uid_t owner;        /* of that link */
	char link[PATH_MAX]; /* as path */
};

/*
 * Opens path below the directory root as a chroot would see it: symlinks and ".." never lead out of it. For kernels without openat2 (before
 * 5.6, and valgrind): links are resolved first, and the result is walked without following any, so that a link put there meanwhile fails.
 * Returns the descriptor, or -1 with errno.
 */
int sc_file_open_in_root(int root, const char *path, int flags);

/*
 * Resolves path in the same way, following only links that root or the caller made: in a directory that others may write, one with other
 * names does not count as theirs, as anybody may have put it there. 0, or -1 with errno; not everything has to exist.
 */
int sc_file_resolve(int root, const char *path, bool follow_last, struct sc_resolved *out);

/* Opens the first len bytes of a resolved path; no link is followed, so one that was put there meanwhile fails (ELOOP, ENOTDIR). */
int sc_file_open_resolved(int root, const char *path, size_t len, int flags);

#endif
