/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the source files about the host's qemu.conf share. */
#ifndef SC_SYSTEM_HOST_CONF_H
#define SC_SYSTEM_HOST_CONF_H

#include <spicecfg/host.h>

#include "base/buf.h"
#include "base/rows.h"
#include "doc/qemuconf.h"
#include "system/commit/daemon.h"

struct spicecfg_qemuconf {
	struct spicecfg_ctx *ctx;
	char *label;  /* its name in reports: as the user wrote it */
	char *named;  /* the path before links are resolved */
	char *path;   /* of the file, links resolved */
	bool outside; /* a path that the user gave */
	bool session; /* it belongs to this user's daemon */
	bool own;     /* the daemon reads it: the default path, or one that leads there */
	bool planned; /* a call has planned with it: doc and edited are what that plan made of them */
	bool exists;
	mode_t mode;
	int64_t changed_ms; /* when the file was created or changed, since 1970 */
	struct sc_buf bytes;
	struct sc_qemuconf *doc;    /* the present contents */
	struct sc_qemuconf *edited; /* the new contents */
	struct sc_daemon daemon;
	struct sc_rows settings; /* struct spicecfg_qemuconf_setting */
};

/* Reads the file, again where it was read before: bytes, doc and edited are its contents. */
SPICECFG_CHECKED enum spicecfg_status sc_host_conf_read_file(struct spicecfg_qemuconf *conf);

/* Fills the settings from doc. */
SPICECFG_CHECKED enum spicecfg_status sc_host_settings(struct spicecfg_qemuconf *conf);

/* Whether a host path is known not to exist. */
bool sc_host_missing(const struct spicecfg_ctx *ctx, const char *path);

/* The directory of certificates that QEMU uses with doc (qemu_conf.c, virQEMUDriverConfigSetDefaults); owned by doc, or static. */
const char *sc_host_conf_certs(const struct spicecfg_qemuconf *conf, const struct sc_qemuconf *doc);

#endif
