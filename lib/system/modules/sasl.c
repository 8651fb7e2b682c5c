/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/modules/sasl_impl.h"

#include <dlfcn.h>
#include <limits.h>
#include <sasl/sasl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* libsasl2 looks for plugins in the directory "sasl2" next to itself (configure's PLUGINDIR is LIBDIR/sasl2 in every distribution). */
static bool has_plugin(const char *plugin)
{
	char path[PATH_MAX];
	Dl_info info;

	if (!dladdr((const void *)(intptr_t)&sasl_errstring, &info) || !info.dli_fname)
		return false;
	const char *slash = strrchr(info.dli_fname, '/');
	int dir = slash ? (int)(slash - info.dli_fname) : 0;
	snprintf(path, sizeof(path), "%.*s/sasl2/lib%s.so", dir, info.dli_fname, plugin);
	if (access(path, F_OK) == 0)
		return true;
	snprintf(path, sizeof(path), "%.*s/sasl2/lib%s.so.3", dir, info.dli_fname, plugin);
	if (access(path, F_OK) == 0)
		return true;
	/* On merged-/usr systems the library may have been found by its other path. */
	snprintf(path, sizeof(path), "/usr%.*s/sasl2/lib%s.so", dir, info.dli_fname, plugin);
	return access(path, F_OK) == 0;
}

extern const struct sc_module_sasl sc_module_sasl;

__attribute__((visibility("default"))) const struct sc_module_sasl sc_module_sasl = {
    .edit = sc_sasl_edit,
    .list = sc_sasl_list,
    .offers = sc_sasl_offers,
    .login = sc_sasl_login,
    .has_plugin = has_plugin,
};
