/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qemu:commandline of a domain: the SASL folder of one VM (environment) and SASL switched on or off for it (-spice sasl=…). */
#ifndef SC_PLAN_COMMANDLINE_H
#define SC_PLAN_COMMANDLINE_H

#include "doc/xml.h"

/* What the domain's own -spice arguments say of SASL; QEMU merges them with libvirt's, the last one wins. */
enum sc_sasl_switch { SC_SASL_UNSAID, SC_SASL_ON, SC_SASL_OFF };

/* The value of an environment variable, NULL: not set. Owned by the document. */
const char *sc_commandline_env(const struct sc_xml_node *root, const char *name);
enum sc_sasl_switch sc_commandline_sasl(const struct sc_xml_node *root);

/* Sets the variable, or removes it where value is NULL; an emptied qemu:commandline goes too. */
SPICECFG_CHECKED enum spicecfg_status sc_commandline_put_env(struct spicecfg_ctx *ctx, struct sc_xml *doc, const char *name,
							     const char *value);
/* Makes the domain say it (SC_SASL_UNSAID: nothing of its own); other parts of a -spice argument stay. */
SPICECFG_CHECKED enum spicecfg_status sc_commandline_put_sasl(struct spicecfg_ctx *ctx, struct sc_xml *doc, enum sc_sasl_switch want);

#endif
