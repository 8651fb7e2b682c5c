/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/accounts.h"

#include <stdlib.h>
#include <string.h>

static int by_account(const void *name, const void *item)
{
	return strcmp(name, ((const struct sc_account_fact *)item)->name);
}

static int by_group(const void *name, const void *item)
{
	return strcmp(name, ((const struct sc_group_fact *)item)->name);
}

const struct sc_account_fact *sc_host_account_of(const struct sc_host *host, const char *name)
{
	const struct sc_host_logins *logins = &host->logins;

	return logins->n_accounts ? bsearch(name, logins->accounts, logins->n_accounts, sizeof(*logins->accounts), by_account) : NULL;
}

const struct sc_group_fact *sc_host_group_of(const struct sc_host *host, const char *name)
{
	const struct sc_host_logins *logins = &host->logins;

	return logins->n_groups ? bsearch(name, logins->groups, logins->n_groups, sizeof(*logins->groups), by_group) : NULL;
}

const struct sc_pam_fact *sc_host_pam(const struct sc_host *host, const char *path)
{
	for (size_t i = 0; i < host->logins.n_pam; i++)
		if (strcmp(host->logins.pam[i].path, path) == 0)
			return &host->logins.pam[i];
	return NULL;
}

const struct sc_pam_list_fact *sc_host_pam_list(const struct sc_host *host, const char *path)
{
	const struct sc_table_entry *entry = sc_table_find_text(&host->logins.lists, path);

	return entry ? entry->value : NULL;
}

bool sc_host_pam_list_add(struct sc_host *host, const struct sc_pam_list_fact *list)
{
	struct sc_table_entry *entry = sc_table_add_text(&host->logins.lists, list->path);

	if (entry)
		entry->value = list;
	return entry;
}

static int by_gid(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return x < y ? -1 : x > y;
}

bool sc_account_in(const struct sc_account_fact *account, unsigned gid)
{
	return account->n_groups && bsearch(&gid, account->groups, account->n_groups, sizeof(gid), by_gid);
}

static int by_text(const void *a, const void *b)
{
	const struct sc_pam_line *x = a, *y = b;
	size_t len = x->len < y->len ? x->len : y->len;
	int order = len ? memcmp(x->text, y->text, len) : 0;

	return order ? order : x->len < y->len ? -1 : x->len > y->len;
}

static int by_text_and_line(const void *a, const void *b)
{
	const struct sc_pam_line *x = a, *y = b;
	int order = by_text(a, b);

	return order ? order : x->line < y->line ? -1 : x->line > y->line;
}

unsigned sc_pam_list_find(const struct sc_pam_list_fact *list, const char *word)
{
	const struct sc_pam_line key = {word, strlen(word), 0};
	const struct sc_pam_line *found = list->n_lines ? bsearch(&key, list->lines, list->n_lines, sizeof(*list->lines), by_text) : NULL;

	while (found && found > list->lines && by_text(&found[-1], &key) == 0)
		found--;
	return found ? found->line : 0;
}

bool sc_pam_list_sort(struct sc_pam_list_fact *list, struct sc_arena *memory)
{
	size_t count = 1, n = 0;

	for (size_t i = 0; i < list->len; i++)
		count += list->text[i] == '\n';
	list->lines = sc_arena_alloc(memory, count * sizeof(*list->lines));
	if (!list->lines)
		return false;
	for (size_t at = 0, line = 1; at < list->len; line++) {
		const char *newline = memchr(list->text + at, '\n', list->len - at);
		size_t len = newline ? (size_t)(newline - list->text) - at : list->len - at;

		const char *cr = memchr(list->text + at, '\r', len);
		size_t used = cr ? (size_t)(cr - list->text) - at : len;

		/* the module passes over empty lines */
		if (used)
			list->lines[n++] = (struct sc_pam_line){list->text + at, used, (unsigned)line};
		at += len + 1;
	}
	list->n_lines = n;
	if (n)
		qsort(list->lines, n, sizeof(*list->lines), by_text_and_line);
	return true;
}
