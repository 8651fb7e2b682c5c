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
#include "system/libvirt/virt.h"
#include "system/os/clock.h"
#include "system/os/program.h"

/* A daemon under load needs some seconds before it answers. A try that hangs is abandoned. */
enum { UP_SECONDS = 30, TRY_SECONDS = 10, GONE_TRIES = 10, ANSWER_SIZE = 512 };

struct run {
	bool session;
	bool touched; /* something was restarted: an undo must restart it again */
	bool by_unit;
	struct sc_daemon daemon; /* as it was before */
	struct sc_daemon_launch launch;
};

static void pause_ms(long ms)
{
	const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

/* systemctl VERB UNIT, without output; its exit status, -1: it can't be run. */
static int systemctl(const char *verb, const char *name, const char *type)
{
	char unit[64];
	const char *const argv[] = {"systemctl", verb, "--quiet", unit, NULL};

	snprintf(unit, sizeof(unit), "%s.%s", name, type);
	return sc_program_run(argv);
}

/* In the child: connects and asks for the capabilities. The result is an error text on fd, and the exit status. */
static void ask(bool session, int fd)
{
	struct spicecfg_ctx *scratch = spicecfg_ctx_new();
	char *xml = NULL;

	if (scratch && spicecfg_ctx_set_uri(scratch, session ? "qemu:///session" : "qemu:///system") == SPICECFG_OK) {
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
static bool answers(bool session, char *answer)
{
	int channel[2], status = -1;
	int64_t end = sc_clock_ms() + TRY_SECONDS * 1000;

	answer[0] = '\0';
	if (pipe2(channel, O_CLOEXEC) < 0)
		return false;
	pid_t child = fork();
	if (child == 0)
		ask(session, channel[1]);
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
	int gone = 0;

	do {
		struct sc_daemon daemon;

		if (answers(run->session, answer))
			return true;
		/* It is running without a QEMU driver, or has exited for good. */
		sc_daemon_find(ctx, run->session, &daemon);
		gone = is_over(run, &daemon) ? gone + 1 : 0;
		if (strstr(answer, "connection driver") || (gone >= GONE_TRIES && !run->session) || sc_interrupted(ctx))
			break;
		pause_ms(100);
	} while (sc_clock_ms() < end);
	if (gone || !*answer)
		snprintf(answer, ANSWER_SIZE, "%s", gone ? "it exited by itself" : "it does not answer");
	return false;
}

static enum spicecfg_status wait_up(struct spicecfg_ctx *ctx, const struct run *run)
{
	char answer[ANSWER_SIZE];

	if (comes_up(ctx, run, answer))
		return SPICECFG_OK;
	if (sc_interrupted(ctx))
		return sc_fail(ctx, SPICECFG_INTERRUPTED, NULL, "interrupted; the old qemu.conf is restored");
	return sc_fail(ctx, SPICECFG_SYSTEM,
		       run->by_unit ? "See the daemon's log: journalctl -u libvirtd -u virtqemud." : "See the daemon's log.",
		       "%s has no QEMU driver with the new qemu.conf, so the old file is restored (%s)", run->daemon.name, answer);
}

static enum spicecfg_status restart_unit(struct spicecfg_ctx *ctx, struct run *run)
{
	run->touched = true;
	(void)systemctl("reset-failed", run->daemon.name, "service");
	/* wait_up() reports a service that does not come up. */
	if (systemctl("restart", run->daemon.name, "service") < 0)
		return sc_fail(ctx, SPICECFG_SYSTEM, "Restart it by hand, and leave --restart-daemon away.",
			       "systemctl can't be run to restart %s", run->daemon.name);
	return SPICECFG_OK;
}

/* Stops the running process, and starts it as it was originally. */
static enum spicecfg_status restart_process(struct spicecfg_ctx *ctx, struct run *run)
{
	struct sc_daemon now;
	enum spicecfg_status status = SPICECFG_OK;

	sc_daemon_find(ctx, run->session, &now);
	run->touched = true;
	if (now.pid)
		status = sc_daemon_stop(ctx, &now);
	/* A session's daemon is started by the next connection. */
	if (status || run->session)
		return status;
	pause_ms(100);
	/* A supervisor may already have restarted it. */
	sc_daemon_find(ctx, run->session, &now);
	return now.pid ? SPICECFG_OK : sc_daemon_start(ctx, &run->launch);
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, const struct sc_action *action, void **own)
{
	struct run *run = calloc(1, sizeof(*run));
	enum spicecfg_status status = SPICECFG_OK;

	if (!run)
		return sc_fail_memory(ctx);
	*own = run;
	run->launch = (struct sc_daemon_launch){.out = -1, .err = -1};
	run->session = strcmp(action->arg[0], "session") == 0;
	sc_daemon_find(ctx, run->session, &run->daemon);
	if (run->daemon.systemd)
		run->by_unit = systemctl("is-active", run->daemon.name, "service") == 0;
	if (run->by_unit) {
		status = restart_unit(ctx, run);
	} else if (run->daemon.pid) {
		status = sc_daemon_remember(ctx, &run->daemon, &run->launch);
		if (!status)
			status = restart_process(ctx, run);
	} else if (!run->daemon.systemd || systemctl("is-active", run->daemon.name, "socket") != 0) {
		return SPICECFG_OK; /* it reads the file when it is started */
	}
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
	enum spicecfg_status status = run->by_unit ? restart_unit(scratch, run) : restart_process(scratch, run);
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
	struct run *run = own;

	(void)ctx;
	if (!run)
		return;
	sc_daemon_launch_free(&run->launch);
	free(run);
}

/*
 * Action "restart-daemon": arg[0] is "system" or "session". Restarts the daemon (with systemctl if systemd runs it, else the running
 * process is stopped and started again with its own arguments and environment) and asks it for the capabilities of its QEMU driver. A
 * daemon that is not running is not started. undone: does the same again after the old file was restored.
 */
const struct sc_action_ops sc_action_restart_daemon = {.name = "restart-daemon", .apply = apply, .undone = undone, .finish = finish};
