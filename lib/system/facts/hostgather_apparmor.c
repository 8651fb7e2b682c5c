/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether AppArmor lets QEMU access a path, according to the rules that libvirt gives to every VM. */
#include <string.h>

#include "doc/apparmor.h"
#include "system/facts/hostgather.h"
#include "system/os/look.h"

#define PROFILES "/etc/apparmor.d"
/* Where rules of the host's own belong: the second one since libvirt 9.6. */
#define LOCAL "local/abstractions/libvirt-qemu"
#define SITE_DIR "abstractions/libvirt-qemu.d"
enum { DEPTH_MAX = 8, SIZE_MAX_PROFILE = 1024 * 1024 };

struct look {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	const char *path, *perms;
	int depth;
	bool granted;
	bool local, site; /* the rules include LOCAL, or the files of SITE_DIR */
};

static bool is_confined(struct spicecfg_ctx *ctx, const struct sc_host *host)
{
	const struct sc_conf_entry *driver = sc_host_conf_find(host, "security_driver");
	static const char switched[] = "/sys/module/apparmor/parameters/enabled";
	SC_BUF enabled = SC_BUF_INIT;
	struct stat st;

	if (ctx->root || (driver && (driver->type != SC_CONF_STRING || strcmp(driver->text, "apparmor") != 0)) ||
	    sc_look_stat(ctx, PROFILES "/libvirt/TEMPLATE.qemu", &st) != SC_LOOK_OK)
		return false;
	return sc_look_read(ctx, switched, SIZE_MAX_PROFILE, &enabled) == SC_LOOK_OK && enabled.len && enabled.data[0] == 'Y';
}

static void read_profile(void *opaque, const char *name, size_t len)
{
	struct look *look = opaque;
	const char *path = sc_arena_printf(look->memory, PROFILES "/%.*s", (int)len, name);
	SC_BUF bytes = SC_BUF_INIT;

	look->local |= len == strlen(LOCAL) && strncmp(name, LOCAL, len) == 0;
	look->site |= len == strlen(SITE_DIR) && strncmp(name, SITE_DIR, len) == 0;
	if (!path || look->granted)
		return;
	if (look->depth == DEPTH_MAX) {
		sc_look_failed(look->ctx, path, "includes are nested too deeply");
		return;
	}
	look->depth++;
	/* An include of a directory means every file in it. */
	char **names = sc_look_list(look->ctx, path, look->memory);
	bool is_dir = names != NULL;
	for (; names && *names; names++) {
		const char *inner = sc_arena_printf(look->memory, "%.*s/%s", (int)len, name, *names);

		if (inner)
			read_profile(look, inner, strlen(inner));
	}
	if (!is_dir && sc_look_read(look->ctx, path, SIZE_MAX_PROFILE, &bytes) == SC_LOOK_OK)
		look->granted |= sc_apparmor_grants(sc_buf_text(&bytes), look->path, look->perms, read_profile, look);
	look->depth--;
}

bool sc_host_gather_confined(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path, const char *perms, const char **site)
{
	static const char rules[] = "abstractions/libvirt-qemu";
	struct look look = {.ctx = ctx, .memory = host->memory, .path = path, .perms = perms};

	*site = NULL;
	if (!is_confined(ctx, host))
		return false;
	read_profile(&look, rules, strlen(rules));
	*site = !look.granted && look.site && !look.local ? PROFILES "/" SITE_DIR : NULL;
	return !look.granted;
}
