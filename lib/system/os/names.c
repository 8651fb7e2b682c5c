/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/names.h"

#include <errno.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "system/os/look.h"

enum { ROOM = 64 * 1024 }; /* of an entry; a group's, with all its members, gets more */

enum { GROUPS_MAX = 1024, HOSTNAME_MAX = 4096 };

/* Finds the line of a colon-separated file below the root whose field `key` is `value`; in arena, NULL: none. */
static char *find_line(const struct spicecfg_ctx *ctx, const char *path, int key, const char *value, struct sc_arena *arena)
{
	SC_BUF bytes = SC_BUF_INIT;
	char *found = NULL, *save;

	if (sc_look_read(ctx, path, SC_NAMES_FILE_MAX, &bytes) != SC_LOOK_OK)
		return NULL;
	for (char *line = bytes.len ? strtok_r(bytes.data, "\n", &save) : NULL; line && !found; line = strtok_r(NULL, "\n", &save)) {
		const char *field = line;

		for (int i = 0; i < key && field; i++) {
			field = strchr(field, ':');
			field = field ? field + 1 : NULL;
		}
		size_t len = field ? strcspn(field, ":") : 0;
		if (field && strlen(value) == len && memcmp(field, value, len) == 0)
			found = sc_arena_strdup(arena, line);
	}
	return found;
}

static char *field_of(char *line, int index, struct sc_arena *arena)
{
	for (int i = 0; i < index && line; i++) {
		line = strchr(line, ':');
		line = line ? line + 1 : NULL;
	}
	return line ? sc_arena_strndup(arena, line, strcspn(line, ":")) : NULL;
}

static bool is_number(const char *text, unsigned long *id)
{
	char *end;

	if (*text == '+')
		text++;
	if (*text < '0' || *text > '9')
		return false;
	*id = strtoul(text, &end, 10);
	return !*end && *id <= 0xfffffffeUL;
}

bool sc_names_number(const char *text, size_t len, gid_t *id)
{
	char copy[16];
	unsigned long number;

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (!is_number(copy, &number))
		return false;
	*id = (gid_t)number;
	return true;
}

int sc_names_entry(const char *name, gid_t gid, struct group *entry, char **room)
{
	*room = NULL;
	for (size_t size = ROOM; size <= SC_NAMES_ENTRY_MAX; size *= 4) {
		struct group *found = NULL;

		free(*room);
		*room = malloc(size);
		if (!*room)
			return ENOMEM;
		int error = name ? getgrnam_r(name, entry, *room, size, &found) : getgrgid_r(gid, entry, *room, size, &found);
		if (error == EIO || error == EMFILE || error == ENFILE || error == ENOMEM)
			return error;
		if (error != ERANGE)
			return found ? 0 : ENOENT;
	}
	return ERANGE;
}

/* The numbers in fields 2 and 3 of the line of name, in a file below the root; the second is meaningless in /etc/group. */
static int numbers_of(const struct spicecfg_ctx *ctx, const char *path, const char *name, bool both, unsigned long ids[2])
{
	struct sc_arena *arena = sc_arena_new();
	char *line = arena ? find_line(ctx, path, 0, name, arena) : NULL;
	bool found = line != NULL;

	for (int i = 0; i < 1 + both && found; i++) {
		const char *field = field_of(line, 2 + i, arena);

		found = field && is_number(field, &ids[i]);
	}
	sc_arena_free(arena);
	return found ? 0 : -1;
}

int sc_names_user(const struct spicecfg_ctx *ctx, const char *name, uid_t *uid, gid_t *gid)
{
	unsigned long ids[2];
	char room[ROOM];
	struct passwd entry, *found = NULL;

	if (is_number(name, &ids[0])) {
		ids[1] = ids[0];
	} else if (ctx->root) {
		if (numbers_of(ctx, "/etc/passwd", name, true, ids) < 0)
			return -1;
	} else {
		/* The _r calls are needed because checks look up accounts in several threads. */
		if (getpwnam_r(name, &entry, room, sizeof(room), &found) != 0 || !found)
			return -1;
		ids[0] = entry.pw_uid;
		ids[1] = entry.pw_gid;
	}
	*uid = (uid_t)ids[0];
	*gid = (gid_t)ids[1];
	return 0;
}

/* Groups are looked up in the file below a root, and where a plan changes the file, before the name service is asked. */
static bool in_file(const struct spicecfg_ctx *ctx)
{
	return ctx->root || sc_staged_of(ctx, "/etc/group", false, true);
}

int sc_names_group(const struct spicecfg_ctx *ctx, const char *name, gid_t *gid)
{
	unsigned long ids[2];
	struct group entry;

	if (is_number(name, &ids[0]) || (in_file(ctx) && numbers_of(ctx, "/etc/group", name, false, ids) == 0)) {
		*gid = (gid_t)ids[0];
		return 0;
	}
	if (ctx->root)
		return -1;
	char *room;
	int error = sc_names_entry(name, 0, &entry, &room);
	free(room);
	if (error)
		return -1;
	*gid = entry.gr_gid;
	return 0;
}

static bool in_list(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *word = list; word && *word; word += strcspn(word, ","), word += *word == ',')
		if (strcspn(word, ",") == len && memcmp(word, name, len) == 0)
			return true;
	return false;
}

bool sc_names_member(const struct spicecfg_ctx *ctx, const char *user, const char *group)
{
	uid_t uid;
	gid_t primary, gid;
	bool member = false;

	if (sc_names_user(ctx, user, &uid, &primary) < 0 || sc_names_group(ctx, group, &gid) < 0)
		return false;
	if (primary == gid)
		return true;
	if (!in_file(ctx)) {
		struct group entry;
		char *room;
		int error = sc_names_entry(group, 0, &entry, &room);

		for (char **name = error ? NULL : entry.gr_mem; name && *name; name++)
			member |= strcmp(*name, user) == 0;
		free(room);
		return member;
	}
	struct sc_arena *arena = sc_arena_new();
	char *line = arena ? find_line(ctx, "/etc/group", 0, group, arena) : NULL;
	member = line && in_list(field_of(line, 3, arena), user);
	sc_arena_free(arena);
	return member;
}

/* Below a root: the groups whose lines list the account. */
static size_t listed_groups(const struct spicecfg_ctx *ctx, const char *user, gid_t *groups, size_t max, struct sc_arena *arena)
{
	SC_BUF bytes = SC_BUF_INIT;
	char *save = NULL;
	size_t n = 0;

	if (sc_look_read(ctx, "/etc/group", SC_NAMES_FILE_MAX, &bytes) != SC_LOOK_OK)
		return 0;
	for (char *line = bytes.len ? strtok_r(bytes.data, "\n", &save) : NULL; line && n < max; line = strtok_r(NULL, "\n", &save)) {
		const char *number = field_of(line, 2, arena);
		unsigned long gid;

		if (number && is_number(number, &gid) && in_list(field_of(line, 3, arena), user))
			groups[n++] = (gid_t)gid;
	}
	return n;
}

const gid_t *sc_names_groups(const struct spicecfg_ctx *ctx, const char *user, struct sc_arena *arena, size_t *n)
{
	gid_t *groups = sc_arena_alloc(arena, GROUPS_MAX * sizeof(*groups)), primary;
	int count = GROUPS_MAX;
	uid_t uid;

	*n = 0;
	if (!groups || sc_names_user(ctx, user, &uid, &primary) < 0)
		return NULL;
	groups[0] = primary;
	if (ctx->root)
		*n = 1 + listed_groups(ctx, user, groups + 1, GROUPS_MAX - 1, arena);
	else if (getgrouplist(user, primary, groups, &count) >= 0)
		*n = (size_t)count;
	else
		*n = count > GROUPS_MAX ? GROUPS_MAX : 1;
	return groups;
}

static const char *name_of(const struct spicecfg_ctx *ctx, const char *path, const char *system_name, unsigned id, struct sc_arena *arena)
{
	char *number = sc_arena_printf(arena, "%u", id);

	if (system_name)
		return sc_arena_strdup(arena, system_name);
	char *line = number && in_file(ctx) ? find_line(ctx, path, 2, number, arena) : NULL;
	return line ? field_of(line, 0, arena) : number;
}

const char *sc_names_of_user(const struct spicecfg_ctx *ctx, uid_t uid, struct sc_arena *arena)
{
	char room[ROOM];
	struct passwd entry, *found = NULL;

	if (!ctx->root && getpwuid_r(uid, &entry, room, sizeof(room), &found) != 0)
		found = NULL;
	return name_of(ctx, "/etc/passwd", found ? entry.pw_name : NULL, uid, arena);
}

const char *sc_names_of_group(const struct spicecfg_ctx *ctx, gid_t gid, struct sc_arena *arena)
{
	struct group entry;
	char *room = NULL;
	int error = ctx->root ? ENOENT : sc_names_entry(NULL, gid, &entry, &room);
	const char *name = name_of(ctx, "/etc/group", error ? NULL : entry.gr_name, gid, arena);

	free(room);
	return name;
}

/* The first name of the line of /etc/hosts below the root that has this name, as libc finds it for AI_CANONNAME; NULL: none with a dot. */
static const char *canonical(const struct spicecfg_ctx *ctx, const char *name, struct sc_arena *arena)
{
	SC_BUF bytes = SC_BUF_INIT;
	char *save, *words;

	if (sc_look_read(ctx, "/etc/hosts", SC_NAMES_FILE_MAX, &bytes) != SC_LOOK_OK || !bytes.len)
		return NULL;
	for (char *line = strtok_r(bytes.data, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		line[strcspn(line, "#")] = '\0';
		(void)strtok_r(line, " \t\r", &words);
		const char *first = strtok_r(NULL, " \t\r", &words);
		for (const char *word = first; word; word = strtok_r(NULL, " \t\r", &words))
			if (strcasecmp(word, name) == 0)
				return strchr(first, '.') ? sc_arena_strdup(arena, first) : NULL;
	}
	return NULL;
}

const char *sc_names_host(const struct spicecfg_ctx *ctx, struct sc_arena *arena, const char **fqdn)
{
	SC_BUF bytes = SC_BUF_INIT;
	char name[256] = "";

	*fqdn = NULL;
	if (!ctx->root) {
		struct addrinfo hints = {.ai_flags = AI_CANONNAME, .ai_socktype = SOCK_STREAM}, *info = NULL;

		if (gethostname(name, sizeof(name) - 1) < 0)
			return "";
		if (getaddrinfo(name, NULL, &hints, &info) == 0) {
			if (info->ai_canonname && strchr(info->ai_canonname, '.'))
				*fqdn = sc_arena_strdup(arena, info->ai_canonname);
			freeaddrinfo(info);
		}
	} else if (sc_look_read(ctx, "/etc/hostname", HOSTNAME_MAX, &bytes) == SC_LOOK_OK) {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(sc_buf_text(&bytes), " \t\r\n"), sc_buf_text(&bytes));
	}
	if (!*fqdn && strchr(name, '.'))
		*fqdn = sc_arena_strdup(arena, name);
	if (!*fqdn && ctx->root && *name)
		*fqdn = canonical(ctx, name, arena);
	return sc_arena_strdup(arena, name);
}
