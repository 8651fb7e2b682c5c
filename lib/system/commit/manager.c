/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/manager.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/os/program.h"

bool sc_manager_is_systemd(const struct spicecfg_ctx *ctx)
{
	struct stat st;

	return !ctx->root && lstat("/run/systemd/system", &st) == 0 && S_ISDIR(st.st_mode);
}

int sc_manager_systemctl(const char *verb, const char *unit)
{
	const char *const argv[] = {"systemctl", "--quiet", verb, unit, NULL};

	return sc_program_run(argv);
}

bool sc_manager_has_script(const struct spicecfg_ctx *ctx, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/etc/init.d/%s", name);
	return !ctx->root && !sc_manager_is_systemd(ctx) && access(path, X_OK) == 0 &&
	       (access("/usr/sbin/service", X_OK) == 0 || access("/sbin/service", X_OK) == 0);
}

int sc_manager_service(const char *name, const char *verb)
{
	const char *const argv[] = {"service", name, verb, NULL};

	return sc_program_run(argv);
}
