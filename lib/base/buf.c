/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct sc_buf *buf, size_t more)
{
	if (buf->failed)
		return false;
	if (more < buf->size - buf->len)
		return true;
	if (more > SIZE_MAX / 4 - buf->len) {
		buf->failed = true;
		return false;
	}
	size_t size = buf->size ? buf->size : 256;
	while (size - buf->len <= more)
		size *= 2;
	/* malloc and copy, not realloc: the old bytes may be secret and have to be wiped. */
	char *data = malloc(size);
	if (!data) {
		buf->failed = true;
		return false;
	}
	if (buf->data)
		memcpy(data, buf->data, buf->len);
	sc_wipe_free(buf->data, buf->len);
	buf->data = data;
	buf->size = size;
	return true;
}

void sc_buf_add(struct sc_buf *buf, const void *data, size_t len)
{
	if (!reserve(buf, len))
		return;
	if (len)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void sc_buf_adds(struct sc_buf *buf, const char *text)
{
	sc_buf_add(buf, text, strlen(text));
}

void sc_buf_addc(struct sc_buf *buf, char c)
{
	sc_buf_add(buf, &c, 1);
}

void sc_buf_vaddf(struct sc_buf *buf, const char *format, va_list args)
{
	va_list copy;

	va_copy(copy, args);
	int len = vsnprintf(NULL, 0, format, copy);
	va_end(copy);
	if (len < 0) {
		buf->failed = true;
		return;
	}
	if (!reserve(buf, (size_t)len))
		return;
	vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
	buf->len += (size_t)len;
}

void sc_buf_addf(struct sc_buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	sc_buf_vaddf(buf, format, args);
	va_end(args);
}

const char *sc_buf_text(const struct sc_buf *buf)
{
	return buf->data ? buf->data : "";
}

char *sc_buf_steal(struct sc_buf *buf, size_t *len)
{
	if (!buf->data)
		sc_buf_add(buf, "", 0);
	if (buf->failed) {
		sc_buf_free(buf);
		return NULL;
	}
	char *data = buf->data;
	if (len)
		*len = buf->len;
	*buf = (struct sc_buf)SC_BUF_INIT;
	return data;
}

void sc_buf_free(struct sc_buf *buf)
{
	sc_wipe_free(buf->data, buf->len);
	*buf = (struct sc_buf)SC_BUF_INIT;
}

void sc_wipe_free(void *data, size_t len)
{
	if (!data)
		return;
	explicit_bzero(data, len);
	free(data);
}
