/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of verbs, for main() only, which puts it into struct cli. */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "verb.h"

extern const struct cli_verb *const cli_verbs[]; /* NULL-terminated */

#endif
