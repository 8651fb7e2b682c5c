/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/modules.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"

/* An object of this file, so that the loader can say which file that is. */
static const char here[] = "";

/* The folder "spicecfg" beside the file that holds this code: the build tree, or wherever the library was installed. */
static bool beside(const char *name, char *path, size_t size)
{
	Dl_info info;

	if (!dladdr(here, &info) || !info.dli_fname)
		return false;
	const char *slash = strrchr(info.dli_fname, '/');
	if (!slash)
		return false;
	int len = snprintf(path, size, "%.*s/spicecfg/%s.so", (int)(slash - info.dli_fname), info.dli_fname, name);
	if (len > 0 && (size_t)len < size && access(path, R_OK) == 0)
		return true;
	/* A test or a program with the static library inside stands next to lib/, or below it. */
	len = snprintf(path, size, "%.*s/lib/spicecfg/%s.so", (int)(slash - info.dli_fname), info.dli_fname, name);
	if (len > 0 && (size_t)len < size && access(path, R_OK) == 0)
		return true;
	len = snprintf(path, size, "%.*s/../../lib/spicecfg/%s.so", (int)(slash - info.dli_fname), info.dli_fname, name);
	return len > 0 && (size_t)len < size && access(path, R_OK) == 0;
}

const void *sc_module(struct spicecfg_ctx *ctx, const char *name)
{
	char path[PATH_MAX], symbol[64];

	if (!beside(name, path, sizeof(path)))
		snprintf(path, sizeof(path), "%s/%s.so", SPICECFG_MODULE_DIR, name);
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		(void)sc_fail(ctx, SPICECFG_SYSTEM, "Install the library that it names, or spicecfg anew.",
			      "the module for %s can't be loaded: %s", name, dlerror());
		return NULL;
	}
	snprintf(symbol, sizeof(symbol), "sc_module_%s", name);
	const void *ops = dlsym(handle, symbol);
	if (!ops)
		(void)sc_fail(ctx, SPICECFG_SYSTEM, "Install spicecfg anew.", "%s is no module of this version", path);
	return ops;
}
