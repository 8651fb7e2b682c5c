/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The accounts and groups of the host, and whether their passwords can be used: passwd, group and shadow. */
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "doc/lines.h"
#include "model/accounts.h"
#include "system/facts/hostgather.h"
#include "system/os/look.h"
#include "system/os/names.h"

enum { FIELDS = 9 };

struct gather {
	struct spicecfg_ctx *ctx;
	struct sc_host *host;
	bool failed; /* out of memory */
};

/* The colon-separated fields of a line, in memory; missing ones are "". */
static void split(struct sc_arena *memory, const char *line, size_t len, const char *fields[FIELDS])
{
	size_t at = 0;

	for (int i = 0; i < FIELDS; i++) {
		const char *colon = at < len ? memchr(line + at, ':', len - at) : NULL;
		size_t end = colon ? (size_t)(colon - line) : len;

		fields[i] = at < len ? sc_arena_strndup(memory, line + at, end - at) : "";
		fields[i] = fields[i] ? fields[i] : "";
		at = end < len ? end + 1 : len;
	}
}

static bool is_entry(const char *line, size_t len)
{
	return len && *line != '#' && *line != '+' && *line != '-';
}

static long day_of(const char *text)
{
	char *end;
	long day = strtol(text, &end, 10);

	return *text && !*end && day >= 0 ? day : -1;
}

static int by_account(const void *a, const void *b)
{
	return strcmp(((const struct sc_account_fact *)a)->name, ((const struct sc_account_fact *)b)->name);
}

static int by_group(const void *a, const void *b)
{
	return strcmp(((const struct sc_group_fact *)a)->name, ((const struct sc_group_fact *)b)->name);
}

static int by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return x < y ? -1 : x > y;
}

/* A password field as crypt(3) compares it: SC_UNKNOWN for an empty one, which depends on an option of pam_unix. */
static enum sc_known usable(const char *field)
{
	return !*field ? SC_UNKNOWN : *field == '!' || *field == '*' ? SC_FALSE : SC_TRUE;
}

static void read_accounts(struct gather *gather, const struct sc_buf *text)
{
	struct sc_host_logins *logins = &gather->host->logins;
	struct sc_arena *memory = gather->host->memory;
	struct sc_line line = {0};
	const char *fields[FIELDS];

	while (sc_line_next(text, &line) && !gather->failed) {
		gid_t uid, gid;

		if (!is_entry(text->data + line.start, line.end - line.start))
			continue;
		split(memory, text->data + line.start, line.end - line.start, fields);
		if (!sc_names_number(fields[2], strlen(fields[2]), &uid) || !sc_names_number(fields[3], strlen(fields[3]), &gid))
			continue;
		struct sc_account_fact *list = sc_arena_grow(memory, logins->accounts, logins->n_accounts, sizeof(*list));
		unsigned *groups = sc_arena_grow(memory, NULL, 0, sizeof(*groups));
		gather->failed = !list || !groups;
		if (gather->failed)
			return;
		*groups = gid;
		logins->accounts = list;
		list[logins->n_accounts++] =
		    (struct sc_account_fact){.name = fields[0],
					     .uid = uid,
					     .gid = gid,
					     .shell = fields[6],
					     .home = fields[5],
					     .groups = groups,
					     .n_groups = 1,
					     .password = strcmp(fields[1], "x") == 0 ? SC_UNKNOWN : usable(fields[1]),
					     .changed = -1,
					     .max = -1,
					     .inactive = -1,
					     .expires = -1};
	}
}

/* Of entries with one name only the first applies. */
static void sort_accounts(struct sc_host_logins *logins)
{
	size_t n = 0;

	if (logins->n_accounts)
		qsort(logins->accounts, logins->n_accounts, sizeof(*logins->accounts), by_account);
	for (size_t i = 0; i < logins->n_accounts; i++) {
		if (n && by_account(&logins->accounts[n - 1], &logins->accounts[i]) == 0)
			/* which of them libc returns first depends on the file: it is unknown here */
			logins->accounts[n - 1].password = SC_UNKNOWN;
		else
			logins->accounts[n++] = logins->accounts[i];
	}
	logins->n_accounts = n;
}

static struct sc_account_fact *find(const struct gather *gather, const char *name)
{
	return (struct sc_account_fact *)sc_host_account_of(gather->host, name);
}

static void join(struct gather *gather, const char *members, unsigned gid)
{
	while (*members && !gather->failed) {
		size_t len = strcspn(members, ",");
		const char *name = sc_arena_strndup(gather->host->memory, members, len);
		struct sc_account_fact *account = name ? find(gather, name) : NULL;

		gather->failed = !name;
		members += len + (members[len] == ',');
		if (!account || account->gid == gid)
			continue;
		unsigned *groups = sc_arena_grow(gather->host->memory, (unsigned *)account->groups, account->n_groups, sizeof(*groups));
		gather->failed = !groups;
		if (!groups)
			return;
		groups[account->n_groups++] = gid;
		account->groups = groups;
	}
}

static void read_groups(struct gather *gather, const struct sc_buf *text)
{
	struct sc_host_logins *logins = &gather->host->logins;
	struct sc_line line = {0};
	const char *fields[FIELDS];
	gid_t gid;

	while (sc_line_next(text, &line) && !gather->failed) {
		if (!is_entry(text->data + line.start, line.end - line.start))
			continue;
		split(gather->host->memory, text->data + line.start, line.end - line.start, fields);
		if (!sc_names_number(fields[2], strlen(fields[2]), &gid))
			continue;
		struct sc_group_fact *list = sc_arena_grow(gather->host->memory, logins->groups, logins->n_groups, sizeof(*list));
		gather->failed = !list;
		if (gather->failed)
			return;
		logins->groups = list;
		list[logins->n_groups++] = (struct sc_group_fact){fields[0], gid};
		join(gather, fields[3], gid);
	}
	if (logins->n_groups)
		qsort(logins->groups, logins->n_groups, sizeof(*logins->groups), by_group);
	for (size_t i = 0; i < logins->n_accounts; i++)
		qsort((unsigned *)logins->accounts[i].groups, logins->accounts[i].n_groups, sizeof(unsigned), by_number);
}

/* Hashes of passwords don't stay in memory: only whether there is one. */
static void read_shadow(struct gather *gather, struct sc_buf *text)
{
	struct sc_arena *scratch = sc_arena_new();
	struct sc_line line = {0};
	const char *fields[FIELDS];

	gather->failed |= !scratch;
	while (scratch && sc_line_next(text, &line)) {
		if (!is_entry(text->data + line.start, line.end - line.start))
			continue;
		split(scratch, text->data + line.start, line.end - line.start, fields);
		struct sc_account_fact *account = find(gather, fields[0]);
		if (!account)
			continue;
		account->password = usable(fields[1]);
		account->aged = SC_TRUE;
		account->changed = day_of(fields[2]);
		account->max = day_of(fields[4]);
		account->inactive = day_of(fields[6]);
		account->expires = day_of(fields[7]);
	}
	sc_arena_free(scratch);
}

/* True if nsswitch.conf(5) names no further source of accounts or groups. */
static bool only_files(struct gather *gather)
{
	SC_BUF text = SC_BUF_INIT;
	struct sc_line line = {0};
	enum sc_look look = sc_look_read(gather->ctx, "/etc/nsswitch.conf", SC_NAMES_FILE_MAX, &text);
	bool only = look != SC_LOOK_UNREAD;

	while (look == SC_LOOK_OK && sc_line_next(&text, &line)) {
		const char *at = text.data + line.start, *end = text.data + line.end;
		size_t len = (size_t)(end - at);

		if ((len < 7 || memcmp(at, "passwd:", 7) != 0) && (len < 6 || memcmp(at, "group:", 6) != 0))
			continue;
		for (at = memchr(at, ':', len), at++; at < end && *at != '#';) {
			size_t word = 0;

			while (at + word < end && at[word] != ' ' && at[word] != '\t')
				word++;
			bool known = !word || (word == 5 && memcmp(at, "files", 5) == 0) || (word == 7 && memcmp(at, "systemd", 7) == 0);
			only &= known || *at == '[';
			at += word + (at + word < end);
		}
	}
	return only;
}

enum spicecfg_status sc_host_gather_logins(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	struct gather gather = {ctx, host, false};
	SC_BUF passwd = SC_BUF_INIT;
	SC_BUF group = SC_BUF_INIT;
	SC_BUF shadow = SC_BUF_INIT;

	if (host->logins.asked)
		return SPICECFG_OK;
	host->logins.asked = true;
	enum sc_look accounts = sc_look_read(ctx, "/etc/passwd", SC_NAMES_FILE_MAX, &passwd);
	enum sc_look groups = sc_look_read(ctx, "/etc/group", SC_NAMES_FILE_MAX, &group);
	if (accounts == SC_LOOK_OK)
		read_accounts(&gather, &passwd);
	sort_accounts(&host->logins);
	if (groups == SC_LOOK_OK)
		read_groups(&gather, &group);
	if (sc_look_read(ctx, "/etc/shadow", SC_NAMES_FILE_MAX, &shadow) == SC_LOOK_OK)
		read_shadow(&gather, &shadow);
	host->logins.complete = accounts == SC_LOOK_OK && groups == SC_LOOK_OK && only_files(&gather) ? SC_TRUE : SC_UNKNOWN;
	return gather.failed ? sc_fail_memory(ctx) : sc_settle(ctx);
}
