/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* user add, passwd, remove and list. */
#include <stdlib.h>
#include <string.h>

#include "commands/auth.h"
#include "error.h"

static enum spicecfg_status plan_user(struct cli *cli, struct spicecfg_plan *plan, struct spicecfg_vm *vm, const void *opaque)
{
	(void)cli;
	return spicecfg_plan_user(plan, vm, opaque);
}

static enum spicecfg_status edit(struct cli *cli, enum spicecfg_user_do what)
{
	struct cli_secret secret = {NULL, 0};
	struct spicecfg_user_request request = {.size = sizeof(request), .what = what};
	char *name = strdup(cli->args[0]), *at = name ? strrchr(name, '@') : NULL;
	enum spicecfg_status status = name ? SPICECFG_OK : cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");

	if (at) {
		*at = '\0';
		request.realm = at + 1;
	}
	request.user = name;
	if (!status && what != SPICECFG_USER_REMOVE)
		status = cli_secret_read(cli, "Password of the user", true, &secret);
	request.password = secret.text;
	request.password_len = secret.len;
	if (!status)
		status = cli_auth_edit(cli, plan_user, &request);
	cli_secret_free(&secret);
	free(name);
	return status;
}

static enum spicecfg_status run_add(struct cli *cli)
{
	return edit(cli, SPICECFG_USER_ADD);
}

static enum spicecfg_status run_passwd(struct cli *cli)
{
	return edit(cli, SPICECFG_USER_PASSWD);
}

static enum spicecfg_status run_remove(struct cli *cli)
{
	return edit(cli, SPICECFG_USER_REMOVE);
}

/* only: USER or USER@REALM; NULL: all users. */
static bool is_wanted(const struct spicecfg_user *user, const char *only)
{
	const char *at = only ? strrchr(only, '@') : NULL;
	size_t len = !only ? 0 : at ? (size_t)(at - only) : strlen(only);

	return !only || (strlen(user->name) == len && memcmp(user->name, only, len) == 0 && (!at || strcmp(at + 1, user->realm) == 0));
}

static enum spicecfg_status read_users(struct cli *cli, struct spicecfg_vm *vm, json_t *list)
{
	struct spicecfg_users *users;
	const struct spicecfg_user *user;
	enum spicecfg_status status = spicecfg_user_list(cli->ctx, vm, &users);

	if (!status)
		json_object_set_new(cli->json_doc, "target", cli_json_text(cli->target));
	for (size_t i = 0; users && (user = spicecfg_users_get(users, i)); i++) {
		if (!is_wanted(user, cli->n_args ? cli->args[0] : NULL))
			continue;
		cli_out(cli, "%s@%s\n", user->name, user->realm);
		json_array_append_new(list,
				      json_pack("{s:o, s:o}", "user", cli_json_text(user->name), "realm", cli_json_text(user->realm)));
	}
	spicecfg_users_free(users);
	return status;
}

static enum spicecfg_status run_list(struct cli *cli)
{
	return cli_auth_list(cli, "users", read_users);
}

static const struct cli_option password_options[] = {
    {"password-file", 0, "FILE", "read the password from the first line of FILE (-: stdin)", false},
    {NULL, 0, NULL, NULL, false},
};

const struct cli_verb cli_verb_user_add = {
    .name = "user add",
    .synopsis = "USER[@REALM] [--vm TARGET] [--password-file F]",
    .summary = "Add a user to the sasldb of the host, or of one VM",
    .help =
	"Without a realm, the user is added under both names of the host, the short and the full one: which of them QEMU uses depends\n"
	"on the host's name service. An existing user gets the new password. The database is rebuilt in a private copy and replaced as a\n"
	"whole; a running VM sees it at once. The password is read from a file, stdin or a prompt, never from an argument.",
    .example = "  spicecfg user add alice --vm debianx\n  pass show spice/alice | spicecfg user add alice@mysrv.example.org",
    .flags = CLI_OPTIONAL_VM | CLI_HOST | CLI_CHANGES,
    .min_args = 1,
    .max_args = 1,
    .options = password_options,
    .run = run_add,
};

const struct cli_verb cli_verb_user_passwd = {
    .name = "user passwd",
    .synopsis = "USER[@REALM] [--vm TARGET] [--password-file F]",
    .summary = "Change a user's password, in all realms of the user",
    .flags = CLI_OPTIONAL_VM | CLI_HOST | CLI_CHANGES,
    .min_args = 1,
    .max_args = 1,
    .options = password_options,
    .run = run_passwd,
};

const struct cli_verb cli_verb_user_remove = {
    .name = "user remove",
    .synopsis = "USER[@REALM] [--vm TARGET]",
    .summary = "Remove a user, leaving no trace of the password in the file",
    .help = "When the last user is removed, the empty database stays, and admits nobody.",
    .flags = CLI_OPTIONAL_VM | CLI_HOST | CLI_CHANGES,
    .min_args = 1,
    .max_args = 1,
    .run = run_remove,
};

const struct cli_verb cli_verb_user_list = {
    .name = "user list",
    .synopsis = "[USER] [--vm TARGET]",
    .summary = "List the users in the sasldb of the host, or of one VM",
    .flags = CLI_OPTIONAL_VM | CLI_HOST,
    .max_args = 1,
    .run = run_list,
};
