/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files about the host's qemu.conf share. */
#ifndef SC_SYSTEM_HOST_CONF_H
#define SC_SYSTEM_HOST_CONF_H

#include <spicecfg/host.h>

#include "base/buf.h"
#include "doc/qemuconf.h"
#include "system/commit/daemon.h"

struct spicecfg_qemuconf {
	struct spicecfg_ctx *ctx;
	char *label;  /* how reports name it: as the user wrote it */
	char *named;  /* where it was looked for */
	char *path;   /* of the file, links resolved */
	bool outside; /* a path that the user gave */
	bool session; /* of this user's daemon */
	bool own;     /* what the daemon reads: the default place, or a path that leads there */
	bool exists;
	mode_t mode;
	int64_t changed_ms; /* when the file was put in place or changed, since 1970 */
	struct sc_buf bytes;
	struct sc_qemuconf *doc;    /* as it is */
	struct sc_qemuconf *edited; /* as it will be */
	struct sc_daemon daemon;
};

/* True when nothing stands at a host path, as far as that can be seen. */
bool sc_host_missing(const struct spicecfg_ctx *ctx, const char *path);

/* The directory of certificates that QEMU is given with doc (qemu_conf.c, virQEMUDriverConfigSetDefaults); owned by doc, or static. */
const char *sc_host_conf_certs(const struct spicecfg_qemuconf *conf, const struct sc_qemuconf *doc);

#endif
