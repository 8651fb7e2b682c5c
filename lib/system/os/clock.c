/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/clock.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

enum spicecfg_status sc_clock_wait(struct spicecfg_ctx *ctx, int64_t end, const char *format, ...)
{
	const struct timespec pause = {0, 10 * 1000 * 1000};
	char message[PATH_MAX + 128];
	va_list args;

	if (sc_interrupted(ctx))
		return sc_fail(ctx, SPICECFG_INTERRUPTED, NULL, "interrupted; nothing was changed");
	if (sc_clock_ms() < end) {
		nanosleep(&pause, NULL);
		return SPICECFG_OK;
	}
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	return sc_fail(ctx, SPICECFG_SYSTEM, "Try again, or wait longer with --wait-lock.", "%s", message);
}
