/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "verb.h"

/* Adds the line of a VM to cli->table, with what check finds about it. */
void show_line(struct cli *cli, struct spicecfg_vm *vm, const struct spicecfg_view *view);

#endif
