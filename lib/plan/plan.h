/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plan is data: steps that lib/system/commit/commit.c carries out, changes and notes for reports. Nothing here does I/O. */
#ifndef SC_PLAN_PLAN_H
#define SC_PLAN_PLAN_H

#include <spicecfg/plan.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"

struct sc_acl_wanted;
struct sc_exposure;
struct sc_findings;
struct sc_host;
struct sc_neighbours;

/* How a step is carried out: one row each in lib/system/commit/commit.c. */
enum sc_step_type {
	SC_STEP_MKDIR,  /* path, want; acl: one that must not be there yet and appears with these ACLs, or NULL */
	SC_STEP_FILE,   /* path: old bytes -> new bytes (new NULL: removed), want */
	SC_STEP_ACL,    /* path, acl */
	SC_STEP_DEFINE, /* vm; old XML -> new XML */
	SC_STEP_LIVE,   /* vm; new: XML of the <graphics> for the running VM (secret) */
	SC_STEP_ACTION, /* action: a daemon to restart, a group to make, … */
	SC_STEP_TYPES,
};

/* Owner and mode that a file or directory shall have. Parts that are unset stay as they are; new files are root's 0644, directories 0755.
 */
struct sc_want {
	bool owner, group, mode; /* which of the following count */
	uid_t uid;
	gid_t gid;
	mode_t bits;
};

/* An action beside the documents, by name; lib/system/commit/action.c has a row per name with do and undo. */
struct sc_action {
	const char *name; /* "restart-daemon", "add-group", "lock-accounts", "start-service" */
	const char *arg[3];
};

struct sc_step {
	enum sc_step_type type;
	const char *document; /* how reports name it */
	const char *path;     /* host path without the root prefix; NULL for other types */
	const char *old;      /* NULL: does not exist */
	size_t old_len;
	const char *new; /* NULL: is removed */
	size_t new_len;
	const char *old_shown; /* the same with secrets masked, line by line; NULL: as old/new */
	const char *new_shown;
	bool xml;          /* a definition: its passwords are masked where it is shown */
	bool secret;       /* contents are never shown: keys, databases of passwords */
	bool outside;      /* a FILE target: path is the user's own: no root prefix, a symlink is followed once, at read time */
	bool no_links;     /* MKDIR: no symbolic link is followed on the way */
	bool redirected;   /* --output: what stands at path is there, not old */
	const char *there; /* NULL: nothing */
	size_t there_len;
	struct sc_want want;
	const struct sc_acl_wanted *acl;
	const struct sc_action *action;
	const struct spicecfg_vm *vm; /* whose definition it is, a FILE's too; NULL: another document */
	unsigned effects;             /* enum spicecfg_effect */
	void *run;                    /* owned by the commit */
	bool stale;                   /* set by the commit: somebody else changed it while it was carried out */
	bool unrestored;              /* set by the commit: it was applied and could not be put back */
};

/* A file that stays as it is; what a killed process left beside it does not. */
struct sc_watched {
	const char *path;
	bool outside;
};

struct spicecfg_plan {
	struct spicecfg_ctx *ctx;
	bool filled;             /* a public call has planned into it */
	struct sc_arena *memory; /* everything below lives here; wiped */
	struct sc_step *steps;
	size_t n_steps, size_steps;
	struct sc_watched *watched;
	size_t n_watched, size_watched;
	struct spicecfg_change *changes;
	size_t n_changes, size_changes;
	const struct spicecfg_fix **notes;
	size_t n_notes, size_notes;
	struct spicecfg_finding *found; /* what the planning itself found: every report begins with it */
	size_t n_found, size_found;
	bool found_refused; /* one of them forbids the commit */
	/* How the plan is checked: runs the rules over what will be; NULL: nothing to check. */
	enum spicecfg_status (*check)(struct spicecfg_plan *plan, struct spicecfg_report *report);
	const void *check_data;
	spicecfg_stage_fn on_stage; /* NULL: nobody asks */
	void *on_stage_data;
	struct sc_findings *before;         /* what the rules say of the definition as it is; NULL: nobody asked them yet */
	struct sc_neighbours *neighbours;   /* other domains that have what the VM is given; NULL: none */
	const struct sc_exposure *exposure; /* of the file that gets a password; NULL: none does */
	const struct sc_host *host;         /* what is known of the VM's host; NULL: a stock one is assumed. Not the plan's own. */
};

/* True when a step makes its document another one. Steps without a document always do: planners add them only where they are needed. */
bool sc_step_changes(const struct sc_step *step);
/* True when there is nothing to carry out: what is in place, at --output's place too, is what shall be. */
bool sc_step_is_idle(const struct sc_step *step);

SPICECFG_CHECKED enum spicecfg_status sc_plan_new(struct spicecfg_ctx *ctx, struct spicecfg_plan **out);

/* Begins a public call that plans: SPICECFG_USAGE where the plan is filled already. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_enter(struct spicecfg_plan *plan);
/* Ends it: after a failure the plan is empty again. Returns status. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_leave(struct spicecfg_plan *plan, enum spicecfg_status status);

/*
 * These add to the plan; strings and bytes are copied into its memory; acl, action and vm must outlive the plan (or be taken from
 * plan->memory). A failed allocation is recorded and returned as SPICECFG_SYSTEM.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_step(struct spicecfg_plan *plan, const struct sc_step *step);
/* The commit sweeps the directory of path (as a step's; outside: as a FILE target's), also where nothing changes or it is missing. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_watch(struct spicecfg_plan *plan, const char *path, bool outside);
SPICECFG_CHECKED enum spicecfg_status sc_plan_change(struct spicecfg_plan *plan, const struct spicecfg_change *change);
/* A remark: prose with commands in backquotes (base/fix.h). */
SPICECFG_CHECKED enum spicecfg_status sc_plan_note(struct spicecfg_plan *plan, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A finding of the planning; with refuse it forbids the commit unless the context forces it. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_find(struct spicecfg_plan *plan, const struct spicecfg_finding *finding, bool refuse);

/* The report of a check: findings are copied in. */
struct spicecfg_report {
	const struct spicecfg_plan *plan;
	struct sc_arena *memory;
	struct spicecfg_finding *findings;
	size_t n_findings, size_findings;
	bool refused; /* an error that holds whatever the host's settings */
};
SPICECFG_CHECKED enum spicecfg_status sc_report_add(struct spicecfg_report *report, const struct spicecfg_finding *finding);

#endif
