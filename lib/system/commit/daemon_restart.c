/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The action "restart-daemon", and the check that the daemon came up. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "system/commit/action.h"
#include "system/commit/daemon.h"
#include "system/commit/manager.h"
#include "system/libvirt/virt.h"
#include "system/os/clock.h"

/* A daemon under load needs some seconds before it answers. A try that hangs is abandoned. */
enum { UP_SECONDS = 30, TRY_SECONDS = 10, EXITED_TRIES = 10, ANSWER_SIZE = 512 };

struct run {
	bool touched;            /* something was restarted: an undo must restart it again */
	bool by_unit;            /* by systemd; else by its init script */
	struct sc_daemon daemon; /* as it was before */
};

static void pause_ms(long ms)
{
	const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

static int systemctl(const char *verb, const char *name, const char *type)
{
	char unit[64];

	snprintf(unit, sizeof(unit), "%s.%s", name, type);
	return sc_manager_systemctl(verb, unit);
}

/* In the child: connects and asks for the capabilities. The result is an error text on fd, and the exit status. */
static void ask(int fd)
{
	struct spicecfg_ctx *scratch = spicecfg_ctx_new();
	char *xml = NULL;

	if (scratch && spicecfg_ctx_set_uri(scratch, "qemu:///system") == SPICECFG_OK) {
		void *conn = sc_virt_connection(scratch, false);

		xml = conn ? sc_virt(scratch)->capabilities(conn) : NULL;
		if (conn && !xml)
			(void)sc_fail(scratch, SPICECFG_SYSTEM, NULL, "%s", sc_virt(scratch)->error());
		if (!xml && spicecfg_ctx_error(scratch))
			(void)!write(fd, spicecfg_ctx_error(scratch)->message, strlen(spicecfg_ctx_error(scratch)->message));
	}
	_exit(xml ? 0 : 1);
}

/* One try, in a process of its own: libvirt's calls have no time limit, and its threads stay out of the caller. */
static bool answers(char *answer)
{
	int channel[2], status = -1;
	int64_t end = sc_clock_ms() + TRY_SECONDS * 1000;

	answer[0] = '\0';
	if (pipe2(channel, O_CLOEXEC) < 0)
		return false;
	pid_t child = fork();
	if (child == 0)
		ask(channel[1]);
	close(channel[1]);
	while (child > 0 && waitpid(child, &status, WNOHANG) == 0) {
		if (sc_clock_ms() > end)
			kill(child, SIGKILL);
		pause_ms(5);
	}
	ssize_t n = child > 0 ? read(channel[0], answer, ANSWER_SIZE - 1) : 0;
	answer[n > 0 ? n : 0] = '\0';
	close(channel[0]);
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Whether no process is running and, with a unit, systemd will not start it again. */
static bool is_over(const struct run *run, const struct sc_daemon *daemon)
{
	return run->by_unit ? systemctl("is-failed", run->daemon.name, "service") == 0 : !daemon->pid;
}

/* Waits until the daemon's QEMU driver answers. False, with the reason in answer: it never will. */
static bool comes_up(const struct spicecfg_ctx *ctx, const struct run *run, char *answer)
{
	int64_t end = sc_clock_ms() + UP_SECONDS * 1000;
	int exited = 0;

	do {
		struct sc_daemon daemon;

		if (answers(answer))
			return true;
		/* It is running without a QEMU driver, or has exited for good. */
		sc_daemon_find(ctx, false, &daemon);
		exited = is_over(run, &daemon) ? exited + 1 : 0;
		if (strstr(answer, "connection driver") || exited >= EXITED_TRIES || sc_interrupted(ctx))
			break;
		pause_ms(100);
	} while (sc_clock_ms() < end);
	if (exited || !*answer)
		snprintf(answer, ANSWER_SIZE, "%s", exited ? "it exited by itself" : "it does not answer");
	return false;
}

/* An init script may succeed without a restart. */
static enum spicecfg_status check_new(struct spicecfg_ctx *ctx, const struct run *run)
{
	struct sc_daemon now;

	sc_daemon_find(ctx, false, &now);
	if (!now.pid || now.pid != run->daemon.pid)
		return SPICECFG_OK;
	return sc_fail(ctx, SPICECFG_SYSTEM, "Restart it yourself, and omit --restart-daemon.",
		       "%s (process %d) is still running: %s did not restart it", now.name, (int)now.pid,
		       run->by_unit ? "systemctl" : "service");
}

static enum spicecfg_status wait_up(struct spicecfg_ctx *ctx, const struct run *run)
{
	char answer[ANSWER_SIZE];

	if (comes_up(ctx, run, answer))
		return check_new(ctx, run);
	if (sc_interrupted(ctx))
		return sc_fail(ctx, SPICECFG_INTERRUPTED, NULL, "interrupted; the old qemu.conf is restored");
	return sc_fail(ctx, SPICECFG_SYSTEM,
		       run->by_unit ? "See the daemon's log: journalctl -u libvirtd -u virtqemud." : "See the daemon's log.",
		       "%s has no QEMU driver with the new qemu.conf, so the old file is restored (%s)", run->daemon.name, answer);
}

static enum spicecfg_status restart(struct spicecfg_ctx *ctx, struct run *run)
{
	run->touched = true;
	if (run->by_unit)
		(void)systemctl("reset-failed", run->daemon.name, "service");
	/* wait_up() reports a service that does not come up. */
	int status = run->by_unit ? systemctl("restart", run->daemon.name, "service") : sc_manager_service(run->daemon.name, "restart");
	if (status < 0)
		return sc_fail(ctx, SPICECFG_SYSTEM, "Restart it yourself, and omit --restart-daemon.", "%s can't be run to restart %s",
			       run->by_unit ? "systemctl" : "service", run->daemon.name);
	return SPICECFG_OK;
}

/* True if the daemon was started by what would restart it: otherwise a second daemon would be started, which takes over its sockets. */
static bool is_managed(const struct run *run)
{
	const char *name = run->daemon.name;

	if (run->daemon.systemd)
		return systemctl("is-active", name, "service") == 0;
	return run->daemon.script && run->daemon.pid && sc_manager_service(name, "status") == 0;
}

static void find(struct spicecfg_ctx *ctx, const struct sc_action *action, struct sc_daemon *daemon)
{
	sc_daemon_find(ctx, strcmp(action->arg[0], "session") == 0, daemon);
}

static bool describe(struct spicecfg_ctx *ctx, const struct sc_action *action, struct sc_arena *memory, struct sc_tx_step *tx)
{
	struct sc_daemon daemon;
	char process[SC_DAEMON_PROCESS];

	find(ctx, action, &daemon);
	sc_daemon_process(&daemon, process);
	tx->process = sc_arena_strdup(memory, process);
	return tx->process;
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, const struct sc_action *action, void **own)
{
	struct run *run = calloc(1, sizeof(*run));
	enum spicecfg_status status = SPICECFG_OK;

	if (!run)
		return sc_fail_memory(ctx);
	*own = run;
	find(ctx, action, &run->daemon);
	run->by_unit = run->daemon.systemd;
	if (is_managed(run))
		status = restart(ctx, run);
	else if (run->daemon.pid)
		return sc_daemon_fail(ctx, &run->daemon);
	else if (!run->daemon.systemd || systemctl("is-active", run->daemon.name, "socket") != 0)
		return SPICECFG_OK; /* it reads the file when it is started */
	/* An open connection leads to the old daemon. */
	if (ctx->connection_free)
		ctx->connection_free(ctx->connection);
	ctx->connection = NULL;
	ctx->connection_free = NULL;
	return status ? status : wait_up(ctx, run);
}

static bool undone(struct spicecfg_ctx *ctx, const struct sc_action *action, void *own)
{
	struct run *run = own;
	struct spicecfg_ctx *scratch = spicecfg_ctx_new(); /* ctx has its error already, and an interrupt must not stop this */
	char answer[ANSWER_SIZE] = "";

	(void)action;
	if (!run || !run->touched || !scratch) {
		spicecfg_ctx_free(scratch);
		return !run || !run->touched;
	}
	enum spicecfg_status status = restart(scratch, run);
	if (status)
		snprintf(answer, sizeof(answer), "%s", spicecfg_ctx_error(scratch)->message);
	bool up = !status && comes_up(scratch, run, answer);
	if (up)
		sc_log(ctx, SPICECFG_LOG_INFO, "%s is running again with the old qemu.conf", run->daemon.name);
	else
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s does not come up with the old qemu.conf either: %s", run->daemon.name, answer);
	spicecfg_ctx_free(scratch);
	return up;
}

static void finish(struct spicecfg_ctx *ctx, void *own)
{
	(void)ctx;
	free(own);
}

/*
 * Action "restart-daemon": arg[0] is "system" or "session". Restarts the daemon (with systemctl if systemd is running, else with its init
 * script) and asks it for the capabilities of its QEMU driver. A daemon that is not running is not started. undone: does the same again
 * after the old file was restored.
 */
const struct sc_action_ops sc_action_restart_daemon = {
    .name = "restart-daemon", .describe = describe, .apply = apply, .undone = undone, .finish = finish};
