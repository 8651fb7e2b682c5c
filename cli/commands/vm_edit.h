/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the verbs that edit a VM's definition have in common. */
#ifndef CLI_COMMANDS_VM_EDIT_H
#define CLI_COMMANDS_VM_EDIT_H

#include "verb.h"

/* Fills the request; returns the error recorded. */
typedef enum spicecfg_status (*cli_fill_fn)(struct cli *cli, struct spicecfg_request *request);

/*
 * Opens cli->target, plans what fill asks for, and hands it to cli_plan(). Where somebody else changed the definition meanwhile it reads
 * again and redoes the edit.
 */
enum spicecfg_status cli_vm_edit(struct cli *cli, cli_fill_fn fill);

/* Sets the settings that the arguments and options of a verb with CLI_SETTINGS give. */
enum spicecfg_status cli_vm_settings(struct cli *cli, struct spicecfg_request *request);

/* One "NAME=VALUE" word as the setting prefix.NAME (prefix may be ""). */
enum spicecfg_status cli_vm_pair(struct cli *cli, struct spicecfg_request *request, const char *prefix, const char *word);

#endif
