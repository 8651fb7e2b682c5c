/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SHA-256 (FIPS 180-4), to recognise files and torn writes: nothing is kept secret by it. It is here because the program loads no library
 * that has it (OpenSSL is a module, which an edit must not need).
 */
#ifndef SC_BASE_SHA256_H
#define SC_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SC_SHA256_HEX = 65 };

struct sc_sha256 {
	uint32_t state[8];
	uint64_t len; /* bytes so far */
	unsigned char block[64];
};

void sc_sha256_begin(struct sc_sha256 *sum);
void sc_sha256_add(struct sc_sha256 *sum, const void *bytes, size_t len);
/* The digest in lower-case hexadecimal; sum is wiped. */
void sc_sha256_end(struct sc_sha256 *sum, char hex[SC_SHA256_HEX]);

/* All of it at once. */
void sc_sha256(const void *bytes, size_t len, char hex[SC_SHA256_HEX]);

#endif
