/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of QEMU's -spice, as util/qemu-option.c parses them. */
#ifndef SC_MODEL_SPICEARGS_H
#define SC_MODEL_SPICEARGS_H

#include "base/arena.h"
#include "model/domain.h"

/* One name=value. */
struct sc_spice_arg {
	const struct sc_xml_node *node; /* the qemu:arg that contains it */
	const char *name, *value;
	bool bare; /* without '=' */
};

/* Return the value, and the name, as they are shown: *** when they are not known to be harmless. */
const char *sc_spice_arg_shown(const struct sc_spice_arg *arg);
const char *sc_spice_arg_shown_name(const struct sc_spice_arg *arg);

/* The options of all -spice arguments in qemu:commandline. QEMU merges them with libvirt's; the last one of a name is effective. */
struct sc_spice_args {
	struct sc_spice_arg *items;
	size_t count;
	bool any;                          /* qemu:commandline contains a -spice */
	const struct sc_xml_node *missing; /* a -spice at the end, without a value; NULL: none */
};

/*
 * Reads them from the domain into memory. injected, at node: an address with a comma, which libvirt puts into its own -spice unescaped;
 * NULL: none. Returns false when memory runs out.
 */
bool sc_spice_args_read(const struct sc_domain *domain, struct sc_arena *memory, const char *injected, const struct sc_xml_node *node,
			struct sc_spice_args *out);

/* Splits an option string ("a=1,b,c=x,,y") and appends its options to out, which must have room. Returns false when memory runs out. */
bool sc_spice_args_split(struct sc_arena *memory, const struct sc_xml_node *node, const char *text, struct sc_spice_args *out);

/* Returns the last option of a name, or NULL. */
const struct sc_spice_arg *sc_spice_args_find(const struct sc_spice_args *args, const char *name);

/* Returns why QEMU 7.2 refuses an option ("is not a number"…), or NULL. */
const char *sc_spice_arg_problem(const struct sc_spice_arg *arg);

/* Returns true for a boolean that QEMU reads as true: on, yes, true, y. arg can be NULL. */
bool sc_spice_arg_is_on(const struct sc_spice_arg *arg);

#endif
