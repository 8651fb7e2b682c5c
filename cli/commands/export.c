/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* export: the policy of what is configured. */
#include <stdlib.h>

#include "error.h"
#include "say.h"

static enum spicecfg_status run(struct cli *cli)
{
	char *text = NULL;
	enum spicecfg_status status = spicecfg_export(cli->ctx, cli->n_args ? cli->args : NULL, &text);

	if (!status && cli->json)
		json_object_set_new(cli->json_doc, "policy", cli_json_text(text));
	else if (!status)
		cli_say_block(stdout, text);
	free(text);
	return status;
}

const struct cli_verb cli_verb_export = {
    .name = "export",
    .synopsis = "[TARGET...]",
    .summary = "Print the policy of what is configured, for apply",
    .help =
	"Without a TARGET, of the host and all its VMs; with TARGETs, of these VMs alone. Applied, the policy changes nothing: each\n"
	"section was planned before it is printed, and a line that would change something is a comment that says so. Passwords are not\n"
	"exported: a VM or user that has one has password = generate, which keeps it, and makes a new one where there is none.\n"
	"What a policy can't say is not exported, such as the PAM rules of a VM, and certificates of another CA.",
    .example = "  spicecfg export >host.ini\n  spicecfg --root /mnt export\n  spicecfg export debianx",
    .flags = CLI_HOST,
    .max_args = -1,
    .run = run,
};
