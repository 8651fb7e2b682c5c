/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * Findings of the rules, the catalogue of rules, and checks of many definitions at once.
 */
#ifndef SPICECFG_CHECK_H
#define SPICECFG_CHECK_H

#include <spicecfg/base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spicecfg_plan;

/** How severe a finding is. OFF: the rule is not run. */
enum spicecfg_level { SPICECFG_LEVEL_OFF, SPICECFG_LEVEL_NOTE, SPICECFG_LEVEL_WARNING, SPICECFG_LEVEL_ERROR };
/** What a finding is about. START: libvirt or QEMU refuses the VM. SECURITY: access. EFFECT: a setting does not do what it seems to do. */
enum spicecfg_class { SPICECFG_CLASS_START, SPICECFG_CLASS_SECURITY, SPICECFG_CLASS_EFFECT };
/** Whether libvirt and QEMU would define and start a VM, as far as Spice and video are concerned. */
enum spicecfg_verdict { SPICECFG_VERDICT_STARTS, SPICECFG_VERDICT_REFUSED, SPICECFG_VERDICT_UNKNOWN };

/**
 * Returns the name of a level, as it is used in JSON.
 *
 * @param level the level
 * @return a static string: "off", "note", "warning" or "error"
 */
const char *spicecfg_level_name(enum spicecfg_level level);

/**
 * Returns the name of a class, as it is used in JSON.
 *
 * @param cls the class
 * @return a static string: "start", "security" or "effect"
 */
const char *spicecfg_class_name(enum spicecfg_class cls);

/**
 * Returns the name of a verdict, as it is used in JSON.
 *
 * @param verdict the verdict
 * @return a static string: "starts", "refused" or "unknown"
 */
const char *spicecfg_verdict_name(enum spicecfg_verdict verdict);

/** A finding. Its strings belong to the object or the callback that the finding came from. */
struct spicecfg_finding {
	const char *rule;
	enum spicecfg_level level;
	enum spicecfg_class cls;
	const char *message;            /* one sentence: what is wrong, with which value */
	const char *path;               /* the place in the document: /domain/devices/graphics[1]/@tlsPort; "": none */
	const char *file;               /* the document, or NULL */
	unsigned line;                  /* 1-based; 0: unknown */
	unsigned column;                /* 1-based, in bytes; 0: unknown */
	const struct spicecfg_fix *fix; /* what to do about it, or NULL; from spicecfg_check_run(): complete for this target and host */
	size_t count; /* 0: one finding; else this one stands for that many: findings of a rule beyond the first thousand are not listed */
	bool ask; /* the fix removes a device or a protection, or guesses the intention: it must be confirmed, not applied automatically */
	bool untried;       /* a program that tries fixes did not try this one */
	bool before;        /* in a report of a plan (plan.h): was found before the change, too */
	const char *loses;  /* named subjects whom the fix takes the console from, as far as a program has found out; or NULL */
	const char *target; /* in a report of a plan: the TARGET word of the VM that it is about; or NULL */
	/* The following members are set by spicecfg_check_run() only. */
	/* The line of the document, or the part of a long line around the place: UTF-8 without control characters; or NULL. */
	const char *excerpt;
	unsigned caret;      /* the start of the place within excerpt, 0-based, in terminal columns */
	unsigned width;      /* the width of the place in terminal columns, at least 1 */
	unsigned character;  /* column, counted in characters of the document, 1-based; 0: unknown */
	unsigned characters; /* the length of the place in characters of the document */
};

/** A rule of the catalogue. The strings are static. */
struct spicecfg_rule {
	size_t size; /* of this struct, set by the caller */
	const char *id;
	enum spicecfg_level level; /* of its findings, unless it is set otherwise */
	enum spicecfg_class cls;
	const char *title;  /* one line */
	const char *text;   /* why the rule exists, what happens, and what to do */
	const char *source; /* where the fact comes from */
	const char *fix;    /* template of the fix: TARGET, PATH and ELEMENT stand for the VM and the place of the finding; or NULL */
	const char *area;   /* what the rule examines: "console", "video", "device", "host", "login" or "qemu" */
};

/**
 * Returns a rule by its position in the catalogue.
 *
 * @param index which one, from 0
 * @param out set to the rule; its size must be set before
 * @return false after the last rule
 */
bool spicecfg_rule_get(size_t index, struct spicecfg_rule *out);

/**
 * Returns a rule by its ID.
 *
 * @param id the ID
 * @param out set to the rule, whose size must be set before; undefined when there is none
 * @return false when no rule has this ID
 */
bool spicecfg_rule_find(const char *id, struct spicecfg_rule *out);

/**
 * Returns the rule that a mistyped ID most probably means.
 *
 * @param id a word that is not the ID of a rule
 * @return the ID of the rule (static); NULL when none is similar
 */
const char *spicecfg_rule_nearest(const char *id);

/**
 * Converts the name of a level.
 *
 * @param name "off", "note", "warning" or "error"
 * @param out set to the level
 * @return false when name is another word
 */
bool spicecfg_level_parse(const char *name, enum spicecfg_level *out);

/** The level of a rule's findings in a run. As an element of arrays it keeps its size: it gets no further members. */
struct spicecfg_rule_level {
	const char *rule; /* the ID of a rule */
	enum spicecfg_level level;
};

/**
 * What is checked, and how. Zero is the default of every member except size. The strings and arrays must live until the run ends.
 */
struct spicecfg_check_options {
	size_t size;                /* of this struct */
	const char *const *targets; /* TARGET words, files, directories, "-" for stdin */
	size_t n_targets;           /* 0: all domains of the host, and the host itself */
	bool no_host;               /* assume a healthy host instead of examining this one (docs/cli.md, verdict) */
	bool same_host;             /* all targets run on one host, so equal ports conflict; implied without targets and with a root */
	bool skip_others;           /* skip named files that are not domain definitions, as is done for files found in directories */
	bool schema;                /* also validate against libvirt's RELAX NG schema, which must be installed */
	const char *host_facts;     /* a file written by `spicecfg host facts`, to be used instead of this host; or NULL */
	const char *qemu_conf;      /* a qemu.conf to be used instead of the host's; or NULL */
	const char *versions;       /* "libvirt=X,qemu=Y" or one of the two; NULL: those installed, else libvirt 9.0 and QEMU 7.2 */
	/* The project file; NULL: .spicecfg.conf of the working directory or above, when files are checked, and for the domains of a host
	 * or root /etc/spicecfg/spicecfg.conf. */
	const char *project;
	bool no_project;          /* use no project file */
	const char *baseline;     /* a file of known findings; written with the findings of this run when it does not exist; or NULL */
	const char *new_baseline; /* a baseline to be written or replaced with the findings of this run; or NULL */
	const struct spicecfg_rule_level *rules; /* take precedence over the project file; of several for a rule the last one applies */
	size_t n_rules;
	enum spicecfg_level fail_on; /* the lowest level that makes the run fail; OFF: that of the project file, else ERROR */
	unsigned jobs;               /* number of threads; 0: one per processor */
	bool dry_run;                /* do not write a baseline */
	bool no_fixes;               /* leave fixes out of the findings */
	struct spicecfg_plan *plan;  /* of the same context: check the host and the VMs as it would leave them; or NULL */
};

/** The result for a target. All strings live until the callback returns. */
struct spicecfg_check_result {
	const char *target; /* the name of the domain, or the file as it was given, "-" for stdin */
	const char *file;   /* the file; NULL: a libvirt domain */
	const char *name;   /* the name of the domain; "": unknown */
	enum spicecfg_verdict verdict;
	const char *doubt;                       /* why the verdict is unknown, "RULE: …"; or NULL */
	const struct spicecfg_finding *findings; /* errors first, then warnings, then notes; each by line and column */
	size_t n_findings;
	size_t n_known;                     /* further elements of findings, which the baseline contains: they do not make the run fail */
	const struct spicecfg_error *error; /* why the target could not be read or is malformed; it has no findings then; or NULL */
	size_t bytes;                       /* the length of the definition; 0: it could not be read */
};

/** The totals of a run. */
struct spicecfg_check_summary {
	size_t size; /* of this struct */
	size_t targets;
	size_t starts, refused, unknown; /* verdicts */
	size_t error, warning, note;     /* findings that are not in the baseline */
	size_t failing;                  /* those at the failing level or above */
	size_t broken;                   /* targets with an error */
	size_t known;                    /* findings that are in the baseline */
	size_t resolved;                 /* findings of the baseline that the checked files no longer have */
	size_t skipped;                  /* files in directories that are not domain definitions */
	bool baseline_written;
	bool failed; /* the context's error is about the whole run (interrupted, baseline not written), not about the first broken target */
	enum spicecfg_level fail_on; /* the failing level in effect */
};

/** The project file that was found or given, or the settings of the host. */
struct spicecfg_check_project {
	const char *file;
	bool used;
	const char *why; /* why it is not used: an untrusted account can write it, it can't be read; NULL: it is used */
	bool of_host;    /* the settings of the host */
};

/** The receiver of a check. All functions are called on the thread that called spicecfg_check_run(). */
struct spicecfg_check_sink {
	size_t size; /* of this struct */
	/* Called once, before the first result, when the options are valid. fail_on: the failing level in effect. */
	void (*begin)(void *opaque, enum spicecfg_level fail_on);
	/* Called for each target, in the order of the targets; for the files of a directory in the order of their names. */
	void (*result)(void *opaque, const struct spicecfg_check_result *result);
	void *opaque; /* passed to the functions */
	/* Called before begin for the host's settings and the project file, if there are any; or NULL. The strings live until
	 * spicecfg_check_run() returns. */
	void (*project)(void *opaque, const struct spicecfg_check_project *project);
};

/** A key of .spicecfg.conf and of the host's spicecfg.conf. The strings are static. */
struct spicecfg_project_key {
	size_t size;         /* of this struct, set by the caller */
	const char *section; /* "check" or "rules" */
	const char *key;     /* its name; of "rules": RULE, any ID of a rule */
	const char *takes;   /* the values: "yes|no", "FILE" */
	const char *help;    /* one line */
	bool of_host;        /* also a key of /etc/spicecfg/spicecfg.conf */
};

/**
 * Returns a key by its position in the man page spicecfg.conf(5).
 *
 * @param index which one, from 0
 * @param out set to the key; its size must be set before
 * @return false after the last key
 */
bool spicecfg_project_key_get(size_t index, struct spicecfg_project_key *out);

/**
 * Checks the targets and passes each result on as soon as it and all earlier ones are complete. Memory use does not grow with the number
 * of files, except with same_host. The root and the URI of the context are used.
 *
 * @param ctx the context
 * @param options what to check
 * @param sink what receives the results
 * @param summary the totals, set in every case; its size must be set before
 * @return SPICECFG_OK; SPICECFG_FINDINGS when there are findings at the failing level; SPICECFG_INPUT when some targets could not be read:
 * the others were checked, and the first error is in the context; SPICECFG_SYSTEM the same when the system refused, or when the baseline
 * could not be written; SPICECFG_INTERRUPTED. Before begin is called: SPICECFG_USAGE for an unknown rule or version, SPICECFG_INPUT when a
 * file that the options name is missing or malformed, SPICECFG_SYSTEM when libvirt can't be reached
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_check_run(struct spicecfg_ctx *ctx, const struct spicecfg_check_options *options,
							 const struct spicecfg_check_sink *sink, struct spicecfg_check_summary *summary);

#ifdef __cplusplus
}
#endif
#endif
