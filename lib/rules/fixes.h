/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fixes that several rules have in common: each sets that of the finding added last. */
#ifndef SC_RULES_FIXES_H
#define SC_RULES_FIXES_H

#include "rules/rule.h"

/* The index of the word that text most likely means, -1: none. Takes other cases, and on, true, 1… for the yes and on among the words. */
int sc_word_guess(const char *const *words, const char *text);

/* An attribute with a wrong word: the word that it most likely means; where none does, the fix stays as it is. */
void sc_find_fix_word(struct sc_findings *out, const char *const *words, const char *text);

/* The console's listener goes to 127.0.0.1; node and attr tell its address. */
void sc_find_fix_address(struct sc_findings *out, const struct sc_console *console, const struct sc_xml_node *node, const char *attr);

/* libvirt chooses the port that attr (port, tlsPort, websocket) names. */
void sc_find_fix_port(struct sc_findings *out, const struct sc_graphics *graphics, const char *attr);

/* The socket's path goes, of a console other than Spice's. */
void sc_find_fix_socket(struct sc_findings *out, const struct sc_console *console);

/* Heads stay as many as they are (1 to 4), and the video memory is computed for them; of several devices the attribute alone goes. */
void sc_find_fix_heads(struct sc_findings *out, const struct sc_domain *domain, const struct sc_video *video);

/* An argument of qemu:commandline that QEMU does not take goes, with the option before it. A decision. */
void sc_find_fix_arg(struct sc_findings *out, const struct sc_domain *domain, const struct sc_xml_node *node);

/* Adds "channel.NAME=to" for each channel whose mode is one of modes (1 << mode, or-ed), each name once. */
void sc_find_fix_channels(struct sc_findings *out, const struct sc_graphics *graphics, unsigned modes, const char *to);

/* A name that setfacl reads as one name: its entries end at ',' and their fields at ':'. */
bool sc_is_acl_name(const char *name);

#endif
