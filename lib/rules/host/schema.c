/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The row for the findings of `check --schema`; lib/system/check/schema.c validates, because it reads libvirt's files. */
#include "rules/tables.h"

const struct sc_rule sc_rules_schema[] = {
    {
	.id = "schema",
	.level = SPICECFG_LEVEL_WARNING,
	.cls = SPICECFG_CLASS_EFFECT,
	.title = "The definition does not match libvirt's schema",
	.text =
	    "The definition does not match libvirt's RELAX NG schema. libvirt uses the schema only on request (virsh define --validate); "
	    "without it, libvirt silently drops an element or attribute that it does not know, even a misspelt one. Some definitions that "
	    "libvirt accepts and starts do not match: this finding alone never makes a VM refused. It is reported only with --schema.",
	.source = "libvirt docs/schemas/domain.rng (installed as /usr/share/libvirt/schemas)",
    },
    {.id = NULL},
};
