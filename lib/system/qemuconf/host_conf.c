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

#include "model/libvirt.h"
#include "system/libvirt/virt.h"
#include "system/os/file.h"
#include "system/os/seen.h"

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

/* The path of what path leads to, below the root; NULL: it does not exist. */
static char *below_root(const struct spicecfg_ctx *ctx, const char *path)
{
	char real[PATH_MAX];
	int fd = sc_file_open(ctx, path, O_PATH);
	bool known = fd >= 0 && sc_file_real(ctx, fd, real);

	if (fd >= 0)
		close(fd);
	return known ? strdup(real) : NULL;
}

/*
 * A symlink stays: its target is edited. NULL: it does not exist. To be freed with free(). What is not a link is found by the name of its
 * directory: the name of an open file changes while another change replaces it.
 */
static char *real_of(const struct spicecfg_ctx *ctx, const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	char *dir = NULL, *real = NULL, *full = NULL;
	struct stat st;

	if (!ctx->root)
		return realpath(path, NULL);
	if (sc_file_stat(ctx, path, &st) != 0)
		return NULL;
	if (S_ISLNK(st.st_mode))
		return below_root(ctx, path);
	if (asprintf(&dir, "%.*s", (int)(base - path), path) < 0)
		return NULL;
	real = below_root(ctx, dir);
	free(dir);
	if (real && asprintf(&full, "%s%s%s", real, strcmp(real, "/") == 0 ? "" : "/", base) < 0)
		full = NULL;
	free(real);
	return full;
}

static enum spicecfg_status locate(struct spicecfg_qemuconf *conf, const char *file)
{
	char *usual = default_path(conf);
	char *real = usual ? real_of(conf->ctx, usual) : NULL;

	if (!usual)
		return sc_fail_memory(conf->ctx);
	if (file) {
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

enum spicecfg_status sc_host_conf_read_file(struct spicecfg_qemuconf *conf)
{
	struct sc_file_id id;
	struct sc_seen seen;

	sc_qemuconf_free(conf->doc);
	sc_qemuconf_free(conf->edited);
	sc_buf_free(&conf->bytes);
	conf->doc = conf->edited = NULL;
	enum spicecfg_status status =
	    sc_file_read(conf->ctx, conf->path, conf->outside, !conf->outside, SC_QEMUCONF_SIZE_MAX, &conf->bytes, &id);

	if (status)
		return status;
	conf->exists = id.exists;
	conf->changed_ms = (int64_t)id.ctime.tv_sec * 1000 + id.ctime.tv_nsec / 1000000;
	/* an edit that is planned and not written yet is later than any start of the daemon */
	if (sc_staged_of(conf->ctx, conf->path, conf->outside, true))
		conf->changed_ms = INT64_MAX;
	if (conf->exists && sc_see(conf->ctx, conf->path, conf->outside, true, &seen) == 0) {
		conf->mode = seen.st.st_mode & 07777;
		sc_seen_close(&seen);
	}
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
		status = sc_host_conf_read_file(conf);
	if (!status)
		status = sc_host_settings(conf);
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
	sc_rows_free(&conf->settings);
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
