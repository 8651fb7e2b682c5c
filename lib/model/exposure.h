/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who can read a file that holds a password: filled by lib/system, judged by a rule. */
#ifndef SC_MODEL_EXPOSURE_H
#define SC_MODEL_EXPOSURE_H

#include <stdbool.h>

/* A file by its mode, its ACL and the directories on the way to it. Its owner and root may read it. */
struct sc_exposure {
	const char *path;   /* as a command names it; NULL: nobody looked */
	bool outside;       /* a path of the user: below no root */
	const char *reader; /* one who can read it: "others", "user:NAME", "group:NAME"; NULL: nobody can */
	bool groups;        /* its group or its ACL lets somebody in, whatever others may do */
};

#endif
