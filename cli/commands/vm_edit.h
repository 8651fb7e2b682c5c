/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Code shared by the verbs that edit a VM's definition. */
#ifndef CLI_COMMANDS_VM_EDIT_H
#define CLI_COMMANDS_VM_EDIT_H

#include "verb.h"

/* Fills the request from arguments and options. Returns SPICECFG_OK, or the status of the error that was recorded. */
typedef enum spicecfg_status (*cli_fill_fn)(struct cli *cli, struct spicecfg_request *request);

/*
 * Opens cli->target, plans the request that fill makes, and passes the plan to cli_plan(). If the definition was changed meanwhile, it is
 * read again and the edit repeated.
 */
enum spicecfg_status cli_vm_edit(struct cli *cli, cli_fill_fn fill);

/* Puts the settings given by the arguments and options of a verb with CLI_SETTINGS into the request. */
enum spicecfg_status cli_vm_settings(struct cli *cli, struct spicecfg_request *request);

/* Puts one "NAME=VALUE" word into the request, as the setting whose key is prefix, which may be "", followed by NAME. */
enum spicecfg_status cli_vm_pair(struct cli *cli, struct spicecfg_request *request, const char *prefix, const char *word);

#endif
