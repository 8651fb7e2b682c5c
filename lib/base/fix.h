/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fixes are made from templates, which are literals of the program. Only the template is parsed: it is split into commands and words
 * first, then the values of its conversions (%s, %.*s, %d, %u, %zu, %lld, %llu, %04o, %%) are put into the words unchanged.
 *
 * The words of a command are separated by blanks or enclosed in '…'; "&&", ";", ">>" and "$(hostname)" (in quotes) are shell syntax. The
 * word TARGET stands for the VM, and PATH or ELEMENT at the beginning of a word for the place of the finding. A word of capitals (also
 * after ':' or '=') is one that a person has to fill in. In prose, a command is enclosed in backquotes, which are not shown.
 *
 * The functions that return a fix allocate it in arena, and return NULL when memory runs out.
 */
#ifndef SC_BASE_FIX_H
#define SC_BASE_FIX_H

#include <spicecfg/fix.h>
#include <stdarg.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"

/* The values of PATH and ELEMENT; NULL: the word is kept as it is. */
struct sc_fix_terms {
	const char *path;
	const char *element;
};

/* Make a fix that consists of commands only. terms can be NULL. */
const struct spicecfg_fix *sc_fix_command(struct sc_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
const struct spicecfg_fix *sc_fix_vcommand(struct sc_arena *arena, const struct sc_fix_terms *terms, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
/* The same without conversions, for the fix of a rule. NULL when template is NULL. */
const struct spicecfg_fix *sc_fix_row(struct sc_arena *arena, const struct sc_fix_terms *terms, const char *template);

/* Make a fix of prose with commands in backquotes. */
const struct spicecfg_fix *sc_fix_prose(struct sc_arena *arena, const char *template);
const struct spicecfg_fix *sc_fix_vprose(struct sc_arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Append words to the last command of a fix made by the functions above. The old fix must not be used any more. */
const struct spicecfg_fix *sc_fix_vmore(struct sc_arena *arena, const struct spicecfg_fix *fix, const struct sc_fix_terms *terms,
					const char *format, va_list args) __attribute__((format(printf, 4, 0)));
const struct spicecfg_fix *sc_fix_more(struct sc_arena *arena, const struct spicecfg_fix *fix, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Copies a fix. NULL when fix is NULL. */
const struct spicecfg_fix *sc_fix_copy(struct sc_arena *arena, const struct spicecfg_fix *fix);
/* Copies a fix and marks it as one that names files as this run does, so that it is not run inside a root. */
const struct spicecfg_fix *sc_fix_outside(struct sc_arena *arena, const struct spicecfg_fix *fix);
bool sc_fix_equal(const struct spicecfg_fix *a, const struct spicecfg_fix *b);

/* Copies a fix and adds what place requires, so that it no longer depends on a target, a root or a URI. NULL when fix is NULL. */
const struct spicecfg_fix *sc_fix_resolve(struct sc_arena *arena, const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place);

/* Appends the text of a fix to out, as spicecfg_fix_text() writes it for no place. */
void sc_fix_put(struct sc_buf *out, const struct spicecfg_fix *fix);

/* Returns true when the parts from index from on remove a whole device, or an argument of QEMU: that needs a decision. */
bool sc_fix_removes_device(const struct spicecfg_fix *fix, size_t from);

enum sc_target { SC_TARGET_STDIN, SC_TARGET_FILE, SC_TARGET_DOMAIN };

/* What a TARGET word means by its letters: "-" is stdin; file:PATH, a word that contains '/' or ends in .xml is a file; domain:NAME and any
 * other word is a domain. name: the path or the name in the word. */
enum sc_target sc_target_read(const char *word, const char **name);

/* Copies the caller's place; false when its size is not set. */
bool sc_fix_place_take(struct spicecfg_fix_place *own, const struct spicecfg_fix_place *given);

#endif
