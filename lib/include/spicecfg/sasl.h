/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * SASL for Spice consoles: for the whole host (vm is NULL), or for one VM in its own SASL directory, /etc/pki/libvirt-spice/sasl/UUID,
 * which SASL_CONF_PATH in the definition names to QEMU. The directory of a VM is independent of the VM's name, and fails closed: while it
 * has no users, nobody can log in.
 */
#ifndef SPICECFG_SASL_H
#define SPICECFG_SASL_H

#include <spicecfg/check.h>
#include <spicecfg/vm.h>

#ifdef __cplusplus
extern "C" {
#endif

/** SASL settings. */
struct spicecfg_sasl_request {
	size_t size;            /* of this struct */
	const char *backend;    /* "sasldb" or "saslauthd"; NULL: keep it, else sasldb */
	const char *mechanisms; /* separated by blanks or commas; NULL: keep them, else those that suit the backend */
	const char *sasldb;     /* path of the user database; NULL: keep it, else the default */
};

/**
 * Plans the SASL file, the user database or saslauthd's own file, group membership, and turning SASL on (spice_sasl in qemu.conf, or the
 * VM's own -spice argument).
 *
 * @param plan the plan that it is added to
 * @param vm the VM, which must outlive the plan; NULL: the host
 * @param request the settings
 * @return SPICECFG_OK; SPICECFG_USAGE when a mechanism is unknown, does not work with the backend or admits clients without a password,
 * when the backend or the path is invalid, or when the definition is a file that claims the identity of a VM of this host; SPICECFG_INPUT
 * when the VM has no UUID, or files of the host are malformed or can't be read; SPICECFG_FINDINGS, with an error, when the VM has a
 * password, with which it would not start, and the context does not force the change
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_sasl_set(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
							     const struct spicecfg_sasl_request *request);

/**
 * Plans turning SASL off. For the host: spice_sasl = 0. For a VM: back to the host's SASL settings, or with ticket to no SASL at all. Files
 * with users are kept.
 *
 * @param plan the plan that it is added to
 * @param vm the VM, which must outlive the plan; NULL: the host
 * @param ticket turn SASL off for the VM regardless of the host's settings, so that the VM asks for its password
 * @return SPICECFG_OK; SPICECFG_FINDINGS, with an error, when ticket is set for a VM without a password and the context does not force the
 * change; SPICECFG_INPUT as for spicecfg_plan_sasl_set()
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_sasl_off(struct spicecfg_plan *plan, struct spicecfg_vm *vm, bool ticket);

/** A configured mechanism, and whether clients are offered it on the two kinds of channel. */
struct spicecfg_sasl_mechanism {
	const char *name;
	bool tls, plain;     /* offered on a channel with TLS, on one without; a Unix socket is one without */
	const char *tls_why; /* "offered", or why not */
	const char *plain_why;
	const char *package; /* the package that is missing, or NULL */
};

/** The SASL state of a VM, or of the host for VMs without SASL settings of their own. */
struct spicecfg_sasl_state {
	const char *target;    /* the label of the VM; NULL: the host */
	bool on;               /* QEMU requires SASL */
	const char *on_from;   /* where that is set: "XML", "qemu.conf" or "default" */
	const char *directory; /* where libsasl2 searches for qemu.conf; can be several paths, separated by ':' */
	bool own_directory;    /* the VM has a SASL directory of its own */
	const char *guard;     /* of a VM with its own: "kept" (QEMU does not start without the SASL file) or "missing"; else NULL */
	const char *file;      /* the SASL file; NULL: it does not exist */
	const char *backend;   /* "sasldb", "saslauthd" or another pwcheck_method */
	const char *mech_list; /* NULL: not set, all installed mechanisms are offered */
	const char *database;  /* the user database; NULL: the backend has none */
	int users;             /* number of users in the database; -1: unknown */
	bool tls, plain;       /* which kinds of channel the VM has, or the VMs of the host can have */
	const struct spicecfg_sasl_mechanism *mechanisms;
	size_t n_mechanisms;
	const char *offered_tls; /* the mechanisms that libsasl2 itself offers on such channels; NULL: it was not asked */
	const char *offered_plain;
	const struct spicecfg_finding *findings; /* what the rules of check find about SASL; none while it is off */
	size_t n_findings;
};

/**
 * Reads the SASL state.
 *
 * @param ctx the context
 * @param vm the VM; NULL: the host
 * @param out the state, to be freed with spicecfg_sasl_state_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_INPUT when the VM has no UUID, or files of the host are malformed or can't be read; SPICECFG_SYSTEM when
 * libsasl2 can't be used
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_sasl_show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm,
							 struct spicecfg_sasl_state **out);

/**
 * Frees what spicecfg_sasl_show() returned.
 *
 * @param state the state, or NULL
 */
void spicecfg_sasl_state_free(struct spicecfg_sasl_state *state);

/** How a login ended. */
struct spicecfg_login {
	size_t size; /* of this struct */
	bool admitted;
	char by[32];   /* the SASL mechanism, or the PAM service */
	char why[256]; /* the reason that was given when not admitted; can be empty */
};

/**
 * Tries a login: a whole SASL exchange with the settings that QEMU would use, as QEMU's account when called by root, and as on a channel
 * with TLS when the VM has one.
 *
 * @param ctx the context, without a root
 * @param vm the VM; NULL: the host
 * @param user the user
 * @param password the password, which need not be NUL-terminated
 * @param len its length in bytes
 * @param out how the login ended; its size must be set before
 * @return SPICECFG_OK when the login is admitted; SPICECFG_FINDINGS, with an error that says why, when it is not; SPICECFG_USAGE with a
 * root, or when the definition is a file that claims the identity of a VM of this host; SPICECFG_INPUT as for spicecfg_sasl_show();
 * SPICECFG_SYSTEM when libsasl2 can't be used
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_sasl_test(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *user,
							 const char *password, size_t len, struct spicecfg_login *out);

/** What to do with a user. */
enum spicecfg_user_do { SPICECFG_USER_ADD, SPICECFG_USER_PASSWD, SPICECFG_USER_REMOVE };

/** A change of a user of a sasldb. */
struct spicecfg_user_request {
	size_t size; /* of this struct */
	enum spicecfg_user_do what;
	const char *user;
	const char *realm;    /* NULL: for a new user both forms of the host's name, else all realms in which the user exists */
	const char *password; /* for ADD and PASSWD; need not be NUL-terminated */
	size_t password_len;  /* in bytes, 1 to 1000 */
};

/**
 * Plans a change of a user in the sasldb of the VM or host. The commit replaces the database with a new one. Removing a user who does not
 * exist changes nothing.
 *
 * @param plan the plan that it is added to
 * @param vm the VM, which must outlive the plan; NULL: the host
 * @param request the change
 * @return SPICECFG_OK; SPICECFG_USAGE when the user, the realm or the password is invalid, or when the definition is a file that claims the
 * identity of a VM of this host; SPICECFG_INPUT when the VM has no SASL directory of its own, when the backend has no database, or when
 * there is no such user to give a password; SPICECFG_SYSTEM when libsasl2 can't be used
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_user(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
							 const struct spicecfg_user_request *request);

/** A user of a sasldb. */
struct spicecfg_user {
	const char *name, *realm;
};

struct spicecfg_users;

/**
 * Lists the users in the sasldb of the VM or host, sorted.
 *
 * @param ctx the context
 * @param vm the VM; NULL: the host
 * @param out the users, to be freed with spicecfg_users_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_INPUT when the VM has no SASL directory of its own, or the backend has no database; SPICECFG_SYSTEM when
 * libsasl2 can't be used
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_user_list(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct spicecfg_users **out);

/**
 * Returns a user by its position.
 *
 * @param users the users
 * @param index which one, from 0
 * @return the user, which belongs to users; NULL after the last
 */
const struct spicecfg_user *spicecfg_users_get(const struct spicecfg_users *users, size_t index);

/**
 * Frees the users that spicecfg_user_list() returned.
 *
 * @param users the users, or NULL
 */
void spicecfg_users_free(struct spicecfg_users *users);

#ifdef __cplusplus
}
#endif
#endif
