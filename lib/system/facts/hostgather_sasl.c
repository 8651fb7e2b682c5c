/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A SASL directory as QEMU finds it: the file that is in effect, its user database, saslauthd. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doc/saslconf.h"
#include "model/sasl.h"
#include "system/facts/hostgather.h"
#include "system/facts/saslauthd.h"
#include "system/facts/sasldb_users.h"
#include "system/modules/sasl.h"
#include "system/os/file.h"
#include "system/os/look.h"
#include "system/os/names.h"
#include "system/os/names_book.h"

enum { DB_SIZE_MAX = 64 * 1024 * 1024 };

struct look {
	struct spicecfg_ctx *ctx;
	struct sc_host *host;
	struct sc_sasl_fact *fact;
};

/* stat() that follows links: 0, or -1 with errno. */
static int stat_of(const struct spicecfg_ctx *ctx, const char *path, struct stat *st)
{
	struct sc_seen seen;
	enum sc_look look = sc_look_see(ctx, path, true, &seen);
	int error = errno;

	*st = seen.st;
	sc_seen_close(&seen);
	errno = error;
	return look == SC_LOOK_OK ? 0 : -1;
}

/* libsasl2 has one plugin directory, which differs between distributions. */
static enum spicecfg_status read_plugins(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	static const char *const directories[] = {"/usr/lib/x86_64-linux-gnu/sasl2", "/usr/lib/aarch64-linux-gnu/sasl2", "/usr/lib64/sasl2",
						  "/usr/lib/sasl2"};
	char **files = NULL;
	size_t count = 0;

	if (host->sasl.plugins)
		return SPICECFG_OK;
	host->sasl.distribution = sc_host_family(ctx);
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories) && !files; i++)
		files = sc_look_list(ctx, directories[i], host->memory);
	while (files && files[count])
		count++;
	const char **names = sc_arena_alloc(host->memory, (count + 1) * sizeof(*names));
	if (!names)
		return sc_fail_memory(ctx);
	for (size_t i = 0; i < count; i++) {
		const char *end = strstr(files[i], ".so");

		/* libscram.so, libscram.so.3 and libscram.so.3.0.0 are one */
		if (strncmp(files[i], "lib", 3) != 0 || !end || (strcmp(end, ".so") != 0 && strncmp(end, ".so.", 4) != 0))
			continue;
		char *name = sc_arena_strndup(host->memory, files[i] + 3, (size_t)(end - files[i]) - 3);
		if (name && (!host->sasl.n_plugins || strcmp(names[host->sasl.n_plugins - 1], name) != 0))
			names[host->sasl.n_plugins++] = name;
	}
	host->sasl.plugins = files ? names : NULL;
	host->sasl.no_libraries = !files && ctx->root && !sc_look_exists(ctx, "/usr/lib") && !sc_look_exists(ctx, "/usr/lib64");
	return SPICECFG_OK;
}

/* Whether an account that is neither the owner nor in the group has one of the permission bits, and may search every directory above. */
static enum sc_known others_may(const struct look *look, const char *path, mode_t bits)
{
	char *part = sc_arena_strdup(look->host->memory, path);
	struct stat st;

	if (!part || stat_of(look->ctx, path, &st) != 0)
		return SC_UNKNOWN;
	if (!(st.st_mode & bits))
		return SC_FALSE;
	for (char *slash = strrchr(part, '/'); slash && slash != part; slash = strrchr(part, '/')) {
		*slash = '\0';
		if (stat_of(look->ctx, part, &st) != 0)
			return SC_UNKNOWN;
		if (S_ISDIR(st.st_mode) && !(st.st_mode & S_IXOTH))
			return SC_FALSE;
	}
	return SC_TRUE;
}

/* Whether an account other than root owns the file, or may write to it or its directory. */
static enum sc_known not_roots(const struct look *look, const char *path)
{
	char *directory = sc_arena_strdup(look->host->memory, path);
	struct stat file, dir;

	if (!directory || !strrchr(directory, '/'))
		return SC_UNKNOWN;
	*strrchr(directory, '/') = '\0';
	if (stat_of(look->ctx, path, &file) != 0 || stat_of(look->ctx, directory, &dir) != 0)
		return SC_UNKNOWN;
	return file.st_uid || dir.st_uid || ((file.st_mode | dir.st_mode) & 022) ? SC_TRUE : SC_FALSE;
}

static const char *keep(const struct look *look, const struct sc_saslconf *conf, const char *key)
{
	return sc_arena_strdup(look->host->memory, sc_saslconf_get(conf, key, NULL));
}

/* Reads the file of one directory; true if libsasl2 stops searching here. */
static bool read_file(const struct look *look, const char *path, struct sc_saslconf **conf)
{
	struct sc_sasl_fact *fact = look->fact;
	struct spicecfg_ctx *ctx = look->ctx;
	SC_BUF bytes = SC_BUF_INIT;
	struct stat st;

	if (stat_of(ctx, path, &st) != 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			fact->state = SC_SASL_FILE_UNKNOWN;
		return errno != ENOENT && errno != ENOTDIR;
	}
	fact->file = path;
	fact->reads = sc_host_gather_reach(ctx, look->host, path, R_OK, &fact->closed);
	if (fact->reads == SC_FALSE) {
		/* fopen() fails: libsasl2 goes on as if the file were missing */
		fact->state = SC_SASL_FILE_UNREADABLE;
		return false;
	}
	fact->state = SC_SASL_FILE_UNKNOWN;
	if (sc_look_read(ctx, path, SC_SASLCONF_SIZE_MAX, &bytes) != SC_LOOK_OK)
		return true;
	fact->others_may = not_roots(look, path);
	if (sc_saslconf_parse(ctx, path, sc_buf_text(&bytes), bytes.len, conf) == SPICECFG_OK) {
		/* its settings are used even if QEMU's account is unknown */
		fact->state = SC_SASL_FILE_OK;
	} else {
		const struct spicecfg_error *error = spicecfg_ctx_error(ctx);

		fact->state = error && error->status == SPICECFG_INPUT ? SC_SASL_FILE_BROKEN : SC_SASL_FILE_UNKNOWN;
		fact->line = error ? error->line : 0;
		sc_let_go(ctx);
	}
	return true;
}

static const char *misnamed_in(const struct look *look, const char *directory, size_t len)
{
	static const char *const names[] = {"qemu.config", "spice.conf", "qemu.cfg"};
	struct stat st;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *path = sc_arena_printf(look->host->memory, "%.*s/%s", (int)len, directory, names[i]);

		if (path && stat_of(look->ctx, path, &st) == 0)
			return path;
	}
	return NULL;
}

/* Whether libsasl2 could read the file under its right name. */
static enum sc_known is_sound(const struct look *look, const char *path)
{
	SC_BUF bytes = SC_BUF_INIT;
	struct sc_saslconf *conf = NULL;

	if (sc_look_read(look->ctx, path, SC_SASLCONF_SIZE_MAX, &bytes) != SC_LOOK_OK)
		return SC_UNKNOWN;
	enum spicecfg_status status = sc_saslconf_parse(look->ctx, path, sc_buf_text(&bytes), bytes.len, &conf);
	sc_saslconf_free(conf);
	if (status == SPICECFG_INPUT)
		sc_let_go(look->ctx);
	return status == SPICECFG_OK ? SC_TRUE : status == SPICECFG_INPUT ? SC_FALSE : SC_UNKNOWN;
}

/* Searches the directories in the order of libsasl2's load_config(). */
static void read_directories(const struct look *look, struct sc_saslconf **conf)
{
	struct sc_sasl_fact *fact = look->fact;
	struct stat st;
	bool done = false;

	fact->state = SC_SASL_FILE_MISSING;
	fact->exists = SC_FALSE;
	for (const char *at = fact->directory; at && !done;) {
		size_t len = strcspn(at, ":"), bare = len;

		while (bare && at[bare - 1] == '/')
			bare--;
		const char *directory = sc_arena_strndup(look->host->memory, at, len);
		const char *path = sc_arena_printf(look->host->memory, "%.*s/qemu.conf", (int)bare, at);

		if (!directory || !path)
			return;
		if (*directory && stat_of(look->ctx, directory, &st) == 0)
			fact->exists = SC_TRUE;
		if (!fact->file)
			fact->file = path;
		done = read_file(look, path, conf);
		if (!done && fact->deep && !fact->misnamed)
			fact->misnamed = misnamed_in(look, at, len);
		at = at[len] ? at + len + 1 : NULL;
	}
	if (fact->misnamed && fact->state == SC_SASL_FILE_MISSING)
		fact->misnamed_ok = is_sound(look, fact->misnamed);
}

static enum spicecfg_status read_saslauthd(const struct look *look)
{
	struct sc_sasl_fact *fact = look->fact;
	struct stat st;

	if (!fact->mux)
		fact->mux = sc_host_mux(look->ctx, look->host->memory);
	if (!fact->mux)
		return SPICECFG_OK;
	/* Below a root nothing runs; access to the directory is checked if it exists. */
	if (!look->ctx->root)
		fact->mux_listens = stat_of(look->ctx, fact->mux, &st) == 0 ? SC_TRUE : errno == EACCES ? SC_UNKNOWN : SC_FALSE;
	sc_host_gather_saslauthd(look->ctx, look->host, fact);
	const char *slash = strrchr(fact->mux, '/');
	const char *directory = slash ? sc_arena_strndup(look->host->memory, fact->mux, (size_t)(slash - fact->mux)) : NULL;
	if (directory && *directory)
		fact->mux_reads = sc_host_gather_reach(look->ctx, look->host, directory, X_OK, &fact->mux_closed);
	return sc_host_gather_daemon(look->ctx, look->host, fact);
}

/*
 * The database or its directory if its owner or mode is wrong, else NULL. A database must belong to root and be closed to others, and so
 * must a directory of ours; to any other directory only root may write. libsasl2's own default database is not checked, because other
 * programs use it, too.
 */
static const char *wrong_owner(const struct look *look, const char *file)
{
	const char *slash = strrchr(file, '/');
	char *directory = sc_arena_strndup(look->host->memory, file, slash ? (size_t)(slash - file) : 0);
	struct stat st;

	if (!strcmp(look->fact->database, SC_SASL_DEFAULT_DB) || !directory)
		return NULL;
	if (stat_of(look->ctx, file, &st) == 0 && (st.st_uid || (st.st_mode & 027)))
		return file;
	bool ours = strncmp(directory, SC_SASL_OWN_BASE, strlen(SC_SASL_OWN_BASE)) == 0;
	if (stat_of(look->ctx, directory, &st) == 0 && (st.st_uid || (st.st_mode & (ours ? 027 : 022))))
		return directory;
	return NULL;
}

/* Which other accounts are in the group that may read the file. */
static enum spicecfg_status read_readers(const struct look *look, const char *file)
{
	struct sc_host *host = look->host;
	SC_NAMES_BOOK book = {0};
	struct stat st;

	if (stat_of(look->ctx, file, &st) != 0 || !(st.st_mode & 060) || host->account.known != SC_TRUE)
		return SPICECFG_OK;
	const char *group = sc_names_of_group(look->ctx, st.st_gid, host->memory);
	char **members;
	size_t count = 0, all;
	if (!group)
		return sc_fail_memory(look->ctx);
	if (sc_names_members(look->ctx, &book, group, host->memory, &members, &all)) {
		sc_look_error(look->ctx, "/etc/group");
		return sc_settle(look->ctx);
	}
	for (size_t i = 0; i < all; i++)
		if (strcmp(members[i], "root") != 0 && strcmp(members[i], host->account.user) != 0)
			members[count++] = members[i];
	look->fact->readers = (const char *const *)members;
	look->fact->n_readers = count;
	look->fact->readers_group = group;
	return SPICECFG_OK;
}

/* cyrus-sasl lib/saslutil.c, get_fqhostname(). */
static const char *server_realm(struct sc_arena *memory, const char *name, const char *fqdn)
{
	char *realm = sc_arena_strdup(memory, strchr(name ? name : "", '.') || !fqdn ? name : fqdn);

	for (char *c = realm; c && *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
	return realm;
}

/* Also of a database that can't be read: what a user types does not depend on it. */
static void read_realm(const struct look *look)
{
	const char *fqdn = NULL, *name = sc_names_host(look->ctx, look->host->memory, &fqdn);

	look->host->sasl.realm = server_realm(look->host->memory, name, fqdn);
}

static void read_users(const struct look *look, struct sc_sasldb *db)
{
	struct spicecfg_ctx *ctx = look->ctx;
	struct sc_sasl_fact *fact = look->fact;
	struct sc_sasl_user *users = NULL;
	const char *fqdn = NULL, *name = sc_names_host(ctx, look->host->memory, &fqdn);
	size_t n = 0;
	enum spicecfg_status status = sc_sasldb_users(ctx, db, look->host->memory, &users, &n);

	if (status == SPICECFG_INPUT) {
		fact->db_state = SC_SASL_DB_DAMAGED;
		sc_let_go(ctx);
	}
	if (status) {
		sc_look_error(ctx, fact->database);
		return;
	}
	fact->users = (long)n;
	fact->realm = SC_FALSE;
	fact->a_user = n ? users[0].user : NULL;
	fact->entries = users;
	for (size_t i = 0; i < n && name; i++) {
		const char *realm = users[i].realm;
		size_t label = strcspn(name, ".");

		if (strcmp(realm, name) == 0 || (fqdn && strcmp(realm, fqdn) == 0) ||
		    (strlen(realm) == label && strncmp(realm, name, label) == 0))
			fact->realm = SC_TRUE;
	}
}

static enum spicecfg_status read_database(const struct look *look)
{
	static const char *const suffixes[] = {"", ".pag", ".dir"};
	struct sc_sasl_fact *fact = look->fact;
	struct sc_host *host = look->host;
	SC_SASLDB db = {0};
	bool seen = false, all = true;

	fact->db_state = SC_SASL_DB_MISSING;
	for (size_t i = 0; i < 3 && db.n_files < SC_SASLDB_FILES; i++) {
		const char *path = sc_arena_printf(host->memory, "%s%s", fact->database, suffixes[i]);
		struct stat st;

		if (!path || stat_of(look->ctx, path, &st) != 0) {
			if (path && errno != ENOENT && errno != ENOTDIR)
				all = false;
			continue;
		}
		enum sc_known reads = sc_host_gather_reach(look->ctx, host, path, R_OK, &fact->db_closed);
		enum sc_known open = others_may(look, path, 06);
		if (!seen || reads < fact->db_reads || reads == SC_FALSE)
			fact->db_reads = reads;
		if (!seen || reads == SC_FALSE)
			fact->db_state = reads == SC_FALSE ? SC_SASL_DB_UNREADABLE : SC_SASL_DB_OK;
		if (fact->db_open != SC_TRUE)
			fact->db_open = open;
		if (!fact->db_owner)
			fact->db_owner = wrong_owner(look, path);
		enum spicecfg_status status = fact->readers ? SPICECFG_OK : read_readers(look, path);
		if (status)
			return status;
		seen = true;
		db.file[db.n_files].suffix = suffixes[i];
		all &= sc_look_read(look->ctx, path, DB_SIZE_MAX, &db.file[db.n_files++].bytes) == SC_LOOK_OK;
	}
	if (!all && fact->db_state != SC_SASL_DB_UNREADABLE)
		fact->db_state = SC_SASL_DB_UNKNOWN;
	if (seen)
		read_realm(look);
	if (seen && all)
		read_users(look, &db);
	return SPICECFG_OK;
}

/* A row for the directory. An older one, with fewer facts, is replaced but stays in the arena. NULL if memory is short. */
static struct sc_sasl_fact *new_fact(struct sc_host *host, const char *directory)
{
	struct sc_sasl_fact *facts = host->sasl.facts;
	size_t at = 0;

	while (at < host->sasl.n_facts && strcmp(facts[at].directory, directory) != 0)
		at++;
	if (at == host->sasl.n_facts) {
		facts = sc_arena_alloc(host->memory, (at + 1) * sizeof(*facts));
		if (!facts)
			return NULL;
		if (at)
			memcpy(facts, host->sasl.facts, at * sizeof(*facts));
	}
	facts[at] = (struct sc_sasl_fact){.directory = sc_arena_strdup(host->memory, directory), .users = -1};
	if (!facts[at].directory)
		return NULL;
	host->sasl.facts = facts;
	host->sasl.n_facts += at == host->sasl.n_facts;
	return &facts[at];
}

static enum spicecfg_status read_settings(const struct look *look, const struct sc_saslconf *conf)
{
	struct sc_sasl_fact *fact = look->fact;

	/* Settings that QEMU can't read have no effect. */
	if (conf) {
		fact->mech_list = keep(look, conf, "mech_list");
		fact->method = keep(look, conf, "pwcheck_method");
		fact->mux = keep(look, conf, "saslauthd_path");
		fact->database = keep(look, conf, "sasldb_path");
	}
	if (!fact->database || *fact->database != '/')
		fact->database = SC_SASL_DEFAULT_DB;
	/* Other plugins, such as ldapdb or sql, keep users elsewhere. */
	const char *plugin = conf ? sc_saslconf_get(conf, "auxprop_plugin", NULL) : NULL;
	bool saslauthd = sc_sasl_asks_saslauthd(fact);
	if (saslauthd || (plugin && !strstr(plugin, "sasldb")))
		fact->database = NULL;
	if (!saslauthd)
		fact->mux = NULL;
	if (saslauthd)
		return read_saslauthd(look);
	return fact->database ? read_database(look) : SPICECFG_OK;
}

/* Finds the first path that AppArmor doesn't let QEMU access. */
static void read_confined(const struct look *look)
{
	struct sc_sasl_fact *fact = look->fact;
	const struct {
		const char *path, *perms;
	} paths[] = {{fact->state == SC_SASL_FILE_OK ? fact->file : NULL, "r"},
		     {fact->db_state == SC_SASL_DB_OK ? fact->database : NULL, "r"},
		     {fact->mux, "rw"}};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths) && !fact->confined; i++)
		if (paths[i].path && sc_host_gather_confined(look->ctx, look->host, paths[i].path, paths[i].perms, &fact->site_rules))
			fact->confined = paths[i].path;
}

enum spicecfg_status sc_host_gather_sasl(struct spicecfg_ctx *ctx, struct sc_host *host, const char *directory, bool deep)
{
	const struct sc_sasl_fact *known = sc_host_sasl(host, directory);
	enum spicecfg_status status = SPICECFG_OK;
	SC_SASLCONF *conf = NULL;

	if (known && (known->deep || !deep))
		return SPICECFG_OK;
	if (deep)
		status = read_plugins(ctx, host);
	struct sc_sasl_fact *fact = status ? NULL : new_fact(host, directory);
	if (!fact)
		return status ? status : sc_fail_memory(ctx);
	struct look look = {ctx, host, fact};
	fact->deep = deep;
	read_directories(&look, &conf);
	if (deep)
		(void)sc_host_gather_account(ctx, host);
	if (deep && fact->state != SC_SASL_FILE_BROKEN && fact->state != SC_SASL_FILE_UNKNOWN)
		status = read_settings(&look, conf);
	if (deep)
		read_confined(&look);
	return status ? status : sc_settle(ctx);
}
