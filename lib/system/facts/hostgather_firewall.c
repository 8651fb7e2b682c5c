/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which ports the host's packet filter opens to everybody, from the rules of nftables and of an iptables that uses nftables. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/grow.h"
#include "doc/nft.h"
#include "doc/nftfile.h"
#include "model/address.h"
#include "system/facts/hostgather.h"
#include "system/os/look.h"
#include "system/os/program.h"

enum { RULES_SIZE_MAX = 16 * 1024 * 1024, SECONDS = 5, PORT_LAST = 65535 };

struct look {
	struct sc_host *host;
	struct sc_port_range **ranges;
	size_t *count;
	bool failed;
};

static void add(void *opaque, unsigned first, unsigned last)
{
	struct look *look = opaque;
	struct sc_port_range *ranges = sc_arena_grow(look->host->memory, *look->ranges, *look->count, sizeof(*ranges));

	look->failed |= !ranges;
	if (!ranges)
		return;
	*look->ranges = ranges;
	(*look->ranges)[(*look->count)++] = (struct sc_port_range){first, last};
}

/* The kernel's older tables, which nft doesn't show: the files contain a name for each table in use. Their rules can't be read from here.
 */
static bool has_old_tables(void)
{
	static const char *const files[] = {"/proc/net/ip_tables_names", "/proc/net/ip6_tables_names"};
	char byte;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		int fd = open(files[i], O_RDONLY | O_CLOEXEC);
		ssize_t n = fd < 0 ? 0 : read(fd, &byte, 1);

		if (fd >= 0)
			close(fd);
		if (n != 0)
			return true;
	}
	return false;
}

static bool covers_all(const struct sc_port_range *ranges, size_t count)
{
	return count == 1 && ranges[0].first <= 1 && ranges[0].last >= PORT_LAST;
}

/* The rules that nftables.service loads as the packages of Debian and its kin have it, if it is the only unit and nothing changes it. */
static void read_rules(const struct spicecfg_ctx *ctx, struct sc_host *host)
{
	static const char rules[] = "/etc/nftables.conf";
	static const char *const changes[] = {"/etc/systemd/system/nftables.service", "/etc/systemd/system/nftables.service.d",
					      "/etc/sysconfig/nftables.conf"};
	SC_BUF text = SC_BUF_INIT;

	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++)
		if (sc_look_exists(ctx, changes[i]))
			return;
	if (sc_look_read(ctx, rules, RULES_SIZE_MAX, &text) == SC_LOOK_OK) {
		host->firewall.file = rules;
		host->firewall.rules = sc_nft_file_read(sc_buf_text(&text), text.len, host->memory);
	}
}

/* Whether a unit loads rules when the host starts, for a root, below which none are loaded. */
static void look_for_units(const struct spicecfg_ctx *ctx, struct sc_host *host)
{
	static const char *const units[] = {"nftables", "firewalld", "ufw", "iptables", "ip6tables", "netfilter-persistent", "shorewall"};
	static const char *const targets[] = {"multi-user", "sysinit", "network-pre", "basic"};

	unsigned others = 0;

	host->firewall.loads = SC_FALSE;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		for (size_t j = 0; j < sizeof(targets) / sizeof(*targets); j++) {
			const char *path =
			    sc_arena_printf(host->memory, "/etc/systemd/system/%s.target.wants/%s.service", targets[j], units[i]);

			if (path && sc_look_exists(ctx, path)) {
				host->firewall.loads = SC_TRUE;
				host->firewall.file = path;
				others += strcmp(units[i], "nftables") != 0;
			}
		}
	if (host->firewall.loads == SC_TRUE && !others)
		read_rules(ctx, host);
}

enum spicecfg_status sc_host_gather_firewall(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	static const char *const argv[] = {"nft", "-j", "list", "ruleset", NULL};
	struct look four = {.host = host, .ranges = &host->firewall.open4, .count = &host->firewall.n_open4};
	struct look six = {.host = host, .ranges = &host->firewall.open6, .count = &host->firewall.n_open6};
	SC_BUF rules = SC_BUF_INIT;

	if (host->firewall.asked)
		return SPICECFG_OK;
	host->firewall.asked = true;
	if (ctx->root) {
		look_for_units(ctx, host);
		return SPICECFG_OK;
	}
	if (geteuid() != 0) {
		sc_look_failed(ctx, "the packet filter", "only root may ask for its rules");
		return SPICECFG_OK;
	}
	if (has_old_tables()) {
		sc_look_failed(ctx, "the packet filter", "iptables' older tables are in use, which nft does not show");
		return SPICECFG_OK;
	}
	if (!sc_program_read(argv, SECONDS, RULES_SIZE_MAX, &rules)) {
		sc_look_failed(ctx, "the packet filter", "'nft -j list ruleset' failed");
		return SPICECFG_OK;
	}
	if (!sc_nft_open_ports(sc_buf_text(&rules), rules.len, 4, add, &four) ||
	    !sc_nft_open_ports(sc_buf_text(&rules), rules.len, 6, add, &six)) {
		host->firewall.n_open4 = host->firewall.n_open6 = 0;
		sc_look_failed(ctx, "the packet filter", "its rules are not understood");
		return SPICECFG_OK;
	}
	if (covers_all(host->firewall.open4, host->firewall.n_open4) && covers_all(host->firewall.open6, host->firewall.n_open6))
		host->firewall.open = SC_TRUE;
	else if (!host->firewall.n_open4 && !host->firewall.n_open6)
		host->firewall.open = SC_FALSE;
	return four.failed || six.failed ? sc_fail_memory(ctx) : SPICECFG_OK;
}
