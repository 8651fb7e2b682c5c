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

/* True for a rule of that module, named by itself or by its path. */
bool sc_pam_is_module(const struct sc_pam_entry *entry, const char *name);

/* True for a rule of auth that makes a login with a wrong password wait: pam_unix.so for two seconds, pam_faildelay.so as it is told. */
bool sc_pam_delays(const struct sc_pam_entry *entry);

/*
 * Appends text with the auth rules of its includes in their place, and nodelay at pam_unix.so, where a wrong password would keep QEMU
 * waiting else; a stack that has no such delay, or includes that load (as in sc_pam_judge) can't find, stay as they are.
 */
SPICECFG_CHECKED enum spicecfg_status sc_pam_undelay(struct spicecfg_ctx *ctx, const char *text,
						     const struct sc_pam *(*load)(void *opaque, const char *file), void *opaque,
						     struct sc_buf *out);

/*
 * Judges the stacks of auth and account, includes resolved by walk_load: broken lines, missing files, modules that has_module does not know
 * (NULL: not asked), stacks that admit everybody or nobody, delays while QEMU waits, times that do not hold. Returns the number of errors.
 */
struct sc_pam_judge {
	const struct sc_pam *(*load)(void *opaque, const char *file);
	bool (*has_module)(void *opaque, const char *module);
	/* The bytes of a file that a module is told to read, NULL where it can't be read; owned by the caller until the end. NULL: not
	 * asked. */
	const struct sc_buf *(*read)(void *opaque, const char *path);
	const char *service; /* "spice" */
	sc_pam_problem_fn report;
	void *opaque;
};
unsigned sc_pam_judge(const struct sc_pam *pam, const struct sc_pam_judge *judge);

#endif
