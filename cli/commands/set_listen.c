/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <limits.h>
#include <string.h>

#include "commands/vm_edit.h"
#include "error.h"

static enum spicecfg_status fill(struct cli *cli, struct spicecfg_request *request)
{
	const char *kind = cli->args[0], *value = cli->n_args > 1 ? cli->args[1] : NULL, *who;
	bool needs = strcmp(kind, "address") == 0 || strcmp(kind, "network") == 0;

	if (needs && !value)
		return cli_usage(cli, "'set-listen TARGET %s' needs %s", kind, kind[0] == 'a' ? "an address" : "the name of a network");
	if (value && strcmp(kind, "none") == 0)
		return cli_usage(cli, "'set-listen TARGET none' takes no argument '%s'", value);
	if (value && strlen(value) > PATH_MAX)
		return cli_usage(cli, "the address, network or path is too long");
	enum spicecfg_status status = cli_vm_settings(cli, request);
	for (size_t i = 0; !status && (who = cli_get_nth(cli, "allow", i)); i++)
		status = spicecfg_request_allow(request, who);
	if (cli_has(cli, "create-group"))
		spicecfg_request_create_group(request);
	return status;
}

static enum spicecfg_status run(struct cli *cli)
{
	return cli_vm_edit(cli, fill);
}

static const struct cli_option options[] = {
    {"allow", 0, "user:U|group:G", "who may open the socket, in addition to those who already may", true},
    {"create-group", 0, NULL, "create a missing group, as a system group", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_set_listen = {
    .name = "set-listen",
    .synopsis = "[--allow user:U|group:G]... [--create-group]",
    .summary = "Set where the console listens: an address, a Unix socket, a network, or nowhere",
    .help =
	"address: the listen attribute and the <listen> element are kept in step; ports that are not named are kept; --tls-port alone\n"
	"means no plain port, autoport no and defaultMode secure. socket: the default path is /var/spicex/UUID/spice.socket; ports and\n"
	"secure modes are removed, and image compression is turned off; any other path must be in a directory in which others keep no\n"
	"files. network: the address of a libvirt network's bridge. none: no listener, only 'virt-viewer --attach'.",
    .example = "  spicecfg set-listen debianx address 0.0.0.0 --tls-port 20002\n  spicecfg set-listen debianx address ::1 --port auto\n"
	       "  spicecfg set-listen debianx socket",
    .flags = CLI_TARGET | CLI_CHANGES | CLI_SETTINGS,
    .min_args = 1,
    .max_args = 2,
    .options = options,
    .run = run,
    .fill = fill,
};
