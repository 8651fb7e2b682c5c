/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of qemu.conf that Spice consoles depend on, as libvirt 9.0 reads them (src/qemu/qemu_conf.c, qemu.conf's own comments). */
#ifndef SC_MODEL_QEMUCONF_KEYS_H
#define SC_MODEL_QEMUCONF_KEYS_H

#include "doc/qemuconf.h"

enum sc_key_type {
	SC_TYPE_SWITCH,    /* 0 or 1, a number */
	SC_TYPE_PORT,      /* a number: virConfGetValueUInt */
	SC_TYPE_ADDRESS,   /* a string: it ends up in QEMU's addr=, where a comma would begin another option */
	SC_TYPE_DIRECTORY, /* a string: an absolute path */
	SC_TYPE_PASSWORD,  /* a string that is never shown */
	SC_TYPE_TEXT,      /* a string */
};

struct sc_qemuconf_key {
	const char *name;
	enum sc_key_type type;
	bool settable;       /* `host set` takes it; else it is only shown */
	const char *initial; /* what holds without it, as people read it */
	const char *meaning; /* one line */
	const char *useless; /* why it has no effect on Spice, NULL: it has */
};

/* In the order of `host show`; ends with a name of NULL. */
extern const struct sc_qemuconf_key sc_qemuconf_keys[];

/* NULL when it is none of the table. */
const struct sc_qemuconf_key *sc_qemuconf_key(const char *name);

/* The settable key that is most like name; NULL when none is near. */
const char *sc_qemuconf_key_nearest(const char *name);

/* True for keys whose value is a password, of Spice or not. */
bool sc_qemuconf_key_secret(const char *name);

/*
 * The value that text means for the key, as qemu.conf holds it; out->text points into text.
 * Returns NULL, or why the key does not take it (a static text, without the value).
 */
const char *sc_qemuconf_key_value(const struct sc_qemuconf_key *key, const char *text, struct sc_qemuconf_value *out);

/* Whether libvirt's QEMU driver would take the value: NULL, or why it would not come up. */
const char *sc_qemuconf_key_refused(const struct sc_qemuconf_key *key, const struct sc_qemuconf_value *value);

#endif
