/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a verb whose words were parsed: its TARGETs, and the number of its arguments. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "verb.h"

/* The global options have been applied. Leaves the error in the context, but for those of single targets, which were printed. */
enum spicecfg_status cli_run(struct cli *cli);

#endif
