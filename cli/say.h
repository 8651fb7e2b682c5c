/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The only way to print text to a stream that people and CI pipelines read. Names, values and messages of other programs may contain
 * what a terminal interprets, or lines that a CI runner takes for its own commands: none of it gets through. docs/threat-model.md
 * lists it.
 */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * Prints whole lines like printf; a missing newline at the end is added. The format is the program's own and may contain newlines. Every
 * string and character argument (%s with any width and precision, %c) is foreign: control characters, newlines, tabs and bad UTF-8 in it
 * become U+FFFD. The resulting line does not begin with a command of a CI runner ("::", after blanks) and contains none ("##[",
 * "##vso["). Other conversions: integers with no modifier, l, ll or z. Prints only "out of memory" when memory is short.
 */
void cli_say(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same after prefix, which is the program's own text and printed literally. */
void cli_vsay(FILE *out, const char *prefix, const char *format, va_list args) __attribute__((format(printf, 3, 0)));

/* The errno with which stdout, which is flushed before each line of stderr, lost text; 0: it lost none. */
int cli_say_lost(void);

/* Prints a text of several lines, such as a diff or a paragraph: newlines and tabs are kept, all else is as in cli_say(). */
void cli_say_block(FILE *out, const char *text);

/* Prints the program's own text unchanged: the frame of a document that is written piece by piece. */
void cli_say_own(FILE *out, const char *text);

/* Prints a document, with all lines but the first indented by depth blanks and no newline at the end; the memory used is wiped. */
void cli_say_json(FILE *out, const json_t *value, int depth);
/* The same for a document that is text already. */
void cli_say_json_text(FILE *out, const char *text);

/* Foreign text as cli_say() would print it, at the start of a line or elsewhere, for a cell of a table; free() it. NULL: out of memory. */
char *cli_clean(const char *text, bool starts_line);

#endif
