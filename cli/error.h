/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How errors are recorded by the program and shown. */
#ifndef CLI_ERROR_H
#define CLI_ERROR_H

#include "verb.h"

/* Records an error of the command line in the context; the first wins. fix: a literal, with commands in backquotes, or NULL.
 * Returns status. */
enum spicecfg_status cli_fail(struct cli *cli, enum spicecfg_status status, const char *fix, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Prints the context's error once to stderr, as "spicecfg: FILE:LINE:COLUMN: message" and the fix on the next line, for the TARGET word
 * target. */
void cli_error_print(const struct cli *cli, const char *label, const char *target);

/* A JSON string; bytes that are no UTF-8 (file names, single-byte files) become U+FFFD, so that they lose no report. NULL: out of memory.
 */
json_t *cli_json_text(const char *text);

/* The error as the JSON has it, or NULL when there is none. */
json_t *cli_error_json(const struct cli *cli);

#endif
