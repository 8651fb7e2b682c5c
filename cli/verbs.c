/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of verbs. A verb is one line here, and one function with its row in commands/. */
#include "verbs.h"

extern const struct cli_verb cli_verb_show, cli_verb_set, cli_verb_set_heads, cli_verb_set_listen, cli_verb_set_mode,
    cli_verb_set_compression, cli_verb_set_options, cli_verb_set_password, cli_verb_clear_password, cli_verb_viewer, cli_verb_pki_init,
    cli_verb_pki_issue, cli_verb_pki_csr, cli_verb_pki_import, cli_verb_pki_export_ca, cli_verb_pki_show, cli_verb_pki_check,
    cli_verb_pki_renew, cli_verb_acl_show, cli_verb_acl_grant, cli_verb_acl_revoke, cli_verb_sasl_show, cli_verb_sasl_set,
    cli_verb_sasl_off, cli_verb_sasl_test, cli_verb_user_add, cli_verb_user_passwd, cli_verb_user_remove, cli_verb_user_list,
    cli_verb_pam_install, cli_verb_pam_allow, cli_verb_pam_revoke, cli_verb_pam_show, cli_verb_pam_check, cli_verb_pam_test,
    cli_verb_access_list, cli_verb_access_explain, cli_verb_check, cli_verb_rules, cli_verb_explain, cli_verb_host_show, cli_verb_host_set,
    cli_verb_host_unset, cli_verb_host_facts, cli_verb_apply, cli_verb_export, cli_verb_batch, cli_verb_completion, cli_verb_recover,
    cli_verb_history, cli_verb_help;

/* A line per group, whatever their number. */
/* clang-format off */
const struct cli_verb *const cli_verbs[] = {
    &cli_verb_show, &cli_verb_set, &cli_verb_set_heads, &cli_verb_set_listen, &cli_verb_set_mode, &cli_verb_set_compression,
    &cli_verb_set_options, &cli_verb_set_password, &cli_verb_clear_password, &cli_verb_viewer,
    &cli_verb_host_show, &cli_verb_host_set, &cli_verb_host_unset, &cli_verb_host_facts,
    &cli_verb_pki_init, &cli_verb_pki_issue, &cli_verb_pki_csr, &cli_verb_pki_import, &cli_verb_pki_export_ca, &cli_verb_pki_show,
    &cli_verb_pki_check, &cli_verb_pki_renew,
    &cli_verb_acl_show, &cli_verb_acl_grant, &cli_verb_acl_revoke,
    &cli_verb_sasl_show, &cli_verb_sasl_set, &cli_verb_sasl_off, &cli_verb_sasl_test,
    &cli_verb_user_add, &cli_verb_user_passwd, &cli_verb_user_remove, &cli_verb_user_list,
    &cli_verb_pam_install, &cli_verb_pam_allow, &cli_verb_pam_revoke, &cli_verb_pam_show, &cli_verb_pam_check, &cli_verb_pam_test,
    &cli_verb_access_list, &cli_verb_access_explain,
    &cli_verb_check, &cli_verb_rules, &cli_verb_explain,
    &cli_verb_apply, &cli_verb_export, &cli_verb_batch, &cli_verb_completion, &cli_verb_recover, &cli_verb_history, &cli_verb_help,
    NULL,
};
/* clang-format on */
