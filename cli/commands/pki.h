/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_COMMANDS_PKI_H
#define CLI_COMMANDS_PKI_H

#include "verb.h"

/* Puts the options into *out, which the caller releases with cli_pki_request_free(); strings belong to cli. On error nothing is to be
 * released. */
enum spicecfg_status cli_pki_request(struct cli *cli, struct spicecfg_pki_request *out);
void cli_pki_request_free(struct spicecfg_pki_request *request);

#endif
