/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The PAM service file: made from a template, and checked. */
#ifndef SC_PLAN_PAM_H
#define SC_PLAN_PAM_H

#include "base/arena.h"
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

/* Appends such a list: the rules that admit them, and one that refuses all others. SPICECFG_USAGE as above. */
SPICECFG_CHECKED enum spicecfg_status sc_pam_put_list(struct spicecfg_ctx *ctx, const char *const *allow, struct sc_buf *out);

/* The accounts and groups in the list of a document, NULL-terminated, in memory; *out is NULL when it has no list. */
SPICECFG_CHECKED enum spicecfg_status sc_pam_listed(struct spicecfg_ctx *ctx, const struct sc_pam *pam, struct sc_arena *memory,
						    const char *const **out);

/* Lists of accounts and groups, NULL-terminated; NULL: an empty one. */
struct sc_pam_wish {
	const char *const *have, *const *add, *const *remove;
};

/* Those of add that are new, each once, then those of have; without those of remove. */
SPICECFG_CHECKED enum spicecfg_status sc_pam_merge(struct spicecfg_ctx *ctx, const struct sc_pam_wish *wish, struct sc_arena *memory,
						   const char *const **out);

/* SPICECFG_USAGE: one of the words is not "user:NAME" or "group:NAME". */
SPICECFG_CHECKED enum spicecfg_status sc_pam_check_subjects(struct spicecfg_ctx *ctx, const char *const *words);

/*
 * Appends the document with another list: a result of sc_pam_merge() for its own. All other bytes stay as they are. SPICECFG_INPUT: it has
 * no list, or a rule before the list skips a number of rules that no longer fits.
 */
SPICECFG_CHECKED enum spicecfg_status sc_pam_relist(struct spicecfg_ctx *ctx, const struct sc_pam *pam, const char *const *allow,
						    struct sc_arena *memory, struct sc_buf *out);

/* The entries of a list: from first on, those that admit one account or group each, and the refusal after them. */
struct sc_pam_list {
	size_t first, deny;
};

/* False: the document has no list. memory is for what it needs meanwhile. */
bool sc_pam_find_list(const struct sc_pam *pam, struct sc_arena *memory, struct sc_pam_list *list);

/*
 * The first rule outside the list of 'old' that limits who gets in or when, or that libpam can't read, and that other (NULL: an empty one)
 * does not have; NULL: there is none. memory is for what it needs meanwhile.
 */
const struct sc_pam_entry *sc_pam_lost_limit(const struct sc_pam *old, const struct sc_pam *other, struct sc_arena *memory);

/*
 * Appends the template with the limits of 'old' outside its list that are required or requisite: those of type account before the line
 * "# @ALLOW@", those of type auth before the rules that ask for a password. Those that depend on the rules around them can't be moved:
 * SPICECFG_INPUT names the first, unless the template has it.
 */
SPICECFG_CHECKED enum spicecfg_status sc_pam_keep_limits(struct spicecfg_ctx *ctx, const struct sc_pam *old, const char *template,
							 struct sc_arena *memory, struct sc_buf *out);

/* Whether a new file with the kept limits admits nobody whom the present one refuses: no rule of it is unknown, broken, or can't be moved.
 */
bool sc_pam_replaceable(const struct sc_pam *pam, struct sc_arena *memory);

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

enum sc_pam_writers { SC_PAM_WRITERS_NONE, SC_PAM_WRITERS_SOME, SC_PAM_WRITERS_ALL };

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
	/* Who else than root may write to such a file. NULL: not checked. */
	enum sc_pam_writers (*writers)(void *opaque, const char *path);
	const char *service; /* "spice" */
	sc_pam_problem_fn report;
	void *opaque;
};
/* The findings about a rule of pam_listfile.so: what it does with a list that is missing, or that others may write. */
typedef void (*sc_pam_listfile_fn)(void *opaque, const char *rule, const char *message);
void sc_pam_judge_listfile(const struct sc_pam_entry *entry, const struct sc_pam_judge *judge, sc_pam_listfile_fn report, void *opaque);

unsigned sc_pam_judge(const struct sc_pam *pam, const struct sc_pam_judge *judge);

#endif
