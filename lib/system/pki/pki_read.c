/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/text.h"
#include "doc/qemuconf.h"
#include "model/libvirt.h"
#include "system/libvirt/qemu_account.h"
#include "system/os/clock.h"
#include "system/os/file.h"
#include "system/os/modules.h"
#include "system/os/names.h"
#include "system/os/place.h"
#include "system/pki/pki.h"

static const char *in_dir(struct sc_arena *memory, const char *dir, const char *name)
{
	return sc_arena_printf(memory, "%s/%s", dir, name);
}

/* The directories above path that are missing; topmost first. */
static const char *const *missing_above(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *path)
{
	size_t parts = 0, used = 0;
	struct stat st;

	for (const char *at = path; *at; at++)
		parts += *at == '/';
	const char **list = sc_arena_alloc(memory, (parts + 1) * sizeof(*list));
	for (const char *slash = strchr(path + 1, '/'); list && slash; slash = strchr(slash + 1, '/')) {
		const char *above = sc_arena_strndup(memory, path, (size_t)(slash - path));

		if (!above)
			return NULL;
		if (sc_file_stat(ctx, above, &st) < 0 && errno == ENOENT)
			list[used++] = above;
	}
	return list;
}

static enum spicecfg_status look_dir(struct spicecfg_ctx *ctx, struct sc_arena *memory, const char *path, struct sc_pki_dir *out)
{
	SC_BUF text = SC_BUF_INIT;
	struct stat st;

	if (path[0] != '/' || !sc_path_normal(path, &text))
		return sc_fail(ctx, SPICECFG_USAGE, "Give an absolute path without '..'.", "the directory '%s' %s", path,
			       path[0] != '/' ? "does not begin with '/'" : "contains '..'");
	out->path = text.failed ? NULL : sc_arena_strdup(memory, text.len ? text.data : "/");
	out->missing = out->path ? missing_above(ctx, memory, out->path) : NULL;
	if (!out->missing)
		return sc_fail_memory(ctx);
	enum spicecfg_status status = sc_place_check(ctx, out->path, false);
	if (status)
		return status;
	if (sc_file_stat(ctx, out->path, &st) < 0)
		return errno == ENOENT ? SPICECFG_OK
				       : sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){out->path, 0, 0},
						    errno == EACCES ? "Run it as root." : NULL, "can't be examined: %s", strerror(errno));
	out->exists = true;
	out->uid = st.st_uid;
	out->gid = st.st_gid;
	out->bits = st.st_mode & 07777;
	return SPICECFG_OK;
}

/* The directory in qemu.conf; libvirt's default is /etc/pki/libvirt-spice if that exists when it starts (src/qemu/qemu_conf.c). */
static enum spicecfg_status configured_dir(struct spicecfg_ctx *ctx, struct sc_pki_snapshot *out)
{
	SC_BUF bytes = SC_BUF_INIT;
	SC_QEMUCONF *conf = NULL;
	struct sc_file_id id;
	struct stat st;
	enum spicecfg_status status = sc_file_read(ctx, SC_QEMU_CONF, false, true, SC_QEMUCONF_SIZE_MAX, &bytes, &id);

	if (!status && id.exists)
		status = sc_qemuconf_parse(ctx, SC_QEMU_CONF, sc_buf_text(&bytes), bytes.len, &conf);
	if (status)
		return status;
	const char *own = sc_qemuconf_text(conf, "spice_tls_x509_cert_dir", NULL);
	bool missing = !own && sc_file_stat(ctx, SC_PKI_DIR, &st) < 0 && errno == ENOENT;
	out->configured = sc_arena_strdup(out->memory, own ? own : SC_PKI_DIR);
	out->fallback =
	    missing ? sc_arena_strdup(out->memory, sc_qemuconf_text(conf, "default_tls_x509_cert_dir", SC_PKI_COMMON_DIR)) : NULL;
	return out->configured && (out->fallback || !missing) ? SPICECFG_OK : sc_fail_memory(ctx);
}

static enum spicecfg_status read_host(struct spicecfg_ctx *ctx, unsigned need, struct sc_pki_snapshot *out)
{
	struct sc_qemu_account account;
	const char *fqdn = NULL, *name = sc_names_host(ctx, out->memory, &fqdn);
	const char *shorter = name ? sc_arena_strndup(out->memory, name, strcspn(name, ".")) : NULL;
	const char *const all[] = {fqdn, name, shorter};
	const char **names = sc_arena_alloc(out->memory, 4 * sizeof(*names));
	size_t n = 0;

	if (!names)
		return sc_fail_memory(ctx);
	for (size_t i = 0; i < 3; i++) {
		bool known = !all[i] || (n > 0 && strcmp(names[0], all[i]) == 0) || (n > 1 && strcmp(names[1], all[i]) == 0);

		if (!known && !sc_pki_name_wrong(all[i]))
			names[n++] = all[i];
	}
	out->host_names = names;
	out->apparmor = sc_file_exists(ctx, "/etc/apparmor.d/abstractions/libvirt-qemu");
	if (need & SC_PKI_NEED_QEMU)
		out->running = sc_pki_running(ctx, out->memory);
	enum spicecfg_status status = sc_qemu_account_read(ctx, out->memory, &account);
	if (status && !(need & SC_PKI_NEED_QEMU)) {
		sc_let_go(ctx);
		return SPICECFG_OK;
	}
	out->qemu_uid = account.uid;
	out->qemu_gid = account.gid;
	out->qemu_user = account.user;
	out->qemu_group = account.group;
	return status;
}

static enum spicecfg_status read_imports(struct spicecfg_ctx *ctx, struct sc_pki_snapshot *out)
{
	const struct spicecfg_pki_request *request = out->request;
	enum spicecfg_status status = sc_pki_file_read(ctx, request->cert_file, true, false, &out->in_cert);

	if (!status && request->key_file)
		status = sc_pki_file_read(ctx, request->key_file, true, false, &out->in_key);
	if (!status && request->ca_file)
		status = sc_pki_file_read(ctx, request->ca_file, true, false, &out->in_ca);
	return status;
}

enum spicecfg_status sc_pki_output_read(struct spicecfg_ctx *ctx, const char *file, struct sc_pki_file *out)
{
	char real[PATH_MAX];
	enum spicecfg_status status = sc_place_refuse_device(ctx, file, "Name a file.", "--output");

	if (!status)
		status = sc_place_file(ctx, file, SPICECFG_SYSTEM, real);
	if (!status)
		status = sc_place_refuse_foreign(ctx, file, real);
	return status ? status : sc_pki_file_read(ctx, file, true, true, out);
}

static enum spicecfg_status read_pending(struct spicecfg_ctx *ctx, struct sc_pki_snapshot *out)
{
	const char *own = in_dir(out->memory, out->dir.path, SC_PKI_CSR), *asked = out->request->csr_file;
	enum spicecfg_status status =
	    sc_pki_file_read(ctx, in_dir(out->memory, out->dir.path, SC_PKI_PENDING_KEY), false, true, &out->pending_key);

	if (status)
		return status;
	return asked ? sc_pki_output_read(ctx, asked, &out->csr) : sc_pki_file_read(ctx, own, false, true, &out->csr);
}

enum spicecfg_status sc_pki_snapshot_read(struct spicecfg_ctx *ctx, const struct spicecfg_pki_request *request, unsigned need,
					  struct sc_pki_snapshot *out)
{
	out->request = request;
	out->now = sc_clock_now(ctx);
	out->ops = sc_module(ctx, "pki");
	if (!out->ops)
		return SPICECFG_SYSTEM;
	if (!(out->memory = sc_arena_new()))
		return sc_fail_memory(ctx);
	enum spicecfg_status status = configured_dir(ctx, out);
	if (!status)
		status = look_dir(ctx, out->memory, request->dir ? request->dir : out->configured, &out->dir);
	if (!status)
		status = look_dir(ctx, out->memory, request->ca_dir ? request->ca_dir : SC_PKI_CA_DIR, &out->ca_dir);
	if (status)
		return status;
	const struct {
		const char *dir, *name;
		struct sc_pki_file *file;
		bool read;
	} files[] = {
	    {out->dir.path, SC_PKI_CA_CERT, &out->ca_cert, true},
	    {out->dir.path, SC_PKI_SERVER_CERT, &out->cert, true},
	    {out->dir.path, SC_PKI_SERVER_KEY, &out->key, true},
	    {out->ca_dir.path, SC_PKI_CA_CERT, &out->own_ca_cert, out->ca_dir.exists},
	    {out->ca_dir.path, SC_PKI_CA_KEY, &out->own_ca_key, out->ca_dir.exists && need & SC_PKI_NEED_CA_KEY},
	};
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && !status; i++) {
		files[i].file->path = in_dir(out->memory, files[i].dir, files[i].name);
		if (files[i].read)
			status = sc_pki_file_read(ctx, files[i].file->path, false, true, files[i].file);
	}
	if (!status)
		status = read_host(ctx, need, out);
	if (!status && need & SC_PKI_NEED_PENDING)
		status = read_pending(ctx, out);
	return !status && need & SC_PKI_NEED_IMPORT ? read_imports(ctx, out) : status;
}

void sc_pki_snapshot_free(struct sc_pki_snapshot *in)
{
	struct sc_pki_file *const files[] = {&in->own_ca_cert, &in->own_ca_key, &in->ca_cert, &in->cert,   &in->key,
					     &in->pending_key, &in->csr,        &in->in_cert, &in->in_key, &in->in_ca};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		sc_buf_free(&files[i]->bytes);
	sc_arena_free(in->memory);
	in->memory = NULL;
}
