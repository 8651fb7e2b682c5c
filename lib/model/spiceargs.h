/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of QEMU's -spice, as util/qemu-option.c reads them. */
#ifndef SC_MODEL_SPICEARGS_H
#define SC_MODEL_SPICEARGS_H

#include "base/arena.h"
#include "model/domain.h"

/* One option=value. */
struct sc_spice_arg {
	const struct sc_xml_node *node; /* the qemu:arg that holds it */
	const char *name, *value;
	bool bare; /* written without '=' */
};

/* The value, and the name, as people and logs may see them: *** where they are not known to be harmless. */
const char *sc_spice_arg_shown(const struct sc_spice_arg *arg);
const char *sc_spice_arg_shown_name(const struct sc_spice_arg *arg);

/* The options of all -spice arguments in qemu:commandline: QEMU merges them with libvirt's own, the last of a name counts. */
struct sc_spice_args {
	struct sc_spice_arg *items;
	size_t count;
	bool any;                          /* there is a -spice in qemu:commandline */
	const struct sc_xml_node *missing; /* a -spice at the end, without options */
};

/*
 * Reads them from the domain; false when memory is short. injected, at node, is an address that libvirt puts into its own -spice without
 * escaping commas; NULL: none holds one.
 */
bool sc_spice_args_read(const struct sc_domain *domain, struct sc_arena *memory, const char *injected, const struct sc_xml_node *node,
			struct sc_spice_args *out);

/* Splits one option string ("a=1,b,c=x,,y"); appends to out, which has room. */
bool sc_spice_args_split(struct sc_arena *memory, const struct sc_xml_node *node, const char *text, struct sc_spice_args *out);

/* The last option of that name, or NULL. */
const struct sc_spice_arg *sc_spice_args_find(const struct sc_spice_args *args, const char *name);

/* What is wrong with an option as QEMU 7.2 sees it ("unknown option", "not a number"…), or NULL. */
const char *sc_spice_arg_problem(const struct sc_spice_arg *arg);

/* A boolean as QEMU reads it: on, yes, true, y. */
bool sc_spice_arg_is_on(const struct sc_spice_arg *arg);

#endif
