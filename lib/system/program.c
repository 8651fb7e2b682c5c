/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static pid_t start(const char *const *argv, int out)
{
	posix_spawn_file_actions_t files;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	int error = posix_spawnp(&pid, argv[0], &files, NULL, (char *const *)(intptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&files);
	return error ? -1 : pid;
}

/* Reads to the end; false when it does not come in time, or too much comes. */
static bool collect(int fd, int64_t end, size_t max, struct sc_buf *out)
{
	char chunk[16384];

	for (;;) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		int64_t left = end - now_ms();

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
	int ends[2], state = 0;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	pid_t pid = start(argv, ends[1]);
	close(ends[1]);
	bool fine = pid > 0 && collect(ends[0], now_ms() + (int64_t)seconds * 1000, max, out);
	close(ends[0]);
	if (pid <= 0)
		return false;
	if (!fine)
		kill(pid, SIGKILL);
	while (waitpid(pid, &state, 0) < 0 && errno == EINTR)
		;
	return fine && WIFEXITED(state) && WEXITSTATUS(state) == 0;
}
