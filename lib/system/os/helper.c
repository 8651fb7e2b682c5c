/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "system/os/clock.h"

/* The exit code of a child whose answer is not complete. Tools that watch processes, such as valgrind, end them with codes of their own. */
enum { CUT = 127 };

static bool write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return true;
}

static _Noreturn void child(int fd, pid_t parent, sc_helper_fn fn, void *opaque)
{
	struct sc_buf reply = SC_BUF_INIT;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	/* No copy of a secret may outlive the child: no core file, no debugger, no orphaned process. */
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	int null = open("/dev/null", O_RDWR);
	for (int i = 0; null >= 0 && i < 3; i++)
		dup2(null, i);
	char status = (char)fn(opaque, &reply);
	static const char large[] = "too large: it needs more memory than the limit allows";
	bool failed = reply.failed;
	if (failed)
		status = SPICECFG_SYSTEM;
	bool whole =
	    write_all(fd, &status, 1) && write_all(fd, failed ? large : sc_buf_text(&reply), failed ? sizeof(large) - 1 : reply.len);
	sc_buf_free(&reply);
	_exit(whole ? 0 : CUT);
}

/* Reads until the end of the pipe; false: the time is over. */
static bool collect(int fd, unsigned seconds, struct sc_buf *reply)
{
	int64_t end = sc_clock_ms() + (int64_t)seconds * 1000;
	char chunk[4096];

	for (;;) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		int64_t left = end - sc_clock_ms();

		if (left <= 0)
			return false;
		int ready = poll(&wait, 1, (int)left);
		if (ready <= 0)
			continue;
		ssize_t n = read(fd, chunk, sizeof(chunk));
		if (n == 0)
			break;
		if (n > 0)
			sc_buf_add(reply, chunk, (size_t)n);
		else if (errno != EINTR)
			break;
	}
	explicit_bzero(chunk, sizeof(chunk));
	return true;
}

enum spicecfg_status sc_helper_run(struct spicecfg_ctx *ctx, const char *what, const char *fix, unsigned seconds, sc_helper_fn fn,
				   void *opaque, struct sc_buf *reply)
{
	SC_BUF got = SC_BUF_INIT;
	int fds[2], state = 0;
	pid_t parent = getpid();

	if (pipe2(fds, O_CLOEXEC) != 0)
		return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "%s: can't create a pipe: %s", what, strerror(errno));
	pid_t pid = fork();
	if (pid < 0) {
		int error = errno;

		close(fds[0]);
		close(fds[1]);
		return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "%s: can't create a process: %s", what, strerror(error));
	}
	if (pid == 0) {
		close(fds[0]);
		child(fds[1], parent, fn, opaque);
	}
	close(fds[1]);
	bool in_time = collect(fds[0], seconds, &got);
	close(fds[0]);
	if (!in_time)
		kill(pid, SIGKILL);
	while (waitpid(pid, &state, 0) < 0 && errno == EINTR)
		;
	if (!in_time)
		return sc_fail(ctx, SPICECFG_SYSTEM, fix, "%s: no answer within %u seconds", what, seconds);
	if (got.failed)
		return sc_fail_memory(ctx);
	if (WIFSIGNALED(state) && WTERMSIG(state) == SIGXCPU)
		return sc_fail(ctx, SPICECFG_SYSTEM, fix, "%s: too large: it needs more time than the limit allows", what);
	if (!got.len || !WIFEXITED(state))
		return sc_fail(ctx, SPICECFG_SYSTEM, fix, "%s: the helper process died (signal %d)", what,
			       WIFSIGNALED(state) ? WTERMSIG(state) : 0);
	if (WEXITSTATUS(state) == CUT)
		return sc_fail(ctx, SPICECFG_SYSTEM, fix, "%s: the helper process could not answer", what);
	enum spicecfg_status status = (enum spicecfg_status)(unsigned char)got.data[0];
	if (status != SPICECFG_OK)
		return sc_fail(ctx, status, fix, "%s: %s", what, got.data + 1);
	sc_buf_add(reply, got.data + 1, got.len - 1);
	return reply->failed ? sc_fail_memory(ctx) : SPICECFG_OK;
}

void sc_helper_limit(unsigned seconds, size_t more)
{
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	bool known = file && fscanf(file, "%lu", &pages) == 1;

	if (file)
		fclose(file);
	setrlimit(RLIMIT_CPU, &(struct rlimit){seconds, seconds + 1});
	rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
	if (known)
		setrlimit(RLIMIT_AS, &(struct rlimit){most, most});
}

int sc_helper_become(const char *user, uid_t uid, gid_t gid)
{
	if (geteuid() != 0 || uid == 0)
		return 0;
	if (user ? initgroups(user, gid) != 0 : setgroups(0, NULL) != 0)
		return -1;
	return setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0 ? -1 : 0;
}

void sc_helper_put(struct sc_buf *reply, const void *data, size_t len)
{
	sc_buf_add(reply, &len, sizeof(len));
	sc_buf_add(reply, data, len);
}

bool sc_helper_get(const struct sc_buf *reply, size_t *at, const char **data, size_t *len)
{
	if (reply->len - *at < sizeof(*len))
		return false;
	memcpy(len, reply->data + *at, sizeof(*len));
	if (reply->len - *at - sizeof(*len) < *len)
		return false;
	*data = reply->data + *at + sizeof(*len);
	*at += sizeof(*len) + *len;
	return true;
}
