/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The row of what `check --schema` finds; the validation itself is lib/system/check/schema.c's, because it reads libvirt's files. */
#include "rules/tables.h"

const struct sc_rule sc_rules_schema[] = {
    {
	.id = "schema",
	.level = SPICECFG_LEVEL_WARNING,
	.cls = SPICECFG_CLASS_EFFECT,
	.title = "libvirt's schema does not know it so",
	.text = "The definition does not match libvirt's RELAX NG schema. libvirt asks the schema only when told to (virsh define "
		"--validate); without it "
		"an element or attribute that it does not know is dropped in silence, a misspelt one too. Some definitions that libvirt "
		"accepts and "
		"starts do not match: the finding alone never makes a VM refused. Only looked for with --schema.",
	.source = "libvirt docs/schemas/domain.rng (installed as /usr/share/libvirt/schemas)",
    },
    {.id = NULL},
};
