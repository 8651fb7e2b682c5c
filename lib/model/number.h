/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers and words as libvirt reads them from XML attributes. */
#ifndef SC_MODEL_NUMBER_H
#define SC_MODEL_NUMBER_H

#include <stdbool.h>

/* A number attribute. text NULL: it is not set, and value is the default. */
struct sc_number {
	const char *text;
	long long value;
	bool bad; /* libvirt can't read it */
};

/*
 * Reads a 32-bit int. Leading white space and a sign are allowed; trailing text and '' are bad (libvirt util/virstring.c, virStrToLong_i).
 * text NULL: not set; absent: the default. The result points to text.
 */
struct sc_number sc_number_int(const char *text, int base, long long absent);

/* Reads an unsigned 32-bit number; '-' and '' are bad (util/virxml.c, virXMLPropUInt). base 0 allows the prefixes 0x and 0. */
struct sc_number sc_number_uint(const char *text, int base, long long absent);

/* The same in decimal, where '' means not set (virXPathString). */
struct sc_number sc_number_size(const char *text, long long absent);

/* Returns the index of text in a NULL-terminated list of words, respecting case; -1 when it is not in the list. */
int sc_word_find(const char *const *words, const char *text);

/* Rounds up to a power of two; 0 above 2^31, like libvirt's VIR_ROUND_UP_POWER_OF_TWO. */
unsigned sc_round_up_power_of_two(unsigned value);

#endif
