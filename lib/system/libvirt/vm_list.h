/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The domains of a URI, or below a root, for a word that is not the name of one. */
#ifndef SC_SYSTEM_VM_LIST_H
#define SC_SYSTEM_VM_LIST_H

#include <spicecfg/vm.h>

#include "base/ctx.h"

/* Adds to the recorded error about an unknown domain the one that was probably meant, if some name is similar. */
void sc_vm_suggest(struct spicecfg_ctx *ctx, const char *word);

/*
 * The domain below the root whose definition has the UUID that word is, for free(); NULL: none has, or word is not a UUID. The error of a
 * directory that can't be read is recorded.
 */
SPICECFG_CHECKED enum spicecfg_status sc_vm_name_of_uuid(struct spicecfg_ctx *ctx, const char *word, char **name);

#endif
