/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/facts/saslauthd.h"

#include <string.h>

#include "doc/sysconfig.h"
#include "model/saslauthd.h"
#include "system/os/file.h"
#include "system/os/found.h"
#include "system/os/look.h"

enum sc_distro sc_host_family(const struct spicecfg_ctx *ctx)
{
	struct spicecfg_ctx scratch = {.root = ctx->root, .stage = ctx->stage};
	SC_BUF bytes = SC_BUF_INIT;
	enum sc_distro family = SC_DISTRO_DEBIAN;
	SC_SYSCONFIG *release = NULL;

	if (sc_look_read(ctx, "/etc/os-release", 65536, &bytes) == SC_LOOK_OK &&
	    sc_sysconfig_parse(&scratch, "os-release", sc_buf_text(&bytes), bytes.len, &release) == SPICECFG_OK) {
		const char *like = sc_sysconfig_get(release, "ID_LIKE", NULL), *id = sc_sysconfig_get(release, "ID", NULL);

		like = like ? like : "";
		id = id ? id : "";
		if (strstr(like, "suse") || strstr(id, "suse") || strcmp(id, "sles") == 0)
			family = SC_DISTRO_SUSE;
		else if (strstr(like, "rhel") || strstr(like, "fedora") || strcmp(id, "fedora") == 0 || strcmp(id, "rhel") == 0)
			family = SC_DISTRO_REDHAT;
	}
	if (scratch.has_error)
		sc_look_failed(ctx, scratch.lasting ? NULL : "/etc/os-release", scratch.error.message);
	spicecfg_ctx_clear_error(&scratch);
	return family;
}

enum spicecfg_status sc_host_saslauthd(struct spicecfg_ctx *ctx, struct sc_arena *memory, enum sc_distro family,
				       struct sc_saslauthd *daemon)
{
	static const char *const places[] = {"/etc/default/saslauthd", "/etc/sysconfig/saslauthd"};
	const char *dir = NULL;
	SC_SYSCONFIG *conf = NULL;
	enum spicecfg_status status = SPICECFG_OK;

	for (size_t i = 0; i < 2 && !daemon->file.path; i++)
		if (sc_file_exists(ctx, places[i]))
			status = sc_found_read(ctx, memory, places[i], &daemon->file);
	daemon->mech_key = family == SC_DISTRO_DEBIAN ? "MECHANISMS" : family == SC_DISTRO_SUSE ? "SASLAUTHD_AUTHMECH" : "MECH";
	daemon->threads_key = family == SC_DISTRO_DEBIAN ? "THREADS" : family == SC_DISTRO_SUSE ? "SASLAUTHD_THREADS" : NULL;
	if (!status && daemon->file.path)
		status = sc_sysconfig_parse(ctx, daemon->file.path, daemon->file.data ? daemon->file.data : "", daemon->file.len, &conf);
	if (status)
		return status;
	struct sc_saslauthd_says says = {0};
	if (conf)
		sc_saslauthd_read(conf, strncmp(daemon->file.path, "/etc/default/", 13) == 0, memory, &says);
	dir = says.dir;
	if (!dir || !*dir)
		dir = family == SC_DISTRO_SUSE ? "/run/sasl2" : "/run/saslauthd";
	if (strncmp(dir, "/var/run/", 9) == 0)
		dir += 4;
	daemon->host_mux = daemon->mux = sc_arena_printf(memory, "%s/mux", dir);
	return daemon->mux ? SPICECFG_OK : sc_fail_memory(ctx);
}

const char *sc_host_mux(struct spicecfg_ctx *ctx, struct sc_arena *memory)
{
	struct sc_saslauthd daemon = {0};

	if (sc_host_saslauthd(ctx, memory, sc_host_family(ctx), &daemon))
		sc_look_error(ctx, NULL);
	return daemon.mux;
}
