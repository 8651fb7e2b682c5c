/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/names_book.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/table.h"
#include "doc/lines.h"
#include "system/os/look.h"
#include "system/os/names.h"

enum { FIELD_NAME, FIELD_ID = 2, FIELD_GROUP = 3, FIELD_LISTED = 3 };

struct sc_names_account {
	unsigned long gid;
	uint32_t at, len; /* the name in passwd */
};

/* A line of the group file: its name, and all of it. */
struct sc_names_line {
	const char *text;
	uint32_t name_len, len;
};

/* The colon-separated field of a line; false where the line is shorter. */
static bool field_of(const char *line, size_t len, int index, const char **field, size_t *n)
{
	const char *end = line + len;

	for (; index; index--) {
		line = memchr(line, ':', (size_t)(end - line));
		if (!line)
			return false;
		line++;
	}
	const char *colon = memchr(line, ':', (size_t)(end - line));
	*field = line;
	*n = (size_t)((colon ? colon : end) - line);
	return true;
}

static int compare_accounts(const struct sc_names_account *x, const struct sc_names_account *y, const char *passwd)
{
	if (x->gid != y->gid)
		return x->gid < y->gid ? -1 : 1;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return memcmp(passwd + x->at, passwd + y->at, x->len);
}

static int by_gid(const void *a, const void *b, void *passwd)
{
	return compare_accounts(a, b, passwd);
}

static int compare_name(const struct sc_names_line *line, const char *name, size_t len)
{
	size_t shorter = line->name_len < len ? line->name_len : len;
	int bytes = memcmp(line->text, name, shorter);

	return bytes ? bytes : (line->name_len > len) - (line->name_len < len);
}

/* Among several with one name, the first in the file takes precedence: keep it first. */
static int by_name(const void *a, const void *b)
{
	const struct sc_names_line *x = a, *y = b;
	int names = compare_name(x, y->text, y->name_len);

	return names ? names : (x->text > y->text) - (x->text < y->text);
}

static size_t count_lines(const struct sc_buf *text)
{
	struct sc_line line = {0};
	size_t count = 0;

	while (sc_line_next(text, &line))
		count++;
	return count;
}

static bool sort_accounts(struct sc_names_book *book)
{
	struct sc_line line = {0};
	const char *field;
	size_t len;

	book->accounts = calloc(count_lines(&book->passwd) + 1, sizeof(*book->accounts));
	while (book->accounts && sc_line_next(&book->passwd, &line)) {
		const char *text = book->passwd.data + line.start;

		/* The number ends before the colon or the end of the line, since the text ends with NUL. */
		if (!field_of(text, line.end - line.start, FIELD_GROUP, &field, &len) || !len)
			continue;
		struct sc_names_account *account = &book->accounts[book->n_accounts++];
		account->gid = strtoul(field, NULL, 10);
		account->at = (uint32_t)line.start;
		account->len = (uint32_t)strcspn(text, ":");
	}
	if (book->accounts)
		qsort_r(book->accounts, book->n_accounts, sizeof(*book->accounts), by_gid, book->passwd.data);
	return book->accounts;
}

static bool sort_groups(struct sc_names_book *book)
{
	struct sc_line line = {0};
	const char *name;
	size_t len;

	book->groups = calloc(count_lines(&book->group) + 1, sizeof(*book->groups));
	while (book->groups && sc_line_next(&book->group, &line)) {
		const char *text = book->group.data + line.start;

		if (field_of(text, line.end - line.start, FIELD_NAME, &name, &len))
			book->groups[book->n_groups++] = (struct sc_names_line){text, (uint32_t)len, (uint32_t)(line.end - line.start)};
	}
	if (book->groups)
		qsort(book->groups, book->n_groups, sizeof(*book->groups), by_name);
	return book->groups;
}

static enum spicecfg_status load(struct spicecfg_ctx *ctx, struct sc_names_book *book)
{
	if (book->loaded)
		return SPICECFG_OK;
	(void)sc_look_read(ctx, "/etc/passwd", SC_NAMES_FILE_MAX, &book->passwd);
	if (ctx->root)
		(void)sc_look_read(ctx, "/etc/group", SC_NAMES_FILE_MAX, &book->group);
	enum spicecfg_status status = sc_settle(ctx);
	if (status)
		return status;
	book->loaded = true;
	return sort_accounts(book) && sort_groups(book) ? SPICECFG_OK : sc_fail_memory(ctx);
}

void sc_names_book_free(struct sc_names_book *book)
{
	sc_buf_free(&book->passwd);
	sc_buf_free(&book->group);
	free(book->accounts);
	free(book->groups);
	*book = (struct sc_names_book){0};
}

/* Each once. */
struct members {
	struct sc_names_book *book;
	struct sc_arena *arena;
	struct sc_table listed;
	char **names;
	size_t count;
	bool many, failed;
};

static char *add(struct members *members, const char *text, size_t len)
{
	char *name = sc_arena_strndup(members->arena, text, len);
	char **more = name ? sc_arena_grow(members->arena, members->names, members->count, sizeof(*more)) : NULL;

	members->failed |= !more;
	if (!more)
		return NULL;
	members->names = more;
	members->many = ++members->book->given > SC_NAMES_MEMBERS_MAX;
	return members->names[members->count++] = name;
}

static bool is_full(const struct members *members)
{
	return members->many || members->failed;
}

static void add_primary(struct members *members, gid_t gid)
{
	const struct sc_names_book *book = members->book;
	size_t low = 0, high = book->n_accounts;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (book->accounts[middle].gid < gid)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < book->n_accounts && book->accounts[low].gid == gid && !is_full(members); low++) {
		const struct sc_names_account *account = &book->accounts[low];
		const char *name = book->passwd.data + account->at;
		bool again = low && compare_accounts(account - 1, account, book->passwd.data) == 0;

		if (account->len && !again && !sc_table_find(&members->listed, name, account->len))
			(void)add(members, name, account->len);
	}
}

static void add_once(struct members *members, const char *text, size_t len)
{
	const char *name = len && !sc_table_find(&members->listed, text, len) ? add(members, text, len) : NULL;

	members->failed |= name && !sc_table_add(&members->listed, name, len);
}

static void add_listed(struct members *members, const char *list, size_t len)
{
	for (const char *word = list, *end = list + len; word < end && !is_full(members);) {
		const char *comma = memchr(word, ',', (size_t)(end - word)), *stop = comma ? comma : end;

		add_once(members, word, (size_t)(stop - word));
		word = stop + 1;
	}
}

/* Below a root. */
static void add_of_file(struct members *members, const char *name)
{
	const struct sc_names_book *book = members->book;
	size_t low = 0, high = book->n_groups, len = strlen(name), n;
	const char *field;
	gid_t gid;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare_name(&book->groups[middle], name, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	const struct sc_names_line *line = low < book->n_groups ? &book->groups[low] : NULL;
	if (!line || compare_name(line, name, len) != 0 || !field_of(line->text, line->len, FIELD_ID, &field, &n) ||
	    !sc_names_number(field, n, &gid))
		return;
	if (field_of(line->text, line->len, FIELD_LISTED, &field, &n))
		add_listed(members, field, n);
	add_primary(members, gid);
}

static enum spicecfg_status add_of_service(struct spicecfg_ctx *ctx, struct members *members, const char *name)
{
	struct group entry;
	char *room = NULL;
	int error = sc_names_entry(name, 0, &entry, &room);

	for (char **listed = error ? NULL : entry.gr_mem; listed && *listed && !is_full(members); listed++)
		add_once(members, *listed, strlen(*listed));
	if (!error)
		add_primary(members, entry.gr_gid);
	free(room);
	if (error == ERANGE)
		return sc_fail(ctx, SPICECFG_INPUT, NULL, "the entry of the group '%s' is larger than %d MiB", name,
			       SC_NAMES_ENTRY_MAX >> 20);
	if (error == ENOMEM)
		return sc_fail_memory(ctx);
	if (error && error != ENOENT)
		sc_look_failed(ctx, "the group database", strerror(error));
	return SPICECFG_OK;
}

enum spicecfg_status sc_names_members(struct spicecfg_ctx *ctx, struct sc_names_book *book, const char *group, struct sc_arena *arena,
				      char ***names, size_t *count)
{
	struct members members = {.book = book, .arena = arena, .listed = SC_TABLE_INIT, .many = book->given > SC_NAMES_MEMBERS_MAX};
	enum spicecfg_status status = load(ctx, book);

	*names = NULL;
	*count = 0;
	if (!status && !members.many && ctx->root)
		add_of_file(&members, group);
	else if (!status && !members.many)
		status = add_of_service(ctx, &members, group);
	sc_table_free(&members.listed);
	if (status)
		return status;
	if (members.failed)
		return sc_fail_memory(ctx);
	if (members.many)
		return sc_fail(ctx, SPICECFG_INPUT, "Grant access to fewer or smaller groups where libvirt asks polkit.",
			       "the groups that may connect to libvirt have more than %d members", SC_NAMES_MEMBERS_MAX);
	*names = members.names;
	*count = members.count;
	return SPICECFG_OK;
}
