/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of what the plans of access find. */
#include "rules/tables.h"

const struct sc_rule sc_rules_access[] = {
    {
	.id = "socket-parent-closed",
	.level = SPICECFG_LEVEL_WARNING,
	.cls = SPICECFG_CLASS_EFFECT,
	.title = "Somebody who may open the socket can't pass a folder on the way",
	.text = "To open a Unix socket one needs the right to pass (x) on every folder above it. spicecfg sees to the socket's own folder "
		"and to "
		"/var/spicex; other folders belong to somebody else and stay as they are. QEMU's account has to pass them too, or the VM "
		"does not start.",
	.source = "path_resolution(7); F3; A9",
    },
    {
	.id = "socket-parent-open",
	.level = SPICECFG_LEVEL_WARNING,
	.cls = SPICECFG_CLASS_SECURITY,
	.title = "Somebody else can put another folder in the place of the socket's",
	.text =
	    "Who may write in a folder above the socket's own can rename that and make one of his own in its place: QEMU then makes its "
	    "socket there, and the ACLs count no more. The folders on the way should belong to root and be writable for root only; a "
	    "sticky one such as /tmp will do.",
	.source = "path_resolution(7); A9",
	.mend = "spicecfg set-listen TARGET socket",
    },
    {.id = NULL},
};
