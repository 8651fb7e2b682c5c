/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where QEMU finds its certificates. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "model/libvirt.h"
#include "system/os/file.h"
#include "system/qemuconf/host_conf.h"

bool sc_host_missing(const struct spicecfg_ctx *ctx, const char *path)
{
	int fd = sc_file_open(ctx, path, O_PATH);

	if (fd >= 0)
		close(fd);
	return fd < 0 && (errno == ENOENT || errno == ENOTDIR);
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
