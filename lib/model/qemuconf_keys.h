/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of qemu.conf that Spice consoles depend on, as libvirt 9.0 reads them (src/qemu/qemu_conf.c, qemu.conf's own comments). */
#ifndef SC_MODEL_QEMUCONF_KEYS_H
#define SC_MODEL_QEMUCONF_KEYS_H

#include "doc/qemuconf.h"

enum sc_key_type {
	SC_TYPE_SWITCH,    /* 0 or 1, a number */
	SC_TYPE_PORT,      /* a number: virConfGetValueUInt */
	SC_TYPE_ADDRESS,   /* a string that is passed to QEMU in addr=, where a comma would begin another option */
	SC_TYPE_DIRECTORY, /* a string: an absolute path */
	SC_TYPE_PASSWORD,  /* a string that is never shown */
	SC_TYPE_TEXT,      /* a string */
};

struct sc_qemuconf_key {
	const char *name;
	enum sc_key_type type;
	bool settable;       /* `host set` accepts it; else it is only shown */
	const char *initial; /* the default, in words for users */
	const char *meaning; /* one line */
	const char *useless; /* why it has no effect on Spice; NULL: it has one */
};

/* In the order of `host show`; ends with a name of NULL. */
extern const struct sc_qemuconf_key sc_qemuconf_keys[];

/* Returns the key called name; NULL when it is not in the table. */
const struct sc_qemuconf_key *sc_qemuconf_key(const char *name);

/* Returns the settable key that is most similar to name; NULL when none is similar. */
const char *sc_qemuconf_key_nearest(const char *name);

/* Returns true for keys whose value is a password, for Spice or anything else. */
bool sc_qemuconf_key_secret(const char *name);

/*
 * Converts text to a value of the key as in qemu.conf; out->text points into text. Returns NULL, or why the key does not accept the value
 * (a static string that does not contain the value).
 */
const char *sc_qemuconf_key_value(const struct sc_qemuconf_key *key, const char *text, struct sc_qemuconf_value *out);

/* Returns NULL, or why libvirt's QEMU driver would not start with the value. */
const char *sc_qemuconf_key_refused(const struct sc_qemuconf_key *key, const struct sc_qemuconf_value *value);

#endif
