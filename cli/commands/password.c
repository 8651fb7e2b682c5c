/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* set-password and clear-password: the password is never an argument. */
#include <string.h>

#include "commands/vm_edit.h"
#include "error.h"

static enum spicecfg_status fill_password(struct cli *cli, struct spicecfg_request *request)
{
	struct cli_secret secret = {NULL, 0};
	enum spicecfg_status status;

	if (cli_has(cli, "generate")) {
		status = spicecfg_request_generate(request);
	} else {
		status = cli_secret_read(cli, "Password of the console", true, &secret);
		if (!status)
			status = spicecfg_request_password(request, secret.text, secret.len);
	}
	cli_secret_free(&secret);
	if (!status && cli_has(cli, "live"))
		spicecfg_request_live(request);
	return status ? status : cli_vm_settings(cli, request);
}

static enum spicecfg_status run_set(struct cli *cli)
{
	const char *file = cli_get(cli, "password-file");

	if (file && cli_has(cli, "generate"))
		return cli_usage(cli, "--password-file and --generate can't be used together");
	if (cli_has(cli, "valid-for") && cli_has(cli, "valid-until"))
		return cli_usage(cli, "--valid-for and --valid-until can't be used together");
	if (cli->target && strcmp(cli->target, "-") == 0 && !cli_has(cli, "generate") && (!file || strcmp(file, "-") == 0))
		return cli_usage(cli, "stdin can't be both the definition and the password: use --password-file FILE");
	return cli_vm_edit(cli, fill_password);
}

static const struct cli_option options[] = {
    {"password-file", 0, "FILE", "read the password from the first line of FILE (-: stdin)", false},
    {"generate", 0, NULL, "generate a random password and show it once", false},
    {"live", 0, NULL, "also change the ticket of the running VM", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_set_password = {
    .name = "set-password",
    .synopsis = "[--password-file FILE|--generate] [--live]",
    .summary = "Set the console's password (ticket), optionally with an expiry",
    .help = "The password is read from a file, stdin or a prompt, never from an argument. It may have at most 59 characters: spice-server\n"
	    "truncates longer ones. A console can't have both a password and SASL.",
    .example = "  spicecfg set-password debianx --valid-for 2h --live\n  spicecfg set-password debianx --generate\n"
	       "  pass show vm/debianx | spicecfg set-password debianx",
    .flags = CLI_TARGET | CLI_CHANGES | CLI_SETTINGS,
    .options = options,
    .run = run_set,
};

static enum spicecfg_status fill_clear(struct cli *cli, struct spicecfg_request *request)
{
	(void)cli;
	return spicecfg_request_clear_password(request);
}

static enum spicecfg_status run_clear(struct cli *cli)
{
	return cli_vm_edit(cli, fill_clear);
}

const struct cli_verb cli_verb_clear_password = {
    .name = "clear-password",
    .synopsis = "TARGET",
    .summary = "Remove the console's password and its expiry",
    .help = "A running VM keeps its password until it is powered off and started again.",
    .example = "  spicecfg clear-password debianx",
    .flags = CLI_TARGET | CLI_CHANGES,
    .run = run_clear,
};
