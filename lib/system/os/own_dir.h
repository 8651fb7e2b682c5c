/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Directories that this account keeps for itself: locks, the journal. Each function returns a descriptor, or -1 with errno set. */
#ifndef SC_SYSTEM_OWN_DIR_H
#define SC_SYSTEM_OWN_DIR_H

#include <stdbool.h>
#include <sys/types.h>

/* Opens a directory by an absolute path, as variables of the environment name it. ENOENT: path is NULL, or not absolute. */
int sc_own_dir_open(const char *path);

/*
 * Opens the directory name, which is not a link, in the directory at, and closes at; at may be -1. A missing one is made with that mode,
 * whatever the umask is; 0: it is not made. durable: the entry of a new one is synced.
 */
int sc_own_dir_enter(int at, const char *name, mode_t mode, bool durable);

/* Returns fd if the directory belongs to this account and nobody else may write to it; else closes it: EPERM. fd may be -1. */
int sc_own_dir_check(int fd);

#endif
