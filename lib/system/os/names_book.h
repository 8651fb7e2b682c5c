/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The members of groups, for those who ask of many: the files of accounts are read and sorted once. */
#ifndef SC_SYSTEM_NAMES_BOOK_H
#define SC_SYSTEM_NAMES_BOOK_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/ctx.h"

/* What one book gives in all; each group of a hostile file can have all accounts of another. */
enum { SC_NAMES_MEMBERS_MAX = 200000 };

/* Begin with zeros; free with sc_names_book_free(). */
struct sc_names_book {
	bool loaded;
	struct sc_buf passwd, group;
	struct sc_names_account *accounts; /* by their primary group */
	struct sc_names_line *groups;      /* by name; empty without a root, where the name service is asked */
	size_t n_accounts, n_groups;
	size_t given;
};

/*
 * *members: the *count accounts of a group, listed ones first, then those whose primary group it is, each once, in arena; NULL and 0: none,
 * or no such group. A file of accounts that can't be read is kept
 * as a reason (system/os/look.h). SPICECFG_INPUT: the entry of the group has more than 16 MiB, or the limit above.
 */
SPICECFG_CHECKED enum spicecfg_status sc_names_members(struct spicecfg_ctx *ctx, struct sc_names_book *book, const char *group,
						       struct sc_arena *arena, char ***members, size_t *count);

void sc_names_book_free(struct sc_names_book *book);
#define SC_NAMES_BOOK __attribute__((cleanup(sc_names_book_free))) struct sc_names_book

#endif
