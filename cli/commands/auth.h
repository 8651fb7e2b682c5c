/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What sasl, user and pam share: plans of the host or, with --vm, of one VM. */
#ifndef CLI_COMMANDS_AUTH_H
#define CLI_COMMANDS_AUTH_H

#include "verb.h"

typedef enum spicecfg_status (*cli_auth_plan_fn)(struct cli *cli, struct spicecfg_plan *plan, struct spicecfg_vm *vm, const void *opaque);

/* Opens the VM of --vm (none: NULL), plans, and carries the plan out; plans anew when somebody else was faster. */
enum spicecfg_status cli_auth_edit(struct cli *cli, cli_auth_plan_fn plan, const void *opaque);

/* The VM of --vm, NULL without it. readonly: it is only looked at. */
enum spicecfg_status cli_auth_open(struct cli *cli, bool readonly, struct spicecfg_vm **vm);

/* Asks for the password of the user in the first argument, tries the login, and tells how it ended, in text and JSON. */
typedef enum spicecfg_status (*cli_auth_login_fn)(struct cli *cli, struct spicecfg_vm *vm, const struct cli_secret *secret,
						  struct spicecfg_login *login);
enum spicecfg_status cli_auth_test(struct cli *cli, cli_auth_login_fn try_login);

#endif
