/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which accounts can read a file that contains a password. Filled by lib/system, judged by a rule. */
#ifndef SC_MODEL_EXPOSURE_H
#define SC_MODEL_EXPOSURE_H

#include <stdbool.h>

/* The result for a file: by its mode, its ACL and the directories on its path. Access by its owner and by root is not reported. */
struct sc_exposure {
	const char *path;   /* as a command names it; NULL: not examined */
	bool outside;       /* a path of the user: not below the root */
	const char *reader; /* a subject that can read it: "others", "user:NAME", "group:NAME"; NULL: none */
	bool groups;        /* its group or its ACL grants access to further accounts */
};

#endif
