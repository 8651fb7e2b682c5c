/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qemu:commandline of a domain: the SASL directory of one VM (environment) with its guard, and SASL switched on or off for that VM (-spice
 * sasl=…).
 */
#ifndef SC_PLAN_COMMANDLINE_H
#define SC_PLAN_COMMANDLINE_H

#include "doc/xml.h"
#include "model/guard.h"

/* What the domain's own -spice arguments say about SASL; QEMU merges them with libvirt's, and the last one wins. */
enum sc_sasl_switch { SC_SASL_UNSAID, SC_SASL_ON, SC_SASL_OFF };

/* The value of an environment variable; NULL: not set; a variable without a value is set to "". Owned by the document. */
const char *sc_commandline_env(const struct sc_xml_node *root, const char *name);
enum sc_sasl_switch sc_commandline_sasl(const struct sc_xml_node *root);

/* Sets the variable, or removes it if value is NULL; a qemu:commandline that becomes empty is removed too. */
SPICECFG_CHECKED enum spicecfg_status sc_commandline_put_env(struct spicecfg_ctx *ctx, struct sc_xml *doc, const char *name,
							     const char *value);
/* Sets the switch in the domain's own arguments (SC_SASL_UNSAID: removes it); other parts of a -spice argument stay. */
SPICECFG_CHECKED enum spicecfg_status sc_commandline_put_sasl(struct spicecfg_ctx *ctx, struct sc_xml *doc, enum sc_sasl_switch want);

/* The file that the object SC_GUARD_ID names, in memory; NULL: no such object; "": the object names no file. false: out of memory. */
bool sc_commandline_guard(const struct sc_xml_node *root, struct sc_arena *memory, const char **file);
/* Makes that object guard file, or removes it if file is NULL; further objects with the same id are removed, others stay. */
SPICECFG_CHECKED enum spicecfg_status sc_commandline_put_guard(struct spicecfg_ctx *ctx, struct sc_xml *doc, const char *file);

#endif
