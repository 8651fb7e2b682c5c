/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/door.h"

#include <string.h>

enum { SOCKET_MODE = 0775 };

const struct sc_door_fact *sc_host_door(const struct sc_host *host, const char *path)
{
	for (size_t i = 0; i < host->logins.n_doors; i++)
		if (strcmp(host->logins.doors[i].path, path) == 0)
			return &host->logins.doors[i];
	return NULL;
}

void sc_door_next(const struct sc_door_part *directory, unsigned uid, unsigned gid, struct sc_door_part *out)
{
	*out = (struct sc_door_part){.path = directory->path, .uid = uid, .gid = directory->setgid ? directory->gid : gid};
	if (!directory->standing.n) {
		sc_acl_from_mode(&out->access, SOCKET_MODE);
		return;
	}
	out->access = directory->standing;
	for (size_t i = 0; i < out->access.n; i++)
		if (out->access.entries[i].tag == SC_ACL_OTHER)
			out->access.entries[i].perms &= SOCKET_MODE & 7;
}
