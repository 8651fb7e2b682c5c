/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_SYSTEM_FILE_ROOT_H
#define SC_SYSTEM_FILE_ROOT_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/* A path with all its links resolved. */
struct sc_resolved {
	char path[PATH_MAX]; /* below the root, without a leading slash; "" is the root. After a missing component: the rest as it was
				given. */
	bool missing;        /* the file or a directory above it does not exist */
	size_t exists;       /* bytes of path that exist: all, or those of the nearest directory above */
	bool all;            /* input: links of other accounts are followed too */
	bool foreign;        /* set with -1 and ELOOP: link is a symbolic link of another account, which was not followed */
	uid_t owner;         /* of that link */
	char link[PATH_MAX]; /* in the same form as path */
};

/*
 * Opens path below the directory root as in a chroot: symlinks and ".." never lead out of it. For systems without openat2 (kernels
 * before 5.6, valgrind): links are resolved first, then the result is opened without following any, so that a link placed meanwhile makes
 * it fail. Returns the descriptor, or -1 with errno.
 */
int sc_file_open_in_root(int root, const char *path, int flags);

/*
 * Resolves path in the same way, but follows only links made by root or the caller, unless out->all is set. In a directory that others may
 * write to, a link with several names is not trusted, because anybody may have put it there. Returns 0, or -1 with errno; the path need not
 * exist.
 */
int sc_file_resolve(int root, const char *path, bool follow_last, struct sc_resolved *out);

/* Opens the first len bytes of a resolved path. No link is followed, so a link placed meanwhile makes it fail (ELOOP, ENOTDIR). */
int sc_file_open_resolved(int root, const char *path, size_t len, int flags);

#endif
