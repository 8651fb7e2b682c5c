/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /etc/group and /etc/gshadow: the list of members is the fourth field of both. */
#ifndef SC_DOC_GROUP_H
#define SC_DOC_GROUP_H

#include "base/buf.h"

/*
 * Adds user to the members of group; nothing else changes. False when there is no such group. A user that is a member already
 * changes nothing. A failed allocation sticks in text->failed.
 */
bool sc_group_add(struct sc_buf *text, const char *group, const char *user);

/* Adds the line of a new group ("name:x:gid:" or "name:!::"): at the end, but before the lines of NIS, behind which none counts. */
void sc_group_make(struct sc_buf *text, const char *line);

/* Whether there is a group of that name, or in /etc/group one of that number. */
bool sc_group_taken(const struct sc_buf *text, const char *name, const char *gid);

#endif
