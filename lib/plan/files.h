/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and directories of the host in a plan: a step is added only where something differs. */
#ifndef SC_PLAN_FILES_H
#define SC_PLAN_FILES_H

#include "plan/plan.h"

/* A file or directory as it was found. */
struct sc_found {
	const char *path;
	bool exists;
	uid_t uid;
	gid_t gid;
	mode_t mode;      /* permission bits */
	const char *data; /* of a file; NULL when it does not exist */
	size_t len;
};

/* What a file shall be. */
struct sc_put {
	const struct sc_found *found;
	const char *data; /* NULL: removed */
	size_t len;
	bool owned; /* uid, gid and mode count; else they stay, and new files are root's 0644 */
	uid_t uid;
	gid_t gid;
	mode_t mode;
	bool secret;                       /* never shown */
	const char *old_shown, *new_shown; /* NULL: as they are */
	const char *key, *from, *to;       /* the change that reports name; key NULL: "" with made/changed/removed */
	bool untold;                       /* the caller adds the changes of the contents by itself */
	unsigned effects;
};

/* Adds the step and the change; where the file is so already, it is watched. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_put(struct spicecfg_plan *plan, const struct sc_put *put);

/* Makes a directory, or gives it owner and mode where they differ; a directory that the plan sees to already is left as planned. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_dir(struct spicecfg_plan *plan, const struct sc_found *found, uid_t uid, gid_t gid,
						  mode_t mode);

/* Makes the missing ones of directories (outermost first, ends with a path of NULL) as root's 0755; those that are there stay as they are.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_parents(struct spicecfg_plan *plan, const struct sc_found *dirs);

#endif
