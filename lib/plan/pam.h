/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The PAM service file: made from a template, and checked. */
#ifndef SC_PLAN_PAM_H
#define SC_PLAN_PAM_H

#include "doc/pam.h"
#include "plan/files.h"

/* A comment in every file that spicecfg writes. */
#define SC_PAM_MARK "Written by spicecfg"

/*
 * Appends the template with its line "# @ALLOW@" replaced by rules that admit only the listed accounts and groups ("user:U", "group:G",
 * NULL-terminated); allow NULL: everybody whom the other rules admit; an empty list: nobody. SPICECFG_USAGE: a word of another form.
 */
SPICECFG_CHECKED enum spicecfg_status sc_pam_fill(struct spicecfg_ctx *ctx, const char *template, const char *const *allow,
						  struct sc_buf *out);

/* Reports a problem of a service; where.file is the document's name, message is valid during the call. */
typedef void (*sc_pam_problem_fn)(void *opaque, const char *rule, bool error, struct sc_where where, const char *message);

/* Whether the rule is of that module, given by name or by path. */
bool sc_pam_is_module(const struct sc_pam_entry *entry, const char *name);

/* Whether it is an auth rule that delays a login with a wrong password: pam_unix.so by two seconds, pam_faildelay.so as configured. */
bool sc_pam_delays(const struct sc_pam_entry *entry);

/*
 * Appends text without the delays that would keep QEMU waiting after a wrong password: auth rules of includes replace the include, and
 * pam_unix.so gets nodelay. A stack without such a delay stays as it is, as do includes that load (as in sc_pam_judge) can't find.
 */
SPICECFG_CHECKED enum spicecfg_status sc_pam_undelay(struct spicecfg_ctx *ctx, const char *text,
						     const struct sc_pam *(*load)(void *opaque, const char *file), void *opaque,
						     struct sc_buf *out);

/*
 * Checks the auth and account stacks, with includes resolved by load: broken lines, missing files, modules that has_module does not know
 * (NULL: not checked), stacks that admit everybody or nobody, delays while QEMU waits, times that have no effect. Returns the number of
 * errors.
 */
struct sc_pam_judge {
	const struct sc_pam *(*load)(void *opaque, const char *file);
	bool (*has_module)(void *opaque, const char *module);
	/*
	 * The bytes of a file that a module is configured to read; NULL if it can't be read. They belong to the callback's owner and stay
	 * valid until sc_pam_judge() returns. read NULL: such files are not checked.
	 */
	const struct sc_buf *(*read)(void *opaque, const char *path);
	const char *service; /* "spice" */
	sc_pam_problem_fn report;
	void *opaque;
};
unsigned sc_pam_judge(const struct sc_pam *pam, const struct sc_pam_judge *judge);

#endif
