/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recording and printing the program's errors. */
#ifndef CLI_ERROR_H
#define CLI_ERROR_H

#include "verb.h"

/* Records an error in the context, unless one is recorded already. fix: a literal, with commands in backquotes, or NULL.
 * Returns status. */
enum spicecfg_status cli_fail(struct cli *cli, enum spicecfg_status status, const char *fix, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Prints the context's error to stderr, as "spicecfg: FILE:LINE:COLUMN: message" with the fix on the next line. label names the target
 * where the error names no file, target is the TARGET word for which the fix is written; each may be NULL. */
void cli_error_print(const struct cli *cli, const char *label, const char *target);

/* text as a JSON string; bytes that are not UTF-8 (file names, files in single-byte encodings) become U+FFFD, so that no report is lost
 * because of them. No text
 * (NULL) is null. NULL: out of memory. */
json_t *cli_json_text(const char *text);

/* The context's error as a JSON object, or NULL when none is recorded. */
json_t *cli_error_json(const struct cli *cli);

#endif
