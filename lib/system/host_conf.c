/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's qemu.conf: where it is, what it says, and plans over it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doc/mask.h"
#include "model/qemuconf_keys.h"
#include "plan/host.h"
#include "system/daemon.h"
#include "system/file.h"
#include "system/virt.h"

#define SYSTEM_CONF "/etc/libvirt/qemu.conf"

struct spicecfg_qemuconf {
	struct spicecfg_ctx *ctx;
	char *path;   /* of the file, links resolved */
	bool outside; /* a path that the user gave */
	bool session; /* of this user's daemon */
	bool own;     /* what the daemon reads: the default place, or a path that leads there */
	bool exists;
	mode_t mode;
	struct sc_buf bytes;
	struct sc_qemuconf *doc; /* as it is */
	struct sc_qemuconf *edited;
	struct sc_daemon daemon;
};

/* "qemu:///session", also with a transport. */
static bool is_session(const char *uri)
{
	const char *slashes = strstr(uri, ":///");

	return slashes && strncmp(slashes, ":///session", strlen(":///session")) == 0;
}

static enum spicecfg_status check_uri(struct spicecfg_qemuconf *conf, const char *file)
{
	const char *uri = sc_virt_uri(conf->ctx);

	if (conf->ctx->root)
		return SPICECFG_OK;
	if (sc_virt_uri_is_remote(uri))
		return sc_fail(conf->ctx, SPICECFG_USAGE, "Run spicecfg on that host.",
			       "the files of another host can't be reached through %s", uri);
	bool qemu = strncmp(uri, "qemu:", 5) == 0 || strncmp(uri, "qemu+", 5) == 0;
	conf->session = qemu && is_session(uri);
	if (!qemu && !file)
		return sc_fail(conf->ctx, SPICECFG_USAGE, "Name it with --qemu-conf FILE, or use --connect qemu:///system.",
			       "%s has no qemu.conf", uri);
	return SPICECFG_OK;
}

/* Where the daemon looks: for free(), NULL when memory is short. */
static char *default_path(const struct spicecfg_qemuconf *conf)
{
	const char *config = secure_getenv("XDG_CONFIG_HOME"), *home = secure_getenv("HOME");
	char *path = NULL;
	int n;

	if (!conf->session)
		return strdup(SYSTEM_CONF);
	if (config && *config == '/')
		n = asprintf(&path, "%s/libvirt/qemu.conf", config);
	else
		n = asprintf(&path, "%s/.config/libvirt/qemu.conf", home && *home == '/' ? home : "");
	return n < 0 ? NULL : path;
}

static enum spicecfg_status locate(struct spicecfg_qemuconf *conf, const char *file)
{
	char *usual = default_path(conf);
	char *real = conf->ctx->root || !usual ? NULL : realpath(usual, NULL);

	if (!usual)
		return sc_fail_memory(conf->ctx);
	if (file) {
		/* A symlink stays: what it leads to is edited. */
		conf->outside = true;
		conf->path = realpath(file, NULL);
		if (!conf->path)
			(void)sc_fail_at(conf->ctx, SPICECFG_INPUT, (struct sc_where){.file = file}, NULL, "%s", strerror(errno));
		conf->own = conf->path && real && strcmp(conf->path, real) == 0;
	} else {
		conf->path = strdup(real ? real : usual);
		conf->own = true;
		if (!conf->path)
			(void)sc_fail_memory(conf->ctx);
	}
	free(usual);
	free(real);
	return conf->path ? SPICECFG_OK : spicecfg_ctx_error(conf->ctx)->status;
}

static enum spicecfg_status read_conf(struct spicecfg_qemuconf *conf)
{
	struct sc_file_id id;
	struct stat st;
	enum spicecfg_status status =
	    sc_file_read(conf->ctx, conf->path, conf->outside, !conf->outside, SC_QEMUCONF_SIZE_MAX, &conf->bytes, &id);

	if (status)
		return status;
	conf->exists = id.exists;
	if (conf->exists && (conf->outside ? stat(conf->path, &st) : sc_file_stat(conf->ctx, conf->path, &st)) == 0)
		conf->mode = st.st_mode & 07777;
	status = sc_qemuconf_parse(conf->ctx, conf->path, sc_buf_text(&conf->bytes), conf->bytes.len, &conf->doc);
	return status ? status : sc_qemuconf_parse(conf->ctx, conf->path, sc_buf_text(&conf->bytes), conf->bytes.len, &conf->edited);
}

enum spicecfg_status spicecfg_qemuconf_open(struct spicecfg_ctx *ctx, const char *file, struct spicecfg_qemuconf **out)
{
	struct spicecfg_qemuconf *conf = calloc(1, sizeof(*conf));

	*out = NULL;
	if (!conf)
		return sc_fail_memory(ctx);
	conf->ctx = ctx;
	enum spicecfg_status status = check_uri(conf, file);
	if (!status)
		status = locate(conf, file);
	if (!status)
		status = read_conf(conf);
	if (status) {
		spicecfg_qemuconf_free(conf);
		return status;
	}
	sc_daemon_find(ctx, conf->session, &conf->daemon);
	*out = conf;
	return SPICECFG_OK;
}

void spicecfg_qemuconf_free(struct spicecfg_qemuconf *conf)
{
	if (!conf)
		return;
	sc_qemuconf_free(conf->doc);
	sc_qemuconf_free(conf->edited);
	sc_buf_free(&conf->bytes);
	free(conf->path);
	free(conf);
}

const char *spicecfg_qemuconf_path(const struct spicecfg_qemuconf *conf)
{
	return conf->path;
}

const char *spicecfg_qemuconf_daemon(const struct spicecfg_qemuconf *conf)
{
	return conf->daemon.name;
}

bool spicecfg_qemuconf_exists(const struct spicecfg_qemuconf *conf)
{
	return conf->exists;
}

static bool is_missing(const struct spicecfg_ctx *ctx, const char *path)
{
	int fd = sc_file_open(ctx, path, O_PATH);

	if (fd >= 0)
		close(fd);
	return fd < 0 && (errno == ENOENT || errno == ENOTDIR);
}

/* What holds where the file says nothing; "" when only words tell it. */
static const char *unset_value(const struct spicecfg_qemuconf *conf, const struct sc_qemuconf_key *key)
{
	static const char own[] = "/etc/pki/libvirt-spice";

	if (strcmp(key->name, "spice_tls_x509_cert_dir") == 0 && conf->own) {
		const struct sc_qemuconf_entry *common = sc_qemuconf_get(conf->doc, "default_tls_x509_cert_dir", NULL);

		if (!is_missing(conf->ctx, own))
			return own;
		return common && common->value.kind == SC_QEMUCONF_STRING ? common->value.text : "/etc/pki/qemu";
	}
	return strchr(key->initial, ' ') || strcmp(key->initial, "none") == 0 ? "" : key->initial;
}

static enum spicecfg_status show_entry(struct spicecfg_ctx *ctx, const struct spicecfg_qemuconf *conf,
				       const struct sc_qemuconf_entry *entry, struct spicecfg_qemuconf_setting *row,
				       spicecfg_qemuconf_fn fn, void *opaque)
{
	SC_BUF text = SC_BUF_INIT;

	row->set = true;
	row->line = entry->line;
	row->column = entry->column;
	for (const struct sc_qemuconf_entry *later = entry; (later = sc_qemuconf_get(conf->doc, entry->key, later));)
		row->shadowed++;
	if (sc_qemuconf_key_secret(entry->key))
		sc_buf_adds(&text, SC_MASK);
	else if (entry->value.kind == SC_QEMUCONF_STRING)
		sc_buf_adds(&text, entry->value.text);
	else
		sc_qemuconf_format(&entry->value, '"', &text);
	if (text.failed)
		return sc_fail_memory(ctx);
	row->value = sc_buf_text(&text);
	fn(opaque, row);
	return SPICECFG_OK;
}

static enum spicecfg_status show_key(struct spicecfg_ctx *ctx, const struct spicecfg_qemuconf *conf, const struct sc_qemuconf_key *key,
				     spicecfg_qemuconf_fn fn, void *opaque)
{
	const struct sc_qemuconf_entry *entry = sc_qemuconf_get(conf->doc, key->name, NULL);
	struct spicecfg_qemuconf_setting row = {
	    .key = key->name, .initial = key->initial, .meaning = key->meaning, .settable = key->settable};

	/* Keys that are no use to Spice are told of only where they stand in the file. */
	if (!entry && (key->useless || !key->settable))
		return SPICECFG_OK;
	if (!entry) {
		row.value = unset_value(conf, key);
		fn(opaque, &row);
		return SPICECFG_OK;
	}
	row.problem = sc_qemuconf_key_refused(key, &entry->value);
	if (!row.problem)
		row.problem = key->useless;
	return show_entry(ctx, conf, entry, &row, fn, opaque);
}

enum spicecfg_status spicecfg_qemuconf_show(struct spicecfg_ctx *ctx, const struct spicecfg_qemuconf *conf, spicecfg_qemuconf_fn fn,
					    void *opaque)
{
	const struct sc_qemuconf_entry *entry;
	enum spicecfg_status status = SPICECFG_OK;

	for (const struct sc_qemuconf_key *key = sc_qemuconf_keys; key->name && !status; key++)
		status = show_key(ctx, conf, key, fn, opaque);
	for (size_t i = 0; (entry = sc_qemuconf_at(conf->doc, i)) && !status; i++) {
		struct spicecfg_qemuconf_setting row = {
		    .key = entry->key, .initial = "", .meaning = "", .problem = "libvirt knows no such key and ignores it"};

		if (entry->key && strncmp(entry->key, "spice_", 6) == 0 && !sc_qemuconf_key(entry->key) &&
		    sc_qemuconf_get(conf->doc, entry->key, NULL) == entry)
			status = show_entry(ctx, conf, entry, &row, fn, opaque);
	}
	return status;
}

static enum spicecfg_status check_restart(const struct spicecfg_qemuconf *conf)
{
	if (conf->ctx->root)
		return sc_fail(conf->ctx, SPICECFG_USAGE, NULL,
			       "--restart-daemon and --root exclude each other: with a root no daemon is contacted");
	if (!conf->own)
		return sc_fail(conf->ctx, SPICECFG_USAGE, "Leave --restart-daemon away.", "no daemon reads %s", conf->path);
	return SPICECFG_OK;
}

/* The folder of a session's file may be missing; libvirt makes it 0700 too. */
static enum spicecfg_status add_folders(struct spicecfg_plan *plan, const struct spicecfg_qemuconf *conf)
{
	enum spicecfg_status status = SPICECFG_OK;

	if (conf->exists || !conf->session)
		return SPICECFG_OK;
	for (char *slash = strchr(conf->path + 1, '/'); slash && !status; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (is_missing(conf->ctx, conf->path)) {
			const struct sc_step step = {
			    .type = SC_STEP_MKDIR, .document = conf->path, .path = conf->path, .want = {.mode = true, .bits = 0700}};

			status = sc_plan_step(plan, &step);
		}
		*slash = '/';
	}
	return status;
}

static enum spicecfg_status add_file(struct spicecfg_plan *plan, const struct spicecfg_qemuconf *conf)
{
	SC_BUF old_shown = SC_BUF_INIT;
	SC_BUF new_shown = SC_BUF_INIT;
	struct sc_step step = {
	    .type = SC_STEP_FILE,
	    .document = conf->path,
	    .path = conf->path,
	    .old = conf->exists ? sc_buf_text(&conf->bytes) : NULL,
	    .old_len = conf->bytes.len,
	    .outside = conf->outside,
	    .effects = SPICECFG_EFFECT_DAEMON_RESTART,
	};
	enum spicecfg_status status = SPICECFG_OK;

	step.new = sc_qemuconf_bytes(conf->edited, &step.new_len);
	sc_qemuconf_mask(conf->doc, sc_qemuconf_key_secret, &old_shown);
	sc_qemuconf_mask(conf->edited, sc_qemuconf_key_secret, &new_shown);
	if (old_shown.failed || new_shown.failed)
		return sc_fail_memory(plan->ctx);
	step.old_shown = sc_buf_text(&old_shown);
	step.new_shown = sc_buf_text(&new_shown);
	if (!conf->exists) {
		/* as packages install it: it may hold a password one day */
		step.want = (struct sc_want){.mode = true, .bits = 0600};
	} else if (sc_qemuconf_get(conf->edited, "spice_password", NULL) && conf->mode & 077 && sc_qemuconf_changed(conf->edited)) {
		step.want = (struct sc_want){.mode = true, .bits = conf->mode & 0700};
		status = sc_plan_note(plan, "%s holds a password: its mode becomes %04o", conf->path, (unsigned)(conf->mode & 0700));
	}
	return status ? status : sc_plan_step(plan, &step);
}

static enum spicecfg_status add_restart(struct spicecfg_plan *plan, const struct spicecfg_qemuconf *conf, bool restart)
{
	const struct sc_daemon *daemon = &conf->daemon;
	struct sc_action *action;

	if (!conf->own)
		return SPICECFG_OK;
	if (!restart && !plan->ctx->root && !daemon->pid)
		return sc_plan_note(plan, "%s does not run: it reads the file when it starts", daemon->name);
	if (!restart && daemon->systemd)
		return sc_plan_note(plan, "%s must be restarted: systemctl restart %s, or --restart-daemon", daemon->name, daemon->name);
	if (!restart)
		return sc_plan_note(plan, "%s must be restarted%s", daemon->name,
				    plan->ctx->root ? ", when that host runs" : ", or use --restart-daemon");
	action = sc_arena_alloc(plan->memory, sizeof(*action));
	if (!action)
		return sc_fail_memory(plan->ctx);
	*action = (struct sc_action){"restart-daemon", {conf->session ? "session" : "system", NULL, NULL}};
	const struct sc_step step = {.type = SC_STEP_ACTION, .document = daemon->name, .data = action, .effects = SPICECFG_EFFECT_NOW};
	enum spicecfg_status status = sc_plan_step(plan, &step);
	return status
		   ? status
		   : sc_plan_note(plan,
				  daemon->pid || daemon->systemd ? "%s is restarted" : "%s does not run: it reads the file when it starts",
				  daemon->name);
}

static enum spicecfg_status add_check(struct spicecfg_plan *plan, const struct spicecfg_qemuconf *conf,
				      const struct spicecfg_qemuconf_edit *edits, size_t n_edits)
{
	struct sc_host_check *check = sc_arena_alloc(plan->memory, sizeof(*check));
	struct spicecfg_qemuconf_edit *copies = sc_arena_alloc(plan->memory, (n_edits + 1) * sizeof(*copies));
	size_t n = 0;

	if (!check || !copies)
		return sc_fail_memory(plan->ctx);
	for (size_t i = 0; i < n_edits; i++) {
		copies[i].key = sc_arena_strdup(plan->memory, edits[i].key);
		if (!copies[i].key)
			return sc_fail_memory(plan->ctx);
	}
	*check = (struct sc_host_check){.doc = conf->edited, .edits = copies, .n_edits = n_edits};
	/* The folders of a file that lies elsewhere may be those of another host. */
	for (const char *const *key = sc_host_folder_keys; *key && conf->own; key++) {
		const struct sc_qemuconf_entry *entry = sc_qemuconf_get(conf->edited, *key, NULL);

		if (entry && entry->value.kind == SC_QEMUCONF_STRING && is_missing(conf->ctx, entry->value.text))
			check->missing[n++] = *key;
	}
	plan->check = sc_plan_check_qemuconf;
	plan->check_data = check;
	return SPICECFG_OK;
}

enum spicecfg_status spicecfg_plan_qemuconf(struct spicecfg_ctx *ctx, struct spicecfg_qemuconf *conf,
					    const struct spicecfg_qemuconf_edit *edits, size_t n_edits, bool restart,
					    struct spicecfg_plan **out)
{
	struct spicecfg_plan *plan = NULL;
	unsigned effects = SPICECFG_EFFECT_NEXT_START | (restart ? 0 : SPICECFG_EFFECT_DAEMON_RESTART);
	enum spicecfg_status status = restart ? check_restart(conf) : SPICECFG_OK;

	*out = NULL;
	if (!status)
		status = sc_plan_new(ctx, &plan);
	if (!status)
		status = sc_plan_edit_qemuconf(plan, conf->edited, edits, n_edits, effects);
	if (!status)
		status = add_check(plan, conf, edits, n_edits);
	if (!status && sc_qemuconf_changed(conf->edited))
		status = add_folders(plan, conf);
	if (!status && (conf->exists || sc_qemuconf_changed(conf->edited)))
		status = add_file(plan, conf);
	if (!status && sc_qemuconf_changed(conf->edited))
		status = add_restart(plan, conf, restart);
	if (status) {
		spicecfg_plan_free(plan);
		return status;
	}
	*out = plan;
	return SPICECFG_OK;
}
