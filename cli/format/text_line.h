/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines of a report for people: what text.c and text_group.c share. */
#ifndef CLI_FORMAT_TEXT_LINE_H
#define CLI_FORMAT_TEXT_LINE_H

#include "format.h"

/* "NAME:", without a newline. */
void cli_text_head(const struct cli_report *report, const char *name);

/* "NAME: VERDICT (DOUBT)", a line; name is written by cli_put_start(). */
void cli_text_verdict(const struct cli_report *report, const char *name, enum spicecfg_verdict verdict, const char *doubt);

/* "error: MESSAGE", without a newline. */
void cli_text_message(const struct cli_report *report, const struct spicecfg_finding *finding);

/* What follows the line of the message: the excerpt, and the fix with what there is to say about it. */
void cli_text_excerpt(const struct cli_report *report, const struct spicecfg_finding *finding);
void cli_text_fix(const struct cli_report *report, const struct spicecfg_finding *finding);

/* All lines of a finding; document: the file or target that the finding need not name. */
void cli_text_finding(const struct cli_report *report, const char *document, const struct spicecfg_finding *finding, bool excerpt);

#endif
