/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "access/access_impl.h"
#include "base/grow.h"

static int by_subject(const void *a, const void *b)
{
	const struct sc_subject *x = a, *y = b;

	return x->who != y->who ? (int)x->who - (int)y->who : strcmp(x->name, y->name);
}

bool sc_access_name_add(struct sc_access_names *names, struct sc_arena *memory, struct sc_subject subject)
{
	struct sc_subject *list = sc_arena_grow(memory, names->list, names->n, sizeof(*list));

	if (!list || !subject.name)
		return false;
	names->list = list;
	list[names->n++] = subject;
	return true;
}

void sc_access_names_sort(struct sc_access_names *names)
{
	size_t n = 0;

	if (names->n)
		qsort(names->list, names->n, sizeof(*names->list), by_subject);
	for (size_t i = 0; i < names->n; i++)
		if (!n || by_subject(&names->list[n - 1], &names->list[i]) != 0)
			names->list[n++] = names->list[i];
	names->n = n;
}

bool sc_access_names_have(const struct sc_access_names *names, const struct sc_subject *subject)
{
	return names->n && bsearch(subject, names->list, names->n, sizeof(*names->list), by_subject);
}

int sc_access_by_login(const void *key, const void *item)
{
	const struct sc_subject *subject = key;
	const struct sc_sasl_user *user = item;
	int order = strcmp(subject->name, user->user);

	return order ? order : strcmp(subject->realm, user->realm);
}
