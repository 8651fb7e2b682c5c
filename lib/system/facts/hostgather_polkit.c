/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom polkit allows to manage VMs without an administrator's password: its rules, the older .pkla files, and the action's own defaults. */
#include <string.h>

#include "base/grow.h"
#include "base/table.h"
#include "base/text.h"
#include "doc/polkit.h"
#include "model/ways.h"
#include "system/facts/hostgather.h"
#include "system/os/look.h"
#include "system/os/names.h"

#define ACTION "org.libvirt.unix.manage"
#define ACTIONS "/usr/share/polkit-1/actions/org.libvirt.unix.policy"
enum { SIZE_MAX_POLKIT = 1024 * 1024 };

struct look {
	struct spicecfg_ctx *ctx;
	struct sc_host *host;
	const char *file;
	struct sc_names_book book;
	struct sc_table groups; /* value: struct sc_host_members */
	bool failed;
};

enum spicecfg_status sc_host_gather_members(struct spicecfg_ctx *ctx, struct sc_host *host, struct sc_names_book *book, const char *group,
					    struct sc_host_members *out)
{
	char **members;
	size_t count;
	enum spicecfg_status status = sc_names_members(ctx, book, group, host->memory, &members, &count);

	*out = (struct sc_host_members){(const char *const *)members, 0};
	for (size_t i = 0; i < count && !status; i++)
		if (strcmp(members[i], "root") != 0)
			members[out->count++] = members[i];
	return status;
}

/* The members are looked up once for each group; all facts about it share them. */
static void add_members(struct look *look, struct sc_polkit_fact *fact)
{
	struct sc_table_entry *entry = sc_table_add_text(&look->groups, fact->name);
	const struct sc_host_members *known = entry ? entry->value : NULL;

	if (entry && !known) {
		struct sc_host_members *members = sc_arena_alloc(look->host->memory, sizeof(*members));

		if (members && sc_host_gather_members(look->ctx, look->host, &look->book, fact->name, members))
			sc_look_error(look->ctx, "/etc/group");
		entry->value = known = members;
	}
	look->failed |= !known;
	if (known) {
		fact->members = known->names;
		fact->n_members = known->count;
	}
}

static void add(void *opaque, enum sc_polkit_grant grant, const char *name, size_t len, unsigned line)
{
	struct look *look = opaque;
	struct sc_host *host = look->host;
	struct sc_polkit_fact fact = {.file = look->file, .line = line, .who = (enum sc_polkit_who)grant};
	struct sc_polkit_fact *facts = sc_arena_grow(host->memory, host->ways.polkit, host->ways.n_polkit, sizeof(*facts));

	look->failed |= !facts;
	if (!facts)
		return;
	host->ways.polkit = facts;
	if (grant == SC_GRANT_GROUP || grant == SC_GRANT_USER) {
		fact.name = sc_arena_strndup(host->memory, name, len);
		look->failed |= !fact.name;
	}
	if (grant == SC_GRANT_GROUP && fact.name)
		add_members(look, &fact);
	host->ways.polkit[host->ways.n_polkit++] = fact;
}

static void read_one(struct look *look, const char *path, void (*read)(const char *, const char *, sc_polkit_fn, void *))
{
	SC_BUF bytes = SC_BUF_INIT;

	if (sc_look_read(look->ctx, path, SIZE_MAX_POLKIT, &bytes) == SC_LOOK_OK) {
		look->file = sc_arena_strdup(look->host->memory, path);
		look->failed |= !look->file;
		read(sc_buf_text(&bytes), ACTION, add, look);
	}
}

static void read_directory(struct look *look, const char *directory, const char *end,
			   void (*read)(const char *, const char *, sc_polkit_fn, void *))
{
	char **names = sc_look_list(look->ctx, directory, look->host->memory);

	for (; names && *names; names++) {
		const char *path = sc_arena_printf(look->host->memory, "%s/%s", directory, *names);

		look->failed |= !path;
		if (path && sc_text_ends(*names, end))
			read_one(look, path, read);
	}
}

/* .pkla files are in effect where the program for them is installed, or where polkit is too old for rules. */
static void read_pkla(struct look *look)
{
	static const char *const roots[] = {"/etc/polkit-1/localauthority", "/var/lib/polkit-1/localauthority"};
	struct stat st;

	if (sc_look_stat(look->ctx, "/usr/bin/pkla-check-authorization", &st) != SC_LOOK_OK &&
	    sc_look_stat(look->ctx, "/usr/share/polkit-1/rules.d", &st) == SC_LOOK_OK)
		return;
	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++)
		for (char **names = sc_look_list(look->ctx, roots[i], look->host->memory); names && *names; names++) {
			const char *directory = sc_arena_printf(look->host->memory, "%s/%s", roots[i], *names);

			look->failed |= !directory;
			if (directory)
				read_directory(look, directory, ".pkla", sc_polkit_read_pkla);
		}
}

enum spicecfg_status sc_host_gather_polkit(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	static const char *const directories[] = {"/etc/polkit-1/rules.d", "/run/polkit-1/rules.d", "/usr/local/share/polkit-1/rules.d",
						  "/usr/share/polkit-1/rules.d"};
	struct look look = {.ctx = ctx, .host = host, .groups = SC_TABLE_INIT};

	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++)
		read_directory(&look, directories[i], ".rules", sc_polkit_read_rules);
	read_pkla(&look);
	read_one(&look, ACTIONS, sc_polkit_read_action);
	sc_table_free(&look.groups);
	sc_names_book_free(&look.book);
	return look.failed ? sc_fail_memory(ctx) : sc_settle(ctx);
}
