/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/recover_define.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "system/commit/action.h"
#include "system/commit/daemon.h"
#include "system/commit/definition.h"
#include "system/commit/manager.h"
#include "system/commit/sweep.h"
#include "system/commit/tx_dir.h"
#include "system/libvirt/virt.h"
#include "system/os/place.h"
#include "system/os/rename.h"

static enum sc_undone failed(struct sc_undo *undo, const struct sc_tx_step *step, const char *why)
{
	sc_log(undo->ctx, SPICECFG_LOG_WARNING, "%s: the old definition can't be restored: %s", step->document, why);
	return SC_UNDO_FAILED;
}

enum noted { NOTED_XML, NOTED_FILE, NOTED };

/* Whether the XML or file with that digest is what the transaction left. Where nothing was noted, it is. */
static bool is_noted(struct sc_undo *undo, size_t index, enum noted which, const char *digest)
{
	char name[SC_TX_NAME], file[SC_TX_NAME];
	SC_BUF seen = SC_BUF_INIT;
	const size_t at = which * SC_SHA256_HEX, len = SC_SHA256_HEX - 1;

	snprintf(file, sizeof(file), "%.8s" SC_TX_SEEN, sc_tx_image(index, name));
	if (sc_tx_get(undo->dir, file, NOTED * SC_SHA256_HEX, &seen) < 0 || seen.len < at + len)
		return true;
	return memcmp(digest, sc_buf_text(&seen) + at, len) == 0;
}

static enum sc_undone define(struct sc_undo *undo, size_t index, const struct sc_buf *image, void *domain)
{
	const struct sc_tx_step *step = &undo->tx->steps[index];
	const struct sc_virt_ops *ops = sc_virt(undo->ctx);
	struct sc_synced synced = {.memory = undo->memory};
	char digest[SC_SHA256_HEX], *now = ops->xml(domain, true, true);

	if (!now)
		return failed(undo, step, ops->error());
	sc_sha256(now, strlen(now), digest);
	sc_wipe_free(now, strlen(now));
	if (strcmp(digest, step->before.digest) == 0)
		return SC_UNDONE;
	if (strcmp(digest, step->after.digest) != 0 && !is_noted(undo, index, NOTED_XML, digest))
		return SC_UNDO_CONFLICT;
	if (ops->define(sc_virt_connection(undo->ctx, false), sc_buf_text(image)) < 0)
		return failed(undo, step, ops->error());
	if (step->path && sc_definition_sync(ops->name(domain), &synced) < 0)
		return failed(undo, step, strerror(errno));
	return SC_UNDONE;
}

/* The file that the daemon had before. */
static int get_file(struct sc_undo *undo, size_t index, struct sc_buf *image)
{
	char name[SC_TX_NAME], file[SC_TX_NAME];
	int before = openat(undo->dir, SC_TX_BEFORE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (before < 0)
		return -1;
	snprintf(file, sizeof(file), "%.8s" SC_TX_FILE, sc_tx_image(index, name));
	int result = sc_tx_get(before, file, SC_TX_PLAN_MAX, image);
	int error = errno;
	close(before);
	errno = error;
	return result;
}

/* Writes the image over a file that is the transaction's own, or whose bytes a power cut has lost. */
static enum sc_undone replace(struct sc_undo *undo, size_t index, int dir, const char *name, const struct sc_buf *image)
{
	const struct sc_tx_step *step = &undo->tx->steps[index];
	const struct sc_attributes attributes = {.mode = 0600};
	char temp[SC_TEMP_NAME], digest[SC_SHA256_HEX];
	SC_BUF now = SC_BUF_INIT;

	if (sc_tx_get(dir, name, SC_TX_PLAN_MAX, &now) < 0)
		return errno == ENOENT ? SC_UNDO_CONFLICT : failed(undo, step, strerror(errno));
	if (now.len == image->len && memcmp(sc_buf_text(&now), sc_buf_text(image), now.len) == 0)
		return SC_UNDONE;
	sc_sha256(sc_buf_text(&now), now.len, digest);
	if (now.len && !is_noted(undo, index, NOTED_FILE, digest))
		return SC_UNDO_CONFLICT;
	sc_temp_name(name, temp);
	if (sc_tx_put_as(dir, temp, image, &attributes) == 0 && renameat(dir, temp, dir, name) == 0 && fsync(dir) == 0)
		return SC_UNDONE;
	int error = errno;
	/* it contains what the definition contains */
	(void)unlinkat(dir, temp, 0);
	return failed(undo, step, strerror(error));
}

/* A recovery that was killed while it wrote the file has left another one, which no plan names. */
static void sweep(struct sc_undo *undo, const struct sc_tx_step *step)
{
	const char *last;
	int dir;

	if (sc_place_open(undo->ctx, step->path, false, &last, &dir) != SPICECFG_OK) {
		sc_let_go(undo->ctx);
		return;
	}
	sc_sweep(undo->ctx, dir, sc_definition_dir());
	close(dir);
}

/* Writes the file of the daemon, which is not running. */
static enum sc_undone write_file(struct sc_undo *undo, size_t index)
{
	const struct sc_tx_step *step = &undo->tx->steps[index];
	SC_BUF image = SC_BUF_INIT;
	const char *last;
	int dir = -1;

	if (get_file(undo, index, &image) < 0)
		return failed(undo, step, strerror(errno));
	if (sc_place_open(undo->ctx, step->path, false, &last, &dir) != SPICECFG_OK) {
		sc_let_go(undo->ctx);
		return failed(undo, step, "its directory can't be opened");
	}
	enum sc_undone result = replace(undo, index, dir, last, &image);
	close(dir);
	return result;
}

enum sc_undone sc_undo_define(struct sc_undo *undo, size_t index, const struct sc_buf *image)
{
	const struct sc_tx_step *step = &undo->tx->steps[index];
	struct sc_daemon daemon;
	bool missing = false;

	if (undo->ctx->root || strcmp(step->uri, sc_virt_uri(undo->ctx)) != 0)
		return SC_UNDO_WAITS;
	if (step->path)
		sweep(undo, step);
	sc_daemon_find(undo->ctx, false, &daemon);
	/* a socket unit starts it when it is asked, but not while the host is booting */
	if (step->path && !daemon.pid)
		return write_file(undo, index);
	void *conn = sc_virt_connection(undo->ctx, false);
	if (!conn) {
		enum sc_undone result =
		    failed(undo, step, spicecfg_ctx_error(undo->ctx) ? spicecfg_ctx_error(undo->ctx)->message : "no connection");
		sc_let_go(undo->ctx);
		return result;
	}
	const struct sc_virt_ops *ops = sc_virt(undo->ctx);
	void *domain = ops->lookup(conn, step->uuid, &missing);
	if (!domain)
		return missing ? SC_UNDO_CONFLICT : failed(undo, step, ops->error());
	enum sc_undone result = define(undo, index, image, domain);
	ops->domain_free(domain);
	return result;
}

bool sc_undo_action(struct sc_undo *undo, const struct sc_tx_step *step)
{
	const struct sc_action action = {.name = step->action[0], .arg = {step->action[1], step->action[2], step->action[3]}};
	char process[SC_DAEMON_PROCESS];
	struct sc_daemon daemon;
	void *run = NULL;

	if (undo->ctx->root)
		return true;
	if (strcmp(action.name, "start-service") == 0 && action.arg[0] && sc_manager_is_systemd(undo->ctx)) {
		(void)sc_manager_systemctl("daemon-reload", NULL);
		return sc_manager_systemctl("try-restart", action.arg[0]) == 0;
	}
	if (strcmp(action.name, "restart-daemon") != 0 || !action.arg[0])
		return true;
	sc_daemon_find(undo->ctx, strcmp(action.arg[0], "session") == 0, &daemon);
	/* the one that was running before has not read the documents */
	sc_daemon_process(&daemon, process);
	if (!daemon.pid || (step->process && *process && strcmp(process, step->process) == 0))
		return true;
	enum spicecfg_status status = sc_action_restart_daemon.apply(undo->ctx, &action, &run);
	if (status)
		sc_log(undo->ctx, SPICECFG_LOG_WARNING, "%s: not restarted: %s", step->document, spicecfg_ctx_error(undo->ctx)->message);
	sc_action_restart_daemon.finish(undo->ctx, run);
	sc_let_go(undo->ctx);
	return !status;
}
