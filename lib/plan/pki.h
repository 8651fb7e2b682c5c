/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans certificates: from a snapshot and a request to files. Pure: no I/O; the operations of the TLS module come with the snapshot. */
#ifndef SC_PLAN_PKI_H
#define SC_PLAN_PKI_H

#include "model/pki.h"
#include "model/pki_ops.h"
#include "plan/plan.h"
#include "rules/host/pki.h"

#define SC_PKI_PENDING_KEY "pending-key.pem" /* of a request that waits for its certificate */
#define SC_PKI_CSR "server.csr"

/* A file as it was read. */
struct sc_pki_file {
	const char *path;
	bool outside; /* the user's own path */
	bool exists;
	bool link; /* path is a symlink: read, but never written through */
	struct sc_buf bytes;
	uid_t uid;
	gid_t gid;
	mode_t bits; /* permissions */
};

/* A directory as it was found; missing: the directories above it that don't exist either, topmost first, NULL-terminated. */
struct sc_pki_dir {
	const char *path;
	bool exists;
	uid_t uid;
	gid_t gid;
	mode_t bits;
	const char *const *missing;
};

struct sc_pki_snapshot {
	const struct sc_pki_ops *ops;
	const struct spicecfg_pki_request *request;
	struct sc_arena *memory;
	struct sc_pki_dir dir, ca_dir;
	bool apparmor;                              /* libvirt's AppArmor rules are installed */
	const char *configured;                     /* the directory that libvirt gives QEMU once it exists */
	const char *fallback;                       /* the one that it gives until then; NULL: no other */
	struct sc_pki_file own_ca_cert, own_ca_key; /* of ca_dir */
	struct sc_pki_file ca_cert, cert, key;      /* of dir */
	struct sc_pki_file pending_key, csr;        /* of dir; csr may be the user's own path */
	struct sc_pki_file in_cert, in_key, in_ca;  /* to import */
	uid_t qemu_uid;
	gid_t qemu_gid;
	const char *qemu_user, *qemu_group;
	const char *const *host_names; /* of the host, NULL-terminated */
	const char *running;           /* VMs that are running with TLS now, "a, b"; NULL: none, or not known */
	int64_t now;
};

/* The verbs of `spicecfg pki`. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_pki_init(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in);
SPICECFG_CHECKED enum spicecfg_status sc_plan_pki_issue(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in);
SPICECFG_CHECKED enum spicecfg_status sc_plan_pki_renew(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in);
SPICECFG_CHECKED enum spicecfg_status sc_plan_pki_csr(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in);
SPICECFG_CHECKED enum spicecfg_status sc_plan_pki_import(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in);

/* pki_steps.c: what the verbs have in common. */

/* The bytes for the module; data is NULL if the file does not exist. */
struct sc_pki_bytes sc_pki_file_bytes(const struct sc_pki_file *file);

/*
 * Fills in the requested names and addresses, or else `names` and `ips`; checked, addresses in normal form. SPICECFG_USAGE: an invalid one,
 * or none at all.
 */
SPICECFG_CHECKED enum spicecfg_status sc_pki_subject_fill(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in,
							  const char *const *names, const char *const *ips, struct sc_pki_subject *out);

/*
 * Fills in the validity: from an hour ago (for clocks that differ), for the requested number of days or else `days`, but not beyond the
 * issuer's own (NULL: no limit). SPICECFG_USAGE: the request exceeds it. SPICECFG_INPUT: the issuer has expired.
 */
SPICECFG_CHECKED enum spicecfg_status sc_pki_dates_fill(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, int days,
							const struct spicecfg_cert *issuer, struct sc_pki_subject *out);

/* The requested type of key. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_key_type(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in,
						      enum sc_pki_key_type *out);

/* Makes a directory, and those above it, if missing. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_add_dir(struct spicecfg_plan *plan, const struct sc_pki_dir *dir, uid_t uid, gid_t gid,
						     mode_t bits);

/* The state that a file is to have; new NULL: removed. */
struct sc_pki_put {
	const struct sc_pki_file *file;
	const char *new;
	size_t new_len;
	gid_t gid; /* the owner is root */
	mode_t bits;
	bool secret;
	const char *from, *to; /* words for the change; NULL: the file does not exist */
	unsigned effects;
};
/* Adds the step and its change, unless the file is already in that state. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_add_file(struct spicecfg_plan *plan, const struct sc_pki_put *put);

/* Reads facts without recording an error; NULL: something can't be read. Free with sc_pki_facts_free(). */
struct sc_pki_facts *sc_pki_try(const struct sc_pki_snapshot *in, struct sc_pki_bytes ca, struct sc_pki_bytes cert,
				struct sc_pki_bytes key);

/* "CN=mysrv until 2028-05-31T00:00:00Z", in the plan's memory; NULL for NULL. */
const char *sc_pki_describe(struct spicecfg_plan *plan, const struct spicecfg_cert *cert);

/* Adds the three files of the server with their new contents, which are checked. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_add_server(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in,
							struct sc_pki_bytes ca, struct sc_pki_bytes cert, struct sc_pki_bytes key);

#endif
