/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes of a definition outside the elements that the verbs edit; found by a separate scan, not by the library. */
#ifndef TESTS_CORPUS_OUTSIDE_H
#define TESTS_CORPUS_OUTSIDE_H

#include <stddef.h>

/* Copies bytes without <graphics>, <video> and <channel> elements and the white space before each; returns memory for free(). */
char *outside(const char *bytes, size_t len, size_t *out_len);

/* How many lines a diff of the two would show as removed or added, by the common lines at the start and the end of each differing block. */
size_t changed_lines(const char *old_bytes, size_t old_len, const char *new_bytes, size_t new_len);

#endif
