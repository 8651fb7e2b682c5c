/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_SYSTEM_CLOCK_H
#define SC_SYSTEM_CLOCK_H

#include <time.h>

#include "base/ctx.h"

/* Seconds since 1970: the context's clock where it has one, else the system's. */
static inline int64_t sc_clock_now(const struct spicecfg_ctx *ctx)
{
	return ctx->clock ? ctx->clock : (int64_t)time(NULL);
}

/* Milliseconds of a clock that nobody sets. */
static inline int64_t sc_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
