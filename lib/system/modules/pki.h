/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module "pki": X.509 with OpenSSL. */
#ifndef SC_SYSTEM_MODULES_PKI_H
#define SC_SYSTEM_MODULES_PKI_H

#include "model/pki_ops.h"

/* The module's symbol; the library reaches it through sc_module(ctx, "pki"). */
__attribute__((visibility("default"))) extern const struct sc_pki_ops sc_module_pki;

#endif
