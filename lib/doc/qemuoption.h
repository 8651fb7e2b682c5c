/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of QEMU's command line. */
#ifndef SC_DOC_QEMUOPTION_H
#define SC_DOC_QEMUOPTION_H

#include <stdbool.h>
#include <stddef.h>

enum sc_qemu_option_flags {
	SC_QEMU_TAKES = 1,  /* the next word is its value */
	SC_QEMU_ENDS = 2,   /* QEMU prints something and exits, or libvirt loses control of it */
	SC_QEMU_NO_X86 = 4, /* "Option not supported for this target" */
	SC_QEMU_LISTS = 8,  /* QEMU exits when its value is help */
	SC_QEMU_PLAIN = 16, /* its value is a list, whose first part has no key and is not secret: a kind, a name, a number or a path */
};

struct sc_qemu_option {
	const char *name;
	unsigned flags;          /* of enum sc_qemu_option_flags */
	unsigned since, removed; /* versions (base/version.h): the first that has the option, 0: all; the first without it, 0: none */
};

/* Returns the option that a word of len bytes names, with one or two dashes; NULL: QEMU has no such option. */
const struct sc_qemu_option *sc_qemu_option(const char *word, size_t len);

/* Returns true for a word that is the name of an option with one typing error. */
bool sc_qemu_option_is_meant(const char *word, size_t len);

#endif
