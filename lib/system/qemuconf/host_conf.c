/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's qemu.conf: its path and its contents. */
#include "system/qemuconf/host_conf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doc/mask.h"
#include "model/libvirt.h"
#include "model/qemuconf_keys.h"
#include "system/libvirt/virt.h"
#include "system/os/file.h"

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

/* The path that the daemon reads, to be freed with free(); NULL: out of memory. */
static char *default_path(const struct spicecfg_qemuconf *conf)
{
	const char *config = secure_getenv("XDG_CONFIG_HOME"), *home = secure_getenv("HOME");
	char *path = NULL;
	int n;

	if (!conf->session)
		return strdup(SC_QEMU_CONF);
	if (config && *config == '/')
		n = asprintf(&path, "%s" SC_SESSION_QEMU_CONF, config);
	else
		n = asprintf(&path, "%s/.config" SC_SESSION_QEMU_CONF, home && *home == '/' ? home : "");
	return n < 0 ? NULL : path;
}

static enum spicecfg_status locate(struct spicecfg_qemuconf *conf, const char *file)
{
	char *usual = default_path(conf);
	char *real = conf->ctx->root || !usual ? NULL : realpath(usual, NULL);

	if (!usual)
		return sc_fail_memory(conf->ctx);
	if (file) {
		/* A symlink stays: its target is edited. */
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
	free(real);
	conf->label = strdup(file ? file : conf->path ? conf->path : "");
	conf->named = file ? strdup(file) : usual;
	if (file)
		free(usual);
	if (!conf->label || !conf->named)
		return sc_fail_memory(conf->ctx);
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
	conf->changed_ms = (int64_t)id.ctime.tv_sec * 1000 + id.ctime.tv_nsec / 1000000;
	if (conf->exists && (conf->outside ? stat(conf->path, &st) : sc_file_stat(conf->ctx, conf->path, &st)) == 0)
		conf->mode = st.st_mode & 07777;
	status = sc_qemuconf_parse(conf->ctx, conf->label, sc_buf_text(&conf->bytes), conf->bytes.len, &conf->doc);
	return status ? status : sc_qemuconf_parse(conf->ctx, conf->label, sc_buf_text(&conf->bytes), conf->bytes.len, &conf->edited);
}

enum spicecfg_status spicecfg_qemuconf_open(struct spicecfg_ctx *ctx, const char *file, struct spicecfg_qemuconf **out)
{
	sc_ctx_enter(ctx);

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
	free(conf->label);
	free(conf->named);
	free(conf->path);
	free(conf);
}

const char *spicecfg_qemuconf_path(const struct spicecfg_qemuconf *conf)
{
	return conf->label;
}

const char *spicecfg_qemuconf_daemon(const struct spicecfg_qemuconf *conf)
{
	return conf->own ? conf->daemon.name : NULL;
}

bool spicecfg_qemuconf_exists(const struct spicecfg_qemuconf *conf)
{
	return conf->exists;
}

bool sc_host_missing(const struct spicecfg_ctx *ctx, const char *path)
{
	int fd = sc_file_open(ctx, path, O_PATH);

	if (fd >= 0)
		close(fd);
	return fd < 0 && (errno == ENOENT || errno == ENOTDIR);
}

const char *sc_host_conf_certs(const struct spicecfg_qemuconf *conf, const struct sc_qemuconf *doc)
{
	const char *set = sc_qemuconf_text(doc, "spice_tls_x509_cert_dir", NULL);

	if (set)
		return set;
	if (!sc_host_missing(conf->ctx, SC_PKI_DIR))
		return SC_PKI_DIR;
	return sc_qemuconf_text(doc, "default_tls_x509_cert_dir", SC_PKI_COMMON_DIR);
}

/* The value in effect if the file does not set the key; "" if it can only be described. */
static const char *unset_value(const struct spicecfg_qemuconf *conf, const struct sc_qemuconf_key *key)
{
	if (strcmp(key->name, "spice_tls_x509_cert_dir") == 0 && conf->own)
		return sc_host_conf_certs(conf, conf->doc);
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

	/* Keys without a use for Spice are reported only if the file contains them. */
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
	sc_ctx_enter(ctx);

	const struct sc_qemuconf_entry *entry;
	enum spicecfg_status status = SPICECFG_OK;

	for (const struct sc_qemuconf_key *key = sc_qemuconf_keys; key->name && !status; key++)
		status = show_key(ctx, conf, key, fn, opaque);
	for (size_t i = 0; (entry = sc_qemuconf_at(conf->doc, i)) && !status; i++) {
		struct spicecfg_qemuconf_setting row = {
		    .key = entry->key, .initial = "", .meaning = "", .problem = "libvirt does not know this key and ignores it"};

		if (entry->key && strncmp(entry->key, "spice_", 6) == 0 && !sc_qemuconf_key(entry->key) &&
		    sc_qemuconf_get(conf->doc, entry->key, NULL) == entry)
			status = show_entry(ctx, conf, entry, &row, fn, opaque);
	}
	return status;
}
