/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/lock_place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "system/os/own_dir.h"

static int enter(int at, const char *name, mode_t mode)
{
	return sc_own_dir_check(sc_own_dir_enter(at, name, mode, false));
}

int sc_lock_place_old(void)
{
	return geteuid() == 0 ? enter(sc_own_dir_open("/run"), "spicecfg", 0755) : -1;
}

static int open_users(void)
{
	int fd = enter(sc_own_dir_check(sc_own_dir_open(secure_getenv("XDG_RUNTIME_DIR"))), "spicecfg", 0700);

	if (fd < 0)
		fd = enter(sc_own_dir_check(sc_own_dir_open(secure_getenv("XDG_STATE_HOME"))), "spicecfg", 0700);
	if (fd < 0) {
		fd = enter(sc_own_dir_check(sc_own_dir_open(secure_getenv("HOME"))), ".local", 0700);
		fd = enter(enter(fd, "state", 0700), "spicecfg", 0700);
	}
	return enter(fd, "locks", 0700);
}

enum spicecfg_status sc_lock_place(struct spicecfg_ctx *ctx, int *fd)
{
	*fd = geteuid() == 0 ? enter(sc_lock_place_old(), "locks", 0700) : -1;
	/* root of a user namespace may not write to /run */
	if (*fd < 0)
		*fd = open_users();
	if (*fd >= 0 || geteuid() != 0)
		return SPICECFG_OK;
	return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "the lock directory /run/spicecfg/locks can't be created: %s", strerror(errno));
}
