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

#endif
