/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/os/file.h"
#include "system/os/own_dir.h"

enum { OWN = 0700, TRIES = 100 };

/* In a tree that has no var/lib, which a plan may make. */
#define TREE_TOP ".spicecfg"

static const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

const char *sc_state_name(const struct spicecfg_ctx *ctx)
{
	if (ctx->root)
		return "var/lib/spicecfg (or .spicecfg) below the root";
	return geteuid() == 0 ? "/var/lib/spicecfg" : "the directory spicecfg in $XDG_STATE_HOME or ~/.local/state";
}

static int enter(int at, const char *name, bool make)
{
	return sc_own_dir_enter(at, name, make ? OWN : 0, true);
}

static int open_own(bool make)
{
	int fd = enter(sc_own_dir_check(sc_own_dir_open(secure_getenv("XDG_STATE_HOME"))), "spicecfg", make);

	if (fd < 0) {
		fd = enter(sc_own_dir_check(sc_own_dir_open(secure_getenv("HOME"))), ".local", make);
		fd = enter(enter(fd, "state", make), "spicecfg", make);
	}
	return fd;
}

/* Where the journal of a tree is: what is there counts, since a plan may make or remove var/lib. */
static int open_tree_above(const struct spicecfg_ctx *ctx, const char **name)
{
	int top = sc_file_open(ctx, "/", O_RDONLY | O_DIRECTORY), lib = sc_file_open(ctx, "/var/lib", O_RDONLY | O_DIRECTORY);
	bool at_top = lib < 0 || (top >= 0 && faccessat(top, TREE_TOP, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
	int other = at_top ? lib : top;

	*name = at_top ? TREE_TOP : "spicecfg";
	if (other >= 0)
		close(other);
	return at_top ? top : lib;
}

static int open_tree(const struct spicecfg_ctx *ctx, bool make)
{
	const char *name;
	int above = open_tree_above(ctx, &name);

	return enter(above, name, make);
}

static int open_place(const struct spicecfg_ctx *ctx, bool make)
{
	if (ctx->root)
		return open_tree(ctx, make);
	return geteuid() == 0 ? enter(sc_own_dir_open("/var/lib"), "spicecfg", make) : open_own(make);
}

/* Another process may remove the directory of a tree between two calls. */
static bool is_retried(const struct spicecfg_ctx *ctx, int tries)
{
	return ctx->root && errno == ENOENT && tries < TRIES;
}

/* A directory in the state directory; *made: its entry is not durable yet. */
static int sub(const struct sc_state *state, const char *name, bool make, bool *made)
{
	if (make && mkdirat(state->dir, name, OWN) == 0)
		*made = true;
	return sc_own_dir_check(openat(state->dir, name, flags));
}

enum spicecfg_status sc_state_open(struct spicecfg_ctx *ctx, bool make, struct sc_state *out)
{
	for (int tries = 0;; tries++) {
		bool made = false;

		*out = (struct sc_state){-1, -1, -1};
		out->dir = sc_own_dir_check(open_place(ctx, make));
		if (out->dir >= 0)
			out->tx = sub(out, "tx", make, &made);
		if (out->tx >= 0 && !ctx->root)
			out->history = sub(out, "history", make, &made);
		if (out->tx >= 0 && (out->history >= 0 || ctx->root || !make) && (!made || fsync(out->dir) == 0))
			return SPICECFG_OK;
		int error = errno;
		sc_state_close(out);
		errno = error;
		if (!make && (errno == ENOENT || errno == EACCES || errno == ENOTDIR))
			return SPICECFG_OK;
		if (!make || !is_retried(ctx, tries))
			break;
	}
	(void)sc_fail(ctx, SPICECFG_SYSTEM, NULL, "the journal can't be kept in %s: %s", sc_state_name(ctx),
		      errno == EPERM ? "it belongs to another account, or others may write to it" : strerror(errno));
	return SPICECFG_SYSTEM;
}

void sc_state_close(struct sc_state *state)
{
	const int open[] = {state->dir, state->tx, state->history};

	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++)
		if (open[i] >= 0)
			close(open[i]);
	*state = (struct sc_state){-1, -1, -1};
}

/* A process that has opened tx locks it before it uses it, and looks whether it is still there. */
void sc_state_remove(const struct spicecfg_ctx *ctx)
{
	const char *name;
	int above = open_tree_above(ctx, &name), dir = above < 0 ? -1 : openat(above, name, flags);
	int tx = dir < 0 ? -1 : openat(dir, "tx", flags);
	const int open[] = {above, dir, tx};

	if (tx >= 0 && flock(tx, LOCK_EX | LOCK_NB) == 0)
		(void)unlinkat(dir, "tx", AT_REMOVEDIR);
	if (dir >= 0)
		(void)unlinkat(above, name, AT_REMOVEDIR);
	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++)
		if (open[i] >= 0)
			close(open[i]);
}
