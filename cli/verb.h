/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A verb is one function with its row. Help, completion and the man page are generated from the row; rows are listed in verbs.c.
 * A verb never writes files and never prints results itself: it makes plans and passes them to cli_plan(), or fills cli->json_doc and
 * prints text with cli_out().
 */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include <jansson.h>
#include <spicecfg/spicecfg.h>
#include <stdio.h>

struct cli;

struct cli_option {
	const char *name;    /* "tls-port" */
	char letter;         /* 0: none */
	const char *metavar; /* NULL: a flag without value */
	const char *help;    /* one line; NULL: an older name, which help and completion omit */
	bool repeat;         /* may be given several times */
};

enum cli_verb_flags {
	CLI_TARGET = 1,      /* the first argument is a TARGET; --vm, --all or --match may be given instead */
	CLI_TARGETS = 2,     /* all arguments are TARGETs (show) */
	CLI_OPTIONAL_VM = 4, /* takes --vm TARGET only as an option (user, sasl, pam) */
	CLI_HOST = 8,        /* reads or changes the host's own files: a remote URI is refused */
	CLI_CHANGES = 16,    /* a verb that changes something: its JSON has changed and results */
	CLI_SETTINGS = 32,   /* sets the VM settings that name this verb; the row lists only what it takes in addition */
	CLI_KEYS = 64,       /* takes KEY=VALUE arguments of any setting of a VM: help lists them */
	CLI_OUTPUT = 128,    /* changes nothing, but accepts --output for what it prints */
};

struct cli_verb {
	const char *name;     /* "set-heads", or "host set": two words */
	const char *synopsis; /* what follows the name: "[TARGET...] [--all]"; CLI_SETTINGS: what follows the settings, or NULL */
	const char *summary;  /* one line, no full stop */
	const char *help;     /* paragraphs for `help` and the man page; NULL: none */
	const char *example;  /* lines of examples; NULL: none */
	unsigned flags;
	int min_args, max_args;           /* arguments after the TARGET; max -1: any number */
	const struct cli_option *options; /* ends with a name of NULL; NULL: none */
	/*
	 * Runs the verb once (CLI_TARGET: once per target, with cli->target set). Leaves the error in the context; the caller prints it.
	 */
	enum spicecfg_status (*run)(struct cli *cli);
	/*
	 * For verbs that edit one VM's settings and may be applied without asking: puts what the arguments and options say into the
	 * request, as run does. Used by check --fix; NULL: the verb is not applied by it.
	 */
	enum spicecfg_status (*fill)(struct cli *cli, struct spicecfg_request *request);
};

extern const struct cli_option cli_global_options[];

struct cli_given {
	const struct cli_option *option;
	const char *value;
};

/* A place in a file of verbs; file NULL: none. */
struct cli_line {
	const char *file;
	unsigned line, column; /* 1-based; column 0: the line as a whole */
};

/* One run of the program. */
struct cli {
	struct spicecfg_ctx *ctx;
	const struct cli_verb *const *verbs; /* all verbs, NULL-terminated */
	const struct cli_verb *verb;
	const char *target; /* CLI_TARGET, --vm: the current TARGET word, else NULL; fixes are written for it */
	char **words;       /* all arguments; owns the memory */
	char **args;        /* arguments after the verb (and the TARGET) */
	int n_args;
	struct cli_given *given;
	size_t n_given;
	/* global options */
	const char *uri;
	const char *root;
	const char *output;
	bool dry_run, diff, json, detailed_exitcode, force, quiet;
	int verbose;
	int64_t wait_ms; /* --wait-lock */
	bool color;
	const volatile sig_atomic_t *interrupted; /* set by a signal that ends the run */
	/* results */
	FILE *reports;                        /* text for people: stdout, or stderr while stdout is used for the document */
	bool changed;                         /* some target changed, or would */
	json_t *results;                      /* --format json and CLI_CHANGES: array of results; else NULL */
	int attempt;                          /* cli_redo(): how often the plan was made, from 1; 0: it is made once */
	char *reported;                       /* the report of an attempt before this one, without passwords; NULL: none */
	const char *password;                 /* a generated one, shown with the report; NULL: none */
	bool many;                            /* --all, --match, several TARGETs: results are printed one by one */
	struct cli_table *table;              /* of show: a line for each of several TARGETs; else NULL */
	size_t n_done;                        /* number of those TARGETs before this one */
	bool begun, printed;                  /* the document with the results: its head was printed, all of it was */
	size_t n_printed;                     /* results printed so far */
	bool output_failed;                   /* and that was reported */
	bool trial;                           /* the batch is only tried: nobody is asked for a password */
	bool fixes;                           /* the lines of the batch are fixes: they may generate a password, which is never shown */
	const struct cli_batch *shown;        /* the plan that is reported is that of a batch; NULL: of one verb */
	const struct spicecfg_policy *policy; /* the plan that is reported is that of a policy; NULL: it is not */
	bool ask;                             /* a person at a terminal confirms the plan that is shown */
	struct cli_secrets *secrets;          /* the passwords that lines of a batch have read; NULL: none */
	struct cli_line failed;               /* the line of a batch that the error is about */
	struct cli_batch *batch;              /* the verb is a line of a batch: its plan is that of the batch (batch.h); NULL: it is not */
	json_t *json_doc; /* other verbs: the object that is printed with --format json, "version" and "verb" set; else NULL */
};

/* The value of an option (flags: ""), NULL when it was not given. Of several values the last one. */
const char *cli_get(const struct cli *cli, const char *name);
bool cli_has(const struct cli *cli, const char *name);
/* True when an option of the verb itself was given, not only global ones. */
bool cli_has_own(const struct cli *cli);
/* True when the verb is one of a group of verbs: "host show" of "host". */
bool cli_verb_in_group(const struct cli_verb *verb, const char *group);
/* The index-th value of a repeatable option, NULL after the last. */
const char *cli_get_nth(const struct cli *cli, const char *name, size_t index);

/* Converts "90s", "10m", "2h30m", "3d" to milliseconds; false when text is not a DURATION. */
bool cli_duration(const char *text, int64_t *milliseconds);

/* Prints text for people, in whole lines as cli_say() does; nothing with --quiet or --format json. */
void cli_out(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prints a warning to stderr, as "spicecfg: warning: …"; nothing with --quiet. */
void cli_warn(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Records wrong usage in the context, with "Try 'spicecfg help VERB'." as fix. Returns SPICECFG_USAGE. */
enum spicecfg_status cli_usage(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * What is done with every plan: check, preview (changes, findings, diff, notes), commit unless --dry-run; adds the result to the JSON.
 * The report is flushed before anything is changed (JSON: before the old state is discarded); where that fails nothing is changed.
 * label names the target in reports. Frees the plan. *stale (may be NULL) is set when the documents were changed meanwhile: the verb
 * must plan again. Returns SPICECFG_FINDINGS when the result would be refused and --force was not given, else the status of the step that
 * failed; in every case but SPICECFG_OK nothing was changed, or the change was rolled back.
 */
enum spicecfg_status cli_plan(struct cli *cli, const char *label, struct spicecfg_plan *plan, bool *stale);
/* The same for a plan that the caller frees. */
enum spicecfg_status cli_plan_show(struct cli *cli, const char *label, struct spicecfg_plan *plan, bool *stale);

/*
 * The plan of a verb, and what it was made from. The verb of a batch gets the plan of the batch, to which cli_plan() then leaves it; what
 * is given to these functions to be freed is kept until the plan is. cli_plan_close() is for a plan that was not given to cli_plan().
 */
enum spicecfg_status cli_plan_open(struct cli *cli, struct spicecfg_plan **plan);
void cli_plan_close(struct cli *cli, struct spicecfg_plan *plan);
enum spicecfg_status cli_vm_open(struct cli *cli, bool readonly, struct spicecfg_vm **vm); /* the VM of cli->target */
void cli_vm_close(struct cli *cli, struct spicecfg_vm *vm);
void cli_qemuconf_close(struct cli *cli, struct spicecfg_qemuconf *conf);

/*
 * Calls once(), which reads, plans and carries out the plan, until it does not set *stale: another spicecfg, or an administrator, may have
 * changed the documents meanwhile, and libvirt has no compare-and-swap. Plans again until --wait-lock is over; a report that was printed is
 * not repeated unless it differs. Returns the last result of once().
 */
typedef enum spicecfg_status (*cli_redo_fn)(struct cli *cli, void *opaque, bool *stale);
enum spicecfg_status cli_redo(struct cli *cli, cli_redo_fn once, void *opaque);

/* cli_plan() for a document that goes to stdout: check and report, then print() instead of a commit. Frees the plan. */
enum spicecfg_status cli_plan_filter(struct cli *cli, const char *label, struct spicecfg_plan *plan,
				     enum spicecfg_status (*print)(struct cli *cli, struct spicecfg_plan *plan));

/* The "results" of a verb that changes nothing: an array of the JSON document, made at the first call; NULL without --format json. */
json_t *cli_results(struct cli *cli);

/*
 * Calls one() for each TARGET word, with cli->target set; words ends with NULL. With cli->many an error is printed, added to the results
 * and cleared, and the next target follows; a signal ends the loop. Returns the highest status. For verbs that take several TARGETs: for
 * the others the frame calls it with --all and --match.
 */
typedef enum spicecfg_status (*cli_target_fn)(struct cli *cli);
enum spicecfg_status cli_each_target(struct cli *cli, char *const *words, cli_target_fn one);
/* The same for the TARGETs of a verb with CLI_TARGETS: its arguments, --vm, --all, --match, or without any of them all domains. */
enum spicecfg_status cli_each_named(struct cli *cli, cli_target_fn one);

/* Prints the results that have not been printed yet; with end also closes the document. */
void cli_results_print(struct cli *cli, bool end);

/* Flushes the report before a change is made. SPICECFG_SYSTEM, with the error recorded, when it can't be written. */
enum spicecfg_status cli_flush(struct cli *cli, FILE *out);

/* Whether both values of a change look the same, because they are masked: it is shown as "changed". */
bool cli_change_is_masked(const struct spicecfg_change *change);

/* True for the findings that a setter reports: those that the change causes, and those that forbid it; 'check' reports the rest. */
bool cli_finding_is_news(const struct spicecfg_finding *finding);

/* A finding as a JSON object; target is the TARGET word for which its fix is written, or NULL. */
json_t *cli_finding_json(const struct cli *cli, const struct spicecfg_finding *finding, const char *target);
/* The same with the file that it is about, where a list is of several. */
json_t *cli_file_finding_json(const struct cli *cli, const struct spicecfg_finding *finding, const char *target);

/*
 * A fix as one line for the TARGET word target (NULL: none). Each spicecfg command in it gets the options of this run (--root, -c,
 * --qemu-conf), because without them a pasted command would change another host. For free(); NULL when fix is NULL or memory is short.
 */
char *cli_fix_text(const struct cli *cli, const struct spicecfg_fix *fix, const char *target);

/* The same fix as the keys "fix", "fix_commands" and "by_hand" of docs/cli.md, added to the object into. */
void cli_fix_json(const struct cli *cli, const struct spicecfg_fix *fix, const char *target, json_t *into);

/* Prints that line after indent; nothing when text is NULL. */
void cli_fix_print(FILE *out, const char *indent, const char *text);

/* What is read for a line of a batch is kept until cli_secrets_free(), so that planning again reads nothing again: a batch takes passwords
 * from files only. */
void cli_secrets_free(struct cli *cli);

/* Reads a password from --password-file F (first line), else from stdin when it is not a terminal, else from a prompt (twice when
 * confirm). The caller releases the text with cli_secret_free(), which wipes it. SPICECFG_INPUT: it can't be read, is empty, or was not
 * repeated correctly; SPICECFG_INTERRUPTED: a signal came at the prompt. */
struct cli_secret {
	char *text;
	size_t len;
};
enum spicecfg_status cli_secret_read(struct cli *cli, const char *prompt, bool confirm, struct cli_secret *out);
void cli_secret_free(struct cli_secret *secret);

#endif
