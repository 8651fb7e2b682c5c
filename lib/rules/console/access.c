/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who gets at a console's socket: what the plans of access find, and what check finds of the ACLs as they are. */
#include <string.h>

#include "rules/fixes.h"
#include "rules/tables.h"

/* A console's socket that something is known of, and where it stands. */
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
	sc_find(out, spot->rule, SC_HOST, spot->node, spot->attr, "%s can open the socket '%s' now, which nobody granted", beyond,
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
	sc_find(out, spot->rule, SC_HOST, spot->node, spot->attr, "%s, who may open every socket in this directory, opens that of '%s' too",
		spot->fact->heir, claim->owner);
	/* who is granted has to be granted anew */
	sc_find_fix_asks(out);
}

static void directory_shared(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, shared_of);
}

const struct sc_rule sc_rules_access[] = {
    {
	.id = "socket-parent-closed",
	.level = SPICECFG_LEVEL_WARNING,
	.cls = SPICECFG_CLASS_EFFECT,
	.needs = SC_HAS_SPICE,
	.title = "Somebody who may open the socket can't pass a directory on the way",
	.text =
	    "To open a Unix socket one needs the right to pass (x) on every directory above it. spicecfg sees to the socket's own "
	    "directory "
	    "and to "
	    "/var/spicex; other directories belong to somebody else and stay as they are. QEMU's account has to pass them too, or the VM "
	    "does not start.",
	.source = "path_resolution(7); F3; A9",
	.check = parent_closed,
    },
    {
	.id = "socket-parent-open",
	.level = SPICECFG_LEVEL_WARNING,
	.cls = SPICECFG_CLASS_SECURITY,
	.title = "Somebody else can put another directory in the place of the socket's",
	.text =
	    "Who may write in a directory above the socket's own can rename that and make one of his own in its place: QEMU then makes its "
	    "socket there, and the ACLs count no more. The directories on the way should belong to root and be writable for root only; a "
	    "sticky one such as /tmp will do.",
	.source = "path_resolution(7); A9",
	.fix = "spicecfg set-listen TARGET socket",
    },
    {
	.id = "socket-open-beyond",
	.level = SPICECFG_LEVEL_ERROR,
	.cls = SPICECFG_CLASS_SECURITY,
	.needs = SC_HAS_SPICE,
	.title = "The running VM's socket lets in more than was granted",
	.text = "On a Unix socket its ACL is the authentication. The socket of the running VM lets in somebody whom the default ACL of its "
		"directory, that is acl grant, does not name: it was changed by hand, or is older than the ACLs. acl show TARGET says who "
		"opens it; acl grant and acl revoke set it anew. A directory of the VM's own shuts everybody else out.",
	.source = "unix(7); F3; A9",
	.fix = "spicecfg set-listen TARGET socket",
	.check = opens_beyond,
    },
    {
	.id = "socket-directory-shared",
	.level = SPICECFG_LEVEL_ERROR,
	.cls = SPICECFG_CLASS_SECURITY,
	.needs = SC_HAS_SPICE,
	.title = "Who may open one VM's socket opens that of another too",
	.text =
	    "A default ACL holds for each socket that is made in its directory. Two VMs with sockets right in the same directory let in "
	    "the same users. Each VM needs a directory of its own.",
	.source = "acl(5); F3; A9",
	.fix = "spicecfg set-listen TARGET socket",
	.check = directory_shared,
    },
    {.id = NULL},
};
