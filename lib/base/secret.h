/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A password in memory: locked if the system permits it, excluded from core dumps, and wiped when it is freed. */
#ifndef SC_BASE_SECRET_H
#define SC_BASE_SECRET_H

#include <stddef.h>

struct sc_secret {
	char *text; /* NUL-terminated; NULL: none */
	size_t len;
	size_t size;
};

#define SC_SECRET_INIT                                                                                                                     \
	{                                                                                                                                  \
		NULL, 0, 0                                                                                                                 \
	}

/* Frees the old contents and copies len bytes of text. Returns 0, or -1 when memory runs out. */
int sc_secret_set(struct sc_secret *secret, const char *text, size_t len);

/* Wipes and frees the contents. The secret can be empty. */
void sc_secret_free(struct sc_secret *secret);

#define SC_SECRET __attribute__((cleanup(sc_secret_free))) struct sc_secret

#endif
