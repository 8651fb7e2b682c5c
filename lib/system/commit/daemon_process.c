/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Restarts a daemon that is not run by a service manager: it is stopped, and started again with its own arguments and environment. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "system/commit/daemon.h"

enum { STOP_SECONDS = 20, PROC_MAX = 4 * 1024 * 1024 };

static bool read_proc(pid_t pid, const char *name, struct sc_buf *out)
{
	char path[64], chunk[4096];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	while ((n = read(fd, chunk, sizeof(chunk))) > 0 && out->len < PROC_MAX)
		sc_buf_add(out, chunk, (size_t)n);
	close(fd);
	return n == 0 && !out->failed;
}

/* "a\0b\0" as a NULL-terminated array, followed by the bytes in the same block. */
static char **split(const struct sc_buf *bytes)
{
	size_t count = 0;

	for (size_t i = 0; i < bytes->len; i++)
		count += bytes->data[i] == '\0';
	char **words = calloc(1, (count + 2) * sizeof(*words) + bytes->len + 1);
	if (!words)
		return NULL;
	char *copy = (char *)(words + count + 2);
	if (bytes->len)
		memcpy(copy, bytes->data, bytes->len);
	size_t n = 0;
	for (size_t at = 0; at < bytes->len; at += strlen(copy + at) + 1)
		words[n++] = copy + at;
	return words;
}

static char *read_link(pid_t pid, const char *name)
{
	static const char deleted[] = " (deleted)";
	char path[64], target[PATH_MAX];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	ssize_t len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return NULL;
	target[len] = '\0';
	/* An update replaced the program: the new one has the same path. */
	if ((size_t)len > strlen(deleted) && strcmp(target + len - strlen(deleted), deleted) == 0)
		target[(size_t)len - strlen(deleted)] = '\0';
	return strdup(target);
}

static int reopen(pid_t pid, int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
	return open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

static mode_t read_umask(pid_t pid)
{
	SC_BUF status = SC_BUF_INIT;
	const char *line = read_proc(pid, "status", &status) ? strstr(sc_buf_text(&status), "\nUmask:") : NULL;

	return line ? (mode_t)strtoul(line + strlen("\nUmask:"), NULL, 8) & 0777 : 022;
}

enum spicecfg_status sc_daemon_remember(struct spicecfg_ctx *ctx, const struct sc_daemon *daemon, struct sc_daemon_launch *out)
{
	SC_BUF argv = SC_BUF_INIT;
	SC_BUF env = SC_BUF_INIT;

	*out = (struct sc_daemon_launch){.out = -1, .err = -1};
	out->exe = read_link(daemon->pid, "exe");
	out->cwd = read_link(daemon->pid, "cwd");
	if (!out->exe || !out->cwd || !read_proc(daemon->pid, "cmdline", &argv) || !read_proc(daemon->pid, "environ", &env) || !argv.len)
		return sc_fail(ctx, SPICECFG_SYSTEM, "Restart it by hand, and omit --restart-daemon.",
			       "can't determine how %s (process %d) was started: %s", daemon->name, (int)daemon->pid, strerror(errno));
	out->argv = split(&argv);
	out->env = split(&env);
	if (!out->argv || !out->env)
		return sc_fail_memory(ctx);
	out->out = reopen(daemon->pid, STDOUT_FILENO);
	out->err = reopen(daemon->pid, STDERR_FILENO);
	out->umask = read_umask(daemon->pid);
	return SPICECFG_OK;
}

void sc_daemon_launch_free(struct sc_daemon_launch *launch)
{
	free(launch->exe);
	free(launch->cwd);
	free(launch->argv);
	free(launch->env);
	if (launch->out >= 0)
		close(launch->out);
	if (launch->err >= 0)
		close(launch->err);
	*launch = (struct sc_daemon_launch){.out = -1, .err = -1};
}

/* Whether it has exited, or is a zombie that nobody reaps. */
static bool has_ended(pid_t pid)
{
	SC_BUF text = SC_BUF_INIT;

	if (!read_proc(pid, "stat", &text))
		return true;
	const char *behind = strrchr(sc_buf_text(&text), ')');
	return behind && strncmp(behind, ") Z", 3) == 0;
}

enum spicecfg_status sc_daemon_stop(struct spicecfg_ctx *ctx, const struct sc_daemon *daemon)
{
	const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};

	if (kill(daemon->pid, SIGTERM) < 0 && errno != ESRCH)
		return sc_fail(ctx, SPICECFG_SYSTEM, "Run it as root.", "%s (process %d) can't be stopped: %s", daemon->name,
			       (int)daemon->pid, strerror(errno));
	for (int i = 0; i < STOP_SECONDS * 50; i++) {
		if (has_ended(daemon->pid))
			return SPICECFG_OK;
		nanosleep(&pause, NULL);
	}
	return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "%s (process %d) did not exit within %d seconds", daemon->name, (int)daemon->pid,
		       STOP_SECONDS);
}

/* In the child; returns only on failure, with errno. */
static void become(const struct sc_daemon_launch *launch)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	umask(launch->umask);
	if (chdir(launch->cwd) < 0 || null < 0)
		return;
	if (dup2(null, 0) < 0 || dup2(launch->out >= 0 ? launch->out : null, 1) < 0 || dup2(launch->err >= 0 ? launch->err : null, 2) < 0)
		return;
	for (int fd = 1; fd <= 2; fd++)
		(void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	(void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	execve(launch->exe, launch->argv, launch->env);
}

enum spicecfg_status sc_daemon_start(struct spicecfg_ctx *ctx, const struct sc_daemon_launch *launch)
{
	int error = 0, channel[2], status;

	if (pipe2(channel, O_CLOEXEC) < 0)
		return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "%s can't be started: %s", launch->exe, strerror(errno));
	pid_t child = fork();
	if (child == 0) {
		/* Forks twice, so that it is not a child of this process. */
		if (setsid() < 0 || fork() != 0)
			_exit(0);
		become(launch);
		error = errno;
		(void)!write(channel[1], &error, sizeof(error));
		_exit(127);
	}
	if (child < 0)
		error = errno;
	close(channel[1]);
	if (child > 0) {
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
		if (read(channel[0], &error, sizeof(error)) <= 0)
			error = 0;
	}
	close(channel[0]);
	return error ? sc_fail(ctx, SPICECFG_SYSTEM, NULL, "%s can't be started: %s", launch->exe, strerror(error)) : SPICECFG_OK;
}
