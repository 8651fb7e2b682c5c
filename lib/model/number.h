/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers and words as libvirt reads them from XML attributes. */
#ifndef SC_MODEL_NUMBER_H
#define SC_MODEL_NUMBER_H

#include <stdbool.h>

/* A number attribute: text NULL where it is not written; value holds the default then. */
struct sc_number {
	const char *text;
	long long value;
	bool bad; /* libvirt can't read it */
};

/*
 * A 32-bit int: white space and a sign in front are fine, nothing may follow, '' is bad (libvirt util/virstring.c, virStrToLong_i).
 */
struct sc_number sc_number_int(const char *text, int base, long long absent);

/* An unsigned 32-bit number without '-' (util/virxml.c, virXMLPropUInt); '' is bad. base 0 takes 0x and 0 prefixes. */
struct sc_number sc_number_uint(const char *text, int base, long long absent);

/* The same in decimal, where '' counts as not written (virXPathString). */
struct sc_number sc_number_size(const char *text, long long absent);

/* The index of text in a NULL-terminated list of words, -1 when it is not there. Case matters. */
int sc_word_find(const char *const *words, const char *text);

/* Rounded up to a power of two; 0 above 2^31, as libvirt's VIR_ROUND_UP_POWER_OF_TWO does. */
unsigned sc_round_up_power_of_two(unsigned value);

#endif
