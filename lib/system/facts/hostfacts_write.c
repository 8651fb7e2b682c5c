/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "doc/mask.h"
#include "model/qemuconf_keys.h"
#include "system/facts/hostfacts_impl.h"

static json_t *version_text(unsigned version)
{
	return json_sprintf("%u.%u.%u", version / 1000000, version / 1000 % 1000, version % 1000);
}

static json_t *write_conf(const struct sc_host *host)
{
	json_t *object = json_object();

	for (size_t i = 0; i < host->conf.count; i++) {
		const struct sc_conf_entry *entry = &host->conf.entries[i];
		bool secret = sc_qemuconf_key_secret(entry->key);

		if (secret && (entry->type == SC_CONF_INT || (entry->type == SC_CONF_STRING && *entry->text)))
			json_object_set_new(object, entry->key, json_string(SC_MASK));
		else if (entry->type == SC_CONF_INT)
			json_object_set_new(object, entry->key, json_integer(entry->number));
		else if (entry->type == SC_CONF_STRING)
			json_object_set_new(object, entry->key, json_string(entry->text));
		else
			json_object_set_new(object, entry->key, json_array());
	}
	return object;
}

static json_t *write_paths(const struct sc_host *host)
{
	static const char *const types[] = {"unknown", "missing", "directory", "file"};
	json_t *object = json_object();

	for (size_t i = 0; i < host->files.n_paths; i++) {
		const struct sc_path_fact *path = &host->files.paths[i];
		json_t *row = json_pack("{s:s}", "type", types[path->type]);

		if (path->target)
			json_object_set_new(row, "link", json_string(path->target));
		if (path->type == SC_PATH_DIRECTORY) {
			json_object_set_new(row, "writable", sc_hostfacts_from_known(path->writable));
			json_object_set_new(row, "searchable", sc_hostfacts_from_known(path->searchable));
			json_object_set_new(row, "sticky", json_boolean(path->sticky));
			json_object_set_new(row, "others", json_boolean(path->others));
		}
		json_object_set_new(row, "own", sc_hostfacts_from_known(path->own));
		json_object_set_new(object, path->path, row);
	}
	return object;
}

static json_t *write_certs(const struct sc_host *host)
{
	json_t *object = json_object();

	for (size_t i = 0; i < host->files.n_certs; i++) {
		const struct sc_cert_fact *cert = &host->files.certs[i];

		json_t *row =
		    json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:o}", "exists", sc_hostfacts_from_known(cert->exists), "ca",
			      sc_hostfacts_cert_words[cert->ca], "certificate", sc_hostfacts_cert_words[cert->cert], "key",
			      sc_hostfacts_cert_words[cert->key], "expired", sc_hostfacts_from_known(cert->expired), "names_host",
			      sc_hostfacts_from_known(cert->names_host), "key_private", sc_hostfacts_from_known(cert->key_private));
		json_object_set_new(row, "foreign", sc_hostfacts_from_known(cert->foreign));
		if (cert->names)
			json_object_set_new(row, "names", sc_hostfacts_from_strings(cert->names, cert->n_names));
		json_object_set_new(object, cert->dir, row);
	}
	return object;
}

static json_t *write_networks(const struct sc_host *host)
{
	json_t *object = json_object();

	for (size_t i = 0; i < host->files.n_networks; i++) {
		const char *address = host->files.networks[i].address;

		json_object_set_new(object, host->files.networks[i].name, address ? json_string(address) : json_null());
	}
	return object;
}

static bool any_unread(const struct sc_host *host)
{
	for (size_t i = 0; i < host->files.n_networks; i++)
		if (host->files.networks[i].unread)
			return true;
	return false;
}

static void write_unread(const struct spicecfg_ctx *ctx, json_t *root)
{
	size_t count;
	const struct sc_unread_row *rows = sc_unread_rows(ctx->unread, &count);
	json_t *object = count ? json_object() : NULL;

	for (size_t i = 0; i < count; i++)
		json_object_set_new(object, rows[i].path, json_string(rows[i].why));
	if (object)
		json_object_set_new(root, "unread", object);
}

static json_t *write_listening(const struct sc_host *host)
{
	json_t *array = json_array();

	for (size_t i = 0; i < host->ports.n_busy; i++) {
		bool v6 = strchr(host->ports.busy[i].address, ':') != NULL;

		json_array_append_new(array, json_sprintf(v6 ? "[%s]:%u" : "%s:%u", host->ports.busy[i].address, host->ports.busy[i].port));
	}
	return array;
}

static json_t *write_qemu(const struct sc_host *host)
{
	json_t *qemu =
	    json_pack("{s:b, s:o, s:o, s:o, s:o, s:o}", "root", host->account.root, "spice", sc_hostfacts_from_known(host->qemu.spice),
		      "qxl", sc_hostfacts_from_known(host->qemu.qxl), "virtio_gpu_gl", sc_hostfacts_from_known(host->qemu.virtio_gpu_gl),
		      "vhost_user_gpu", sc_hostfacts_from_known(host->qemu.vhost_user_gpu), "sdl", sc_hostfacts_from_known(host->qemu.sdl));

	if (host->version.qemu)
		json_object_set_new(qemu, "version", version_text(host->version.qemu));
	if (host->qemu.keymaps)
		json_object_set_new(qemu, "keymaps", sc_hostfacts_from_strings(host->qemu.keymaps, host->qemu.n_keymaps));
	return qemu;
}

/* Straight into the buffer: json_dumps() makes two more copies of the whole. */
static int append(const char *text, size_t len, void *opaque)
{
	struct sc_buf *out = opaque;

	sc_buf_add(out, text, len);
	return out->failed ? -1 : 0;
}

enum spicecfg_status sc_hostfacts_write(struct spicecfg_ctx *ctx, const struct sc_host *host, struct sc_buf *out)
{
	json_t *libvirt = json_pack("{s:o, s:o}", "listen_tcp", sc_hostfacts_from_known(host->ways.listen_tcp), "auth_tcp_none",
				    sc_hostfacts_from_known(host->ways.auth_tcp_none));
	json_t *root = json_pack("{s:i, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o}", "version", SC_HOSTFACTS_VERSION, "qemu",
				 write_qemu(host), "libvirt", libvirt, "qemu_conf", write_conf(host), "unprivileged_port_start",
				 (json_int_t)host->machine.unprivileged_port, "listening", write_listening(host), "render_node",
				 sc_hostfacts_from_known(host->qemu.render_node), "paths", write_paths(host), "certificates",
				 write_certs(host), "firewall_open", sc_hostfacts_from_known(host->firewall.open));

	if (root && host->conf.pending)
		json_object_set_new(root, "qemu_conf_pending", json_string(host->conf.pending));
	if (root && host->account.no_user)
		json_object_set_new(root, "unknown_user", json_string(host->account.no_user));
	if (root && host->account.no_group)
		json_object_set_new(root, "unknown_group", json_string(host->account.no_group));
	if (root && host->ways.daemons) {
		json_object_set_new(libvirt, "daemons", sc_hostfacts_write_daemons(host));
		json_object_set_new(libvirt, "polkit", sc_hostfacts_write_polkit(host));
	}
	if (root && (host->firewall.n_open4 || host->firewall.n_open6))
		json_object_set_new(root, "open_ports", sc_hostfacts_write_ports(host));
	if (root && host->conf.exposure.reader)
		json_object_set_new(root, "qemu_conf_reader", json_string(host->conf.exposure.reader));
	if (root && host->files.n_sockets)
		json_object_set_new(root, "sockets", sc_hostfacts_write_sockets(host));
	if (root && host->sasl.n_facts)
		json_object_set_new(root, "sasl", sc_hostfacts_write_sasl(host));
	if (root && host->version.libvirt)
		json_object_set_new(libvirt, "version", version_text(host->version.libvirt));
	if (root && host->machine.memory_kib)
		json_object_set_new(root, "memory_kib", json_integer(host->machine.memory_kib));
	if (root && host->machine.addresses)
		json_object_set_new(root, "addresses", sc_hostfacts_from_strings(host->machine.addresses, host->machine.n_addresses));
	if (root)
		write_unread(ctx, root);
	/* the key means that there are no other networks, which is unknown if one couldn't be read */
	if (root && host->files.networks_complete == SC_TRUE && !any_unread(host))
		json_object_set_new(root, "networks", write_networks(host));
	bool done = root && json_dump_callback(root, append, out, JSON_INDENT(1) | JSON_SORT_KEYS) == 0;
	json_decref(root);
	if (done)
		sc_buf_addc(out, '\n');
	return !done || out->failed ? sc_fail_memory(ctx) : SPICECFG_OK;
}
