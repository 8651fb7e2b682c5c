/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows of what the host's files are told for. They are found by lib/system, which reads those files. */
#include "rules/tables.h"

const struct sc_rule sc_rules_services[] = {
    {.id = "pam-file-missing",
     .level = SPICECFG_LEVEL_WARNING,
     .cls = SPICECFG_CLASS_EFFECT,
     .title = "No PAM file for saslauthd's logins",
     .text = "saslauthd asks PAM for the service 'spice'. Without its file libpam goes by 'other', which mostly refuses everybody; a "
	     "saslauthd of "
	     "a VM's own lets nobody in.",
     .source = "A26; Linux-PAM libpam/pam_handlers.c; measured",
     .fix = "spicecfg pam install"},
    {.id = "pam-broken-line",
     .level = SPICECFG_LEVEL_ERROR,
     .cls = SPICECFG_CLASS_EFFECT,
     .title = "A line of the PAM file that libpam can't read",
     .text = "libpam replaces a rule that it can't read by one that fails: every login is refused there. pam_start() reports success all "
	     "the same.",
     .source = "Linux-PAM libpam/pam_handlers.c",
     .fix = "spicecfg pam install"},
    {.id = "pam-missing-module",
     .level = SPICECFG_LEVEL_ERROR,
     .cls = SPICECFG_CLASS_EFFECT,
     .title = "A PAM module that is not installed",
     .text = "A rule names a module that is not in libpam's directory: every login fails there. Install it, or write '-' before the rule's "
	     "type if it may be missing.",
     .source = "Linux-PAM libpam/pam_handlers.c",
     .fix = "spicecfg pam install"},
    {.id = "pam-no-rule",
     .level = SPICECFG_LEVEL_ERROR,
     .cls = SPICECFG_CLASS_EFFECT,
     .title = "No rule of a type in the PAM file",
     .text = "Without rules of type auth or account libpam asks the service 'other' in their place, which mostly refuses everybody.",
     .source = "Linux-PAM libpam/pam_handlers.c",
     .fix = "spicecfg pam install"},
    {.id = "pam-admits-all",
     .level = SPICECFG_LEVEL_ERROR,
     .cls = SPICECFG_CLASS_SECURITY,
     .title = "The PAM file lets everybody in",
     .text = "No auth rule of the service can refuse: any password opens the console.",
     .source = "Linux-PAM libpam/pam_dispatch.c",
     .fix = "spicecfg pam install"},
    {.id = "pam-admits-nobody",
     .level = SPICECFG_LEVEL_WARNING,
     .cls = SPICECFG_CLASS_EFFECT,
     .title = "The PAM file refuses everybody",
     .text = "A rule that always refuses stands before any that could admit.",
     .source = "Linux-PAM libpam/pam_dispatch.c",
     .fix = "spicecfg pam install"},
    {.id = "pam-nodelay",
     .level = SPICECFG_LEVEL_WARNING,
     .cls = SPICECFG_CLASS_EFFECT,
     .title = "A PAM module that keeps QEMU waiting",
     .text =
	 "While saslauthd checks a password QEMU's main loop stands still, and the guest with it: two seconds for each wrong password, for "
	 "pam_unix.so asks libpam for a delay, unless it has nodelay. pam_faildelay.so asks for one, too. 'pam install' writes the rules "
	 "of auth "
	 "into the service itself, with nodelay: install it anew when the host's own stack of auth changes.",
     .source = "Linux-PAM modules/pam_unix/pam_unix_auth.c, libpam/pam_delay.c; measured",
     .fix = "spicecfg pam install"},
    {.id = "pam-time-file",
     .level = SPICECFG_LEVEL_ERROR,
     .cls = SPICECFG_CLASS_SECURITY,
     .title = "A pam_time without its file",
     .text = "Where pam_time.so can't read its file (conffile=, else /etc/security/time.conf) it lets everybody in at any time. Write the "
	     "file, or "
	     "take the rule out.",
     .source = "Linux-PAM modules/pam_time/pam_time.c read_field; measured"},
    {.id = "pam-time-line",
     .level = SPICECFG_LEVEL_ERROR,
     .cls = SPICECFG_CLASS_SECURITY,
     .title = "A line of pam_time that is ignored or misread",
     .text = "pam_time.so ignores a line that it can't read, or takes it for another one: who stands there gets in at any time. A line is "
	     "SERVICES;TERMINALS;USERS;TIMES, each part shorter than 1,000 bytes: the terminal is *, as saslauthd has none; users are "
	     "accounts with | "
	     "between them, no groups; a time is days (Mo Tu We Th Fr Sa Su Wk Wd Al) and HHMM-HHMM.",
     .source = "Linux-PAM modules/pam_time/pam_time.c; measured"},
    {.id = "pam-start",
     .level = SPICECFG_LEVEL_ERROR,
     .cls = SPICECFG_CLASS_EFFECT,
     .title = "libpam does not start with the service",
     .text = "libpam refuses to work with the service file: every login by saslauthd fails.",
     .source = "A26; Linux-PAM pam_start, pam_start_confdir",
     .fix = "spicecfg pam install"},
    {.id = "pam-writable",
     .level = SPICECFG_LEVEL_ERROR,
     .cls = SPICECFG_CLASS_SECURITY,
     .title = "Others than root may write the PAM file",
     .text = "The file decides who gets in: it belongs to root and nobody else writes to it.",
     .source = "A25; measured",
     .fix = "spicecfg pam install"},
    {.id = "not-readable",
     .level = SPICECFG_LEVEL_WARNING,
     .cls = SPICECFG_CLASS_EFFECT,
     .title = "Something of the host could not be read",
     .text = "A check judges what it can read. What it could not, and why, is named here: what is in there was not looked at. Run it as an "
	     "account that may read it, or put the file right.",
     .source = "docs/cli.md, verdict",
     .fix = NULL},
    {.id = NULL},
};
