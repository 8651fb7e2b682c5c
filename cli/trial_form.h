/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Forms of fixes that were tried: of the same rule and the same words, but for the target and numbers, on a target of which the same rules
 * report something. One that passed counts for every such target; why one did not pass may be a matter of its own target.
 */
#ifndef CLI_TRIAL_FORM_H
#define CLI_TRIAL_FORM_H

#include <spicecfg/spicecfg.h>
#include <stdint.h>

#include "trial_writes.h"

struct cli_form {
	struct cli_form *next;
	char *failed, *target; /* why it did not pass, and on which target; NULL: it passed */
	char *loses;           /* who would lose a console by it; NULL: nobody */
	struct cli_writes writes;
	char key[];
};

/* Whether a verb changes a definition only. */
bool cli_form_edits_vm(const char *verb);
/*
 * Whether the verb may refuse its command for what is wrong already. One that edits a definition refuses only what is new, but a password
 * may bring an error of the host to the VM.
 */
bool cli_form_may_be_refused(char **command);

/* A number for the rules that report something in the result. */
uint64_t cli_form_rules(const struct spicecfg_check_result *result);
/* The key of a fix, for free(); NULL: memory is short. */
char *cli_form_key(const struct spicecfg_finding *finding, const char *target, uint64_t rules, char ***commands);
/* What is known about a form on the target; NULL: nothing. */
const struct cli_form *cli_form_find(const struct cli_form *forms, const char *key, const char *target);
/* Remembers the outcome; where memory is short, it is tried again. outcome: a form of which all but key and next is set; it is copied. */
void cli_form_add(struct cli_form **forms, const char *key, const struct cli_form *outcome);
void cli_form_free(struct cli_form *forms);

#endif
