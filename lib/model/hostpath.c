/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What QEMU's account finds at a path: from facts, from the layout of every Linux host, or from assumptions. */
#include <string.h>

#include "base/grow.h"
#include "model/host.h"

/* The file system hierarchy: root's directories, those that everybody can write to, and libvirt's own. */
static const struct sc_path_fact hierarchy[] = {
    {"/", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/bin", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/boot", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/dev", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/dev/null", SC_PATH_FILE, NULL, SC_UNKNOWN, SC_UNKNOWN, SC_FALSE, false, false},
    {"/dev/full", SC_PATH_FILE, NULL, SC_UNKNOWN, SC_UNKNOWN, SC_FALSE, false, false},
    {"/dev/random", SC_PATH_FILE, NULL, SC_UNKNOWN, SC_UNKNOWN, SC_FALSE, false, false},
    {"/dev/shm", SC_PATH_DIRECTORY, NULL, SC_TRUE, SC_TRUE, SC_FALSE, true, true},
    {"/dev/urandom", SC_PATH_FILE, NULL, SC_UNKNOWN, SC_UNKNOWN, SC_FALSE, false, false},
    {"/dev/zero", SC_PATH_FILE, NULL, SC_UNKNOWN, SC_UNKNOWN, SC_FALSE, false, false},
    {"/etc", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/home", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/lib", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/opt", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/proc", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/root", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_FALSE, SC_FALSE, false, false},
    {"/run", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/sbin", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/srv", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/sys", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/tmp", SC_PATH_DIRECTORY, NULL, SC_TRUE, SC_TRUE, SC_FALSE, true, true},
    {"/usr", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/var", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/var/lib", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/var/lib/libvirt", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/var/lib/libvirt/qemu", SC_PATH_DIRECTORY, NULL, SC_TRUE, SC_TRUE, SC_TRUE, false, false},
    {"/var/log", SC_PATH_DIRECTORY, NULL, SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/var/run", SC_PATH_DIRECTORY, "/run", SC_FALSE, SC_TRUE, SC_FALSE, false, true},
    {"/var/tmp", SC_PATH_DIRECTORY, NULL, SC_TRUE, SC_TRUE, SC_FALSE, true, true},
};

static const struct sc_path_fact *find(const struct sc_path_fact *facts, size_t count, const char *path, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(facts[i].path, path, len) == 0 && !facts[i].path[len])
			return &facts[i];
	return NULL;
}

static const struct sc_path_fact *known_fact(const struct sc_host *host, const char *path, size_t len)
{
	const struct sc_path_fact *fact = find(host->files.paths, host->files.n_paths, path, len);

	return fact ? fact : find(hierarchy, sizeof(hierarchy) / sizeof(hierarchy[0]), path, len);
}

/* Below /proc, /sys and /dev not even root creates sockets. */
static bool is_kernels(const char *path)
{
	return strncmp(path, "/proc/", 6) == 0 || strncmp(path, "/sys/", 5) == 0 ||
	       (strncmp(path, "/dev/", 5) == 0 && strncmp(path, "/dev/shm/", 9) != 0);
}

static size_t parent_len(const char *path, size_t len)
{
	while (len > 1 && path[len - 1] != '/')
		len--;
	while (len > 1 && path[len - 1] == '/')
		len--;
	return len;
}

static struct sc_path_fact look(const struct sc_host *host, const char *path, size_t len, int depth);

/* A path without a fact. */
static struct sc_path_fact guess(const struct sc_host *host, const char *path, size_t len, int depth)
{
	size_t up = parent_len(path, len);
	struct sc_path_fact parent = look(host, path, up, depth + 1);
	struct sc_path_fact fact = {.path = path};

	if (parent.type == SC_PATH_MISSING || parent.type == SC_PATH_FILE) {
		fact.type = SC_PATH_MISSING;
	} else if (find(host->files.paths, host->files.n_paths, path, up)) {
		fact.type = SC_PATH_MISSING; /* the contents of a known directory are known, too */
	} else if (parent.type == SC_PATH_DIRECTORY && parent.searchable == SC_FALSE) {
		fact = (struct sc_path_fact){.path = path, .type = SC_PATH_DIRECTORY, .writable = SC_FALSE, .searchable = SC_FALSE};
	} else if (is_kernels(path)) {
		fact.type = SC_PATH_MISSING;
	} else if (host->assumed) {
		fact = (struct sc_path_fact){path, SC_PATH_DIRECTORY, NULL, SC_TRUE, SC_TRUE, SC_TRUE, false, false};
	}
	return fact;
}

static struct sc_path_fact look(const struct sc_host *host, const char *path, size_t len, int depth)
{
	enum { DEPTH_MAX = 64 };
	const struct sc_path_fact *fact = known_fact(host, path, len);

	if (depth > DEPTH_MAX)
		return (struct sc_path_fact){.path = path, .type = SC_PATH_MISSING};
	if (fact && fact->target)
		return look(host, fact->target, strlen(fact->target), depth + 1);
	if (fact)
		return *fact;
	return guess(host, path, len, depth);
}

struct sc_path_fact sc_host_path(const struct sc_host *host, const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	struct sc_path_fact fact = look(host, path, len, 0);
	if (host->account.root && fact.type == SC_PATH_DIRECTORY && strcmp(fact.path, "/proc") != 0 && strcmp(fact.path, "/sys") != 0) {
		fact.writable = SC_TRUE;
		fact.searchable = SC_TRUE;
		fact.own = SC_TRUE;
	}
	return fact;
}

size_t sc_host_closed(const struct sc_host *host, const char *path)
{
	for (size_t i = 1; path[0] == '/' && path[i] && !host->account.root; i++) {
		if (path[i] != '/' || path[i - 1] == '/')
			continue;
		struct sc_path_fact fact = look(host, path, i, 0);
		if (fact.type == SC_PATH_DIRECTORY && fact.searchable == SC_FALSE)
			return i;
	}
	return 0;
}

struct sc_path_fact sc_host_file(const struct sc_host *host, const char *path)
{
	const struct sc_path_fact *fact = known_fact(host, path, strlen(path));

	return fact ? *fact : (struct sc_path_fact){.path = path, .type = SC_PATH_MISSING};
}

const struct sc_socket_fact *sc_host_socket(const struct sc_host *host, const char *path)
{
	for (size_t i = 0; i < host->files.n_sockets; i++)
		if (strcmp(host->files.sockets[i].path, path) == 0)
			return &host->files.sockets[i];
	return NULL;
}

bool sc_host_add_socket(struct sc_host *host, const struct sc_socket_fact *fact)
{
	struct sc_socket_fact *sockets = sc_arena_grow(host->memory, host->files.sockets, host->files.n_sockets, sizeof(*sockets));

	if (!sockets)
		return false;
	host->files.sockets = sockets;
	struct sc_socket_fact *row = &host->files.sockets[host->files.n_sockets];
	*row = *fact;
	row->path = sc_arena_strdup(host->memory, fact->path);
	host->files.n_sockets += row->path != NULL;
	return row->path != NULL;
}
