/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A growing byte buffer, always NUL-terminated, wiped when it is freed. A failed allocation sets `failed` permanently: check it last. */
#ifndef SC_BASE_BUF_H
#define SC_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct sc_buf {
	char *data;  /* NULL while empty */
	size_t len;  /* bytes in use, without the NUL */
	size_t size; /* bytes allocated */
	bool failed;
};

#define SC_BUF_INIT                                                                                                                        \
	{                                                                                                                                  \
		NULL, 0, 0, false                                                                                                          \
	}

/* Append len bytes, a string, a character, or formatted text. A failed allocation sets `failed`. */
void sc_buf_add(struct sc_buf *buf, const void *data, size_t len);
void sc_buf_adds(struct sc_buf *buf, const char *text);
void sc_buf_addc(struct sc_buf *buf, char c);
void sc_buf_addf(struct sc_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sc_buf_vaddf(struct sc_buf *buf, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Returns the bytes as a string, "" while the buffer is empty. They belong to the buffer and are valid until it changes. */
const char *sc_buf_text(const struct sc_buf *buf);

/*
 * Empties the buffer and returns its bytes, to be freed with sc_wipe_free() or free(), and their length in *len, which can be NULL. NULL
 * when an allocation has failed.
 */
char *sc_buf_steal(struct sc_buf *buf, size_t *len);

/* Wipes and frees the bytes. The buffer is empty then and can be used again. */
void sc_buf_free(struct sc_buf *buf);

/* Wipes len bytes at data and frees them. data can be NULL. */
void sc_wipe_free(void *data, size_t len);

#define SC_BUF __attribute__((cleanup(sc_buf_free))) struct sc_buf

#endif
