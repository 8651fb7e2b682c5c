/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "system/facts/certs.h"
#include "system/os/file.h"
#include "system/os/place.h"

/* Far larger than any certificate; even a bundle of all public CAs is smaller. */
enum { FILE_MAX = 1024 * 1024 };

enum spicecfg_status sc_pki_file_read(struct spicecfg_ctx *ctx, const char *path, bool outside, bool optional, struct sc_pki_file *out)
{
	struct sc_file_id id;
	struct stat st;

	if (!path)
		return sc_fail_memory(ctx);
	out->path = path;
	out->outside = outside;
	enum spicecfg_status status = outside ? SPICECFG_OK : sc_place_check(ctx, path, false);
	if (!status)
		status = sc_file_read(ctx, path, outside, optional, FILE_MAX, &out->bytes, &id);
	out->exists = !status && id.exists;
	if (status || !out->exists || outside)
		return status;
	if (sc_file_stat(ctx, path, &st) < 0)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){path, 0, 0}, NULL, "can't be examined: %s", strerror(errno));
	out->link = S_ISLNK(st.st_mode);
	out->uid = st.st_uid;
	out->gid = st.st_gid;
	out->bits = st.st_mode & 07777;
	return SPICECFG_OK;
}
