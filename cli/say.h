/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one way of text to a stream that people and pipelines read. Names, values and messages of other programs may hold what a terminal
 * obeys, or lines that a runner of pipelines takes for its commands: none of it comes through. docs/threat-model.md says which.
 */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

/*
 * A printf of whole lines; a newline at the end is added where it is missing. The format is the program's own and may hold newlines. Every
 * string and character argument (%s with any width and precision, %c) is foreign: control characters, newlines, tabs and bad UTF-8 in it
 * become U+FFFD. The line as a whole begins no command of a runner ("::", after blanks) and holds none ("##[", "##vso["). Other
 * conversions: integers with no modifier, l, ll or z. Writes nothing but "out of memory" where memory is short.
 */
void cli_say(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same with a first word of the program's own, taken literally. */
void cli_vsay(FILE *out, const char *prefix, const char *format, va_list args) __attribute__((format(printf, 3, 0)));

/* The errno with which stdout, which is written out before each line of stderr, lost text; 0: it did not. */
int cli_say_lost(void);

/* A text of several lines, as a diff or a paragraph: newlines and tabs stay, all else as in cli_say(). */
void cli_say_block(FILE *out, const char *text);

/* Text of the program's own, as it is: the frame of a document that is written piece by piece. */
void cli_say_own(FILE *out, const char *text);

/* A document, its lines behind the first one moved by depth blanks, without a newline at the end; memory that held it is wiped. */
void cli_say_json(FILE *out, const json_t *value, int depth);
/* The same for a document that is text already. */
void cli_say_json_text(FILE *out, const char *text);

struct libscols_line;

/* Foreign text into a cell of a table, as cli_say() would print it. */
void cli_set_cell(struct libscols_line *line, size_t column, const char *text);

#endif
