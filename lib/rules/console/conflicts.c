/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What else uses a port, a socket path or a name: the same VM, other VMs, other programs. */
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "model/address.h"
#include "rules/fixes.h"
#include "rules/tables.h"

/* A fixed port as libvirt's allocator reserves it: the low 16 bits of the number (util/virportallocator.c). */
struct want {
	const struct sc_console *console;
	const char *attr;
	long long port;
};

enum { WANTS_PER_CONSOLE = 3 };

static size_t wants_of(const struct sc_console *console, struct want *out)
{
	size_t count = 0;

	if (console->broken || !console->graphics || (console->type != SC_LISTEN_ADDRESS && console->type != SC_LISTEN_NETWORK))
		return 0;
	if (!console->autoport && console->port > 0)
		out[count++] = (struct want){console, "port", console->port};
	if (!console->autoport && console->tls_port > 0)
		out[count++] = (struct want){console, "tlsPort", console->tls_port};
	if (console->graphics->websocket.value > 0)
		out[count++] = (struct want){console, "websocket", console->graphics->websocket.value};
	return count;
}

static void port_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct want wants[WANTS_PER_CONSOLE];
	SC_TABLE seen = SC_TABLE_INIT; /* value: the attribute that has it first; times: the number of its console, counted from 1 */

	for (size_t i = 0; i < in->launch->n_consoles; i++) {
		size_t count = wants_of(&in->launch->consoles[i], wants);

		for (size_t j = 0; j < count; j++) {
			const struct want *want = &wants[j];
			struct sc_table_entry *entry = want->port & 0xffff ? sc_table_add_number(&seen, want->port & 0xffff) : NULL;

			if (entry && entry->times) {
				sc_find(out, rule, SC_ALWAYS, want->console->node, want->attr, "%s %lld is already the %s of %s console",
					want->attr, want->port, (const char *)entry->value, i + 1 == entry->times ? "the same" : "another");
				sc_find_fix_port(out, in, want->console, want->attr);
			} else if (entry) {
				entry->times = i + 1;
				entry->value = want->attr;
			}
		}
	}
	sc_findings_fail(out, seen.failed);
}

static bool is_vm_port(const struct sc_host *host, size_t count, long long port)
{
	for (size_t i = 0; i < count; i++)
		if (host->ports.of_vms[i] == (port & 0xffff))
			return true;
	return false;
}

static void port_of_other_vm(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct want wants[WANTS_PER_CONSOLE];

	const struct sc_host *host = in->host;

	for (size_t i = 0; (in->neighbours || host->ports.n_of_vms_known) && i < in->launch->n_consoles; i++) {
		size_t count = wants_of(&in->launch->consoles[i], wants);

		for (size_t j = 0; j < count; j++) {
			const struct sc_claim *claim = sc_neighbours_port(in->neighbours, (unsigned)(wants[j].port & 0xffff));

			if (!claim && !is_vm_port(host, host->ports.n_of_vms, wants[j].port)) {
				if (host->guests.unread && is_vm_port(host, host->ports.n_of_vms_known, wants[j].port))
					sc_doubt(out, rule, "it is not known which VM has %s %lld", wants[j].attr, wants[j].port);
				continue;
			}
			if (!claim)
				sc_find(out, rule, SC_HOST, wants[j].console->node, wants[j].attr, "%s %lld is taken by a running VM",
					wants[j].attr, wants[j].port);
			else
				sc_find(out, rule, SC_NEIGHBOURS, wants[j].console->node, wants[j].attr,
					"%s %lld is taken by domain '%s'%s", wants[j].attr, wants[j].port, claim->owner,
					claim->automatic ? ", for which libvirt chose it" : "");
			sc_find_fix_port(out, in, wants[j].console, wants[j].attr);
		}
	}
}

/* What QEMU's bind() would meet: a socket that listens on the same port already. */
static void busy_port(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console, long long port,
		      const char *attr, struct sc_findings *out)
{
	if (!console->address || port <= 0)
		return;
	if (in->host->ports.unread)
		sc_doubt(out, rule, "it is not known whether port %lld is taken", port);
	struct sc_address own = sc_address_read(console->address);
	for (size_t i = 0; i < in->host->ports.n_busy; i++) {
		const struct sc_busy_fact *busy = &in->host->ports.busy[i];

		if (busy->port != port)
			continue;
		struct sc_address other = sc_address_read(busy->address);
		if (own.kind == SC_ADDRESS_NAME && !sc_address_is_loopback(&own, console->address)) {
			sc_doubt(out, rule, "'%s' may be the address where port %lld is taken", console->address, port);
			continue;
		}
		if (own.kind == SC_ADDRESS_NAME)
			own = sc_address_read("127.0.0.1");
		if (!sc_address_clash(&own, &other))
			continue;
		sc_find(out, rule, SC_HOST, console->node, console->graphics ? attr : NULL, "%s %lld is taken on %s by another program",
			attr, port, busy->address);
		if (console->graphics)
			sc_find_fix_port(out, in, console, attr);
		else
			sc_find_fix_arg(out, in->domain, console->node);
		return;
	}
}

static void port_busy(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; (in->host->ports.n_busy || in->host->ports.unread) && i < in->launch->n_consoles; i++) {
		const struct sc_console *console = &in->launch->consoles[i];

		if (console->broken || console->unix_socket)
			continue;
		busy_port(rule, in, console, console->qemu_port, "port", out);
		busy_port(rule, in, console, console->qemu_tls_port, "tlsPort", out);
		if (console->graphics)
			busy_port(rule, in, console, console->graphics->websocket.value, "websocket", out);
	}
}

/* True for a range of more ports than one domain can take. */
static bool is_wide(const struct sc_launch *launch, long long min, long long max)
{
	return max - min > (long long)launch->n_consoles * SC_CHOSEN_PORTS;
}

static void ports_used_up(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_qemu_conf *conf = &in->host->conf;

	if (!in->neighbours && is_wide(in->launch, conf->port_min, conf->port_max) &&
	    is_wide(in->launch, conf->websocket_min, conf->websocket_max) && !in->host->ports.n_busy && !in->host->ports.n_of_vms)
		return;
	int(*chosen)[SC_CHOSEN_PORTS] = calloc(in->launch->n_consoles + 1, sizeof(*chosen));
	sc_findings_fail(out, !chosen);
	if (!chosen)
		return;
	sc_neighbours_choose(in->neighbours, in->launch, in->host, chosen);
	for (size_t i = 0; i < in->launch->n_consoles; i++) {
		const struct sc_console *console = &in->launch->consoles[i];

		if (!console->broken && (chosen[i][0] < 0 || chosen[i][1] < 0))
			sc_find(out, rule, SC_HOST, console->node, "autoport", "no port between %lld and %lld is free", conf->port_min,
				conf->port_max);
		if (!console->broken && chosen[i][2] < 0)
			sc_find(out, rule, SC_HOST, console->node, "websocket", "no websocket port between %lld and %lld is free",
				conf->websocket_min, conf->websocket_max);
	}
	free(chosen);
}

static void uuid_taken(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_claim *claim = in->domain->uuid ? sc_neighbours_text(in->neighbours, SC_CLAIM_UUID, in->domain->uuid) : NULL;

	if (!claim || strcmp(claim->owner, in->domain->name) == 0)
		return;
	sc_find(out, rule, SC_NEIGHBOURS, sc_xml_child(in->domain->root, "uuid"), NULL, "the UUID is that of domain '%s'", claim->owner);
	sc_find_fix_asks(out);
}

static void uuid_invalid(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_xml_node *node = sc_xml_child(in->domain->root, "uuid");
	const char *text = node ? sc_xml_text(in->domain->doc, node) : NULL;

	/* an empty one is as good as none */
	if (!text || !*text || in->domain->uuid)
		return;
	sc_find(out, rule, SC_ALWAYS, node, NULL, "'%s' is not a UUID", text);
	sc_find_fix_asks(out);
}

static void name_taken(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_claim *claim = *in->domain->name ? sc_neighbours_text(in->neighbours, SC_CLAIM_NAME, in->domain->name) : NULL;

	if (claim && (!in->domain->uuid || strcmp(claim->owner, in->domain->uuid) != 0))
		sc_find(out, rule, SC_NEIGHBOURS, sc_xml_child(in->domain->root, "name"), NULL, "another domain is named '%s'",
			in->domain->name);
}

static void socket_shared(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; in->neighbours && i < in->launch->n_consoles; i++) {
		const struct sc_console *console = &in->launch->consoles[i];
		const struct sc_claim *claim = NULL;
		const char *attr;

		if (!console->broken && console->unix_socket && console->socket)
			claim = sc_neighbours_text(in->neighbours, SC_CLAIM_SOCKET, console->socket);
		if (!claim)
			continue;
		const struct sc_xml_node *node = sc_console_socket_node(console, &attr);
		sc_find(out, rule, SC_NEIGHBOURS, node, attr, "socket '%s' is that of domain '%s', which would lose its console",
			console->socket, claim->owner);
		sc_find_fix_socket(out, console);
	}
}

const struct sc_rule sc_rules_conflicts[] = {
    {"port-twice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE | SC_HAS_VNC, "A port used twice in one VM",
     "port, tlsPort, VNC ports and websockets share one space: libvirt reserves each fixed port once, whatever the address.",
     "A2; libvirt qemu/qemu_process.c qemuProcessGraphicsReservePorts; measured", "spicecfg set TARGET port=auto", port_twice},
    {"port-of-other-vm", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE | SC_HAS_VNC, "A port of another VM",
     "libvirt reserves a port for one VM, on all addresses at once, whether plain, TLS or VNC; the VM that comes second does not start.",
     "A2; libvirt util/virportallocator.c virPortAllocatorSetUsed; measured", "spicecfg set TARGET port=auto", port_of_other_vm},
    {"port-busy", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE | SC_HAS_VNC, "A port of another program",
     "Another program listens on this port already, on the same address or on all of them: QEMU can't bind it.",
     "A2; spice-server server/reds.cpp reds_init_socket; measured", "spicecfg set TARGET port=auto", port_busy},
    {"ports-used-up", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE | SC_HAS_VNC, "No automatic port is left",
     "libvirt chooses automatic ports between remote_display_port_min and remote_display_port_max (VNC websockets: "
     "remote_websocket_port_min and _max); none of them is free.",
     "libvirt util/virportallocator.c virPortAllocatorAcquire; measured", "spicecfg host set remote_display_port_max=65535", ports_used_up},
    {"uuid-taken", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DOMAIN, "The UUID of another domain",
     "Each UUID exists once on a host; libvirt refuses to define the second domain. Without <uuid>, libvirt generates a new one.",
     "libvirt conf/virdomainobjlist.c virDomainObjListAddLocked; measured", "spicecfg set TARGET 'PATH=default'", uuid_taken},
    {"uuid-invalid", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DOMAIN | SC_IS_FOREIGN, "A UUID that is not one",
     "A UUID has 32 hexadecimal digits; dashes and blanks may stand between pairs of them. libvirt refuses any other. Without <uuid>, it "
     "generates one.",
     "libvirt util/viruuid.c virUUIDParse; measured", "spicecfg set TARGET 'PATH=default'", uuid_invalid},
    {"name-taken", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DOMAIN, "The name of another domain",
     "Each name exists once on a host; libvirt refuses to define a domain of the same name with another UUID. Give one of them another "
     "<name>.",
     "libvirt conf/virdomainobjlist.c virDomainObjListAddLocked", NULL, name_taken},
    {"socket-shared", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE | SC_HAS_VNC, "The socket of another VM",
     "QEMU removes whatever exists at the socket's path and creates its own: both VMs start, and the console of the first can't be reached "
     "any more.",
     "spice-server server/reds.cpp reds_init_socket; measured", "spicecfg set-listen TARGET socket", socket_shared},
    {0},
};
