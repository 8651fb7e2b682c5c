/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of rules, one per file of this layer, in the order of the catalogue. */
#ifndef SC_RULES_TABLES_H
#define SC_RULES_TABLES_H

#include "rules/rule.h"

extern const struct sc_rule sc_rules_graphics[];
extern const struct sc_rule sc_rules_options[];
extern const struct sc_rule sc_rules_listen[];
extern const struct sc_rule sc_rules_password[];
extern const struct sc_rule sc_rules_ports[];
extern const struct sc_rule sc_rules_conflicts[];
extern const struct sc_rule sc_rules_address[];
extern const struct sc_rule sc_rules_socket[];
extern const struct sc_rule sc_rules_tls[];
extern const struct sc_rule sc_rules_conf[];
extern const struct sc_rule sc_rules_video[];
extern const struct sc_rule sc_rules_memory[];
extern const struct sc_rule sc_rules_gl[];
extern const struct sc_rule sc_rules_driver[];
extern const struct sc_rule sc_rules_pci[];
extern const struct sc_rule sc_rules_devices[];
extern const struct sc_rule sc_rules_audio[];
extern const struct sc_rule sc_rules_words[];
extern const struct sc_rule sc_rules_commandline[];
extern const struct sc_rule sc_rules_vnc[];
extern const struct sc_rule sc_rules_backend[];
extern const struct sc_rule sc_rules_attached[];
extern const struct sc_rule sc_rules_usb[];
extern const struct sc_rule sc_rules_display_args[];
extern const struct sc_rule sc_rules_qemu_args[];
extern const struct sc_rule sc_rules_machine[];
extern const struct sc_rule sc_rules_security[];
extern const struct sc_rule sc_rules_effect[];
extern const struct sc_rule sc_rules_heads[];
extern const struct sc_rule sc_rules_versions[];
extern const struct sc_rule sc_rules_arch[];
extern const struct sc_rule sc_rules_pki[];    /* of the host: run by sc_pki_judge() */
extern const struct sc_rule sc_rules_access[]; /* of a socket: found by sc_plan_socket() */
extern const struct sc_rule sc_rules_ways[];
extern const struct sc_rule sc_rules_sasl[];
extern const struct sc_rule sc_rules_guard[];
extern const struct sc_rule sc_rules_saslusers[];
extern const struct sc_rule sc_rules_exposure[];
extern const struct sc_rule sc_rules_services[]; /* found by pam check */
extern const struct sc_rule sc_rules_schema[];   /* found by sc_schema_check() */

/*
 * True for a word that only some versions know: the rules of versions.c judge it, and the rule about unknown words ignores it. device is
 * the element below <devices>, attr the name of the word's attribute.
 */
bool sc_versions_know(const char *device, const char *attr, const char *word);

/* True when libvirt adds an <audio> of id 1 to a domain that has none (backend.c). */
bool sc_audio_added(const struct sc_domain *domain, const struct sc_host *host);

#endif
