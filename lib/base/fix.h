/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fixes are made from templates, which are texts of the program itself. The template alone is read: it is cut into commands and words
 * first, and the values of its conversions (%s, %.*s, %d, %u, %zu, %lld, %llu, %04o, %%) go into the words as they are.
 *
 * In a command words stand apart by blanks or in '…'; "&&", ";", ">>" and "$(hostname)" (in quotes) are the shell's. The word TARGET stands
 * for the VM, a word that begins with PATH or ELEMENT for the finding's place, a word of capitals (also behind ':' or '=') is for a person
 * to fill in. In prose a command stands in backquotes, which are not shown.
 */
#ifndef SC_BASE_FIX_H
#define SC_BASE_FIX_H

#include <spicecfg/fix.h>
#include <stdarg.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"

/* What PATH and ELEMENT stand for; NULL: they stay. */
struct sc_fix_terms {
	const char *path;
	const char *element;
};

/* A fix that is commands as a whole, in arena; terms may be NULL. These return NULL when memory is short. */
const struct spicecfg_fix *sc_fix_command(struct sc_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
const struct spicecfg_fix *sc_fix_vcommand(struct sc_arena *arena, const struct sc_fix_terms *terms, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
/* The same without conversions: a rule's fix. NULL where template is. */
const struct spicecfg_fix *sc_fix_row(struct sc_arena *arena, const struct sc_fix_terms *terms, const char *template);

/* Prose with commands in backquotes. */
const struct spicecfg_fix *sc_fix_prose(struct sc_arena *arena, const char *template);
const struct spicecfg_fix *sc_fix_vprose(struct sc_arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* fix, which these functions made and nothing else uses any more, with more words behind its last command. */
const struct spicecfg_fix *sc_fix_vmore(struct sc_arena *arena, const struct spicecfg_fix *fix, const struct sc_fix_terms *terms,
					const char *format, va_list args) __attribute__((format(printf, 4, 0)));
const struct spicecfg_fix *sc_fix_more(struct sc_arena *arena, const struct spicecfg_fix *fix, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* NULL where fix is. */
const struct spicecfg_fix *sc_fix_copy(struct sc_arena *arena, const struct spicecfg_fix *fix);
/* The same for a command that names a file as this run does: it is not run inside of a root. */
const struct spicecfg_fix *sc_fix_outside(struct sc_arena *arena, const struct spicecfg_fix *fix);
bool sc_fix_equal(const struct spicecfg_fix *a, const struct spicecfg_fix *b);

/* The fix with the words that place adds: nothing is left that depends on a target, a root or a URI. NULL where fix is. */
const struct spicecfg_fix *sc_fix_resolve(struct sc_arena *arena, const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place);

/* Appends the fix as spicecfg_fix_text() has it, for no place. */
void sc_fix_put(struct sc_buf *out, const struct spicecfg_fix *fix);

/* True when the last command edits a VM's settings, and so takes --force. */
bool sc_fix_sets(const struct spicecfg_fix *fix);

/* True when a TARGET word that holds no prefix means a file. */
bool sc_target_is_file(const char *word);

#endif
