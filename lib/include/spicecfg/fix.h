/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * What to do about a finding or an error: text for a person to read, and commands as separate words. Values such as names and paths
 * become words when the fix is made, and words are never parsed again: each is quoted once, when the fix is written for a shell.
 */
#ifndef SPICECFG_FIX_H
#define SPICECFG_FIX_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a part of a fix is. */
enum spicecfg_fix_kind {
	SPICECFG_FIX_TEXT,    /* prose, not part of a command; can contain any bytes */
	SPICECFG_FIX_PROGRAM, /* the first word of a command: the name of the program */
	SPICECFG_FIX_WORD,    /* the next argument of the command */
	SPICECFG_FIX_BLANK,   /* an argument that a person has to fill in: NAME, user:NAME */
	SPICECFG_FIX_TARGET,  /* an argument: the VM that the finding is about; text is NULL */
	SPICECFG_FIX_SHELL,   /* shell syntax: "&&" or ";" before the next command, ">>" before a file, "\"$(hostname)\"" */
};

/** A part of a fix. */
struct spicecfg_fix_part {
	enum spicecfg_fix_kind kind;
	const char *text;
};

/** A fix: its parts in the order in which they are written. */
struct spicecfg_fix {
	const struct spicecfg_fix_part *parts;
	size_t n_parts;
	bool outside; /* names files as the program itself does, even when a root directory is set */
};

/** What a command needs to refer to the VM and the host of this run. Each member can be NULL. */
struct spicecfg_fix_place {
	size_t size;           /* of this struct */
	const char *target;    /* the VM, as spicecfg_target_word() returns it */
	const char *root;      /* --root; programs other than spicecfg run inside it, unless the fix is outside */
	const char *uri;       /* --connect */
	const char *qemu_conf; /* --qemu-conf of host set and host unset */
	const char *pki_dir;   /* --dir of the pki verbs */
	const char *ca_dir;    /* --ca-dir of the pki verbs that use the local CA */
};

/**
 * Writes a fix on one line. bash, dash and other POSIX shells read exactly the intended words back from its commands, and a terminal shows
 * the words as they are: control characters, bytes that are not UTF-8, and invisible characters are written as octal numbers for printf.
 *
 * @param fix the fix, or NULL
 * @param place what its commands refer to; NULL: nothing is added to them
 * @return the text, to be freed with free(); NULL when fix is NULL or memory runs out
 */
char *spicecfg_fix_text(const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place);

/**
 * Returns whether a fix consists of commands only.
 *
 * @param fix the fix, or NULL
 * @return false when fix is NULL or contains prose (SPICECFG_FIX_TEXT)
 */
bool spicecfg_fix_is_command(const struct spicecfg_fix *fix);

/**
 * Returns the commands of a fix as argument vectors, to be run one after another until one fails. A command that needs a shell is
 * {"sh", "-c", TEXT}.
 *
 * @param fix the fix, or NULL
 * @param place what its commands refer to, or NULL
 * @return a NULL-terminated list of NULL-terminated vectors, to be freed with one call of free(); NULL when fix is NULL, when a person has
 * to read or fill in something (SPICECFG_FIX_TEXT, SPICECFG_FIX_BLANK, or a SPICECFG_FIX_TARGET without place.target), or when memory runs
 * out
 */
char ***spicecfg_fix_argv(const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place);

/**
 * Returns the shortest word that means the same as a TARGET word and is not mistaken for an option: "lab" for "domain:lab", but
 * "domain:lab.xml", "file:a" and "./-a.xml" as they are.
 *
 * @param target a TARGET word (docs/cli.md), or NULL
 * @return the word, to be freed with free(); NULL when target is NULL or memory runs out
 */
char *spicecfg_target_word(const char *target);

#ifdef __cplusplus
}
#endif
#endif
