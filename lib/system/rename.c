/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/rename.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Names up to this length keep their own in that of the temp file; some file systems take 143 bytes only (eCryptfs). */
enum { OWN_NAME_MAX = 100 };

static uint64_t sum_of(const char *name)
{
	uint64_t sum = 0xcbf29ce484222325; /* FNV-1a */

	for (; *name; name++)
		sum = (sum ^ (unsigned char)*name) * 0x100000001b3;
	return sum;
}

void sc_temp_name(const char *name, char temp[SC_TEMP_NAME])
{
	if (strlen(name) <= OWN_NAME_MAX)
		snprintf(temp, SC_TEMP_NAME, ".%.*s.spicecfg-tmp", OWN_NAME_MAX, name);
	else
		snprintf(temp, SC_TEMP_NAME, ".%016" PRIx64 ".spicecfg-tmp", sum_of(name));
}

void sc_aside_name(const char *name, char aside[SC_TEMP_NAME])
{
	snprintf(aside, SC_TEMP_NAME, ".%016" PRIx64 ".spicecfg-old", sum_of(name));
}

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
