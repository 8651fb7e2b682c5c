/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_SYSTEM_FILE_ROOT_H
#define SC_SYSTEM_FILE_ROOT_H

/*
 * Opens path below the directory root as a chroot would see it: symlinks and ".." never lead out of it. For kernels without openat2 (before
 * 5.6, and valgrind): links are resolved first, and the result is walked without following any, so that a link put there meanwhile fails.
 * Returns the descriptor, or -1 with errno.
 */
int sc_file_open_in_root(int root, const char *path, int flags);

#endif
