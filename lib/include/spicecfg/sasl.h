/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SASL for Spice consoles, of the host (vm NULL) or of one VM: its own SASL directory below /etc/pki/libvirt-spice/sasl/UUID, named to QEMU
 * by SASL_CONF_PATH in the domain. It survives a rename of the VM and fails closed: without users nobody gets in.
 */
#ifndef SPICECFG_SASL_H
#define SPICECFG_SASL_H

#include <spicecfg/check.h>
#include <spicecfg/vm.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spicecfg_sasl_request {
	size_t size;            /* of this struct */
	const char *backend;    /* "sasldb", "saslauthd"; NULL: as it is, else sasldb */
	const char *mechanisms; /* with blanks or commas between; NULL: as they are, else those that suit the backend */
	const char *sasldb;     /* path of the database; NULL: as it is, else the default */
};

/*
 * Plans the SASL file, the database or saslauthd's own file, group membership, and SASL switched on (spice_sasl in qemu.conf, or the VM's
 * -spice argument). SPICECFG_USAGE: an unknown mechanism, or one that the backend or safety rules out. SPICECFG_FINDINGS: the VM has a
 * password too (it would not start).
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_sasl_set(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
							     const struct spicecfg_sasl_request *request);

/*
 * Plans the way back. Of a VM: to the host's SASL settings; ticket: to SASL off for it whatever the host says (it must have a password
 * then, else SPICECFG_FINDINGS). Of the host: spice_sasl = 0. Files with users stay.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_sasl_off(struct spicecfg_plan *plan, struct spicecfg_vm *vm, bool ticket);

/* A mechanism that is configured, and what becomes of it on both kinds of channel. */
struct spicecfg_sasl_mechanism {
	const char *name;
	bool tls, plain;     /* offered to a client on a TLS channel, on one without (a Unix socket is one) */
	const char *tls_why; /* "offered", or why not */
	const char *plain_why;
	const char *package; /* the package that is missing, or NULL */
};

/* What SASL does on a VM, or on the host for VMs without own settings. */
struct spicecfg_sasl_state {
	const char *target;    /* NULL: the host */
	bool on;               /* QEMU asks for SASL */
	const char *on_from;   /* "XML", "qemu.conf" or "default" */
	const char *directory; /* where libsasl2 looks for qemu.conf */
	bool own_directory;    /* the VM's own */
	const char *guard;     /* of the VM's own: "kept" (QEMU does not start without the SASL file) or "missing"; NULL: not its own */
	const char *file;      /* NULL: there is none */
	const char *backend;   /* "sasldb", "saslauthd" or another pwcheck_method */
	const char *mech_list; /* NULL: not set, everything installed is offered */
	const char *database;  /* NULL: the backend has none */
	int users;             /* in the database; -1: unknown */
	bool tls, plain;       /* which channels the VM has (the host: both) */
	const struct spicecfg_sasl_mechanism *mechanisms;
	size_t n_mechanisms;
	const char *offered_tls; /* libsasl2's own word for the channels, NULL: not asked */
	const char *offered_plain;
	const struct spicecfg_finding *findings; /* of the rules of 'check' about SASL */
	size_t n_findings;
};
SPICECFG_CHECKED enum spicecfg_status spicecfg_sasl_show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm,
							 struct spicecfg_sasl_state **out);
void spicecfg_sasl_state_free(struct spicecfg_sasl_state *state);

/* How a login ended. */
struct spicecfg_login {
	size_t size; /* of this struct */
	bool admitted;
	char by[32];   /* the SASL mechanism, or the PAM service */
	char why[256]; /* what was said where not admitted */
};

/*
 * A whole SASL exchange with the settings that QEMU would use, as QEMU's account (when root), on TLS where the VM has it.
 * SPICECFG_FINDINGS, with an error that says why, when it is not admitted.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_sasl_test(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *user,
							 const char *password, size_t len, struct spicecfg_login *out);

enum spicecfg_user_do { SPICECFG_USER_ADD, SPICECFG_USER_PASSWD, SPICECFG_USER_REMOVE };

struct spicecfg_user_request {
	size_t size; /* of this struct */
	enum spicecfg_user_do what;
	const char *user;
	const char *realm; /* NULL: both forms of the host's name for a new user, all realms that the user has for the others */
	const char *password;
	size_t password_len;
};

/*
 * Plans users of the sasldb of the VM, or of the host: a new database takes the place of the old one. SPICECFG_INPUT: the VM has no
 * own SASL directory, or there is no such user to change.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_user(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
							 const struct spicecfg_user_request *request);

/* Calls fn per user, sorted. */
typedef void (*spicecfg_user_fn)(void *opaque, const char *user, const char *realm);
SPICECFG_CHECKED enum spicecfg_status spicecfg_user_list(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, spicecfg_user_fn fn,
							 void *opaque);

#ifdef __cplusplus
}
#endif
#endif
