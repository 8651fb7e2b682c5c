/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/sync.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/grow.h"

struct sc_synced_id {
	dev_t dev;
	ino_t ino;
};

int sc_sync_dir(struct sc_synced *synced, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	for (size_t i = 0; i < synced->n; i++)
		if (synced->ids[i].ino == st.st_ino && synced->ids[i].dev == st.st_dev)
			return 0;
	if (fsync(fd) < 0)
		return -1;
	struct sc_synced_id *ids = sc_arena_grow(synced->memory, synced->ids, synced->n, sizeof(*ids));
	if (!ids)
		return 0; /* it is synced once more */
	synced->ids = ids;
	synced->ids[synced->n++] = (struct sc_synced_id){st.st_dev, st.st_ino};
	return 0;
}
