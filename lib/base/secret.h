/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A password in memory: locked where the system lets us, out of core dumps, wiped when freed. */
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

/* Copies len bytes; returns 0, or -1 when memory is short. Frees what was there. */
int sc_secret_set(struct sc_secret *secret, const char *text, size_t len);

/* Wipes and frees; takes an empty one. */
void sc_secret_free(struct sc_secret *secret);

#define SC_SECRET __attribute__((cleanup(sc_secret_free))) struct sc_secret

#endif
