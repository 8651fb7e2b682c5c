/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules over the certificates of a host. They look at no domain: `pki check` and the checks of plans run them. */
#ifndef SC_RULES_PKI_H
#define SC_RULES_PKI_H

#include "model/pki.h"

/* A file or directory as the check sees it. */
struct sc_pki_place {
	const char *path;
	bool exists;
	bool qemu_reads;        /* QEMU's account can open it (a directory: can pass it) */
	bool others_read;       /* accounts that are neither root nor QEMU's can */
	const char *blocked_at; /* the directory on the way that QEMU can't pass, NULL: none */
};

/* What `pki check` looks at. */
struct sc_pki_check {
	const char *dir;
	const struct sc_pki_facts *facts;
	struct sc_pki_place ca_cert, server_cert, server_key;
	struct sc_pki_place ca_key;         /* the CA's own key, exists false where there is none */
	bool ca_key_in_dir;                 /* a CA key lies in the server's directory */
	const char *qemu_user, *qemu_group; /* for messages; NULL: not known, readability is not judged */
	const char *const *hosts;           /* names and addresses that clients use, NULL-terminated */
	bool hosts_asked;                   /* they were asked for: each must match; else one is enough */
	int64_t now;
};

typedef enum spicecfg_status (*sc_pki_found_fn)(void *opaque, const struct spicecfg_finding *finding);

/* Calls found for each thing wrong; strings live in arena. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_judge(struct spicecfg_ctx *ctx, const struct sc_pki_check *check, struct sc_arena *arena,
						   sc_pki_found_fn found, void *opaque);

#endif
