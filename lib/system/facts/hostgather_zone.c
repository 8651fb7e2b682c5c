/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The time zone of the host's daemons: /etc/localtime (localtime(5)), a link to the zone's file. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/accounts.h"
#include "system/facts/hostgather.h"
#include "system/os/look.h"
#include "system/os/seen.h"

#define LOCALTIME "/etc/localtime"
#define ZONES "/zoneinfo/"

enum { FILE_MAX = 1024 * 1024, PATH_SIZE = 4096 };

static void keep(struct sc_zone_fact *zone, struct sc_arena *memory, const char *data, size_t len)
{
	zone->data = sc_arena_strndup(memory, data, len);
	zone->len = len;
	zone->known = zone->data ? SC_TRUE : SC_UNKNOWN;
}

/* The part of the link's target that names the zone; NULL: none. */
static const char *name_of(const struct spicecfg_ctx *ctx, struct sc_arena *memory)
{
	char target[PATH_SIZE];
	struct sc_seen seen;
	const char *name = NULL;

	if (sc_look_see(ctx, LOCALTIME, false, &seen) == SC_LOOK_OK && S_ISLNK(seen.st.st_mode)) {
		ssize_t len = readlinkat(seen.fd, "", target, sizeof(target) - 1);

		target[len > 0 ? len : 0] = '\0';
		name = strstr(target, ZONES);
	}
	sc_seen_close(&seen);
	return name ? sc_arena_strdup(memory, name + sizeof(ZONES) - 1) : NULL;
}

/* The data of this machine about a zone, which are public and the same everywhere. */
static void read_own(struct sc_zone_fact *zone, struct sc_arena *memory)
{
	const char *path = strstr(zone->name, "..") ? NULL : sc_arena_printf(memory, "/usr/share/zoneinfo/%s", zone->name);
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && st.st_size <= FILE_MAX) {
		char *data = sc_arena_alloc(memory, (size_t)st.st_size);

		if (data && read(fd, data, (size_t)st.st_size) == st.st_size)
			keep(zone, memory, data, (size_t)st.st_size);
		zone->elsewhere = zone->known == SC_TRUE;
	}
	if (fd >= 0)
		close(fd);
}

enum spicecfg_status sc_host_gather_zone(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	struct sc_zone_fact *zone = &host->logins.zone;
	struct stat st;
	SC_BUF bytes = SC_BUF_INIT;

	if (zone->asked)
		return SPICECFG_OK;
	zone->asked = true;
	zone->name = name_of(ctx, host->memory);
	enum sc_look look = sc_look_read(ctx, LOCALTIME, FILE_MAX, &bytes);
	if (look == SC_LOOK_OK)
		keep(zone, host->memory, sc_buf_text(&bytes), bytes.len);
	else if (look == SC_LOOK_MISSING && sc_look_stat(ctx, LOCALTIME, &st) == SC_LOOK_MISSING)
		zone->known = SC_TRUE; /* libc takes UTC then */
	else if (look == SC_LOOK_MISSING && zone->name && (strcmp(zone->name, "Etc/UTC") == 0 || strcmp(zone->name, "UTC") == 0))
		zone->known = SC_TRUE;
	else if (look == SC_LOOK_MISSING && zone->name && ctx->root)
		read_own(zone, host->memory);
	else if (look == SC_LOOK_MISSING)
		sc_look_failed(ctx, LOCALTIME, "the time zone's file is missing");
	return sc_settle(ctx);
}
