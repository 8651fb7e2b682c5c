/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/facts/hostgather.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/grow.h"
#include "doc/qemuconf.h"
#include "model/libvirt.h"
#include "system/commit/daemon.h"
#include "system/os/exposure.h"
#include "system/os/file.h"
#include "system/os/look.h"

bool sc_host_gather_domains_exist(const struct spicecfg_ctx *ctx)
{
	return sc_file_may_exist(ctx, SC_DOMAINS_DIR);
}

bool sc_host_gather_possible(const struct spicecfg_ctx *ctx)
{
	return sc_file_exists(ctx, SC_LIBVIRT_DIR);
}

enum spicecfg_status sc_host_gather_conf(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len, struct sc_host *host)
{
	SC_QEMUCONF *doc = NULL;
	enum spicecfg_status status = sc_qemuconf_parse(ctx, name, bytes, len, &doc);

	return status ? status : sc_host_conf_read(ctx, host, doc);
}

/* The qemu.conf that libvirt installs is 36 KiB of comments: parsing it would take longer than checking a VM file. */
static bool only_comments(const struct sc_buf *bytes)
{
	const char *end = bytes->data + bytes->len;

	for (const char *line = bytes->data; line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));

		if (*line != '#' && *line != '\n')
			return false;
		line = newline ? newline + 1 : end;
	}
	return true;
}

/* Who can read it, if it contains a password. */
static enum spicecfg_status look_at_conf(struct spicecfg_ctx *ctx, const char *path, bool outside, struct sc_host *host)
{
	if (!sc_host_conf_password(host))
		return SPICECFG_OK;
	return sc_exposure_look(ctx, path, outside, host->memory, &host->conf.exposure);
}

/* Whether the daemon that starts VMs here has read the file as it is. */
static enum spicecfg_status find_pending(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	struct sc_daemon daemon;
	struct stat st;

	/* what a plan makes of the file is not on the disk yet */
	if (ctx->root || ctx->stage || sc_file_stat(ctx, SC_QEMU_CONF, &st) < 0)
		return SPICECFG_OK;
	const int64_t changed = (int64_t)st.st_ctim.tv_sec * 1000 + st.st_ctim.tv_nsec / 1000000;
	/* to look for the daemon takes time: most files are older than the boot */
	if (changed <= sc_daemon_earliest())
		return SPICECFG_OK;
	sc_daemon_find(ctx, false, &daemon);
	const int64_t started = sc_daemon_started(&daemon);
	if (!started || changed <= started)
		return SPICECFG_OK;
	host->conf.pending = sc_arena_strdup(host->memory, daemon.name);
	host->conf.pending_systemd = daemon.systemd;
	host->conf.pending_script = daemon.script;
	return host->conf.pending ? SPICECFG_OK : sc_fail_memory(ctx);
}

static enum spicecfg_status read_conf(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	SC_BUF bytes = SC_BUF_INIT;
	enum sc_look look = sc_look_read(ctx, SC_QEMU_CONF, SC_QEMUCONF_SIZE_MAX, &bytes);

	if (look == SC_LOOK_UNREAD) {
		/* On Debian only root can read it. */
		const char *why = sc_unread_why(ctx->unread, SC_QEMU_CONF);

		host->conf.unread = sc_arena_strdup(host->memory, why ? why : "out of memory");
		sc_log(ctx, SPICECFG_LOG_INFO, SC_QEMU_CONF " can't be read: libvirt's defaults are assumed");
	}
	enum spicecfg_status status = find_pending(ctx, host);
	if (status || look != SC_LOOK_OK || only_comments(&bytes))
		return status ? status : sc_settle(ctx);
	status = sc_host_gather_conf(ctx, SC_QEMU_CONF, sc_buf_text(&bytes), bytes.len, host);
	return status ? status : look_at_conf(ctx, SC_QEMU_CONF, false, host);
}

enum spicecfg_status sc_host_gather_conf_file(struct spicecfg_ctx *ctx, const char *path, struct sc_host *host)
{
	SC_BUF bytes = SC_BUF_INIT;
	enum spicecfg_status status = sc_file_read(ctx, path, true, false, SC_QEMUCONF_SIZE_MAX, &bytes, NULL);

	if (!status)
		status = sc_host_gather_conf(ctx, path, sc_buf_text(&bytes), bytes.len, host);
	return status ? status : look_at_conf(ctx, path, true, host);
}

/* Lists of strings that grow in the host's arena. */
struct list {
	const char **items;
	size_t count;
};

static bool add(struct sc_host *host, struct list *list, const char *text)
{
	const char **items = sc_arena_grow(host->memory, list->items, list->count, sizeof(*items));

	if (!items)
		return false;
	list->items = items;
	list->items[list->count] = sc_arena_strdup(host->memory, text);
	return list->items[list->count] && ++list->count;
}

/* The addresses of this machine's interfaces; those of another root are unknown. */
enum spicecfg_status sc_host_gather_addresses(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	struct list list = {0};
	struct ifaddrs *all;
	char text[INET6_ADDRSTRLEN];

	if (host->machine.all_addresses || ctx->root)
		return SPICECFG_OK;
	host->machine.all_addresses = true;
	if (getifaddrs(&all) < 0) {
		sc_look_failed(ctx, "the host's addresses", strerror(errno));
		host->machine.addresses = NULL;
		host->machine.n_addresses = 0;
		return SPICECFG_OK;
	}
	bool fine = add(host, &list, "127.0.0.0/8");
	for (struct ifaddrs *at = all; at && fine; at = at->ifa_next) {
		const void *address = NULL;

		if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET)
			address = &((const struct sockaddr_in *)(const void *)at->ifa_addr)->sin_addr;
		if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET6)
			address = &((const struct sockaddr_in6 *)(const void *)at->ifa_addr)->sin6_addr;
		if (address && inet_ntop(at->ifa_addr->sa_family, address, text, sizeof(text)))
			fine = add(host, &list, text);
	}
	freeifaddrs(all);
	host->machine.addresses = list.items;
	host->machine.n_addresses = list.count;
	return fine ? SPICECFG_OK : sc_fail_memory(ctx);
}

static enum sc_known is_present(const struct spicecfg_ctx *ctx, const char *path)
{
	struct stat st;
	enum sc_look look = sc_look_stat(ctx, path, &st);

	return look == SC_LOOK_OK ? SC_TRUE : look == SC_LOOK_MISSING ? SC_FALSE : SC_UNKNOWN;
}

/* QEMU's module directory: features beyond those built in. */
static void read_modules(const struct spicecfg_ctx *ctx, struct sc_host *host)
{
	static const char *const directories[] = {"/usr/lib/x86_64-linux-gnu/qemu", "/usr/lib/aarch64-linux-gnu/qemu",
						  "/usr/lib64/qemu-kvm", "/usr/lib64/qemu", "/usr/lib/qemu"};
	static const struct {
		const char *file;
		size_t offset;
	} modules[] = {
	    {"ui-spice-core.so", offsetof(struct sc_host, qemu.spice)},
	    {"hw-display-qxl.so", offsetof(struct sc_host, qemu.qxl)},
	    {"hw-display-virtio-gpu-gl.so", offsetof(struct sc_host, qemu.virtio_gpu_gl)},
	};
	char path[256];
	struct stat st;

	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		enum sc_look look = sc_look_stat(ctx, directories[i], &st);

		if (look == SC_LOOK_UNREAD)
			host->qemu.spice = host->qemu.qxl = host->qemu.virtio_gpu_gl = SC_UNKNOWN;
		if (look != SC_LOOK_OK)
			continue;
		for (size_t j = 0; j < sizeof(modules) / sizeof(modules[0]); j++) {
			snprintf(path, sizeof(path), "%s/%s", directories[i], modules[j].file);
			enum sc_known *fact = (enum sc_known *)((char *)host + modules[j].offset);
			*fact = is_present(ctx, path);
		}
		/* Even with the module, SDL needs a display that QEMU's account may open. */
		snprintf(path, sizeof(path), "%s/ui-sdl.so", directories[i]);
		if (is_present(ctx, path) == SC_FALSE)
			host->qemu.sdl = SC_FALSE;
		return;
	}
}

static enum sc_known any_render_node(const struct spicecfg_ctx *ctx)
{
	char path[64];
	enum sc_known any = is_present(ctx, "/dev/dri");

	/* 128 to 191: minor numbers of the kernel's DRM render nodes */
	for (int i = 128; i < 192 && any == SC_TRUE; i++) {
		snprintf(path, sizeof(path), "/dev/dri/renderD%d", i);
		enum sc_known known = is_present(ctx, path);
		if (known != SC_FALSE)
			return known;
	}
	return any == SC_TRUE ? SC_FALSE : any;
}

/* QEMU maps a QXL device's memory when it starts, which fails if that is more than the machine has. */
static void read_memory(const struct spicecfg_ctx *ctx, struct sc_host *host)
{
	struct sysinfo info;

	if (!ctx->root && sysinfo(&info) == 0)
		host->machine.memory_kib = (long long)(((unsigned long long)info.totalram + info.totalswap) * info.mem_unit / 1024);
}

static void read_unprivileged_port(const struct spicecfg_ctx *ctx, struct sc_host *host)
{
	char text[32];
	int fd = ctx->root ? -1 : sc_look_open(ctx, "/proc/sys/net/ipv4/ip_unprivileged_port_start", O_RDONLY);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (len <= 0)
		return;
	text[len] = '\0';
	host->machine.unprivileged_port = strtoll(text, NULL, 10);
}

enum spicecfg_status sc_host_gather_settings(struct spicecfg_ctx *ctx, bool conf, struct sc_host *host)
{
	sc_host_forget(host);
	/* Without a module directory QEMU has only the features built in. */
	host->qemu.spice = SC_TRUE;
	host->qemu.qxl = SC_TRUE;
	host->qemu.virtio_gpu_gl = SC_FALSE;
	return conf ? read_conf(ctx, host) : SPICECFG_OK;
}

enum spicecfg_status sc_host_gather_machine(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	static const char *const everywhere[] = {"127.0.0.0/8", "::1"};

	read_modules(ctx, host);
	host->qemu.render_node = any_render_node(ctx);
	sc_host_gather_versions(ctx, host);
	read_unprivileged_port(ctx, host);
	read_memory(ctx, host);
	if (!host->machine.addresses && !ctx->root) {
		host->machine.addresses = everywhere;
		host->machine.n_addresses = sizeof(everywhere) / sizeof(everywhere[0]);
	}
	return sc_settle(ctx);
}

enum spicecfg_status sc_host_gather(struct spicecfg_ctx *ctx, bool conf, struct sc_host *host)
{
	enum spicecfg_status status = sc_host_gather_settings(ctx, conf, host);

	if (!status)
		status = sc_host_gather_machine(ctx, host);
	return status ? status : sc_host_gather_addresses(ctx, host);
}
