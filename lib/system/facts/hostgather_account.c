/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The account that QEMU runs as, and its access to files. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "model/acl.h"
#include "system/facts/hostgather.h"
#include "system/libvirt/qemu_account.h"
#include "system/os/acl_fd.h"
#include "system/os/look.h"
#include "system/os/names.h"

enum { GROUPS_MAX = 1024, NSSWITCH_MAX = 65536 };

struct gather {
	struct spicecfg_ctx *ctx;
	struct sc_host *host;
};

/* Looked up once per host, when a fact needs it. */
static bool find_qemu(const struct gather *gather)
{
	struct sc_host *host = gather->host;
	const struct sc_conf_entry *group = sc_host_conf_find(host, "group");
	struct sc_qemu_account account;

	if (host->account.known != SC_UNKNOWN)
		return host->account.known == SC_TRUE;
	bool known = !sc_qemu_account_find(gather->ctx, host->conf.user, group && group->type == SC_CONF_STRING ? group->text : NULL,
					   host->memory, &account);
	host->account.known = known ? SC_TRUE : SC_FALSE;
	if (!known) {
		sc_let_go(gather->ctx); /* facts about that account stay unknown */
		return false;
	}
	host->account.uid = account.uid;
	host->account.gid = account.gid;
	host->account.user = account.user;
	return true;
}

/* For the calling thread only, like setfsuid(); the C library's setgroups() affects all threads. */
static bool set_groups(size_t count, const gid_t *groups)
{
#ifdef SYS_setgroups32
	return syscall(SYS_setgroups32, count, groups) == 0;
#else
	return syscall(SYS_setgroups, count, groups) == 0;
#endif
}

/* Sets the file system identity; false: the account or group doesn't exist in this user namespace. */
static bool act_as(uid_t uid, gid_t gid)
{
	setfsgid(gid);
	setfsuid(uid);
	return (uid_t)setfsuid((uid_t)-1) == uid && (gid_t)setfsgid((gid_t)-1) == gid;
}

/*
 * Asks the kernel as the account, so that ACLs apply; only the calling thread's file system identity changes. The groups of this process
 * (such as group 0 of a root login) are dropped meanwhile, since they say nothing about the account. -1: it can't be determined.
 */
static int kernel_lets(int fd, uid_t uid, gid_t gid, int mode)
{
	gid_t own[GROUPS_MAX];
	int count = getgroups(GROUPS_MAX, own);

	if (count < 0 || (count && !set_groups(0, NULL)))
		return -1;
	bool is = act_as(uid, gid);
	long refused = syscall(SYS_faccessat2, fd, "", mode, AT_EACCESS | AT_EMPTY_PATH);
	int error = errno;
	(void)act_as(0, getegid());
	if (!is || (count && !set_groups((size_t)count, own)) || (refused && error != EACCES && error != EROFS))
		return -1;
	return !refused;
}

static bool acl_lets(const struct sc_seen *seen, uid_t uid, gid_t gid, int mode)
{
	const struct stat *st = &seen->st;
	struct sc_acl acl;

	if (sc_seen_acl(seen, false, &acl) < 0)
		sc_acl_from_mode(&acl, st->st_mode);
	return sc_acl_allows(&acl, st->st_uid, st->st_gid, &(struct sc_acl_subject){.uid = uid, .groups = &gid, .n_groups = 1},
			     (unsigned)mode);
}

/* Whether QEMU's account has the access mode (W_OK, X_OK, R_OK), with its primary group or, if it is a member of it, the file's
 * group.
 */
static enum sc_known may(const struct gather *gather, const struct sc_seen *seen, int mode)
{
	const struct stat *st = &seen->st;

	if (!find_qemu(gather))
		return SC_UNKNOWN;
	uid_t uid = gather->host->account.uid;
	gid_t gids[2] = {gather->host->account.gid, st->st_gid};
	if (uid == 0)
		return SC_TRUE;
	size_t n_gids = 1;
	if (st->st_gid != gids[0]) {
		const char *group = sc_names_of_group(gather->ctx, st->st_gid, gather->host->memory);

		n_gids += group && sc_names_member(gather->ctx, gather->host->account.user, group);
	}
	for (size_t i = 0; i < n_gids; i++) {
		int lets = geteuid() == 0 && seen->fd >= 0 ? kernel_lets(seen->fd, uid, gids[i], mode) : -1;

		if (lets > 0 || (lets < 0 && acl_lets(seen, uid, gids[i], mode)))
			return SC_TRUE;
	}
	return SC_FALSE;
}

/* An image may get accounts from a directory service, which can't be asked. */
static bool has_other_sources(const struct spicecfg_ctx *ctx)
{
	static const char *const services[] = {"sss", "ldap", "winbind", "nis"};
	SC_BUF text = SC_BUF_INIT;
	bool found = false;

	if (ctx->root && sc_look_read(ctx, "/etc/nsswitch.conf", NSSWITCH_MAX, &text) == SC_LOOK_OK)
		for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
			found = found || strstr(sc_buf_text(&text), services[i]);
	return found;
}

void sc_host_gather_names(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	const struct sc_conf_entry *group = sc_host_conf_find(host, "group");
	const char *user = host->conf.user, *name = group && group->type == SC_CONF_STRING ? group->text : NULL;
	uid_t uid;
	gid_t gid;

	if (((!user || !*user) && (!name || !*name)) || has_other_sources(ctx))
		return;
	/* without a single account, the file could not be read */
	if (sc_names_user(ctx, "root", &uid, &gid) != 0)
		return;
	if (user && *user && sc_names_user(ctx, user, &uid, &gid) != 0)
		host->account.no_user = user;
	if (name && *name && sc_names_group(ctx, name, &gid) != 0)
		host->account.no_group = name;
}

bool sc_host_gather_account(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	return find_qemu(&(struct gather){ctx, host});
}

enum sc_known sc_host_gather_may(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_seen *seen, int mode)
{
	return may(&(struct gather){ctx, host}, seen, mode);
}

enum sc_known sc_host_gather_reach(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path, int mode, const char **at)
{
	struct gather gather = {ctx, host};
	char part[PATH_MAX];
	size_t len = strlen(path);
	enum sc_known lets = *path == '/' && len < sizeof(part) ? SC_TRUE : SC_UNKNOWN;

	for (size_t i = 1; i <= len && lets == SC_TRUE; i++) {
		struct sc_seen seen;

		if (path[i] && (path[i] != '/' || path[i - 1] == '/'))
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		lets = sc_look_see(ctx, part, true, &seen) == SC_LOOK_OK ? may(&gather, &seen, path[i] ? X_OK : mode) : SC_UNKNOWN;
		sc_seen_close(&seen);
		if (lets == SC_FALSE && at)
			*at = sc_arena_strdup(host->memory, part);
	}
	return lets;
}
