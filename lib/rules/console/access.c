/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who can open a console's socket: what planning its access finds, and what check finds in the ACLs as they are. */
#include <string.h>

#include "rules/fixes.h"
#include "rules/tables.h"

/* A console's socket about which something is known, and its place in the domain. */
struct spot {
	const struct sc_rule *rule;
	const struct sc_rule_input *in;
	const struct sc_console *console;
	const struct sc_socket_fact *fact;
	const struct sc_xml_node *node;
	const char *attr;
};

static void each(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out,
		 void (*check)(const struct spot *spot, struct sc_findings *out))
{
	for (size_t i = 0; i < in->launch->n_consoles; i++) {
		const struct sc_console *console = &in->launch->consoles[i];
		struct spot spot = {.rule = rule, .in = in, .console = console};

		if (!console->broken && console->unix_socket && console->socket)
			spot.fact = sc_host_socket(in->host, console->socket);
		if (!spot.fact)
			continue;
		spot.node = sc_console_socket_node(console, &spot.attr);
		check(&spot, out);
	}
}

static void barred_of(const struct spot *spot, struct sc_findings *out)
{
	const struct sc_socket_fact *fact = spot->fact;

	if (!fact->barred)
		return;
	sc_find(out, spot->rule, SC_HOST, spot->node, spot->attr, "%s may open the socket, but can't pass '%s' on the way to it",
		fact->barred, fact->barred_at);
	const char *colon = strchr(fact->barred, ':');
	if (colon && sc_is_acl_name(colon + 1))
		sc_find_fix(out, "setfacl -m %s:x -- %s", fact->barred, fact->barred_at);
	else
		sc_find_fix(out, NULL);
}

static void parent_closed(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, barred_of);
}

static void beyond_of(const struct spot *spot, struct sc_findings *out)
{
	const char *beyond = spot->fact->beyond;

	if (!beyond)
		return;
	sc_find(out, spot->rule, SC_HOST, spot->node, spot->attr, "%s can open the socket '%s' now, but was never granted access", beyond,
		spot->console->socket);
	if (strcmp(beyond, "others") == 0)
		return;
	sc_find_fix(out, "spicecfg acl revoke TARGET %s", beyond);
	sc_find_fix_asks(out);
}

static void opens_beyond(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, beyond_of);
}

static void shared_of(const struct spot *spot, struct sc_findings *out)
{
	const char *socket = spot->console->socket, *slash = strrchr(socket, '/');
	const struct sc_claim *claim =
	    spot->fact->heir && slash ? sc_neighbours_socket_in(spot->in->neighbours, socket, (size_t)(slash - socket)) : NULL;

	if (!claim)
		return;
	sc_find(out, spot->rule, SC_HOST, spot->node, spot->attr,
		"%s, who may open every socket in this directory, can open that of '%s' too", spot->fact->heir, claim->owner);
	/* those who have access have to be granted it again */
	sc_find_fix_asks(out);
}

static void directory_shared(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, shared_of);
}

/* The directory of the socket, for a fix. */
static int directory_len(const struct spot *spot)
{
	const char *slash = strrchr(spot->console->socket, '/');

	return slash ? (int)(slash - spot->console->socket) : 0;
}

static void replaceable_of(const struct spot *spot, struct sc_findings *out)
{
	int len = directory_len(spot);

	if (spot->fact->replaceable != SC_TRUE || !len)
		return;
	sc_find(out, spot->rule, SC_HOST, spot->node, spot->attr,
		"every account may write to '%.*s', and put a socket of its own in place of this one", len, spot->console->socket);
	sc_find_fix(out, "chmod o-w -- %.*s", len, spot->console->socket);
}

static void directory_open(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, replaceable_of);
}

static void idle_of(const struct spot *spot, struct sc_findings *out)
{
	int len = directory_len(spot);

	if (spot->fact->masked && len) {
		sc_find(out, spot->rule, SC_HOST, spot->node, spot->attr,
			"%s can't open the socket: the mask of the default ACL of '%.*s' has no w", spot->fact->masked, len,
			spot->console->socket);
		sc_find_fix(out, "setfacl -d -m m::rwx -- %.*s", len, spot->console->socket);
	}
	if (spot->fact->nobody && len) {
		sc_find(out, spot->rule, SC_HOST, spot->node, spot->attr, "the default ACL of '%.*s' names %s, which does not exist", len,
			spot->console->socket, spot->fact->nobody);
		sc_find_fix(out, NULL);
	}
}

static void acl_idle(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, idle_of);
}

const struct sc_rule sc_rules_access[] = {
    {
	.id = "socket-parent-closed",
	.level = SPICECFG_LEVEL_WARNING,
	.cls = SPICECFG_CLASS_EFFECT,
	.needs = SC_HAS_SPICE,
	.title = "An account that may open the socket can't pass a directory on the way",
	.text = "To open a Unix socket, an account needs search permission (x) on every directory above it. spicecfg takes care of the "
		"socket's own directory and of /var/spicex; it does not change other directories, which belong to others. QEMU's account "
		"has to pass them too, or the VM does not start.",
	.source = "path_resolution(7); F3; A9",
	.check = parent_closed,
    },
    {
	.id = "socket-parent-open",
	.level = SPICECFG_LEVEL_WARNING,
	.cls = SPICECFG_CLASS_SECURITY,
	.title = "Another account can replace the socket's directory",
	.text = "An account that may write to a directory above the socket's own can rename the socket's directory and create another in "
		"its place: QEMU then creates its socket there, and the ACLs have no effect any more. The directories on the way should "
		"belong to root and be writable by root only; a sticky one such as /tmp is safe too.",
	.source = "path_resolution(7); A9",
	.fix = "spicecfg set-listen TARGET socket",
    },
    {
	.id = "socket-open-beyond",
	.level = SPICECFG_LEVEL_ERROR,
	.cls = SPICECFG_CLASS_SECURITY,
	.needs = SC_HAS_SPICE,
	.title = "The running VM's socket lets in more accounts than were granted access",
	.text =
	    "The ACL of a Unix socket is its authentication. The socket of the running VM lets in an account that the default ACL of its "
	    "directory (acl grant) does not name: the socket's ACL was changed by hand, or is older than the default ACL. acl show TARGET "
	    "lists who can open it; acl grant and acl revoke set it again. A directory of the VM's own keeps everybody else out.",
	.source = "unix(7); F3; A9",
	.fix = "spicecfg set-listen TARGET socket",
	.check = opens_beyond,
    },
    {
	.id = "socket-directory-shared",
	.level = SPICECFG_LEVEL_ERROR,
	.cls = SPICECFG_CLASS_SECURITY,
	.needs = SC_HAS_SPICE,
	.title = "Accounts that may open one VM's socket can open another VM's too",
	.text = "A default ACL applies to every socket that is created in its directory. Two VMs with sockets directly in the same "
		"directory let in the same accounts. Each VM needs a directory of its own.",
	.source = "acl(5); F3; A9",
	.fix = "spicecfg set-listen TARGET socket",
	.check = directory_shared,
    },
    {
	.id = "socket-directory-open",
	.level = SPICECFG_LEVEL_ERROR,
	.cls = SPICECFG_CLASS_SECURITY,
	.needs = SC_HAS_SPICE,
	.title = "Every account may replace the socket",
	.text =
	    "Whoever may write to the socket's directory can remove the socket and create another in its place, which clients then open. "
	    "Only QEMU's account may write there.",
	.source = "unlink(2); F3; A9",
	.fix = "chmod o-w -- DIR",
	.check = directory_open,
    },
    {
	.id = "socket-acl-idle",
	.level = SPICECFG_LEVEL_WARNING,
	.cls = SPICECFG_CLASS_EFFECT,
	.needs = SC_HAS_SPICE,
	.title = "An entry of the default ACL that grants nothing",
	.text =
	    "A new socket gets its ACL from the default ACL of its directory. The mask limits what the entries of users and groups grant; "
	    "an entry whose account or group was removed grants nothing, until a new one gets its number: acl grant the present group, and "
	    "remove the entry with 'setfacl -d -x'.",
	.source = "acl(5); A9",
	.fix = "setfacl -d -m m::rwx -- DIR",
	.check = acl_idle,
    },
    {.id = NULL},
};
