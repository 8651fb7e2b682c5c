/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about the certificates of a host. They need no domain: `pki check` and the checks of plans run them. */
#ifndef SC_RULES_PKI_H
#define SC_RULES_PKI_H

#include "model/pki.h"

/* A file or directory as the check sees it. */
struct sc_pki_place {
	const char *path;
	bool exists;
	bool qemu_reads;        /* QEMU's account can open it (a directory: can pass it) */
	bool others_read;       /* accounts other than root and QEMU's can open it */
	const char *blocked_at; /* the directory on the way that QEMU's account can't pass; NULL: none */
};

/* The input of `pki check`. */
struct sc_pki_check {
	const char *dir;
	const struct sc_pki_facts *facts;
	struct sc_pki_place ca_cert, server_cert, server_key;
	struct sc_pki_place ca_key;         /* the CA's own key; exists is false where there is none */
	bool foreign;                       /* another CA than the host's own issued the server's certificate */
	bool ca_key_in_dir;                 /* a CA's key is in the server's directory */
	const char *qemu_user, *qemu_group; /* for messages; NULL: unknown, readability is not judged */
	const char *const *hosts;           /* the names and addresses that clients use, NULL-terminated */
	bool hosts_asked;                   /* the user gave them: each must match; otherwise one match is enough */
	int64_t now;
};

typedef enum spicecfg_status (*sc_pki_found_fn)(void *opaque, const struct spicecfg_finding *finding);

/* Calls found once for each problem; the finding's strings live in arena. Stops, and fails as if memory were short, when found fails. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_judge(struct spicecfg_ctx *ctx, const struct sc_pki_check *check, struct sc_arena *arena,
						   sc_pki_found_fn found, void *opaque);

#endif
