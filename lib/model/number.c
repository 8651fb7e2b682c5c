/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/number.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct sc_number sc_number_int(const char *text, int base, long long absent)
{
	struct sc_number number = {.text = text, .value = absent};
	char *end;

	if (!text)
		return number;
	errno = 0;
	long value = strtol(text, &end, base);
	number.bad = errno || end == text || *end || value > INT_MAX || value < INT_MIN;
	if (!number.bad)
		number.value = value;
	return number;
}

struct sc_number sc_number_uint(const char *text, int base, long long absent)
{
	struct sc_number number = {.text = text, .value = absent};
	char *end;

	if (!text)
		return number;
	errno = 0;
	unsigned long value = strtoul(text, &end, base);
	number.bad = errno || end == text || *end || strchr(text, '-') || value > UINT_MAX;
	if (!number.bad)
		number.value = (long long)value;
	return number;
}

struct sc_number sc_number_size(const char *text, long long absent)
{
	return sc_number_uint(text && *text ? text : NULL, 10, absent);
}

int sc_word_find(const char *const *words, const char *text)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	return -1;
}

unsigned sc_round_up_power_of_two(unsigned value)
{
	unsigned power = 1;

	if (!value || value > 1U << 31)
		return 0;
	while (power < value)
		power *= 2;
	return power;
}
