/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading the files of certificates: the snapshot that plans and checks are made from. */
#ifndef SC_SYSTEM_PKI_H
#define SC_SYSTEM_PKI_H

#include <spicecfg/pki.h>

#include "model/host.h"
#include "plan/pki.h"
#include "rules/host/pki.h"
#include "system/facts/certs.h"

/* As spicecfg_pki_read() and spicecfg_pki_check(), in the middle of a call. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_open(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request,
						  struct spicecfg_pki **out);
SPICECFG_CHECKED enum spicecfg_status sc_pki_inspect(struct spicecfg_pki *pki);

/* Which files are read beyond those of the server and the CA's certificate. */
enum sc_pki_need {
	SC_PKI_NEED_CA_KEY = 1,  /* the CA's key */
	SC_PKI_NEED_PENDING = 2, /* key and text of a request */
	SC_PKI_NEED_IMPORT = 4,  /* what is imported */
	SC_PKI_NEED_QEMU = 8,    /* QEMU's account; without it qemu_user stays NULL where it is not known */
};

/* Reads everything that is there into *out, which is all zero before; free it with sc_pki_snapshot_free(), after a failure too. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_snapshot_read(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request,
							   unsigned need, struct sc_pki_snapshot *out);
void sc_pki_snapshot_free(struct sc_pki_snapshot *in);
#define SC_PKI_SNAPSHOT __attribute__((cleanup(sc_pki_snapshot_free))) struct sc_pki_snapshot

/* What stands where --output puts a file. SPICECFG_USAGE: a device; SPICECFG_INPUT: no file, or one of another account. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_output_read(struct spicecfg_ctx *ctx, const char *file, struct sc_pki_file *out);

/* Names of the running VMs with a TLS port, joined by commas; NULL: none, or libvirt does not answer, or there is a root. */
const char *sc_pki_running(const struct spicecfg_ctx *ctx, struct sc_arena *memory);

/* How QEMU's account and others get at a host path, symlinks followed. account NULL: not known. */
SPICECFG_CHECKED enum spicecfg_status sc_pki_place_look(struct spicecfg_ctx *ctx, const char *path, const struct sc_pki_snapshot *in,
							struct sc_pki_place *out);

#endif
