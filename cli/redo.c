/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <time.h>

#include "verb.h"

/* TRIES_MIN are made even with --wait-lock 0s. */
enum { TRIES_MIN = 5, PAUSE_MAX_MS = 50 };

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Of a different length in each process, so that they do not collide again. */
static void pause_before(int attempt)
{
	int64_t longest = (attempt < PAUSE_MAX_MS ? attempt : PAUSE_MAX_MS) * INT64_C(1000000);
	const struct timespec pause = {.tv_nsec = (long)(now_ns() % (longest + 1))};

	nanosleep(&pause, NULL);
}

enum spicecfg_status cli_redo(struct cli *cli, cli_redo_fn once, void *opaque)
{
	bool unused;

	/* the batch as a whole is planned again */
	if (cli->batch)
		return once(cli, opaque, &unused);
	int64_t end = now_ns() + cli->wait_ms * 1000000;

	for (int attempt = 1;; attempt++) {
		bool stale = false;
		enum spicecfg_status status = once(cli, opaque, &stale);

		if (!stale || (attempt > TRIES_MIN && now_ns() >= end))
			return status;
		spicecfg_ctx_clear_error(cli->ctx);
		pause_before(attempt);
	}
}
