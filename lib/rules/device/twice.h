/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The check of the rule address-twice, whose row is in usb.c. */
#ifndef SC_RULES_DEVICE_TWICE_H
#define SC_RULES_DEVICE_TWICE_H

#include "rules/rule.h"

/* Reports each PCI, USB and virtio-serial address that another device before it has. */
void sc_address_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out);

#endif
