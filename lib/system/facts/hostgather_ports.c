/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TCP ports in use by VMs and by other processes, and which VMs are running. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/grow.h"
#include "system/facts/hostgather.h"
#include "system/os/look.h"

enum { CMDLINE_MAX = 4 * 1024 * 1024 };

static bool add_busy(struct sc_host *host, const char *address, unsigned port)
{
	struct sc_busy_fact *busy = sc_arena_grow(host->memory, host->ports.busy, host->ports.n_busy, sizeof(*busy));

	if (!busy)
		return false;
	host->ports.busy = busy;
	host->ports.busy[host->ports.n_busy] = (struct sc_busy_fact){sc_arena_strdup(host->memory, address), port};
	return host->ports.busy[host->ports.n_busy++].address != NULL;
}

static bool add_vm_port(struct sc_host *host, unsigned port)
{
	unsigned *ports = sc_arena_grow(host->memory, host->ports.of_vms, host->ports.n_of_vms_known, sizeof(*ports));

	if (!ports)
		return false;
	host->ports.of_vms = ports;
	host->ports.of_vms[host->ports.n_of_vms_known++] = port;
	return true;
}

/* The list is not available. Returns true, since memory is not short. */
static bool fail(const struct spicecfg_ctx *ctx, struct sc_host *host, const char *why)
{
	host->ports.unread = true;
	sc_look_failed(ctx, SC_UNREAD_PORTS, why);
	return true;
}

/* Adds one listening socket. False if memory is short. */
static bool take(struct sc_host *host, const struct inet_diag_msg *msg)
{
	char text[INET6_ADDRSTRLEN];

	/* The ports of QEMU's account are the consoles of running VMs: other VMs, or the domain itself. */
	if (msg->idiag_uid == host->account.uid)
		return add_vm_port(host, ntohs(msg->id.idiag_sport));
	if (!inet_ntop(msg->idiag_family, msg->id.idiag_src, text, sizeof(text)))
		return true;
	return add_busy(host, text, ntohs(msg->id.idiag_sport));
}

/* Reads the kernel's answer to its end. */
static bool read_answer(const struct spicecfg_ctx *ctx, struct sc_host *host, int fd)
{
	_Alignas(struct nlmsghdr) char buffer[32 * 1024];

	for (;;) {
		ssize_t len = recv(fd, buffer, sizeof(buffer), 0);

		if (len < 0 && errno == EINTR)
			continue;
		if (len <= 0)
			return fail(ctx, host, len < 0 ? strerror(errno) : "the answer is truncated");
		struct nlmsghdr *head = (struct nlmsghdr *)buffer;
		for (unsigned left = (unsigned)len; NLMSG_OK(head, left); head = NLMSG_NEXT(head, left)) {
			if (head->nlmsg_type == NLMSG_ERROR)
				return fail(ctx, host, strerror(-((const struct nlmsgerr *)NLMSG_DATA(head))->error));
			if (head->nlmsg_type == NLMSG_DONE)
				return true;
			if (!take(host, NLMSG_DATA(head)))
				return false;
		}
	}
}

/* Asks only for listening sockets: reading /proc/net/tcp takes milliseconds, this far less. */
static bool ask(const struct spicecfg_ctx *ctx, struct sc_host *host, int fd, unsigned char family)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 request;
	} message = {
	    .head = {.nlmsg_len = sizeof(message), .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
	    .request = {.sdiag_family = family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = 1U << TCP_LISTEN},
	};

	if (send(fd, &message, sizeof(message), 0) != (ssize_t)sizeof(message))
		return fail(ctx, host, strerror(errno));
	return read_answer(ctx, host, fd);
}

enum spicecfg_status sc_host_gather_ports(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	if (host->ports.asked || ctx->root || host->account.known != SC_TRUE || host->account.uid == 0)
		return SPICECFG_OK;
	host->ports.asked = true;
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	bool fine = fd < 0 ? fail(ctx, host, strerror(errno)) : ask(ctx, host, fd, AF_INET) && ask(ctx, host, fd, AF_INET6);
	if (fd >= 0)
		close(fd);
	return fine ? SPICECFG_OK : sc_fail_memory(ctx);
}

/* False if the process may not be read; one that has ended has no arguments. */
static bool read_arguments(const char *pid, struct sc_buf *out)
{
	char path[64], chunk[4096];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%.20s/cmdline", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ESRCH;
	while ((n = read(fd, chunk, sizeof(chunk))) > 0 && out->len < CMDLINE_MAX)
		sc_buf_add(out, chunk, (size_t)n);
	close(fd);
	return (n == 0 || errno == ESRCH) && !out->failed;
}

/* The name in "guest=a,,b,debug-threads=on": QEMU doubles commas of values. */
static const char *guest_name(struct sc_arena *memory, const char *option)
{
	SC_BUF name = SC_BUF_INIT;

	for (const char *at = option + strlen("guest="); *at && (*at != ',' || at[1] == ','); at++) {
		at += *at == ',';
		sc_buf_addc(&name, *at);
	}
	return name.failed ? NULL : sc_arena_strdup(memory, sc_buf_text(&name));
}

/* Adds the VM that a QEMU process's arguments name; other programs of the account name none. */
static bool take_guest(struct sc_host *host, const struct sc_buf *arguments)
{
	struct sc_guest_fact guest = {NULL, NULL};
	const char *words = sc_buf_text(arguments), *last = "";

	for (size_t at = 0; at < arguments->len; at += strlen(last) + 1) {
		const char *word = words + at;

		if (strcmp(last, "-name") == 0 && strncmp(word, "guest=", 6) == 0 && !(guest.name = guest_name(host->memory, word)))
			return false;
		if (strcmp(last, "-uuid") == 0 && !(guest.uuid = sc_arena_strdup(host->memory, word)))
			return false;
		last = word;
	}
	if (!guest.name)
		return true;
	struct sc_guest_fact *guests = sc_arena_grow(host->memory, host->guests.list, host->guests.n, sizeof(*guests));
	if (!guests)
		return false;
	host->guests.list = guests;
	host->guests.list[host->guests.n++] = guest;
	return true;
}

static bool is_of_account(const struct sc_host *host, const char *pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%.20s", pid);
	return *pid >= '1' && *pid <= '9' && stat(path, &st) == 0 && st.st_uid == host->account.uid;
}

static bool find_guests(const struct spicecfg_ctx *ctx, struct sc_host *host)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	bool fine = proc != NULL;

	while (fine && (entry = readdir(proc))) {
		SC_BUF arguments = SC_BUF_INIT;

		if (is_of_account(host, entry->d_name))
			fine = read_arguments(entry->d_name, &arguments) && take_guest(host, &arguments);
	}
	if (proc)
		closedir(proc);
	/* A VM listens on the port: if none was found, processes are hidden. */
	if (!fine || !host->guests.n)
		sc_look_failed(ctx, "/proc", "some processes of QEMU's account can't be read");
	return fine && host->guests.n;
}

bool sc_host_gather_stopped(const struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_domain *domain)
{
	if (host->guests.complete == SC_UNKNOWN)
		host->guests.complete = find_guests(ctx, host) ? SC_TRUE : SC_FALSE;
	for (size_t i = 0; i < host->guests.n; i++) {
		const struct sc_guest_fact *guest = &host->guests.list[i];

		if (strcmp(guest->name, domain->name) == 0 || (guest->uuid && domain->uuid && strcasecmp(guest->uuid, domain->uuid) == 0))
			return false;
	}
	return host->guests.complete == SC_TRUE;
}
