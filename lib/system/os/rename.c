/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/rename.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

/* Names up to this length are part of the temp file's name; some file systems allow only 143 bytes (eCryptfs). */
enum { OWN_NAME_MAX = 100 };

uint64_t sc_name_sum(const char *name)
{
	uint64_t sum = 0xcbf29ce484222325; /* FNV-1a */

	for (; *name; name++)
		sum = (sum ^ (unsigned char)*name) * 0x100000001b3;
	return sum;
}

void sc_temp_name(const char *name, char temp[SC_TEMP_NAME])
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		random = (uint64_t)getpid() << 32 ^ (uint64_t)clock();
	if (strlen(name) <= OWN_NAME_MAX)
		snprintf(temp, SC_TEMP_NAME, ".%.*s.%016" PRIx64 SC_TEMP_SUFFIX, OWN_NAME_MAX, name, random);
	else
		snprintf(temp, SC_TEMP_NAME, ".%016" PRIx64 ".%016" PRIx64 SC_TEMP_SUFFIX, sc_name_sum(name), random);
}

void sc_aside_name(const char *temp, char aside[SC_TEMP_NAME])
{
	snprintf(aside, SC_TEMP_NAME, "%.*s" SC_ASIDE_SUFFIX, (int)(strlen(temp) - strlen(SC_TEMP_SUFFIX)), temp);
}

bool sc_temp_is_of(const char *temp, const char *name)
{
	char sum[24];
	size_t len = strlen(name);
	int sum_len = snprintf(sum, sizeof(sum), "%016" PRIx64 ".", sc_name_sum(name));

	return *temp == '.' &&
	       ((strncmp(temp + 1, name, len) == 0 && temp[1 + len] == '.') || strncmp(temp + 1, sum, (size_t)sum_len) == 0);
}

/* NFS, FUSE, FAT and older ZFS support only rename() without flags. */
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
	/* no hard links either: only the lock keeps others away */
	if (faccessat(dir, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(dir, from, dir, to);
}

/* The old file gets a second name, then the new one replaces its first: with hard links a file exists at every moment. */
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

int sc_rename_swap(int dir, const char *a, const char *b)
{
	if (renameat2(dir, a, dir, b, RENAME_EXCHANGE) == 0)
		return 0;
	if (lacks_flags())
		errno = ENOSYS;
	return -1;
}

int sc_rename_exchange(int dir, const char *fresh, const char *name, const char *aside)
{
	if (sc_rename_swap(dir, fresh, name) == 0)
		return 0;
	return errno == ENOSYS ? exchange_in_steps(dir, fresh, name, aside) : -1;
}
