/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The members of groups, for callers that look up many: the passwd and group files are read and sorted once. */
#ifndef SC_SYSTEM_NAMES_BOOK_H
#define SC_SYSTEM_NAMES_BOOK_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/ctx.h"

/* How many members one book returns in all: in hostile files, each of many groups can have all of many accounts. */
enum { SC_NAMES_MEMBERS_MAX = 200000 };

/* Initialise with zeros; free with sc_names_book_free(). */
struct sc_names_book {
	bool loaded;
	struct sc_buf passwd, group;
	struct sc_names_account *accounts; /* sorted by primary group */
	struct sc_names_line *groups;      /* sorted by name; empty without a root, when the name service is asked */
	size_t n_accounts, n_groups;
	size_t given;
};

/*
 * Sets *members to the *count accounts of a group, in arena: listed ones first, then those whose primary group it is, each once. NULL and
 * 0: the group has none or doesn't exist. A passwd or group file that can't be read is recorded (system/os/look.h). SPICECFG_INPUT: the
 * group's entry is larger than 16 MiB, or the limit above is exceeded.
 */
SPICECFG_CHECKED enum spicecfg_status sc_names_members(struct spicecfg_ctx *ctx, struct sc_names_book *book, const char *group,
						       struct sc_arena *arena, char ***members, size_t *count);

void sc_names_book_free(struct sc_names_book *book);
#define SC_NAMES_BOOK __attribute__((cleanup(sc_names_book_free))) struct sc_names_book

#endif
