/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "system/os/clock.h"

/* Root is not misled by the PATH of the account that it was called from, and sbin is searched for everybody. */
static int start(pid_t *pid, const char *const *argv, const posix_spawn_file_actions_t *files)
{
	static const char *const directories[] = {"/usr/sbin", "/usr/bin", "/sbin", "/bin"};
	static const char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL};
	posix_spawnattr_t how;
	sigset_t all, none;
	char path[PATH_MAX];
	int error = posix_spawnattr_init(&how);

	if (error)
		return error;
	/* What this process ignores or blocks is not for a daemon that lives on. */
	sigfillset(&all);
	sigemptyset(&none);
	error = posix_spawnattr_setsigdefault(&how, &all);
	if (!error)
		error = posix_spawnattr_setsigmask(&how, &none);
	if (!error)
		error = posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	if (!error)
		error = ENOENT;
	for (size_t i = 0; error == ENOENT && i < sizeof(directories) / sizeof(*directories); i++) {
		snprintf(path, sizeof(path), "%s/%s", directories[i], argv[0]);
		error = posix_spawn(pid, path, files, &how, (char *const *)(intptr_t)argv, (char *const *)(intptr_t)environment);
	}
	posix_spawnattr_destroy(&how);
	return error;
}

/* out: descriptor for its output; negative: /dev/null. */
static int start_with(pid_t *pid, const char *const *argv, int out)
{
	posix_spawn_file_actions_t files;

	int error = posix_spawn_file_actions_init(&files);
	if (error)
		return error;
	error = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!error && out >= 0)
		error = posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	else if (!error)
		error = posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (!error)
		error = posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (!error)
		error = start(pid, argv, &files);
	posix_spawn_file_actions_destroy(&files);
	return error;
}

static int wait_for(pid_t pid)
{
	int state = 0;

	while (waitpid(pid, &state, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(state) ? WEXITSTATUS(state) : 128;
}

/* Reads to the end; false if that takes too long or there is too much output. */
static bool collect(int fd, int64_t end, size_t max, struct sc_buf *out)
{
	char chunk[16384];

	for (;;) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		int64_t left = end - sc_clock_ms();

		if (left <= 0 || out->len > max || out->failed)
			return false;
		if (poll(&wait, 1, (int)left) <= 0)
			continue;
		ssize_t n = read(fd, chunk, sizeof(chunk));
		if (n == 0)
			return true;
		if (n > 0)
			sc_buf_add(out, chunk, (size_t)n);
		else if (errno != EINTR)
			return false;
	}
}

bool sc_program_read(const char *const *argv, unsigned seconds, size_t max, struct sc_buf *out)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	int error = start_with(&pid, argv, ends[1]);
	close(ends[1]);
	bool fine = !error && collect(ends[0], sc_clock_ms() + (int64_t)seconds * 1000, max, out);
	close(ends[0]);
	if (error)
		return false;
	if (!fine)
		kill(pid, SIGKILL);
	return wait_for(pid) == 0 && fine;
}

int sc_program_run(const char *const *argv)
{
	pid_t pid;
	int error = start_with(&pid, argv, -1);

	if (error) {
		errno = error;
		return -1;
	}
	return wait_for(pid);
}
