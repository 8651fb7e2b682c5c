/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Code shared by sasl, user and pam: plans for the host or, with --vm, for one VM. */
#ifndef CLI_COMMANDS_AUTH_H
#define CLI_COMMANDS_AUTH_H

#include "verb.h"

typedef enum spicecfg_status (*cli_auth_plan_fn)(struct cli *cli, struct spicecfg_plan *plan, struct spicecfg_vm *vm, const void *opaque);

/* Opens the VM of --vm (NULL without it), plans, and carries out the plan; plans again when the documents were changed meanwhile. */
enum spicecfg_status cli_auth_edit(struct cli *cli, cli_auth_plan_fn plan, const void *opaque);

/* Opens the VM of --vm; *vm is NULL without it. readonly: it will not be changed. */
enum spicecfg_status cli_auth_open(struct cli *cli, bool readonly, struct spicecfg_vm **vm);

/* Opens the VM of --vm, and puts the list that read() fills, and prints, into the JSON document as key, unless an error was recorded. */
typedef enum spicecfg_status (*cli_auth_read_fn)(struct cli *cli, struct spicecfg_vm *vm, json_t *list);
enum spicecfg_status cli_auth_list(struct cli *cli, const char *key, cli_auth_read_fn read);

/* Reads the password of the user named by the first argument, tries the login, and reports the result as text and JSON. */
typedef enum spicecfg_status (*cli_auth_login_fn)(struct cli *cli, struct spicecfg_vm *vm, const struct cli_secret *secret,
						  struct spicecfg_login *login);
enum spicecfg_status cli_auth_test(struct cli *cli, cli_auth_login_fn try_login);

#endif
