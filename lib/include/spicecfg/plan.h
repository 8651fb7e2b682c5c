/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * A plan holds everything that is to be changed, in memory. It is checked, shown, and committed as one transaction.
 *
 * The order of the calls: spicecfg_plan_new(), calls that fill the plan (spicecfg_plan_vm() and so on) in any number and order,
 * spicecfg_plan_check(), spicecfg_plan_commit(). Nothing is written before the commit. Each call sees what those before it have planned:
 * the result is that of committing one after the other, and findings are about the end, not about what is between.
 */
#ifndef SPICECFG_PLAN_H
#define SPICECFG_PLAN_H

#include <spicecfg/base.h>
#include <spicecfg/check.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spicecfg_plan;
struct spicecfg_report;

/** When a change takes effect; flags. */
enum spicecfg_effect {
	SPICECFG_EFFECT_NOW = 1,
	SPICECFG_EFFECT_ON_DEFINE = 2,      /* when the definition is given to libvirt */
	SPICECFG_EFFECT_DAEMON_RESTART = 4, /* when the daemon has been restarted */
	SPICECFG_EFFECT_NEXT_START = 8,     /* when the VM is started the next time */
};

/** A change of one setting. Secrets are shown as "***". */
struct spicecfg_change {
	const char *document; /* "domain:NAME", or the path of a file */
	const char *path;     /* "/domain/devices/video[1]/model/@heads", a key, or "" for the whole document */
	const char *from;     /* NULL: the setting is added */
	const char *to;       /* NULL: the setting is removed */
	unsigned effects;     /* flags of enum spicecfg_effect */
};

/**
 * Makes an empty plan. The spicecfg_plan_ calls of the other headers fill it; one that fails leaves it as it was.
 *
 * @param ctx the context
 * @param out the plan, to be freed with spicecfg_plan_free() before the VM or the qemu.conf that it was filled for; NULL on failure
 * @return SPICECFG_OK, or SPICECFG_SYSTEM
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_new(struct spicecfg_ctx *ctx, struct spicecfg_plan **out);

/**
 * Frees a plan and wipes its memory.
 *
 * @param plan the plan, or NULL
 */
void spicecfg_plan_free(struct spicecfg_plan *plan);

/**
 * Returns whether a plan changes anything.
 *
 * @param plan the plan
 * @return true when a commit would change a byte or carry out an action
 */
bool spicecfg_plan_changed(const struct spicecfg_plan *plan);

/**
 * Returns whether a plan does more than to change documents: it restarts a daemon or starts a service, or changes a file that a service
 * other than libvirt's daemon reads when it starts. Its effect on what runs can't be predicted.
 *
 * @param plan the plan
 * @return true when it does
 */
bool spicecfg_plan_acts(const struct spicecfg_plan *plan);

/**
 * Returns a change of a plan.
 *
 * @param plan the plan
 * @param index which one, from 0
 * @return the change, which belongs to the plan; NULL after the last
 */
const struct spicecfg_change *spicecfg_plan_change(const struct spicecfg_plan *plan, size_t index);

/**
 * Returns a note of a plan for the user: how a value was computed, what is pending, what to keep in mind.
 *
 * @param plan the plan
 * @param index which one, from 0
 * @return the note, which belongs to the plan; without parts where a later call made it pointless; NULL after the last
 */
const struct spicecfg_fix *spicecfg_plan_note(const struct spicecfg_plan *plan, size_t index);

/**
 * Returns a unified diff of all documents that change. Secrets are shown as ***.
 *
 * @param plan the plan
 * @param out the text, empty when no document changes, to be freed with free(); NULL on failure
 * @return SPICECFG_OK, or SPICECFG_SYSTEM
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_diff(struct spicecfg_plan *plan, char **out);

/**
 * Returns the new contents of a plan's only document, secrets included.
 *
 * @param plan the plan
 * @param bytes the contents, which belong to the plan; NULL on failure
 * @param len their length in bytes
 * @return SPICECFG_OK; SPICECFG_USAGE when the plan does not have exactly one document
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_output(struct spicecfg_plan *plan, const char **bytes, size_t *len);

/**
 * Makes the commit write the plan's only document to another file and leave the original unchanged. Directories and ACLs of the plan are
 * dropped. A new file gets mode 0600; an existing one keeps its mode.
 *
 * @param plan the plan
 * @param file the path of the file, which need not exist
 * @return SPICECFG_OK; SPICECFG_USAGE when the plan does not have exactly one document, or when file is a device, a pipe or a file of
 * libvirt; SPICECFG_INPUT when it belongs to another account, is a directory or can't be read; SPICECFG_SYSTEM when its directory can't be
 * opened
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_redirect(struct spicecfg_plan *plan, const char *file);

/**
 * Runs the rules on the planned result.
 *
 * @param plan the plan
 * @param out the report, which spicecfg_plan_commit() requires, to be freed with spicecfg_report_free(); NULL when the rules could not
 * be run
 * @return SPICECFG_OK; SPICECFG_FINDINGS, with a report, when libvirt or QEMU would refuse the result regardless of the host's settings:
 * a finding of the report says why; SPICECFG_INPUT or SPICECFG_SYSTEM when the rules could not be run
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_check(struct spicecfg_plan *plan, struct spicecfg_report **out);

/**
 * Frees a report.
 *
 * @param report the report, or NULL
 */
void spicecfg_report_free(struct spicecfg_report *report);

/**
 * Returns a finding about the planned result. Findings that the change did not cause are included: see spicecfg_finding.before.
 *
 * @param report the report
 * @param index which one, from 0
 * @return the finding, which belongs to the report; NULL after the last
 */
const struct spicecfg_finding *spicecfg_report_finding(const struct spicecfg_report *report, size_t index);

/**
 * Carries out a plan: takes the locks, verifies that nothing has changed since the documents were read, and writes everything or nothing.
 *
 * @param plan the plan
 * @param report what spicecfg_plan_check() returned for this plan
 * @param stale set to true when the documents have changed since they were read: read them again and make a new plan; may be NULL
 * @return SPICECFG_OK; SPICECFG_FINDINGS when spicecfg_plan_check() returned it, unless the context forces the commit; SPICECFG_SYSTEM
 * when the report is not one of this plan, when a lock was not released in time, when the documents have changed, or when the system
 * refused; SPICECFG_INTERRUPTED. After a failure everything is as it was before, except for the documents that the error lists as
 * unrestored: the status is SPICECFG_SYSTEM then, and *stale is false
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_commit(struct spicecfg_plan *plan, const struct spicecfg_report *report, bool *stale);

/** How far a commit has come. */
enum spicecfg_stage {
	SPICECFG_STAGE_PREPARED, /* everything has been verified, and nothing has been changed */
	SPICECFG_STAGE_APPLIED,  /* everything has been changed, and the old state can still be restored */
};

/**
 * Decides whether a commit continues.
 *
 * @param opaque the pointer given to spicecfg_plan_set_stage_fn()
 * @param stage how far the commit has come
 * @return false to end the commit with the error that is recorded in the context; what was changed is rolled back
 */
typedef bool (*spicecfg_stage_fn)(void *opaque, enum spicecfg_stage stage);

/**
 * Sets a function that spicecfg_plan_commit() calls once for each stage, for example to write a report while the commit can still be rolled
 * back.
 *
 * @param plan the plan
 * @param fn the function; NULL: none
 * @param opaque a pointer that is passed to it
 */
void spicecfg_plan_set_stage_fn(struct spicecfg_plan *plan, spicecfg_stage_fn fn, void *opaque);

#ifdef __cplusplus
}
#endif
#endif
