/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/rename.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* NFS, FUSE, FAT and older ZFS know rename() without flags only. */
static bool lacks_flags(void)
{
	return errno == EINVAL || errno == ENOSYS || errno == ENOTSUP;
}

int sc_rename_move(int dir, const char *from, const char *to)
{
	if (renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (!lacks_flags())
		return -1;
	if (linkat(dir, from, dir, to, 0) == 0)
		return unlinkat(dir, from, 0);
	if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS)
		return -1;
	/* no hard links either: the lock is all that keeps others away */
	if (faccessat(dir, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(dir, from, dir, to);
}

/* The old file gets a second name, the new one takes its first: with hard links there is a file at every moment. */
static int exchange_in_steps(int dir, const char *fresh, const char *name, const char *aside)
{
	bool linked = linkat(dir, name, dir, aside, 0) == 0;

	if (!linked && renameat(dir, name, dir, aside) < 0)
		return -1;
	if (renameat(dir, fresh, dir, name) == 0)
		return renameat(dir, aside, dir, fresh);
	int saved = errno;
	if (linked)
		(void)unlinkat(dir, aside, 0);
	else
		(void)renameat(dir, aside, dir, name);
	errno = saved;
	return -1;
}

int sc_rename_exchange(int dir, const char *fresh, const char *name, const char *aside)
{
	if (renameat2(dir, fresh, dir, name, RENAME_EXCHANGE) == 0)
		return 0;
	return lacks_flags() ? exchange_in_steps(dir, fresh, name, aside) : -1;
}
