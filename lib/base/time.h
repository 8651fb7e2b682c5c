/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times and durations of the command line; pure but for the local time zone. */
#ifndef SC_BASE_TIME_H
#define SC_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* Room for libvirt's form of a time, "2026-11-21T10:30:00". */
enum { SC_TIME_SIZE = 32 };

/* "90s", "10m", "2h30m", "3d" in seconds, more than none and at most a hundred years; false when it is no DURATION. */
bool sc_duration_parse(const char *text, int64_t *seconds);

/* RFC 3339, the zone of the machine where none is written ("2026-11-21T10:30:00", "2026-11-21 10:30", "2026-11-21T10:30:00+01:00"), in
 * seconds since 1970; false when it is no TIME. */
bool sc_time_parse(const char *text, int64_t *seconds);

/* libvirt's UTC form of passwdValidTo. */
void sc_time_libvirt(int64_t seconds, char out[SC_TIME_SIZE]);

#endif
