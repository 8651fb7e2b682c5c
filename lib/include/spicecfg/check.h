/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings of the rules, the catalogue of rules, and checks of many definitions at once. */
#ifndef SPICECFG_CHECK_H
#define SPICECFG_CHECK_H

#include <spicecfg/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum spicecfg_level { SPICECFG_LEVEL_OFF, SPICECFG_LEVEL_NOTE, SPICECFG_LEVEL_WARNING, SPICECFG_LEVEL_ERROR };
enum spicecfg_class { SPICECFG_CLASS_START, SPICECFG_CLASS_SECURITY, SPICECFG_CLASS_EFFECT };
enum spicecfg_verdict { SPICECFG_VERDICT_STARTS, SPICECFG_VERDICT_REFUSED, SPICECFG_VERDICT_UNKNOWN };

/* "error", "start", "refused"… as the JSON has them. */
const char *spicecfg_level_name(enum spicecfg_level level);
const char *spicecfg_class_name(enum spicecfg_class cls);
const char *spicecfg_verdict_name(enum spicecfg_verdict verdict);

/* One finding; all strings belong to what the finding came from. */
struct spicecfg_finding {
	const char *rule;
	enum spicecfg_level level;
	enum spicecfg_class cls;
	const char *message;
	const char *path; /* /domain/devices/graphics[1]/@tlsPort */
	const char *file;
	unsigned line; /* 0: unknown */
	unsigned column;
	const struct spicecfg_fix *fix; /* the command that fixes it, or NULL; of spicecfg_check_run() for this target and host */
	size_t count; /* findings of one rule beyond the first thousand are not listed: this one stands for as many; 0: for itself */
	bool ask;     /* fix takes a device or protection away, or guesses what is meant: shown, not applied by itself */
	bool before;  /* of a report (plan.h): it was so before the change, too */
	/* Filled by spicecfg_check_run() only: */
	/* The line of the document, of a long line the part around the place: UTF-8 without control characters; or NULL. */
	const char *excerpt;
	unsigned caret;      /* the place in excerpt: columns of a terminal before it */
	unsigned width;      /* how many columns of excerpt the finding is about, at least 1 */
	unsigned character;  /* column counted in characters of the document, 1-based, 0: unknown */
	unsigned characters; /* how many characters of the document's line the finding is about */
};

/* A row of the catalogue. */
struct spicecfg_rule {
	const char *id;
	enum spicecfg_level level;
	enum spicecfg_class cls;
	const char *title;
	const char *text;
	const char *source;
	const char *fix;  /* its template: TARGET, PATH and ELEMENT stand for the VM and the finding's place */
	const char *area; /* what it looks at: console, video, device, host, login or qemu */
};

/* The rules in the order of the catalogue: false behind the last. */
bool spicecfg_rule_get(size_t index, struct spicecfg_rule *out);

/* The rule that is called id; false: there is none. */
bool spicecfg_rule_find(const char *id, struct spicecfg_rule *out);

/* The rule's name that somebody who wrote id may have meant, NULL: none is near. */
const char *spicecfg_rule_nearest(const char *id);

/* A level by its name; false for other words. */
bool spicecfg_level_parse(const char *name, enum spicecfg_level *out);

/* "RULE=LEVEL": what the rule's findings count as. */
struct spicecfg_rule_level {
	const char *rule;
	enum spicecfg_level level;
};

/* What is checked, and how. Zero is the default of every field but size; strings and arrays are the caller's and must last for the run. */
struct spicecfg_check_options {
	size_t size;                /* of this struct */
	const char *const *targets; /* TARGET words, files, directories, "-"; none: the whole host */
	size_t n_targets;
	bool no_host;             /* assume a healthy host instead of asking (docs/cli.md, verdict) */
	bool same_host;           /* all targets run on one host: ports conflict; a whole host and a root imply it */
	bool skip_others;         /* named files that are no domain definitions are left out, as in directories */
	bool schema;              /* also validate against libvirt's RELAX NG schema, where installed */
	const char *host_facts;   /* a file of `spicecfg host facts`, or NULL */
	const char *qemu_conf;    /* a qemu.conf in place of the host's, or NULL */
	const char *versions;     /* "libvirt=X,qemu=Y", or NULL: the installed ones, else libvirt 9.0 and QEMU 7.2 */
	const char *project;      /* the project file; NULL: .spicecfg.conf of the working directory or above, when files are checked */
	bool no_project;          /* take none */
	const char *baseline;     /* findings that are known already; made from this run's findings when the file does not exist; or NULL */
	const char *new_baseline; /* written with this run's findings, replaced when it exists and is a baseline or empty; or NULL */
	const struct spicecfg_rule_level *rules; /* win over the project file; a later row wins over an earlier */
	size_t n_rules;
	enum spicecfg_level fail_on; /* OFF: as the project file says, else ERROR */
	unsigned jobs;               /* threads; 0: one per processor */
	bool dry_run;                /* write no baseline */
};

/* One target that was checked. All strings last until the callback returns. */
struct spicecfg_check_result {
	const char *target; /* the domain's name, or the file as given, "-" for stdin */
	const char *file;   /* NULL: a libvirt domain */
	const char *name;   /* the domain's name, "" when unknown */
	enum spicecfg_verdict verdict;
	const char *doubt;                       /* why the verdict is unknown, "RULE: …", or NULL */
	const struct spicecfg_finding *findings; /* by line and column */
	size_t n_findings;
	size_t n_known;                     /* findings behind those that the baseline knows: they count no more */
	const struct spicecfg_error *error; /* not NULL: could not be read or is malformed; there are no findings then */
};

struct spicecfg_check_summary {
	size_t size; /* of this struct */
	size_t targets;
	size_t starts, refused, unknown; /* verdicts */
	size_t error, warning, note;     /* findings */
	size_t failing;                  /* findings at the failing level or above */
	size_t broken;                   /* targets with an error */
	size_t known;                    /* findings that the baseline holds back */
	size_t gone;                     /* findings of the baseline that do not occur any more in the files checked */
	size_t skipped;                  /* files found in directories that are no domain definitions */
	bool baseline_written;
	bool
	    failed; /* the error in the context is about the whole: interrupted, baseline not written; else about the first broken target */
	enum spicecfg_level fail_on;
};

/* The project file that was found or given. */
struct spicecfg_check_project {
	const char *file;
	bool used;
	const char *why; /* it was not used: somebody whose word does not count may have written it; NULL: used */
};

/* Who listens to a check. All calls come from the thread that called spicecfg_check_run(). */
struct spicecfg_check_sink {
	size_t size; /* of this struct */
	/* Once, before the first result: the settings are valid. fail_on: the failing level in force. */
	void (*begin)(void *opaque, enum spicecfg_level fail_on);
	/* Per target, in the order of the targets; files of a directory by name. */
	void (*result)(void *opaque, const struct spicecfg_check_result *result);
	void *opaque;
	/* Before begin, where there is a project file; may be NULL. The strings last until spicecfg_check_run() returns. */
	void (*project)(void *opaque, const struct spicecfg_check_project *project);
};

/*
 * Checks the targets and hands over each result as soon as its turn has come; memory does not grow with the number of files (with
 * same_host it does).
 * Returns SPICECFG_OK; SPICECFG_FINDINGS: some at the failing level; SPICECFG_INPUT: some targets could not be read, the others were
 * checked, the first error is in the context; or, without any callback: SPICECFG_USAGE for an unknown rule, version or level,
 * SPICECFG_INPUT for broken options files, SPICECFG_SYSTEM. *summary is filled in every case. The context's root and URI are used.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_check_run(struct spicecfg_ctx *ctx, const struct spicecfg_check_options *options,
							 const struct spicecfg_check_sink *sink, struct spicecfg_check_summary *summary);

#ifdef __cplusplus
}
#endif
#endif
