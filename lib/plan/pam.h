/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The PAM service file: made from a template, judged by reading. */
#ifndef SC_PLAN_PAM_H
#define SC_PLAN_PAM_H

#include "doc/pam.h"
#include "plan/files.h"

/* A comment that stands in every file of ours. */
#define SC_PAM_MARK "Written by spicecfg"

/*
 * Appends the template with its line "# @ALLOW@" replaced by rules that admit only the accounts and groups ("user:U", "group:G",
 * NULL-terminated); allow NULL: everybody whom the rest admits; empty: nobody. SPICECFG_USAGE: a word of another form.
 */
SPICECFG_CHECKED enum spicecfg_status sc_pam_fill(struct spicecfg_ctx *ctx, const char *template, const char *const *allow,
						  struct sc_buf *out);

/* What is found in a service; where->file is the document's name. */
typedef void (*sc_pam_problem_fn)(void *opaque, const char *rule, bool error, struct sc_where where, const char *message);

/*
 * Judges the stacks of auth and account, includes resolved by walk_load: broken lines, missing files, modules that has_module does not know
 * (NULL: not asked), stacks that admit everybody or nobody. Returns the number of errors.
 */
struct sc_pam_judge {
	const struct sc_pam *(*load)(void *opaque, const char *file);
	bool (*has_module)(void *opaque, const char *module);
	sc_pam_problem_fn report;
	void *opaque;
};
unsigned sc_pam_judge(const struct sc_pam *pam, const struct sc_pam_judge *judge);

#endif
