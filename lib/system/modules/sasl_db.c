/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "system/modules/sasl_impl.h"

static const char *const suffixes[] = {"", ".pag", ".dir"};
enum {
	N_SUFFIXES = sizeof(suffixes) / sizeof(*suffixes),
	SECONDS = 10,
	KEY_MAX_LEN = 4096,
	VALUE_MAX_LEN = 8192,
	MEMORY_MORE = 64 * 1024 * 1024
};

/*
 * The functions that cyrus-sasl's own sasldblistusers2 uses: libsasl2 has no public call that lists users or copies an entry. They are in
 * the sasldb plugin that libsasl2 has loaded.
 */
struct plugin {
	sasl_utils_t utils;
	int (*check_db)(const sasl_utils_t *, sasl_conn_t *);
	void *(*first_key)(const sasl_utils_t *, sasl_conn_t *);
	int (*next_key)(const sasl_utils_t *, void *, char *, size_t, size_t *);
	int (*release_key)(const sasl_utils_t *, void *);
	int (*get)(const sasl_utils_t *, sasl_conn_t *, const char *, const char *, const char *, char *, size_t, size_t *);
	int (*put)(const sasl_utils_t *, sasl_conn_t *, const char *, const char *, const char *, const char *, size_t);
};

struct entry {
	char *user, *realm, *property, *value;
	size_t value_len;
};

/* Used in the child. */
struct work {
	const char *dir;
	bool has_old;
	const struct sc_sasl_edit *edits;
	size_t n_edits;
	bool list_only;
	char path[128]; /* sasldb_path, which the plugin asks for at each call */
	char log[512];  /* the last error that libsasl2 logged */
	struct plugin plugin;
	struct entry *entries;
	size_t n_entries;
};

static int get_option(void *context, const char *plugin, const char *option, const char **result, unsigned *len)
{
	const struct work *work = context;
	const char *value = NULL;

	(void)plugin;
	if (strcmp(option, "sasldb_path") == 0)
		value = work->path;
	else if (strcmp(option, "auxprop_plugin") == 0)
		value = "sasldb";
	else if (strcmp(option, "mech_list") == 0)
		value = "PLAIN"; /* don't store the mechanisms' own secrets: the clear password serves them all */
	if (!value)
		return SASL_FAIL;
	*result = value;
	if (len)
		*len = (unsigned)strlen(value);
	return SASL_OK;
}

static int log_line(void *context, int level, const char *message)
{
	struct work *work = context;

	if (level > SASL_LOG_ERR || level == SASL_LOG_NONE)
		return SASL_OK;
	/* the path of the private copy is meaningless to the reader */
	const char *copy = strstr(message, work->dir);
	if (copy)
		snprintf(work->log, sizeof(work->log), "%.*sits copy%s", (int)(copy - message), message, copy + strcspn(copy, ":"));
	else
		snprintf(work->log, sizeof(work->log), "%s", message);
	return SASL_OK;
}

static void log_nothing(sasl_conn_t *conn, int level, const char *format, ...)
{
	(void)conn;
	(void)level;
	(void)format;
}

static int any_file(void *context, const char *file, sasl_verify_type_t type)
{
	(void)context;
	(void)file;
	(void)type;
	return SASL_OK;
}

static enum spicecfg_status failed(struct sc_buf *reply, const struct work *work, enum spicecfg_status status, const char *what, int result)
{
	if (errno == ENOMEM || result == SASL_NOMEM) {
		sc_buf_addf(reply, "the database is too large: its users need more than %d MiB", MEMORY_MORE >> 20);
		return SPICECFG_SYSTEM;
	}
	sc_buf_addf(reply, "%s: %s", what, work->log[0] ? work->log : sasl_errstring(result, NULL, NULL));
	return status;
}

static int find_plugin(struct dl_phdr_info *info, size_t size, void *opaque)
{
	const char *slash = strrchr(info->dlpi_name, '/');
	void **handle = opaque;

	(void)size;
	if (!slash || strncmp(slash, "/libsasldb.so", 13) != 0)
		return 0;
	*handle = dlopen(info->dlpi_name, RTLD_NOW | RTLD_NOLOAD);
	return *handle ? 1 : 0;
}

static bool load_plugin(struct plugin *plugin)
{
	const sasl_utils_t **utils = dlsym(RTLD_DEFAULT, "sasl_global_utils");
	void *self = dlopen("libsasl2.so.2", RTLD_NOW | RTLD_NOLOAD);
	void *handle = NULL;

	if (!utils && !self)
		self = dlopen("libsasl2.so.3", RTLD_NOW | RTLD_NOLOAD);
	if (!utils && self)
		utils = dlsym(self, "sasl_global_utils");
	dl_iterate_phdr(find_plugin, &handle);
	if (!utils || !*utils || !handle)
		return false;
	/* No callback gets what libsasl2 logs without a connection: it would go to the system's log. */
	plugin->utils = **utils;
	plugin->utils.log = log_nothing;
	*(void **)&plugin->check_db = dlsym(handle, "_sasl_check_db");
	*(void **)&plugin->first_key = dlsym(handle, "_sasldb_getkeyhandle");
	*(void **)&plugin->next_key = dlsym(handle, "_sasldb_getnextkey");
	*(void **)&plugin->release_key = dlsym(handle, "_sasldb_releasekeyhandle");
	*(void **)&plugin->get = dlsym(handle, "_sasldb_getdata");
	*(void **)&plugin->put = dlsym(handle, "_sasldb_putdata");
	return plugin->check_db && plugin->first_key && plugin->next_key && plugin->release_key && plugin->get && plugin->put;
}

static bool add_entry(struct work *work, const char *key, size_t len)
{
	const char *realm = memchr(key, '\0', len);
	const char *property = realm ? memchr(realm + 1, '\0', len - (size_t)(realm + 1 - key)) : NULL;

	if (!property)
		return false;
	struct entry *more = sc_grow(work->entries, work->n_entries, sizeof(*more));
	if (!more)
		return false;
	work->entries = more;
	property++;
	struct entry *entry = &work->entries[work->n_entries];
	*entry =
	    (struct entry){.user = strdup(key), .realm = strdup(realm + 1), .property = strndup(property, len - (size_t)(property - key))};
	work->n_entries++;
	return entry->user && entry->realm && entry->property;
}

static enum spicecfg_status read_old(struct work *work, sasl_conn_t *conn, struct sc_buf *reply)
{
	const struct plugin *plugin = &work->plugin;
	char key[KEY_MAX_LEN], value[VALUE_MAX_LEN + 1];
	size_t len = 0;

	snprintf(work->path, sizeof(work->path), "%s/old", work->dir);
	if (plugin->check_db(&plugin->utils, conn) != SASL_OK)
		return failed(reply, work, SPICECFG_INPUT, "the database can't be used", SASL_FAIL);
	void *handle = plugin->first_key(&plugin->utils, conn);
	if (!handle)
		return failed(reply, work, SPICECFG_INPUT, "this is not a database of SASL users that libsasl2 can read", SASL_FAIL);
	int result;
	while ((result = plugin->next_key(&plugin->utils, handle, key, sizeof(key), &len)) == SASL_CONTINUE)
		if (!add_entry(work, key, len))
			return failed(reply, work, SPICECFG_INPUT, "an entry of the database is not a user", SASL_FAIL);
	plugin->release_key(&plugin->utils, handle);
	if (result != SASL_OK)
		return failed(reply, work, SPICECFG_INPUT, "the database is damaged", result);
	for (size_t i = 0; i < work->n_entries && !work->list_only; i++) {
		struct entry *entry = &work->entries[i];

		result = plugin->get(&plugin->utils, conn, entry->user, entry->realm, entry->property, value, sizeof(value) - 1, &len);
		if (result != SASL_OK)
			return failed(reply, work, SPICECFG_INPUT, "an entry of the database can't be read", result);
		entry->value = malloc(len + 1);
		if (!entry->value)
			return failed(reply, work, SPICECFG_SYSTEM, "out of memory", SASL_NOMEM);
		memcpy(entry->value, value, len);
		entry->value_len = len;
	}
	explicit_bzero(value, sizeof(value));
	return SPICECFG_OK;
}

/* The last edit of the user; NULL: none. */
static const struct sc_sasl_edit *edit_of(const struct work *work, const char *user, const char *realm)
{
	for (size_t i = work->n_edits; i-- > 0;)
		if (strcmp(work->edits[i].user, user) == 0 && strcmp(work->edits[i].realm, realm) == 0)
			return &work->edits[i];
	return NULL;
}

/* True if the old database already matches the edit. */
static bool is_so(const struct work *work, const struct sc_sasl_edit *edit)
{
	size_t found = 0;
	bool same = false;

	for (size_t i = 0; i < work->n_entries; i++) {
		const struct entry *entry = &work->entries[i];

		if (strcmp(entry->user, edit->user) != 0 || strcmp(entry->realm, edit->realm) != 0)
			continue;
		found++;
		same = strcmp(entry->property, SASL_AUX_PASSWORD_PROP) == 0 && entry->value_len == edit->password_len && edit->password &&
		       memcmp(entry->value, edit->password, edit->password_len) == 0;
	}
	return edit->what == SC_SASL_REMOVE ? found == 0 : found == 1 && same;
}

static enum spicecfg_status set_password(struct work *work, const struct sc_sasl_edit *edit, struct sc_buf *reply)
{
	sasl_conn_t *conn = NULL;
	int result = sasl_server_new("spice", edit->realm, edit->realm, NULL, NULL, NULL, 0, &conn);

	if (result == SASL_OK)
		result = sasl_setpass(conn, edit->user, edit->password, (unsigned)edit->password_len, NULL, 0, SASL_SET_CREATE);
	sasl_dispose(&conn);
	return result == SASL_OK ? SPICECFG_OK : failed(reply, work, SPICECFG_SYSTEM, "the password can't be set", result);
}

static enum spicecfg_status write_new(struct work *work, sasl_conn_t *conn, struct sc_buf *reply)
{
	const struct plugin *plugin = &work->plugin;

	snprintf(work->path, sizeof(work->path), "%s/new", work->dir);
	/* Removing a user that doesn't exist creates an empty database. */
	plugin->put(&plugin->utils, conn, "nobody", "nowhere", SASL_AUX_PASSWORD_PROP, NULL, 0);
	work->log[0] = '\0';
	for (size_t i = 0; i < work->n_entries; i++) {
		const struct entry *entry = &work->entries[i];

		if (edit_of(work, entry->user, entry->realm))
			continue;
		int result = plugin->put(&plugin->utils, conn, entry->user, entry->realm, entry->property, entry->value, entry->value_len);
		if (result != SASL_OK)
			return failed(reply, work, SPICECFG_SYSTEM, "the new database can't be written", result);
	}
	for (size_t i = 0; i < work->n_edits; i++) {
		const struct sc_sasl_edit *edit = &work->edits[i];

		if (edit->what != SC_SASL_SET || edit_of(work, edit->user, edit->realm) != edit)
			continue;
		enum spicecfg_status status = set_password(work, edit, reply);
		if (status != SPICECFG_OK)
			return status;
	}
	return SPICECFG_OK;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->user, y->user);

	return order ? order : strcmp(x->realm, y->realm);
}

static void put_users(struct work *work, struct sc_buf *reply)
{
	if (work->n_entries)
		qsort(work->entries, work->n_entries, sizeof(*work->entries), by_name);
	for (size_t i = 0; i < work->n_entries; i++) {
		if (i && by_name(&work->entries[i - 1], &work->entries[i]) == 0)
			continue;
		sc_helper_put(reply, work->entries[i].user, strlen(work->entries[i].user));
		sc_helper_put(reply, work->entries[i].realm, strlen(work->entries[i].realm));
	}
}

/* The child's part of listing and editing: the reply is the users, or "same" or "new". */
static enum spicecfg_status run(void *opaque, struct sc_buf *reply)
{
	struct work *work = opaque;
	const sasl_callback_t callbacks[] = {
	    {SASL_CB_GETOPT, (int (*)(void))(intptr_t)get_option, work},
	    {SASL_CB_LOG, (int (*)(void))(intptr_t)log_line, work},
	    {SASL_CB_VERIFYFILE, (int (*)(void))(intptr_t)any_file, work},
	    {SASL_CB_LIST_END, NULL, NULL},
	};
	sasl_conn_t *conn = NULL;
	enum spicecfg_status status = SPICECFG_OK;

	sc_helper_limit(SECONDS, MEMORY_MORE);
	errno = 0;
	unsetenv("SASL_PATH");
	setenv("SASL_CONF_PATH", work->dir, 1);
	int result = sasl_server_init(callbacks, "spicecfg");
	if (result == SASL_OK)
		result = sasl_server_new("spice", "localhost", "localhost", NULL, NULL, NULL, 0, &conn);
	if (result != SASL_OK)
		return failed(reply, work, SPICECFG_SYSTEM, "libsasl2 can't start", result);
	if (!load_plugin(&work->plugin))
		return failed(reply, work, SPICECFG_SYSTEM, "the sasldb plugin of libsasl2 is missing", SASL_NOMECH);
	if (work->has_old)
		status = read_old(work, conn, reply);
	if (status != SPICECFG_OK)
		return status;
	if (work->list_only) {
		put_users(work, reply);
		return SPICECFG_OK;
	}
	bool same = work->has_old;
	for (size_t i = 0; i < work->n_edits; i++)
		same = same && is_so(work, &work->edits[i]);
	if (!same)
		status = write_new(work, conn, reply);
	if (status == SPICECFG_OK)
		sc_buf_adds(reply, same ? "same" : "new");
	return status;
}

static enum spicecfg_status start(struct spicecfg_ctx *ctx, struct work *work, const struct sc_sasldb *old, struct sc_tempdir *dir,
				  struct sc_buf *reply)
{
	char what[512] = "the database of SASL users";

	if (old->name)
		snprintf(what, sizeof(what), "the database of SASL users %s", old->name);
	if (sc_tempdir_make_in(ctx, dir) != 0)
		return sc_fail(ctx, SPICECFG_SYSTEM, "Free some space in /run or /tmp.",
			       "can't create a private directory for a copy of the SASL users: %s", strerror(errno));
	for (size_t i = 0; i < old->n_files; i++) {
		char name[16];

		snprintf(name, sizeof(name), "old%s", old->file[i].suffix);
		if (!sc_tempdir_write(dir, name, sc_buf_text(&old->file[i].bytes), old->file[i].bytes.len))
			return sc_fail(ctx, SPICECFG_SYSTEM, "Free some space in /run or /tmp.",
				       "a copy of the SASL users can't be written: %s", strerror(errno));
	}
	work->dir = dir->path;
	work->has_old = old->n_files > 0;
	return sc_helper_run(
	    ctx, what,
	    "If the database is damaged, move it away and add its users again with 'spicecfg user add'; if a plugin is missing, install "
	    "libsasl2-modules-db (Debian) or cyrus-sasl (SUSE, RHEL).",
	    SECONDS, run, work, reply);
}

enum spicecfg_status sc_sasl_edit(struct spicecfg_ctx *ctx, const struct sc_sasldb *old, const struct sc_sasl_edit *edits, size_t n_edits,
				  struct sc_sasldb *out, bool *changed)
{
	struct work work = {.edits = edits, .n_edits = n_edits};
	SC_TEMPDIR dir = {.lock = -1};
	SC_BUF reply = SC_BUF_INIT;
	enum spicecfg_status status = start(ctx, &work, old, &dir, &reply);

	*out = (struct sc_sasldb){0};
	if (status != SPICECFG_OK)
		return status;
	*changed = strcmp(sc_buf_text(&reply), "same") != 0;
	for (size_t i = 0; *changed && i < N_SUFFIXES && out->n_files < SC_SASLDB_FILES; i++) {
		char name[16];

		snprintf(name, sizeof(name), "new%s", suffixes[i]);
		out->file[out->n_files].suffix = suffixes[i];
		if (sc_tempdir_read(&dir, name, &out->file[out->n_files].bytes))
			out->n_files++;
	}
	if (*changed && !out->n_files)
		return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "libsasl2 wrote its database in an unknown format");
	return SPICECFG_OK;
}

enum spicecfg_status sc_sasl_list(struct spicecfg_ctx *ctx, const struct sc_sasldb *db, struct sc_arena *arena, struct sc_sasl_user **users,
				  size_t *n_users)
{
	struct work work = {.list_only = true};
	SC_TEMPDIR dir = {.lock = -1};
	SC_BUF reply = SC_BUF_INIT;
	size_t at = 0, len, count = 0;
	const char *data;

	*users = NULL;
	*n_users = 0;
	if (!db->n_files)
		return SPICECFG_OK;
	enum spicecfg_status status = start(ctx, &work, db, &dir, &reply);
	if (status != SPICECFG_OK)
		return status;
	while (sc_helper_get(&reply, &at, &data, &len))
		count++;
	*users = sc_arena_alloc(arena, (count / 2 + 1) * sizeof(**users));
	if (!*users)
		return sc_fail_memory(ctx);
	at = 0;
	for (; *n_users < count / 2; (*n_users)++) {
		struct sc_sasl_user *user = &(*users)[*n_users];

		user->user = sc_helper_get(&reply, &at, &data, &len) ? sc_arena_strndup(arena, data, len) : NULL;
		user->realm = sc_helper_get(&reply, &at, &data, &len) ? sc_arena_strndup(arena, data, len) : NULL;
		if (!user->user || !user->realm)
			return sc_fail_memory(ctx);
	}
	return SPICECFG_OK;
}
