/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon that reads qemu.conf. */
#include "system/commit/daemon.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "system/commit/manager.h"
#include "system/os/file.h"

static const char *const names[] = {"virtqemud", "libvirtd"};

/* /proc may show processes of other containers, which see other files. Unreadable (not root): assumed to see the same files. */
static bool same_files(const char *pid)
{
	char path[64], theirs[64], ours[64];
	ssize_t a, b;

	snprintf(path, sizeof(path), "/proc/%.20s/ns/mnt", pid);
	a = readlink(path, theirs, sizeof(theirs));
	b = readlink("/proc/self/ns/mnt", ours, sizeof(ours));
	return a < 0 || b < 0 || (a == b && memcmp(theirs, ours, (size_t)a) == 0);
}

/* Of a file in /proc, without its end. */
static bool read_line(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	ssize_t n = read(fd, text, size - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return n > 0;
}

static bool has_name(const char *pid, const char *name)
{
	char path[64], text[32];

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	return read_line(path, text, sizeof(text)) && strcmp(text, name) == 0;
}

static bool belongs_to(const char *pid, uid_t uid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%.20s", pid);
	return stat(path, &st) == 0 && st.st_uid == uid;
}

static pid_t running(const char *name, uid_t uid)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	pid_t pid = 0;

	if (!proc)
		return 0;
	while (!pid && (entry = readdir(proc))) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		if (has_name(entry->d_name, name) && belongs_to(entry->d_name, uid) && same_files(entry->d_name))
			pid = (pid_t)strtol(entry->d_name, NULL, 10);
	}
	closedir(proc);
	return pid;
}

static bool exists(const struct spicecfg_ctx *ctx, const char *before, const char *name, const char *behind)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s%s%s", before, name, behind);
	return sc_file_stat(ctx, path, &st) == 0;
}

static bool enabled(const struct spicecfg_ctx *ctx, const char *name)
{
	return exists(ctx, "/etc/systemd/system/sockets.target.wants/", name, ".socket") ||
	       exists(ctx, "/etc/systemd/system/multi-user.target.wants/", name, ".service");
}

void sc_daemon_find(const struct spicecfg_ctx *ctx, bool session, struct sc_daemon *out)
{
	*out = (struct sc_daemon){.name = NULL};
	if (!ctx->root) {
		for (size_t i = 0; i < 2 && !out->pid; i++) {
			out->pid = running(names[i], session ? geteuid() : 0);
			if (out->pid)
				out->name = names[i];
		}
		out->systemd = !session && sc_manager_is_systemd(ctx);
	}
	for (size_t i = 0; i < 2 && !out->name; i++)
		if (enabled(ctx, names[i]))
			out->name = names[i];
	/* Packages may install both programs: the monolithic daemon is started unless the other one is enabled. */
	for (size_t i = 2; i-- > 0 && !out->name;)
		if (exists(ctx, "/usr/sbin/", names[i], ""))
			out->name = names[i];
	if (!out->name)
		out->name = "libvirtd";
	out->script = !session && sc_manager_has_script(ctx, out->name);
}

/* In ticks since the boot; false: not known. */
static bool start_ticks(const struct sc_daemon *daemon, unsigned long long *ticks)
{
	char path[64], text[1024];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)daemon->pid);
	if (!daemon->pid || !read_line(path, text, sizeof(text)))
		return false;
	/* Field 22, counted after the name, which may contain blanks. */
	const char *at = strrchr(text, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (at)
		*ticks = strtoull(at, NULL, 10);
	return at;
}

int64_t sc_daemon_earliest(void)
{
	struct timespec now, boot;

	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	return ((int64_t)now.tv_sec - boot.tv_sec) * 1000 + (now.tv_nsec - boot.tv_nsec) / 1000000;
}

int64_t sc_daemon_started(const struct sc_daemon *daemon)
{
	unsigned long long ticks;

	return start_ticks(daemon, &ticks) ? sc_daemon_earliest() + (int64_t)(ticks * 1000 / (unsigned long long)sysconf(_SC_CLK_TCK)) : 0;
}

void sc_daemon_process(const struct sc_daemon *daemon, char process[SC_DAEMON_PROCESS])
{
	unsigned long long ticks;
	char boot[48];

	*process = '\0';
	if (start_ticks(daemon, &ticks) && read_line("/proc/sys/kernel/random/boot_id", boot, sizeof(boot)))
		snprintf(process, SC_DAEMON_PROCESS, "%d %llu %s", (int)daemon->pid, ticks, boot);
}

enum spicecfg_status sc_daemon_fail(struct spicecfg_ctx *ctx, const struct sc_daemon *daemon)
{
	return sc_fail(ctx, SPICECFG_SYSTEM, "Restart it yourself, and omit --restart-daemon.",
		       daemon->systemd  ? "%s (process %d) can't be restarted: systemd did not start it"
		       : daemon->script ? "%s (process %d) can't be restarted: its script in /etc/init.d did not start it"
					: "%s (process %d) can't be restarted: neither systemd nor a script in /etc/init.d runs it here",
		       daemon->name, (int)daemon->pid);
}
