/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The domains of one host or tree often have the same findings: what at least three of them share is printed once, with their names and
 * the fix for the first. What is left is printed for each domain. That needs the results of all domains, unlike files, whose results are
 * streamed.
 */
#ifndef CLI_FORMAT_TEXT_GROUP_H
#define CLI_FORMAT_TEXT_GROUP_H

#include "format.h"

/* Keeps the result of a domain for cli_text_group_print(); false: memory is short, and it is not kept. */
bool cli_text_group_add(struct cli_report *report, const struct spicecfg_check_result *result);

/* Prints and drops what was kept; nothing where there is none. */
void cli_text_group_print(struct cli_report *report);

#endif
