/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/definition.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "system/commit/journal_plan.h"
#include "system/commit/tx_dir.h"

#define DEFINITIONS "/etc/libvirt/qemu"

const char *sc_definition_dir(void)
{
	return DEFINITIONS;
}

const char *sc_definition_path(struct sc_arena *memory, const char *name)
{
	return sc_arena_printf(memory, DEFINITIONS "/%s.xml", name);
}

bool sc_definition_digest(const char *name, char digest[SC_SHA256_HEX])
{
	SC_BUF bytes = SC_BUF_INIT;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), DEFINITIONS "/%s.xml", name);
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || sc_tx_get_from(fd, SC_TX_PLAN_MAX, &bytes) < 0)
		return false;
	sc_sha256(sc_buf_text(&bytes), bytes.len, digest);
	return true;
}

int sc_definition_sync(const char *name, struct sc_synced *synced)
{
	char path[PATH_MAX];
	int dir = open(DEFINITIONS, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd, result = 0;

	snprintf(path, sizeof(path), "%s.xml", name);
	fd = dir < 0 ? -1 : openat(dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	/* a daemon that keeps them elsewhere */
	if (fd >= 0)
		result = fsync(fd) < 0 || sc_sync_dir(synced, dir) < 0 ? -1 : 0;
	int error = errno;
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	errno = error;
	return result;
}
