/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What protects a console's socket: the ACLs of the directories above it, and of the socket of a running VM. */
#ifndef SC_MODEL_DOOR_H
#define SC_MODEL_DOOR_H

#include "model/acl.h"
#include "model/host.h"

/* A directory or socket. */
struct sc_door_part {
	const char *path;
	unsigned uid, gid;
	bool setgid;
	struct sc_acl access, standing; /* standing: the default ACL of a directory */
};

struct sc_door_fact {
	const char *path;                  /* of the socket, as in the definition */
	const struct sc_door_part **above; /* the directories, topmost first; the last one contains the socket */
	size_t n_above;
	const char *missing;               /* the first directory that does not exist; NULL: they all do */
	const char *unread;                /* the first part that could not be read; NULL: there is none */
	const struct sc_door_part *socket; /* of the running VM; NULL: there is no socket */
};

/* Returns what is known about the protection of a socket; NULL: nothing. */
const struct sc_door_fact *sc_host_door(const struct sc_host *host, const char *path);

/*
 * Sets *out to the protection of the socket that QEMU creates in a directory at the next start. With a default ACL the socket inherits it,
 * limited by the mode 0775 that bind() asks for under libvirt's umask 0002 (net/unix/af_unix.c unix_bind_bsd; measured): others never get
 * the permission to write that connect() needs.
 */
void sc_door_next(const struct sc_door_part *directory, unsigned uid, unsigned gid, struct sc_door_part *out);

#endif
