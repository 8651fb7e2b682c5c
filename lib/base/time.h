/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times and durations of the command line. Pure, except that the local time zone is read. */
#ifndef SC_BASE_TIME_H
#define SC_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* The size of a buffer for a time as libvirt writes it, "2026-11-21T10:30:00", in bytes. */
enum { SC_TIME_SIZE = 32 };

/*
 * Converts a DURATION ("90s", "10m", "2h30m", "3d") to seconds. Returns false when text is not a DURATION, is zero, or is longer than a
 * hundred years.
 */
bool sc_duration_parse(const char *text, int64_t *seconds);

/*
 * Converts a TIME as in RFC 3339 ("2026-11-21T10:30:00+01:00", "2026-11-21T10:30:00", "2026-11-21 10:30") to seconds since 1970. Without a
 * zone it is local time. Returns false when text is not a TIME.
 */
bool sc_time_parse(const char *text, int64_t *seconds);

/* Formats a time in seconds since 1970 as libvirt does in passwdValidTo: UTC, without a zone. */
void sc_time_libvirt(int64_t seconds, char out[SC_TIME_SIZE]);

#endif
