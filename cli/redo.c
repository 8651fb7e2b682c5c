/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <time.h>

#include "verb.h"

/* TRIES_MIN are made even with --wait-lock 0s: of many processes that change one document at once, each is overtaken by the others. */
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
	int64_t longest = (attempt << 4 < PAUSE_MAX_MS ? attempt << 4 : PAUSE_MAX_MS) * INT64_C(1000000);
	const struct timespec pause = {.tv_nsec = (long)(now_ns() % (longest + 1))};

	nanosleep(&pause, NULL);
}

enum spicecfg_status cli_redo(struct cli *cli, cli_redo_fn once, void *opaque)
{
	bool unused;

	/* the batch as a whole is planned again */
	if (cli->batch)
		return once(cli, opaque, &unused);
	enum spicecfg_status status = SPICECFG_OK;
	const int64_t end = now_ns() + cli->wait_ms * 1000000;
	bool stale = true;
	for (cli->attempt = 1; stale; cli->attempt++) {
		stale = false;
		status = once(cli, opaque, &stale);
		if (cli->attempt > TRIES_MIN && now_ns() >= end)
			break;
		if (stale) {
			spicecfg_ctx_clear_error(cli->ctx);
			pause_before(cli->attempt);
		}
	}
	cli->attempt = 0;
	free(cli->reported);
	cli->reported = NULL;
	return status;
}
