/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a program, and at its Nth call that changes something kills it, lets the call fail, or writes only half: call_at OUT WHAT N PROGRAM
 * [ARG...]
 *
 * WHAT: count, kill, short, or the number of an error. Calls of its child processes count too; the process that makes the call is hit.
 * Before
 * `+` in WHAT (`+5`) only calls count that open something, and those that change something, from the first that makes a file or directory
 * on. OUT gets the number of calls and, if it was hit, the name of the call. Exit status: that of the program; 137 if it was killed; 125:
 * not possible here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROW(name)                                                                                                                          \
	{                                                                                                                                  \
		SYS_##name, #name                                                                                                          \
	}

/* openat is in both: flags decide */
static const struct call {
	long number;
	const char *name;
} changing[] = {
    ROW(write),     ROW(pwrite64),    ROW(writev),       ROW(ftruncate), ROW(fallocate), ROW(renameat2), ROW(renameat),  ROW(linkat),
    ROW(symlinkat), ROW(unlinkat),    ROW(mkdirat),      ROW(fchmod),    ROW(fchmodat),  ROW(fchown),    ROW(fchownat),  ROW(setxattr),
    ROW(fsetxattr), ROW(removexattr), ROW(fremovexattr), ROW(fsync),     ROW(fdatasync), ROW(flock),     ROW(lsetxattr), ROW(lremovexattr),
    ROW(clone),     ROW(wait4),       ROW(fcntl),        ROW(openat),    ROW(openat2),
#ifdef SYS_rename
    ROW(rename),    ROW(mkdir),       ROW(rmdir),        ROW(unlink),    ROW(link),      ROW(chmod),     ROW(open),      ROW(chown),
    ROW(creat),     ROW(fork),        ROW(vfork),        ROW(symlink),
#endif
};

enum { N_CALLS = sizeof(changing) / sizeof(*changing) };

static const char *name_of(long number)
{
	for (size_t i = 0; i < N_CALLS; i++)
		if (changing[i].number == number)
			return changing[i].name;
	return "?";
}

static int install(void)
{
	struct sock_filter code[2 + N_CALLS + 2];
	size_t n = 0;

	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < N_CALLS; i++)
		code[n++] =
		    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)changing[i].number, (unsigned char)(N_CALLS - i), 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	struct sock_fprog program = {.len = (unsigned short)n, .filter = code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static bool is_opening(long number)
{
#ifdef SYS_open
	if (number == SYS_open)
		return true;
#endif
	return number == SYS_openat || number == SYS_openat2;
}

/* Locks of memory and reading flags change nothing. */
static bool is_change(const struct seccomp_data *data, bool opens)
{
	unsigned long long flags = 0;

	if (data->nr == SYS_openat)
		flags = data->args[2];
#ifdef SYS_open
	else if (data->nr == SYS_open)
		flags = data->args[1];
#endif
	if (is_opening(data->nr))
		return opens || (flags & (O_CREAT | O_TRUNC)) != 0;
	return data->nr != SYS_fcntl || data->args[1] == F_SETLK || data->args[1] == F_SETLKW || data->args[1] == F_OFD_SETLK;
}

static bool makes(const struct seccomp_data *data)
{
	return (data->nr == SYS_openat && data->args[2] & O_CREAT) || data->nr == SYS_mkdirat;
}

struct run {
	int listener;
	long hit, n, error; /* error -1: kill, -2: half of a write, 0: count only */
	bool opens, begun;
	const char *name;
};

static int64_t write_half(const struct seccomp_notif *call)
{
	static char bytes[1 << 20];
	size_t len = call->data.args[2] / 2;
	struct iovec to = {bytes, len < sizeof(bytes) ? len : sizeof(bytes)}, from = {(void *)(uintptr_t)call->data.args[1], to.iov_len};
	int process = (int)syscall(SYS_pidfd_open, call->pid, 0);
	int fd = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, (int)call->data.args[0], 0);
	ssize_t n = fd < 0 ? -1 : process_vm_readv((pid_t)call->pid, &to, 1, &from, 1, 0);

	if (n > 0)
		n = call->data.nr == SYS_write ? write(fd, bytes, (size_t)n) : pwrite(fd, bytes, (size_t)n, (off_t)call->data.args[3]);
	if (fd >= 0)
		close(fd);
	if (process >= 0)
		close(process);
	return n;
}

static void answer(struct run *run, const struct seccomp_notif *call)
{
	struct seccomp_notif_resp response = {.id = call->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
	bool counts = is_change(&call->data, run->opens);

	run->begun |= makes(&call->data);
	if (counts && (run->begun || !run->opens) && ++run->n == run->hit && run->error) {
		bool halves = (call->data.nr == SYS_write || call->data.nr == SYS_pwrite64) && call->data.args[2] > 1;
		int64_t half = run->error == -2 && halves ? write_half(call) : -1;

		run->name = name_of(call->data.nr);
		if (run->error == -1)
			kill((pid_t)call->pid, SIGKILL);
		else if (run->error > 0)
			response = (struct seccomp_notif_resp){.id = call->id, .error = (int)-run->error};
		else if (half > 0)
			response = (struct seccomp_notif_resp){.id = call->id, .val = half};
	}
	(void)ioctl(run->listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

/* Until no process with the filter is left. */
static void serve(struct run *run)
{
	struct pollfd ready = {.fd = run->listener, .events = POLLIN};
	struct seccomp_notif call;

	while (poll(&ready, 1, -1) >= 0 || errno == EINTR) {
		if (ready.revents & POLLHUP)
			return;
		memset(&call, 0, sizeof(call));
		if (ready.revents & POLLIN && ioctl(run->listener, SECCOMP_IOCTL_NOTIF_RECV, &call) == 0)
			answer(run, &call);
	}
}

/* The child's descriptor is taken from it: it can't send it without a call that is counted. */
static int start(char **words, pid_t *child)
{
	int *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return -1;
	*shared = -1;
	*child = fork();
	if (*child == 0) {
		int fd = install();

		__atomic_store_n(shared, fd < 0 ? -2 : fd, __ATOMIC_SEQ_CST);
		if (fd < 0)
			_exit(125);
		while (__atomic_load_n(shared, __ATOMIC_SEQ_CST) != -3)
			usleep(50);
		close(fd);
		execvp(words[0], words);
		_exit(127);
	}
	while (__atomic_load_n(shared, __ATOMIC_SEQ_CST) == -1)
		usleep(50);
	int process = *shared < 0 ? -1 : (int)syscall(SYS_pidfd_open, *child, 0);
	int listener = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, *shared, 0);
	__atomic_store_n(shared, -3, __ATOMIC_SEQ_CST);
	if (process >= 0)
		close(process);
	return listener;
}

int main(int argc, char **argv)
{
	struct run run = {.name = ""};
	pid_t child;
	int status = 0;

	if (argc < 5) {
		fputs("usage: call_at OUT count|kill|short|[+]ERRNO N PROGRAM [ARG...]\n", stderr);
		return 2;
	}
	const char *what = argv[2];
	run.opens = *what == '+';
	what += run.opens;
	run.error = strcmp(what, "kill") == 0 ? -1 : strcmp(what, "short") == 0 ? -2 : strtol(what, NULL, 10);
	run.hit = strtol(argv[3], NULL, 10);
	run.listener = start(argv + 4, &child);
	if (run.listener < 0)
		return 125;
	serve(&run);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	FILE *out = fopen(argv[1], "w");
	if (!out || fprintf(out, "%ld %s\n", run.n, run.name) < 0 || fclose(out) != 0)
		return 125;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
