/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fixes that several rules share: each sets the fix of the finding that was added last. */
#ifndef SC_RULES_FIXES_H
#define SC_RULES_FIXES_H

#include "rules/rule.h"

/*
 * The index of the word that text most likely means; -1: none. Ignores case, and understands on, true, 1… as the yes or on of words, and
 * likewise for no and off. words ends with NULL.
 */
int sc_word_guess(const char *const *words, const char *text);

/* For an attribute with a wrong word: sets it to the word that text most likely means; the fix is left unchanged where no word fits. */
void sc_find_fix_word(struct sc_findings *out, const char *const *words, const char *text);

/* Moves the console's listener to 127.0.0.1; node and attr are the place of its address. */
void sc_find_fix_address(struct sc_findings *out, const struct sc_console *console, const struct sc_xml_node *node, const char *attr);

/* Lets libvirt choose the port that attr (port, tlsPort, websocket) names. */
void sc_find_fix_port_auto(struct sc_findings *out, const struct sc_graphics *graphics, const char *attr);

/* Moves the fixed port of console that attr (port, tlsPort, websocket) names to the next free one; where none is free, libvirt chooses. */
void sc_find_fix_port(struct sc_findings *out, const struct sc_rule_input *in, const struct sc_console *console, const char *attr);

/* Turns spice_tls on, with certificates where QEMU can't use those that are present. */
void sc_find_fix_tls_on(struct sc_findings *out, const struct sc_rule_input *in);

/*
 * Begins a fix that gives a console a TLS port: with certificates where some can't be used, and spice_tls where it is off. It ends with
 * "spicecfg set TARGET", to which keys are added.
 */
void sc_find_fix_tls(struct sc_findings *out, const struct sc_rule_input *in);

/* Adds "tls-port=" to a fix: a fixed port for a console whose plain port is fixed, else auto. */
void sc_find_fix_tls_port(struct sc_findings *out, const struct sc_rule_input *in, const struct sc_console *console);

/* Removes the socket's path of a console other than Spice. */
void sc_find_fix_socket(struct sc_findings *out, const struct sc_console *console);

/* Keeps the number of heads (1 to 4) and computes the video memory for them; with several video devices, only removes the attribute. */
void sc_find_fix_heads(struct sc_findings *out, const struct sc_domain *domain, const struct sc_video *video);

/* Removes an argument of qemu:commandline that QEMU does not accept, and the option before it. Needs a decision. */
void sc_find_fix_arg(struct sc_findings *out, const struct sc_domain *domain, const struct sc_xml_node *node);

/* Adds "channel.NAME=to" for each channel whose mode is one of modes (1 << mode, or-ed), each name once. */
void sc_find_fix_channels(struct sc_findings *out, const struct sc_graphics *graphics, unsigned modes, const char *to);

/* True for a character device that QEMU connects to the Spice console. */
bool sc_is_spice_type(const char *type);

/* Adds the removal of the devices that need a Spice console. */
void sc_find_fix_spice_devices(struct sc_findings *out, const struct sc_domain *domain);

/* True for a name that setfacl reads as one name: its entries end at ',' and their fields at ':'. */
bool sc_is_acl_name(const char *name);

#endif
