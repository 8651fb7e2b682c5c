/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/modules.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "config.h"
#include "system/os/beside.h"

/*
 * The directory "spicecfg" next to the file that contains this code: in the build tree, or wherever the library or the program was
 * installed. A test of the build tree is below lib's parent, as tests/unit. The build tree's own comes before what may be those of a tree
 * around it.
 */
static bool beside(const char *name, char *path, size_t size)
{
	static const char *const ways[] = {"/spicecfg", "/lib/spicecfg", "/" SPICECFG_LIBDIR_FROM_PROGRAM "/spicecfg",
					   "/../../lib/spicecfg"};
	char own[PATH_MAX], dir[PATH_MAX];

	if (!sc_beside_dir(own, sizeof(own)))
		return false;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		int len = snprintf(dir, sizeof(dir), "%s%s", own, ways[i]);

		if (len < 0 || (size_t)len >= sizeof(dir) || !sc_beside_trusted(dir))
			continue;
		len = snprintf(path, size, "%s/%s.so", dir, name);
		if (len > 0 && (size_t)len < size && access(path, R_OK) == 0)
			return true;
	}
	return false;
}

const void *sc_module(struct spicecfg_ctx *ctx, const char *name)
{
	char path[PATH_MAX], symbol[64];

	if (!beside(name, path, sizeof(path)))
		snprintf(path, sizeof(path), "%s/%s.so", SPICECFG_MODULE_DIR, name);
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		(void)sc_fail(ctx, SPICECFG_SYSTEM, "Install the library that the message names, or reinstall spicecfg.",
			      "the module for %s can't be loaded: %s", name, dlerror());
		return NULL;
	}
	snprintf(symbol, sizeof(symbol), "sc_module_%s", name);
	const void *ops = dlsym(handle, symbol);
	if (!ops)
		(void)sc_fail(ctx, SPICECFG_SYSTEM, "Reinstall spicecfg.", "%s is not a module of this version", path);
	return ops;
}
