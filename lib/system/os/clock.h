/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_SYSTEM_CLOCK_H
#define SC_SYSTEM_CLOCK_H

#include <time.h>

#include "base/ctx.h"

/* Seconds since 1970: of the context's clock if it is set, else of the system's. */
static inline int64_t sc_clock_now(const struct spicecfg_ctx *ctx)
{
	return ctx->clock ? ctx->clock : (int64_t)time(NULL);
}

/* Milliseconds of a clock that can't be set (CLOCK_MONOTONIC). */
static inline int64_t sc_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Sleeps briefly while another program holds something. Once end (on the clock of sc_clock_ms()) has passed: SPICECFG_SYSTEM with the
 * message, and --wait-lock as the fix. SPICECFG_INTERRUPTED if a signal asked to stop.
 */
SPICECFG_CHECKED enum spicecfg_status sc_clock_wait(struct spicecfg_ctx *ctx, int64_t end, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
