/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/beside.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/os/trust.h"

/* An object in this file, so that the loader can find the file that contains it. */
static const char here[] = "";

/* The file that contains this code. */
static bool own_file(char *path, size_t size)
{
	struct link_map *map = NULL;
	Dl_info info;

	if (dladdr1(here, &info, (void **)&map, RTLD_DL_LINKMAP) && map && map->l_name[0] == '/') {
		int len = snprintf(path, size, "%s", map->l_name);
		return len > 0 && (size_t)len < size;
	}
	/* The main program has no name there; dladdr() returns its argv[0], which the caller chooses. */
	ssize_t len = readlink("/proc/self/exe", path, size - 1);
	if (len <= 0 || (size_t)len >= size - 1 || path[0] != '/')
		return false;
	path[len] = '\0';
	return true;
}

bool sc_beside_dir(char *dir, size_t size)
{
	if (!own_file(dir, size))
		return false;
	*strrchr(dir, '/') = '\0';
	return true;
}

bool sc_beside_trusted(const char *dir)
{
	char path[PATH_MAX];
	struct stat own;
	uid_t owner;

	if (!sc_trust_only_owner_writes(dir, &owner))
		return false;
	if (owner == 0 || owner == geteuid())
		return true;
	return own_file(path, sizeof(path)) && stat(path, &own) == 0 && own.st_uid == owner;
}
