/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and directories of the host in a plan: a step is added only if something differs. */
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

/* The state that a file is to have. */
struct sc_put {
	const struct sc_found *found;
	const char *data; /* NULL: removed */
	size_t len;
	bool owned; /* uid, gid and mode apply; else they stay, and new files are root's 0644 */
	uid_t uid;
	gid_t gid;
	mode_t mode;
	bool secret;                       /* never shown */
	const char *old_shown, *new_shown; /* NULL: shown unmasked */
	const char *key, *from, *to;       /* the change as reported; key NULL: "", with words for made, changed or removed */
	bool untold;                       /* the caller adds the changes of the contents itself */
	unsigned effects;
};

/* Adds the step and the change; a file that is already in that state is watched. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_put(struct spicecfg_plan *plan, const struct sc_put *put);

/* Makes a directory, or sets its owner and mode if they differ; a directory that already has a step in the plan is left as planned. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_dir(struct spicecfg_plan *plan, const struct sc_found *found, uid_t uid, gid_t gid,
						  mode_t mode);

/* Makes the missing directories of a list (outermost first, ends with a path of NULL) as root's 0755; existing ones stay as they are. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_parents(struct spicecfg_plan *plan, const struct sc_found *dirs);

/* Locks the account files from before /etc/group is compared with what was read, until the end of the commit. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_lock_accounts(struct spicecfg_plan *plan);

#endif
