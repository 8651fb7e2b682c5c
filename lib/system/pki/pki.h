/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the certificate files into the snapshot from which plans and checks are made. */
#ifndef SC_SYSTEM_PKI_H
#define SC_SYSTEM_PKI_H

#include <spicecfg/pki.h>

#include "model/host.h"
#include "plan/pki.h"
#include "rules/host/pki.h"
#include "system/facts/certs.h"

/* Like spicecfg_pki_read() and spicecfg_pki_check(), within another public call. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_open(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request,
						  struct spicecfg_pki **out);
SPICECFG_CHECKED enum spicecfg_status sc_pki_inspect(struct spicecfg_pki *pki);
/* Like spicecfg_pki_export_ca(), within another public call. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_ca_text(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request, char **pem);

/* What is read in addition to the server's files and the CA's certificate. */
enum sc_pki_need {
	SC_PKI_NEED_CA_KEY = 1,  /* the CA's key */
	SC_PKI_NEED_PENDING = 2, /* the key and the text of a request */
	SC_PKI_NEED_IMPORT = 4,  /* the files to import */
	SC_PKI_NEED_QEMU = 8,    /* QEMU's account; without it, qemu_user stays NULL if it is not known */
};

/* Reads everything that exists into *out, which must be zeroed before; free it with sc_pki_snapshot_free(), after a failure too. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_snapshot_read(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request,
							   unsigned need, struct sc_pki_snapshot *out);
void sc_pki_snapshot_free(struct sc_pki_snapshot *in);
#define SC_PKI_SNAPSHOT __attribute__((cleanup(sc_pki_snapshot_free))) struct sc_pki_snapshot

/* The present contents of the file that --output names. SPICECFG_USAGE: a device; SPICECFG_INPUT: not a file, or one of another account. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_output_read(struct spicecfg_ctx *ctx, const char *file, struct sc_pki_file *out);

/* Names of the running VMs with a TLS port, separated by commas; NULL: none, or libvirt does not answer, or the context has a root. */
const char *sc_pki_running(const struct spicecfg_ctx *ctx, struct sc_arena *memory);

/* What access QEMU's account and others have to a host path, with symlinks followed. in->qemu_user NULL: QEMU's account is not known. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_place_look(struct spicecfg_ctx *ctx, const char *path, const struct sc_pki_snapshot *in,
							struct sc_pki_place *out);

#endif
