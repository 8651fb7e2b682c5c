/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Documents of the host as they will be once a plan is committed. Whatever reads the host (system/os/file.h) finds a document here first.
 * Pure: system/load puts the steps of a plan here, together with what they leave as it is.
 */
#ifndef SC_STAGE_STAGE_H
#define SC_STAGE_STAGE_H

#include <sys/stat.h>

#include "model/acl.h"

struct sc_stage;

struct sc_staged {
	const char *path; /* absolute, links resolved; "domain:UUID" for a definition of libvirt */
	bool outside;     /* a path of the user's: not below the root */
	mode_t mode;      /* type and permissions; 0: it does not exist */
	uid_t uid;
	gid_t gid;
	struct sc_acl access;
	struct sc_acl standing; /* of a directory; n == 0: no default ACL */
	const char *bytes;      /* of a file; they belong to the plan */
	size_t len;
};

/* NULL: memory is short. */
struct sc_stage *sc_stage_new(void);
void sc_stage_free(struct sc_stage *stage);

/* The document with that path; NULL: the stage has none, and the file system decides. stage may be NULL. */
const struct sc_staged *sc_stage_find(const struct sc_stage *stage, const char *path, bool outside);

/* The same for the definition of the domain that libvirt has with that UUID. */
const struct sc_staged *sc_stage_find_domain(const struct sc_stage *stage, const char *uuid);

/* As sc_stage_find(), for a change; a new entry has the path (copied) and zeros. NULL: memory is short. */
struct sc_staged *sc_stage_put(struct sc_stage *stage, const char *path, bool outside);

/* The index-th document, in the order in which they were added; NULL after the last. */
const struct sc_staged *sc_stage_get(const struct sc_stage *stage, size_t index);

/* The name of a document directly in the directory dir; NULL: it is elsewhere. */
const char *sc_staged_in(const struct sc_staged *staged, const char *dir);

#endif
