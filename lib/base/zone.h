/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The local time of a time zone, from the bytes of its file (RFC 8536) and the rule for later years at its end (POSIX TZ). Pure. */
#ifndef SC_BASE_ZONE_H
#define SC_BASE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a clock on the wall shows. */
struct sc_wall {
	int weekday; /* 0: Sunday */
	int minute;  /* of the day, 0 to 1439 */
};

/*
 * Sets *seconds to what local time is ahead of UTC at that instant (seconds since 1970). data: len bytes of the file; NULL: UTC. Returns
 * false when the file can't be used.
 */
bool sc_zone_offset(const char *data, size_t len, int64_t instant, int64_t *seconds);

/* The same as a weekday and a time of day. */
bool sc_zone_wall(const char *data, size_t len, int64_t instant, struct sc_wall *out);

/* The offset at that instant by a rule such as "CET-1CEST,M3.5.0,M10.5.0/3", which ends at its NUL. Returns false when it is not one. */
bool sc_zone_rule_offset(const char *rule, int64_t instant, int64_t *seconds);

#endif
