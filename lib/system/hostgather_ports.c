/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TCP ports that somebody listens on: VMs, and others. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "system/hostgather.h"

static bool add_busy(struct sc_host *host, const char *address, unsigned port)
{
	/* The array lives in the arena: room is made in powers of two. */
	if ((host->n_busy & (host->n_busy - 1)) == 0) {
		struct sc_busy_fact *busy = sc_arena_alloc(host->memory, (host->n_busy ? host->n_busy * 2 : 1) * sizeof(*busy));

		if (!busy)
			return false;
		if (host->n_busy)
			memcpy(busy, host->busy, host->n_busy * sizeof(*busy));
		host->busy = busy;
	}
	host->busy[host->n_busy] = (struct sc_busy_fact){sc_arena_strdup(host->memory, address), port};
	return host->busy[host->n_busy++].address != NULL;
}

static bool add_vm_port(struct sc_host *host, unsigned port)
{
	size_t known = host->n_vm_ports_known;

	if ((known & (known - 1)) == 0) {
		unsigned *ports = sc_arena_alloc(host->memory, (known ? known * 2 : 1) * sizeof(*ports));

		if (!ports)
			return false;
		if (known)
			memcpy(ports, host->vm_ports, known * sizeof(*ports));
		host->vm_ports = ports;
	}
	host->vm_ports[host->n_vm_ports_known++] = port;
	return true;
}

/* One listening socket. False when memory is short. */
static bool take(struct sc_host *host, const struct inet_diag_msg *msg)
{
	char text[INET6_ADDRSTRLEN];

	/* What QEMU's user listens on are the consoles of VMs that run: others, or the domain itself. */
	if (msg->idiag_uid == host->account.uid)
		return add_vm_port(host, ntohs(msg->id.idiag_sport));
	if (!inet_ntop(msg->idiag_family, msg->id.idiag_src, text, sizeof(text)))
		return true;
	return add_busy(host, text, ntohs(msg->id.idiag_sport));
}

/* Reads the kernel's answer to its end; what can't be read is left out. */
static bool read_answer(struct sc_host *host, int fd)
{
	_Alignas(struct nlmsghdr) char buffer[32 * 1024];

	for (;;) {
		ssize_t len = recv(fd, buffer, sizeof(buffer), 0);

		if (len < 0 && errno == EINTR)
			continue;
		if (len <= 0)
			return true;
		struct nlmsghdr *head = (struct nlmsghdr *)buffer;
		for (unsigned left = (unsigned)len; NLMSG_OK(head, left); head = NLMSG_NEXT(head, left)) {
			if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR)
				return true;
			if (!take(host, NLMSG_DATA(head)))
				return false;
		}
	}
}

/* Asks for listening sockets only: /proc/net/tcp takes milliseconds, this takes none. */
static bool ask(struct sc_host *host, int fd, unsigned char family)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 request;
	} message = {
	    .head = {.nlmsg_len = sizeof(message), .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
	    .request = {.sdiag_family = family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = 1U << TCP_LISTEN},
	};

	if (send(fd, &message, sizeof(message), 0) != (ssize_t)sizeof(message))
		return true;
	return read_answer(host, fd);
}

enum spicecfg_status sc_host_gather_ports(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	if (host->all_ports || ctx->root || host->account.known != SC_TRUE || host->account.uid == 0)
		return SPICECFG_OK;
	host->all_ports = true;
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	bool fine = fd < 0 || (ask(host, fd, AF_INET) && ask(host, fd, AF_INET6));
	if (fd >= 0)
		close(fd);
	return fine ? SPICECFG_OK : sc_fail_memory(ctx);
}
