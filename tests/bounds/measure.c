/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a command with limits: measure KIB SECONDS COMMAND… KIB: address space, 0: no limit; SECONDS: processor time. Prints its exit code
 * (negative: the signal that killed it), milliseconds of processor time and its peak memory in KiB. The command's own output goes to
 * /dev/null. A small program, because the peak of a new process starts with that of its parent.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void run(rlim_t bytes, rlim_t seconds, char **command)
{
	const struct rlimit space = {bytes, bytes}, time = {seconds, seconds + 1}, core = {0, 0};
	int null = open("/dev/null", O_RDWR);

	for (int i = 0; i < 3; i++)
		dup2(null, i);
	setrlimit(RLIMIT_CORE, &core);
	setrlimit(RLIMIT_CPU, &time);
	if (bytes)
		setrlimit(RLIMIT_AS, &space);
	execv(command[0], command);
	_exit(127);
}

static long ms(struct timeval time)
{
	return time.tv_sec * 1000 + time.tv_usec / 1000;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int state;

	if (argc < 4)
		return 2;
	pid_t pid = fork();
	if (pid == 0)
		run(strtoull(argv[1], NULL, 10) * 1024, strtoull(argv[2], NULL, 10), argv + 3);
	if (pid < 0 || wait4(pid, &state, 0, &usage) != pid)
		return 1;
	printf("%d %ld %ld\n", WIFSIGNALED(state) ? -WTERMSIG(state) : WEXITSTATUS(state), ms(usage.ru_utime) + ms(usage.ru_stime),
	       usage.ru_maxrss);
	return 0;
}
