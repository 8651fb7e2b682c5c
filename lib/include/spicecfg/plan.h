/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plan: everything that a verb would change, in memory. It is checked, shown, and committed as one transaction. */
#ifndef SPICECFG_PLAN_H
#define SPICECFG_PLAN_H

#include <spicecfg/base.h>
#include <spicecfg/check.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spicecfg_plan;
struct spicecfg_report;

/* When a change takes effect; flags. */
enum spicecfg_effect {
	SPICECFG_EFFECT_NOW = 1,
	SPICECFG_EFFECT_ON_DEFINE = 2,
	SPICECFG_EFFECT_DAEMON_RESTART = 4,
	SPICECFG_EFFECT_NEXT_START = 8,
};

/* One setting that changes. Secrets show as "***". */
struct spicecfg_change {
	const char *document; /* "domain:debianx", or the path of a file */
	const char *path;     /* "/domain/devices/video[1]/model/@heads", a key, or "" for the whole document */
	const char *from;     /* NULL: added */
	const char *to;       /* NULL: removed */
	unsigned effects;     /* enum spicecfg_effect */
};

/*
 * Makes an empty plan, which the spicecfg_plan_ calls of the other headers fill: spicecfg_plan_vm(), spicecfg_plan_user() and so on.
 * Nothing is changed before spicecfg_plan_commit(). A call that fails leaves the plan empty. So far a plan takes one such call: a second
 * one is SPICECFG_USAGE. *out is NULL on failure; free it with spicecfg_plan_free() before the VM or qemu.conf that it was filled for.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_new(struct spicecfg_ctx *ctx, struct spicecfg_plan **out);

/* Frees the plan and wipes what it held; takes NULL. */
void spicecfg_plan_free(struct spicecfg_plan *plan);

/* True when a commit would change a byte or do an action. */
bool spicecfg_plan_changed(const struct spicecfg_plan *plan);

/* The changes; strings belong to the plan. NULL behind the last. */
const struct spicecfg_change *spicecfg_plan_change(const struct spicecfg_plan *plan, size_t index);

/* Remarks for people: arithmetic, what is pending, what to know. NULL behind the last. */
const struct spicecfg_fix *spicecfg_plan_note(const struct spicecfg_plan *plan, size_t index);

/* Unified diff of all documents that change, secrets shown as ***; *out is for free(). */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_diff(struct spicecfg_plan *plan, char **out);

/* The bytes of the plan's only document as they will be (for --output and stdin); owned by the plan.
 * SPICECFG_USAGE when the plan has not exactly one document. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_output(struct spicecfg_plan *plan, const char **bytes, size_t *len);

/* Writes the plan's only document to file instead of its own place when it is committed; the file may exist. SPICECFG_USAGE when the plan
 * has not exactly one document, SPICECFG_INPUT when file is no regular file. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_redirect(struct spicecfg_plan *plan, const char *file);

/*
 * Runs the rules over what would be. *out is made in any case but a failure to run them; free it with spicecfg_report_free().
 * Returns SPICECFG_FINDINGS where libvirt or QEMU would refuse the result whatever the host's settings: a finding of the report says why.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_check(struct spicecfg_plan *plan, struct spicecfg_report **out);
void spicecfg_report_free(struct spicecfg_report *report);

/* All that the rules say of the result, what was so before (finding->before) too. NULL behind the last. */
const struct spicecfg_finding *spicecfg_report_finding(const struct spicecfg_report *report, size_t index);

/*
 * Does it: lock, verify that nothing changed meanwhile, write all or nothing. Takes the report that was made for this plan, and
 * refuses (SPICECFG_FINDINGS) while it has errors, unless the context forces it. Where the documents changed since they were read
 * it returns SPICECFG_SYSTEM with *stale true (may be NULL): read again and plan anew. After a failure all is as it was, but for what the
 * error names as unrestored: SPICECFG_SYSTEM then, and *stale false.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_commit(struct spicecfg_plan *plan, const struct spicecfg_report *report, bool *stale);

/*
 * What a commit asks before it goes on. PREPARED: everything was verified, nothing was touched. APPLIED: all is done, and the old state
 * is still there. False ends the commit with the context's error, and what was done is rolled back.
 */
enum spicecfg_stage {
	SPICECFG_STAGE_PREPARED,
	SPICECFG_STAGE_APPLIED,
};
typedef bool (*spicecfg_stage_fn)(void *opaque, enum spicecfg_stage stage);

/* fn is called by spicecfg_plan_commit(), once per stage: a report that can't be written is no reason to find out afterwards. */
void spicecfg_plan_set_stage_fn(struct spicecfg_plan *plan, spicecfg_stage_fn fn, void *opaque);

#ifdef __cplusplus
}
#endif
#endif
