/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plan is data: steps that lib/system/commit/commit.c carries out, changes and notes for reports. Nothing here does I/O. */
#ifndef SC_PLAN_PLAN_H
#define SC_PLAN_PLAN_H

#include <spicecfg/plan.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "model/acl.h"

struct sc_alias;
struct sc_exposure;
struct sc_findings;
struct sc_host;
struct sc_neighbours;
struct sc_stage;
struct sc_staged;
struct spicecfg_vm;

/* How a step is carried out: one row each in lib/system/commit/commit.c. */
enum sc_step_type {
	SC_STEP_MKDIR,  /* path, want; acl: NULL, or the ACLs that a directory that must not exist yet is made with */
	SC_STEP_FILE,   /* path: old bytes -> new bytes (new NULL: removed), want */
	SC_STEP_ACL,    /* path, acl */
	SC_STEP_DEFINE, /* vm; old XML -> new XML */
	SC_STEP_LIVE,   /* vm; new: XML of the <graphics> for the running VM (secret) */
	SC_STEP_ACTION, /* action: a daemon to restart, a lock, … */
	SC_STEP_TYPES,
};

/* Owner and mode that a file or directory is to have. Unset parts stay as they are; new files are root's 0644, new directories 0755. */
struct sc_want {
	bool owner, group, mode; /* which of the following are set */
	uid_t uid;
	gid_t gid;
	mode_t bits;
};

/* An action that does not edit a document, by name; lib/system/commit/action.c has a row per name with do and undo. */
struct sc_action {
	const char *name; /* "restart-daemon", "lock-accounts", "start-service" */
	const char *arg[3];
};

struct sc_step {
	enum sc_step_type type;
	const char *document; /* how reports name it */
	const char *path;     /* host path without the root prefix; NULL for other types */
	const char *key;      /* where several calls fill the plan: what names the path's document alone; NULL: not known */
	const char *old;      /* NULL: does not exist */
	size_t old_len;
	const char *new; /* NULL: it is removed */
	size_t new_len;
	const char *old_shown; /* the same with secrets masked, line by line; NULL: like old/new */
	const char *new_shown;
	bool xml;          /* a definition: its passwords are masked when it is shown */
	bool secret;       /* contents are never shown: keys, password databases */
	bool outside;      /* of a FILE: path is the user's own: no root prefix, and a symlink is followed once, when it is read */
	bool no_links;     /* MKDIR: no component of path may be a symbolic link */
	bool redirected;   /* --output: path contains `there`, not `old` */
	const char *there; /* NULL: path does not exist */
	size_t there_len;
	struct sc_want want;
	struct sc_want was; /* owner and mode before the change, as far as they are known */
	const struct sc_acl_wanted *acl;
	const struct sc_action *action;
	const struct spicecfg_vm *vm; /* the VM of a definition, in a FILE too; NULL: another document */
	unsigned effects;             /* enum spicecfg_effect */
	const struct sc_staged *base; /* what the file system has at path; NULL: not looked at yet (system/load) */
	void *run;                    /* owned by the commit */
	bool stale;                   /* set by the commit: another process changed it meanwhile */
	bool unrestored;              /* set by the commit: it was applied and could not be rolled back */
	bool left;                    /* set by the commit: a temp file or new directory of it could not be removed */
};

struct sc_replaced {
	struct sc_replaced *next;
	const char *bytes;
};

/* A file that stays as it is, while leftovers of a killed process in its directory are removed. */
struct sc_watched {
	const char *path;
	bool outside;
};

/* document: which the call that noted it has changed, and was about; NULL: none. Where later calls leave that as it was, the note is empty.
 */
struct sc_noted {
	const struct spicecfg_fix *note;
	const char *document;
};

struct sc_judged {
	const char *about; /* see sc_plan_judge() */
	bool refuse;       /* it forbids the commit */
	struct spicecfg_finding finding;
};

/*
 * A check of the plan's result: a row per document that was planned for, however many calls changed it. A second call for the same
 * document replaces all but `before`.
 */
struct sc_plan_row {
	/* Runs rules on the documents as they will be, with plan->now set to this row. */
	enum spicecfg_status (*run)(struct spicecfg_plan *plan, struct spicecfg_report *report);
	const char *document; /* of the step that it is about */
	const char *label;    /* its name in messages */
	const void *data;
	const struct spicecfg_vm *vm;       /* of a definition; NULL: another document */
	struct sc_findings *before;         /* findings of the definition before the edit; NULL: not determined yet */
	struct sc_neighbours *neighbours;   /* other domains that use what the VM is given; NULL: none */
	const struct sc_exposure *exposure; /* of the file that gets a password; NULL: none does */
	const struct sc_host *host;         /* what is known of the VM's host; NULL: a stock host is assumed. Not owned. */
	const struct sc_host **hosts;       /* what each call about the VM knew of it. Not owned. */
	size_t n_hosts;
};

struct spicecfg_plan {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory; /* holds everything below; wiped */
	struct sc_step *steps;
	size_t n_steps;
	struct sc_watched *watched;
	size_t n_watched;
	struct spicecfg_change *changes;
	size_t n_changes;
	size_t n_earlier; /* those of the calls before the one that fills it */
	struct sc_noted *notes;
	size_t n_notes;
	struct sc_judged *found; /* findings of the planning itself: every report begins with them */
	size_t n_found;
	const char *about; /* what the call judges; NULL: nothing that a later one could judge again */
	struct sc_plan_row **rows;
	size_t n_rows;
	struct sc_plan_row *now;           /* the row of the call's document, or the row that is run; NULL: none */
	size_t n_calls;                    /* public calls that have planned into it */
	const struct spicecfg_plan *saved; /* during such a call: the plan before it; the elements of its arrays are kept elsewhere */
	struct sc_replaced *replaced;      /* during such a call: new contents of earlier calls that it replaces */
	bool touched;                      /* the call changes something */
	struct sc_alias *aliases;          /* other names of its documents */
	size_t n_aliases;
	/* What names the document of a path alone, allocated from memory (system/load); NULL: not known. */
	const char *(*key_of)(struct spicecfg_plan *plan, const char *path, bool outside);
	struct spicecfg_vm *vm;     /* during a call: its xml is the planned definition; NULL: no VM has such a one */
	struct sc_stage *stage;     /* while it is on the context's stage: the documents as they will be */
	void *aside;                /* meanwhile: what was cached about the host as it is (system/load/load.c) */
	struct sc_owned *owned;     /* what findings and rows point into */
	spicecfg_stage_fn on_stage; /* NULL: no callback */
	void *on_stage_data;
};

/* Whether a step changes the contents of its document. */
bool sc_step_edits(const struct sc_step *step);
/* Whether a step changes its document. Steps without a document always do: planners add them only if needed. */
bool sc_step_changes(const struct sc_step *step);
/* Whether the step is about what runs: a daemon, a definition, a running VM. Such steps come after all documents. */
bool sc_step_runs(const struct sc_step *step);
/* Whether the step has nothing to do: the document, or the file that --output names, already has the wanted contents. */
bool sc_step_is_idle(const struct sc_step *step);

SPICECFG_CHECKED enum spicecfg_status sc_plan_new(struct spicecfg_ctx *ctx, struct spicecfg_plan **out);

/*
 * Begins and ends a public call that plans (system/load/load.h). Several calls may fill a plan, and each sees what those before it have
 * planned: two steps for one document become one, with the old contents of the first and the new ones of the second, and so do two changes
 * of one setting. A call that fails, be it at its begin, is ended with that status, which leaves the plan as it was before.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_begin(struct spicecfg_plan *plan);
enum spicecfg_status sc_plan_end(struct spicecfg_plan *plan, enum spicecfg_status status);

/* Frees the object with the plan; free_fn may be called at once where memory is short, which is recorded. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_own(struct spicecfg_plan *plan, void *object, void (*free_fn)(void *));

/* The row of the document's check, made if there is none; it becomes plan->now. NULL: memory is short, which is recorded. */
struct sc_plan_row *sc_plan_row_of(struct spicecfg_plan *plan, const char *document);
/* The step of that definition or file; NULL: none. */
const struct sc_step *sc_plan_step_of(const struct spicecfg_plan *plan, const char *document);
/* The step of the file with that path, by whatever name an earlier call has planned it; NULL: none. */
const struct sc_step *sc_plan_step_at(struct spicecfg_plan *plan, const char *path, bool outside);

/*
 * A document that calls name in several ways (vm.xml, ./vm.xml, domain:vm) has one name in the plan, the first. After an alias, steps,
 * changes and rows under its other name are under the first too, those of the call so far among them.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_alias(struct spicecfg_plan *plan, const char *other, const char *name);
/* The name of that document in the plan. */
const char *sc_plan_name(const struct spicecfg_plan *plan, const char *document);

/*
 * These functions add to the plan. Strings and bytes are copied into its memory; acl, action and vm must outlive the plan (or be allocated
 * from plan->memory). A failed allocation is recorded and returned as SPICECFG_SYSTEM.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_step(struct spicecfg_plan *plan, const struct sc_step *step);
/* The commit sweeps the directory of path for leftovers, even if nothing changes or path does not exist. outside: as in struct sc_step. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_watch(struct spicecfg_plan *plan, const char *path, bool outside);
SPICECFG_CHECKED enum spicecfg_status sc_plan_change(struct spicecfg_plan *plan, const struct spicecfg_change *change);
/* Adds a note: prose with commands in backquotes (base/fix.h). */
SPICECFG_CHECKED enum spicecfg_status sc_plan_note(struct spicecfg_plan *plan, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/*
 * The call judges something anew: what earlier calls found about it is no longer true. kind and what name it, such as "listen" and a
 * document; sc_plan_find() is about that until the call ends.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_judge(struct spicecfg_plan *plan, const char *kind, const char *what);
/* Adds a finding of the planning, once; with refuse it forbids the commit unless the context forces it. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_find(struct spicecfg_plan *plan, const struct spicecfg_finding *finding, bool refuse);

/* The diff of spicecfg_plan_diff(). */
SPICECFG_CHECKED enum spicecfg_status sc_plan_diff(struct spicecfg_plan *plan, char **out);

/* The report of a check: findings are copied in. */
struct spicecfg_report {
	struct spicecfg_ctx *ctx;
	const struct spicecfg_plan *plan; /* NULL: it is not of a plan */
	struct sc_arena *memory;
	struct spicecfg_finding *findings;
	size_t n_findings;
	bool refused; /* contains an error that does not depend on the host's settings */
};
/* NULL, with the error recorded, when memory is short. */
struct spicecfg_report *sc_report_new(struct spicecfg_ctx *ctx);
SPICECFG_CHECKED enum spicecfg_status sc_report_add(struct spicecfg_report *report, const struct spicecfg_finding *finding);

#endif
