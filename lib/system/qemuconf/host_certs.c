/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where QEMU finds its certificates. */
#include <errno.h>

#include "model/libvirt.h"
#include "system/os/seen.h"
#include "system/qemuconf/host_conf.h"

bool sc_host_missing(const struct spicecfg_ctx *ctx, const char *path)
{
	struct sc_seen seen;
	int missing = sc_see(ctx, path, false, true, &seen);
	int error = errno;

	sc_seen_close(&seen);
	return missing && (error == ENOENT || error == ENOTDIR);
}

const char *sc_host_conf_certs(const struct spicecfg_qemuconf *conf, const struct sc_qemuconf *doc)
{
	const char *set = sc_qemuconf_text(doc, "spice_tls_x509_cert_dir", NULL);

	if (set)
		return set;
	if (!sc_host_missing(conf->ctx, SC_PKI_DIR))
		return SC_PKI_DIR;
	return sc_qemuconf_text(doc, "default_tls_x509_cert_dir", SC_PKI_COMMON_DIR);
}
