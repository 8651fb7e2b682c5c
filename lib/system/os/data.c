/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/data.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "config.h"
#include "system/os/beside.h"
#include "system/os/file.h"

enum { DATA_MAX = 1024 * 1024 };

static bool find(const char *name, char *path, size_t size)
{
	/* First the program of the build tree. LIBDIR is lib, or lib/TRIPLET; tests of the build tree are in tests/unit. */
	static const char *const ways[] = {"/share/spicecfg", "/../share/spicecfg", "/../../share/spicecfg"};
	char own[PATH_MAX], dir[PATH_MAX];

	if (sc_beside_dir(own, sizeof(own))) {
		for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
			int len = snprintf(dir, sizeof(dir), "%s%s", own, ways[i]);

			if (len < 0 || (size_t)len >= sizeof(dir) || !sc_beside_trusted(dir))
				continue;
			len = snprintf(path, size, "%s/%s", dir, name);
			if (len > 0 && (size_t)len < size && access(path, R_OK) == 0)
				return true;
		}
	}
	snprintf(path, size, "%s/%s", SPICECFG_DATA_DIR, name);
	return access(path, R_OK) == 0;
}

enum spicecfg_status sc_data_read(struct spicecfg_ctx *ctx, const char *name, struct sc_buf *out)
{
	char path[PATH_MAX];

	if (!find(name, path, sizeof(path)))
		return sc_fail(ctx, SPICECFG_SYSTEM, "Reinstall spicecfg.", "spicecfg's data file %s is missing", name);
	return sc_file_read(ctx, path, true, false, DATA_MAX, out, NULL);
}

enum spicecfg_status sc_data_text(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *name, const char **text)
{
	SC_BUF bytes = SC_BUF_INIT;
	enum spicecfg_status status = sc_data_read(ctx, name, &bytes);

	if (status)
		return status;
	*text = sc_arena_strndup(memory, sc_buf_text(&bytes), bytes.len);
	return *text ? SPICECFG_OK : sc_fail_memory(ctx);
}

const char *sc_data_path(const char *name, struct sc_arena *arena)
{
	char path[PATH_MAX];

	return find(name, path, sizeof(path)) ? sc_arena_strdup(arena, path) : NULL;
}
