/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What to do about a finding or an error: text for people, and commands as words. Values such as names and paths are put into words when
 * the fix is made, and nothing looks into a word again: it is quoted once, where the fix is written out for a shell.
 */
#ifndef SPICECFG_FIX_H
#define SPICECFG_FIX_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum spicecfg_fix_kind {
	SPICECFG_FIX_TEXT,    /* for people, no part of a command; may hold any bytes */
	SPICECFG_FIX_PROGRAM, /* begins a command: the name of the program */
	SPICECFG_FIX_WORD,    /* its next argument */
	SPICECFG_FIX_BLANK,   /* the same, for a person to fill in: NAME, user:NAME */
	SPICECFG_FIX_TARGET,  /* the same: the VM; text is NULL */
	SPICECFG_FIX_SHELL,   /* "&&" or ";" before the next command, ">>" before the word of a file, "\"$(hostname)\"" */
};

struct spicecfg_fix_part {
	enum spicecfg_fix_kind kind;
	const char *text;
};

struct spicecfg_fix {
	const struct spicecfg_fix_part *parts;
	size_t n_parts;
	bool outside; /* it names files as this run does, with a root too */
};

/* What a command needs to mean the VM and the host of this run; each may be NULL. */
struct spicecfg_fix_place {
	const char *target;    /* the VM, as spicecfg_target_word() has it */
	const char *root;      /* --root; other programs than spicecfg run inside of it, unless the fix is outside */
	const char *uri;       /* -c */
	const char *qemu_conf; /* --qemu-conf of host set and host unset */
	const char *pki_dir;   /* --dir of the verbs of pki */
	const char *ca_dir;    /* --ca-dir of those that use the own CA */
};

/*
 * The fix on one line. Its commands are written so that bash, dash and other POSIX shells read back the very words, and so that a terminal
 * shows them as they are: control characters, bytes that are no UTF-8 and characters that are not seen stand as octal numbers for printf.
 * place may be NULL. For free(); NULL when fix is NULL, or memory is short.
 */
char *spicecfg_fix_text(const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place);

/* True when the fix is commands as a whole, false when it is NULL or has text for people. */
bool spicecfg_fix_is_command(const struct spicecfg_fix *fix);

/*
 * The commands of the fix as argument vectors, to be run one after the other until one fails: a list that ends with NULL, as does each
 * vector. A command that needs a shell is {"sh", "-c", TEXT}. place may be NULL. One block for free(); NULL when fix is NULL, when a person
 * has to read or fill in something (SPICECFG_FIX_TEXT, SPICECFG_FIX_BLANK, a TARGET that place does not name), or when memory is short.
 */
char ***spicecfg_fix_argv(const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place);

/* The shortest word that means the same as a TARGET word, and can stand where an option could: "lab" for "domain:lab", "domain:lab.xml",
 * "file:a", "./-a.xml". For free(); NULL when memory is short or target is NULL. */
char *spicecfg_target_word(const char *target);

#ifdef __cplusplus
}
#endif
#endif
