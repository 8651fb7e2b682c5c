/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A growing byte buffer, always NUL-terminated, wiped when freed. A failed allocation sticks: check once at the end. */
#ifndef SC_BASE_BUF_H
#define SC_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct sc_buf {
	char *data; /* NULL while empty */
	size_t len;
	size_t size;
	bool failed;
};

#define SC_BUF_INIT                                                                                                                        \
	{                                                                                                                                  \
		NULL, 0, 0, false                                                                                                          \
	}

void sc_buf_add(struct sc_buf *buf, const void *data, size_t len);
void sc_buf_adds(struct sc_buf *buf, const char *text);
void sc_buf_addc(struct sc_buf *buf, char c);
void sc_buf_addf(struct sc_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sc_buf_vaddf(struct sc_buf *buf, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* The bytes as a string, "" while empty; the buffer keeps them. */
const char *sc_buf_text(const struct sc_buf *buf);

/* Hands the bytes over (free them with sc_wipe_free() or free()); NULL when an allocation failed. The buffer is empty after it. */
char *sc_buf_steal(struct sc_buf *buf, size_t *len);

/* Wipes and frees; the buffer can be used again. */
void sc_buf_free(struct sc_buf *buf);

/* Wipes len bytes at data and frees them; takes NULL. */
void sc_wipe_free(void *data, size_t len);

#define SC_BUF __attribute__((cleanup(sc_buf_free))) struct sc_buf

#endif
