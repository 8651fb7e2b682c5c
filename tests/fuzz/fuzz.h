/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the fuzz targets. A broken promise aborts, which both libFuzzer and replay.c detect. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/ctx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken promise: %s\n", what);
	abort();
}

static inline bool equal(const char *a, const char *b, size_t len)
{
	return !len || memcmp(a, b, len) == 0;
}

static inline bool same_bytes(const struct sc_buf *buf, const char *bytes, size_t len)
{
	return buf->len == len && equal(buf->data, bytes, len);
}

/* A refusal has the expected status and a message; the context is ready for the next call. */
static inline void must_say_why(struct spicecfg_ctx *ctx, enum spicecfg_status status, enum spicecfg_status expected)
{
	must(status == expected, "the expected kind of refusal");
	must(spicecfg_ctx_error(ctx) && *spicecfg_ctx_error(ctx)->message, "a refusal says why");
	spicecfg_ctx_clear_error(ctx);
}

/* The offset of line number (1-based), or the length of the text if it has fewer lines. */
static inline size_t line_start(const char *text, size_t len, unsigned number)
{
	size_t at = 0;

	while (--number && at < len) {
		const char *newline = memchr(text + at, '\n', len - at);

		at = newline ? (size_t)(newline - text) + 1 : len;
	}
	return at;
}

static inline size_t line_next(const char *text, size_t len, size_t at)
{
	const char *newline = at < len ? memchr(text + at, '\n', len - at) : NULL;

	return newline ? (size_t)(newline - text) + 1 : len;
}

/* The texts differ only in line number, and both have it. */
static inline void must_differ_in(const struct sc_buf *now, const char *old, size_t len, unsigned number)
{
	size_t start = line_start(old, len, number), next = line_next(old, len, start), now_next = line_next(now->data, now->len, start);

	must(start <= now->len && equal(now->data, old, start), "bytes before the line that is edited");
	must(now->len - now_next == len - next && equal(now->data + now_next, old + next, len - next),
	     "bytes after the line that is edited");
}

/* Without line number the text is the old one, except for a line end that its last line lacked. */
static inline void must_have_added(const struct sc_buf *now, const char *old, size_t len, unsigned number)
{
	size_t start = line_start(now->data, now->len, number), next = line_next(now->data, now->len, start), lacked = 0;

	if (len && old[len - 1] != '\n' && start > len)
		lacked = start - len;
	must(lacked <= 2 && next == now->len - (start - lacked >= len ? 0 : len - start), "one line is added");
	must(equal(now->data, old, start - lacked), "bytes before the line that is added");
	must(now->len == next || equal(now->data + next, old + (start - lacked), now->len - next), "bytes after the line that is added");
}

/* A secret that is searched for in what is printed; an input can't contain it by chance. */
#define FUZZ_SECRET "Xq7-fuzz-secret-7qX"

static inline bool contains(const char *text, size_t len, const char *what)
{
	return len && memmem(text, len, what, strlen(what)) != NULL;
}

#endif
