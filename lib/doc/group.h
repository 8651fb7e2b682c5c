/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /etc/group and /etc/gshadow. The list of members is the fourth field in both. */
#ifndef SC_DOC_GROUP_H
#define SC_DOC_GROUP_H

#include "base/buf.h"

/*
 * Adds user to the members of group, and changes nothing else; nothing at all when the user is a member already. Returns false when the
 * group does not exist. A failed allocation sets text->failed.
 */
bool sc_group_add(struct sc_buf *text, const char *group, const char *user);

/* Adds the line of a new group ("name:x:gid:" or "name:!::") at the end, but before the lines of NIS, after which lines have no effect. */
void sc_group_make(struct sc_buf *text, const char *line);

/* Returns true when a group of that name exists, or in /etc/group one with that number. */
bool sc_group_taken(const struct sc_buf *text, const char *name, const char *gid);

#endif
