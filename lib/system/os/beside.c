/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/beside.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/os/file_root.h"
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

/* Whether only root, the effective user or the owner of the program may write to the directory. */
static bool is_trusted(const char *dir, uid_t program)
{
	uid_t owner;

	return sc_trust_only_owner_writes(dir, &owner) && (owner == 0 || owner == geteuid() || owner == program);
}

/* The length of the directories that two paths share. */
static size_t common(const char *a, const char *b)
{
	size_t i = 0, shared = 0;

	for (; a[i] && a[i] == b[i]; i++)
		if (a[i] == '/')
			shared = i;
	return !b[i] && (!a[i] || a[i] == '/') ? i : shared;
}

/* Follows links of root and of the caller only: another's could change afterwards. */
static bool resolve(const char *dir, char real[PATH_MAX])
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct sc_resolved to = {.all = false};
	bool known = root >= 0 && sc_file_resolve(root, dir, true, &to) == 0 && !to.missing;

	if (root >= 0)
		close(root);
	return known && snprintf(real, PATH_MAX, "/%s", to.path) < PATH_MAX;
}

bool sc_beside_trusted(char dir[PATH_MAX])
{
	char real[PATH_MAX], file[PATH_MAX], own[PATH_MAX];
	struct stat st;

	if (!own_file(file, sizeof(file)) || !realpath(file, own) || stat(own, &st) < 0)
		return false;
	if (!resolve(dir, real) || !is_trusted(real, st.st_uid))
		return false;
	/* who may replace one of the directories above the program can replace the program as well */
	*strrchr(own, '/') = '\0';
	for (char *slash = real + common(real, own); (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		if (!is_trusted(real, st.st_uid))
			return false;
		*slash = '/';
	}
	memcpy(dir, real, strlen(real) + 1);
	return true;
}
