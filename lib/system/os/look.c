/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/look.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "system/os/file.h"
#include "system/os/seen.h"

static bool is_missing(int error)
{
	return error == ENOENT || error == ENOTDIR;
}

void sc_look_failed(const struct spicecfg_ctx *ctx, const char *path, const char *why)
{
	if (!path)
		sc_unread_stop(ctx->unread, SPICECFG_SYSTEM);
	else
		sc_unread_add(ctx->unread, path, why);
}

void sc_look_error(struct spicecfg_ctx *ctx, const char *path)
{
	const struct spicecfg_error *error = spicecfg_ctx_error(ctx);

	if (!error || ctx->lasting)
		return;
	sc_look_failed(ctx, path ? path : error->file ? error->file : "the host", error->message);
	sc_let_go(ctx);
}

enum sc_look sc_look_stat(const struct spicecfg_ctx *ctx, const char *path, struct stat *st)
{
	struct sc_seen seen;
	enum sc_look look = sc_look_see(ctx, path, false, &seen);

	*st = seen.st;
	sc_seen_close(&seen);
	return look;
}

enum sc_look sc_look_see(const struct spicecfg_ctx *ctx, const char *path, bool follow, struct sc_seen *out)
{
	if (!path) {
		*out = (struct sc_seen){.fd = -1};
		sc_look_failed(ctx, NULL, NULL);
		return SC_LOOK_UNREAD;
	}
	if (sc_see(ctx, path, false, follow, out) == 0)
		return SC_LOOK_OK;
	if (is_missing(errno))
		return SC_LOOK_MISSING;
	sc_look_failed(ctx, path, strerror(errno));
	return SC_LOOK_UNREAD;
}

bool sc_look_exists(const struct spicecfg_ctx *ctx, const char *path)
{
	struct stat st;

	return sc_look_stat(ctx, path, &st) == SC_LOOK_OK;
}

int sc_look_open(const struct spicecfg_ctx *ctx, const char *path, int flags)
{
	int fd = path ? sc_file_open(ctx, path, flags) : -1;
	int error = path ? errno : ENOMEM;

	if (fd < 0 && !is_missing(error))
		sc_look_failed(ctx, path, strerror(error));
	errno = error;
	return fd;
}

enum sc_look sc_look_read(const struct spicecfg_ctx *ctx, const char *path, size_t max, struct sc_buf *out)
{
	struct spicecfg_ctx scratch = {.root = ctx->root, .interrupt = ctx->interrupt, .stage = ctx->stage};
	struct sc_file_id id;

	if (!path) {
		sc_look_failed(ctx, NULL, NULL);
		return SC_LOOK_UNREAD;
	}
	enum spicecfg_status status = sc_file_read(&scratch, path, false, true, max, out, &id);
	if (!status)
		return id.exists ? SC_LOOK_OK : SC_LOOK_MISSING;
	int fd = sc_file_open(ctx, path, O_PATH);
	bool missing = fd < 0 && is_missing(errno);
	if (fd >= 0)
		close(fd);
	if (scratch.lasting)
		sc_unread_stop(ctx->unread, status);
	else if (!missing)
		sc_look_failed(ctx, path, scratch.error.message);
	spicecfg_ctx_clear_error(&scratch);
	return missing ? SC_LOOK_MISSING : SC_LOOK_UNREAD;
}

char **sc_look_list(const struct spicecfg_ctx *ctx, const char *dir, struct sc_arena *arena)
{
	char **names = dir ? sc_file_list(ctx, dir, arena) : NULL;
	int error = dir ? errno : ENOMEM;

	if (!names && !is_missing(error))
		sc_look_failed(ctx, error == ENOMEM ? NULL : dir, strerror(error));
	return names;
}
