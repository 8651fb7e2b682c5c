/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/facts/hostfacts.h"

#include <stdlib.h>
#include <string.h>

#include "model/libvirt.h"
#include "system/facts/hostfacts_impl.h"

static enum spicecfg_status read_flag(const struct sc_hostfacts_reader *r, const char *key, const json_t *value, bool *out)
{
	enum sc_known known = SC_UNKNOWN;
	enum spicecfg_status status = sc_hostfacts_known(r, key, value, &known);

	*out = known == SC_TRUE;
	return status;
}

static enum spicecfg_status read_version(const struct sc_hostfacts_reader *r, const char *key, const json_t *value, unsigned *out)
{
	unsigned major = 0, minor = 0, micro = 0;

	if (!json_is_string(value) || sscanf(json_string_value(value), "%u.%u.%u", &major, &minor, &micro) < 1)
		return sc_hostfacts_wrong(r, key, "a version such as \"9.0.0\"");
	*out = major * 1000000 + minor * 1000 + micro;
	return SPICECFG_OK;
}

static enum spicecfg_status read_qemu(const struct sc_hostfacts_reader *r, json_t *object)
{
	struct sc_host *host = r->host;
	enum spicecfg_status status = SPICECFG_OK;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "qemu", "an object");
	json_object_foreach(object, key, value)
	{
		if (strcmp(key, "version") == 0)
			status = read_version(r, key, value, &host->version.qemu);
		else if (strcmp(key, "root") == 0)
			status = read_flag(r, key, value, &host->account.root);
		else if (strcmp(key, "spice") == 0)
			status = sc_hostfacts_known(r, key, value, &host->qemu.spice);
		else if (strcmp(key, "qxl") == 0)
			status = sc_hostfacts_known(r, key, value, &host->qemu.qxl);
		else if (strcmp(key, "virtio_gpu_gl") == 0)
			status = sc_hostfacts_known(r, key, value, &host->qemu.virtio_gpu_gl);
		else if (strcmp(key, "vhost_user_gpu") == 0)
			status = sc_hostfacts_known(r, key, value, &host->qemu.vhost_user_gpu);
		else if (strcmp(key, "sdl") == 0)
			status = sc_hostfacts_known(r, key, value, &host->qemu.sdl);
		else if (strcmp(key, "keymaps") == 0)
			status = sc_hostfacts_strings(r, key, value, &host->qemu.keymaps, &host->qemu.n_keymaps);
		else
			status = sc_hostfacts_unknown(r, key);
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status read_libvirt(const struct sc_hostfacts_reader *r, json_t *object)
{
	enum spicecfg_status status = SPICECFG_OK;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "libvirt", "an object");
	json_object_foreach(object, key, value)
	{
		if (strcmp(key, "version") == 0)
			status = read_version(r, key, value, &r->host->version.libvirt);
		else if (strcmp(key, "listen_tcp") == 0)
			status = sc_hostfacts_known(r, key, value, &r->host->ways.listen_tcp);
		else if (strcmp(key, "auth_tcp_none") == 0)
			status = sc_hostfacts_known(r, key, value, &r->host->ways.auth_tcp_none);
		else if (strcmp(key, "daemons") == 0)
			status = sc_hostfacts_read_daemons(r, value);
		else if (strcmp(key, "polkit") == 0)
			status = sc_hostfacts_read_polkit(r, value);
		else
			status = sc_hostfacts_unknown(r, key);
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status read_setting(const struct sc_hostfacts_reader *r, const char *key, const json_t *value)
{
	struct sc_conf_entry entry = {.key = key, .type = SC_CONF_OTHER};

	if (json_is_integer(value)) {
		entry.type = SC_CONF_INT;
		entry.number = json_integer_value(value);
	} else if (json_is_string(value)) {
		entry.type = SC_CONF_STRING;
		entry.text = json_string_value(value);
	}
	return sc_host_conf_add(r->ctx, r->host, &entry);
}

static enum spicecfg_status read_conf(const struct sc_hostfacts_reader *r, json_t *object)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "qemu_conf", "an object");
	json_object_foreach(object, key, value)
	{
		enum spicecfg_status status = read_setting(r, key, value);

		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status read_reader(const struct sc_hostfacts_reader *r, const char *key, const json_t *value)
{
	struct sc_exposure *exposure = &r->host->conf.exposure;

	if (!json_is_string(value))
		return sc_hostfacts_wrong(r, key, "a string");
	*exposure = (struct sc_exposure){.path = SC_QEMU_CONF, .reader = sc_hostfacts_copy(r, value)};
	exposure->groups = exposure->reader && strcmp(exposure->reader, "others") != 0;
	return exposure->reader ? SPICECFG_OK : sc_fail_memory(r->ctx);
}

static enum spicecfg_status read_text(const struct sc_hostfacts_reader *r, const char *key, const json_t *value, const char **out)
{
	if (!json_is_string(value))
		return sc_hostfacts_wrong(r, key, "a string");
	*out = sc_hostfacts_copy(r, value);
	return *out ? SPICECFG_OK : sc_fail_memory(r->ctx);
}

static enum spicecfg_status read_path(const struct sc_hostfacts_reader *r, const char *path, json_t *object, struct sc_path_fact *out)
{
	static const char *const types[] = {"unknown", "missing", "directory", "file", NULL};
	enum spicecfg_status status = SPICECFG_OK;
	const char *key;
	json_t *value;

	if (!json_is_object(object) || *path != '/')
		return sc_hostfacts_wrong(r, path, "an absolute path with an object of facts");
	out->path = sc_arena_strdup(r->host->memory, path);
	json_object_foreach(object, key, value)
	{
		if (strcmp(key, "type") == 0) {
			int type = -1;

			for (int i = 0; types[i]; i++)
				if (json_is_string(value) && strcmp(json_string_value(value), types[i]) == 0)
					type = i;
			out->type = (enum sc_path_type)type;
			status = type < 0 ? sc_hostfacts_wrong(r, key, "missing, directory or file") : SPICECFG_OK;
		} else if (strcmp(key, "link") == 0) {
			out->target = json_is_string(value) ? sc_hostfacts_copy(r, value) : NULL;
			status = out->target ? SPICECFG_OK : sc_hostfacts_wrong(r, key, "a path");
		} else if (strcmp(key, "writable") == 0) {
			status = sc_hostfacts_known(r, key, value, &out->writable);
		} else if (strcmp(key, "searchable") == 0) {
			status = sc_hostfacts_known(r, key, value, &out->searchable);
		} else if (strcmp(key, "own") == 0) {
			status = sc_hostfacts_known(r, key, value, &out->own);
		} else if (strcmp(key, "sticky") == 0) {
			status = read_flag(r, key, value, &out->sticky);
		} else if (strcmp(key, "others") == 0) {
			status = read_flag(r, key, value, &out->others);
		} else {
			status = sc_hostfacts_unknown(r, key);
		}
		if (status)
			return status;
	}
	return out->path ? SPICECFG_OK : sc_fail_memory(r->ctx);
}

static enum spicecfg_status read_paths(const struct sc_hostfacts_reader *r, json_t *object)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "paths", "an object");
	r->host->files.paths = sc_arena_alloc(r->host->memory, (json_object_size(object) + 1) * sizeof(*r->host->files.paths));
	if (!r->host->files.paths)
		return sc_fail_memory(r->ctx);
	json_object_foreach(object, key, value)
	{
		enum spicecfg_status status = read_path(r, key, value, &r->host->files.paths[r->host->files.n_paths++]);

		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status read_cert_state(const struct sc_hostfacts_reader *r, const char *key, const json_t *value,
					    enum sc_cert_state *out)
{
	for (int i = 0; json_is_string(value) && sc_hostfacts_cert_words[i]; i++) {
		if (strcmp(json_string_value(value), sc_hostfacts_cert_words[i]) == 0) {
			*out = (enum sc_cert_state)i;
			return SPICECFG_OK;
		}
	}
	return sc_hostfacts_wrong(r, key, "ok, missing, unreadable, invalid, encrypted, mismatch or weak");
}

static enum spicecfg_status read_cert(const struct sc_hostfacts_reader *r, const char *dir, json_t *object, struct sc_cert_fact *out)
{
	enum spicecfg_status status = SPICECFG_OK;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, dir, "an object");
	out->dir = sc_arena_strdup(r->host->memory, dir);
	json_object_foreach(object, key, value)
	{
		if (strcmp(key, "exists") == 0)
			status = sc_hostfacts_known(r, key, value, &out->exists);
		else if (strcmp(key, "ca") == 0)
			status = read_cert_state(r, key, value, &out->ca);
		else if (strcmp(key, "certificate") == 0)
			status = read_cert_state(r, key, value, &out->cert);
		else if (strcmp(key, "key") == 0)
			status = read_cert_state(r, key, value, &out->key);
		else if (strcmp(key, "expired") == 0)
			status = sc_hostfacts_known(r, key, value, &out->expired);
		else if (strcmp(key, "names_host") == 0)
			status = sc_hostfacts_known(r, key, value, &out->names_host);
		else if (strcmp(key, "key_private") == 0)
			status = sc_hostfacts_known(r, key, value, &out->key_private);
		else if (strcmp(key, "foreign") == 0)
			status = sc_hostfacts_known(r, key, value, &out->foreign);
		else if (strcmp(key, "names") == 0)
			status = sc_hostfacts_strings(r, key, value, &out->names, &out->n_names);
		else
			status = sc_hostfacts_unknown(r, key);
		if (status)
			return status;
	}
	return out->dir ? SPICECFG_OK : sc_fail_memory(r->ctx);
}

static enum spicecfg_status read_certs(const struct sc_hostfacts_reader *r, json_t *object)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "certificates", "an object");
	r->host->files.certs = sc_arena_alloc(r->host->memory, (json_object_size(object) + 1) * sizeof(*r->host->files.certs));
	if (!r->host->files.certs)
		return sc_fail_memory(r->ctx);
	json_object_foreach(object, key, value)
	{
		enum spicecfg_status status = read_cert(r, key, value, &r->host->files.certs[r->host->files.n_certs++]);

		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status read_networks(const struct sc_hostfacts_reader *r, json_t *object)
{
	struct sc_host *host = r->host;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "networks", "an object");
	host->files.networks = sc_arena_alloc(host->memory, (json_object_size(object) + 1) * sizeof(*host->files.networks));
	if (!host->files.networks)
		return sc_fail_memory(r->ctx);
	host->files.networks_complete = SC_TRUE;
	json_object_foreach(object, key, value)
	{
		struct sc_network_fact *network = &host->files.networks[host->files.n_networks++];

		if (!json_is_string(value) && !json_is_null(value))
			return sc_hostfacts_wrong(r, key, "an address or null");
		network->name = sc_arena_strdup(host->memory, key);
		network->address = json_is_string(value) ? sc_hostfacts_copy(r, value) : NULL;
		if (!network->name || (json_is_string(value) && !network->address))
			return sc_fail_memory(r->ctx);
	}
	return SPICECFG_OK;
}

/* "127.0.0.1:5900", "::1:5900" or "[::1]:5900". */
static enum spicecfg_status read_listener(const struct sc_hostfacts_reader *r, const json_t *value, struct sc_busy_fact *out)
{
	const char *text = json_is_string(value) ? json_string_value(value) : "";
	const char *colon = strrchr(text, ':');
	char *end = NULL;

	if (colon)
		out->port = (unsigned)strtoul(colon + 1, &end, 10);
	if (!colon || end == colon + 1 || *end || !out->port || out->port > 65535)
		return sc_hostfacts_wrong(r, "listening", "a list of ADDRESS:PORT");
	bool brackets = *text == '[' && colon[-1] == ']';
	out->address = sc_arena_strndup(r->host->memory, text + brackets, (size_t)(colon - text) - 2 * (size_t)brackets);
	return out->address ? SPICECFG_OK : sc_fail_memory(r->ctx);
}

static enum spicecfg_status read_listening(const struct sc_hostfacts_reader *r, const json_t *array)
{
	size_t n = json_array_size(array);

	if (!json_is_array(array))
		return sc_hostfacts_wrong(r, "listening", "a list of ADDRESS:PORT");
	r->host->ports.busy = sc_arena_alloc(r->host->memory, (n + 1) * sizeof(*r->host->ports.busy));
	if (!r->host->ports.busy)
		return sc_fail_memory(r->ctx);
	for (size_t i = 0; i < n; i++) {
		enum spicecfg_status status = read_listener(r, json_array_get(array, i), &r->host->ports.busy[r->host->ports.n_busy++]);

		if (status)
			return status;
	}
	return SPICECFG_OK;
}

/* What couldn't be read when the facts were gathered is unread here, too. */
static enum spicecfg_status read_unread(const struct sc_hostfacts_reader *r, json_t *object)
{
	const char *path;
	json_t *why;

	if (!json_is_object(object))
		return sc_hostfacts_wrong(r, "unread", "an object");
	json_object_foreach(object, path, why)
	{
		if (!json_is_string(why))
			return sc_hostfacts_wrong(r, "unread", "an object of reasons");
		sc_unread_add(r->ctx->unread, path, json_string_value(why));
		if (strcmp(path, SC_QEMU_CONF) == 0 && !(r->host->conf.unread = sc_hostfacts_copy(r, why)))
			return sc_fail_memory(r->ctx);
		r->host->ports.unread |= strcmp(path, SC_UNREAD_PORTS) == 0;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status read_member(const struct sc_hostfacts_reader *r, const char *key, json_t *value)
{
	struct sc_host *host = r->host;

	if (strcmp(key, "version") == 0)
		return json_integer_value(value) == SC_HOSTFACTS_VERSION ? SPICECFG_OK : sc_hostfacts_wrong(r, key, "1");
	if (strcmp(key, "qemu") == 0)
		return read_qemu(r, value);
	if (strcmp(key, "libvirt") == 0)
		return read_libvirt(r, value);
	if (strcmp(key, "qemu_conf") == 0)
		return read_conf(r, value);
	if (strcmp(key, "addresses") == 0)
		return sc_hostfacts_strings(r, key, value, &host->machine.addresses, &host->machine.n_addresses);
	if (strcmp(key, "unprivileged_port_start") == 0) {
		host->machine.unprivileged_port = json_integer_value(value);
		return json_is_integer(value) ? SPICECFG_OK : sc_hostfacts_wrong(r, key, "a number");
	}
	if (strcmp(key, "memory_kib") == 0) {
		host->machine.memory_kib = json_integer_value(value);
		return json_is_integer(value) ? SPICECFG_OK : sc_hostfacts_wrong(r, key, "a number");
	}
	if (strcmp(key, "networks") == 0)
		return read_networks(r, value);
	if (strcmp(key, "unread") == 0)
		return read_unread(r, value);
	if (strcmp(key, "listening") == 0)
		return read_listening(r, value);
	if (strcmp(key, "render_node") == 0)
		return sc_hostfacts_known(r, key, value, &host->qemu.render_node);
	if (strcmp(key, "paths") == 0)
		return read_paths(r, value);
	if (strcmp(key, "sockets") == 0)
		return sc_hostfacts_read_sockets(r, value);
	if (strcmp(key, "certificates") == 0)
		return read_certs(r, value);
	if (strcmp(key, "qemu_conf_reader") == 0)
		return read_reader(r, key, value);
	if (strcmp(key, "qemu_conf_pending") == 0)
		return read_text(r, key, value, &host->conf.pending);
	if (strcmp(key, "unknown_user") == 0)
		return read_text(r, key, value, &host->account.no_user);
	if (strcmp(key, "unknown_group") == 0)
		return read_text(r, key, value, &host->account.no_group);
	if (strcmp(key, "sasl") == 0)
		return sc_hostfacts_read_sasl(r, value);
	if (strcmp(key, "open_ports") == 0)
		return sc_hostfacts_read_ports(r, value);
	if (strcmp(key, "firewall_open") == 0)
		return sc_hostfacts_known(r, key, value, &host->firewall.open);
	return sc_hostfacts_unknown(r, key);
}

enum spicecfg_status sc_hostfacts_read(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len, struct sc_host **out)
{
	json_error_t error;
	enum spicecfg_status status = SPICECFG_OK;
	const char *key;
	json_t *value;

	*out = NULL;
	json_t *root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(root)) {
		struct sc_where where = {name, root ? 1 : (unsigned)error.line, root ? 1 : (unsigned)error.column};

		json_decref(root);
		return sc_fail_at(ctx, SPICECFG_INPUT, where, "See docs/host-facts.md.", "the host facts are not a JSON object: %s",
				  error.text);
	}
	struct sc_hostfacts_reader reader = {ctx, name, sc_host_new(ctx)};
	if (!reader.host)
		status = SPICECFG_SYSTEM;
	else
		sc_host_forget(reader.host);
	json_object_foreach(root, key, value)
	{
		if (!status)
			status = read_member(&reader, key, value);
	}
	if (!status && !json_object_get(root, "version"))
		status = sc_hostfacts_wrong(&reader, "version", "present");
	json_decref(root);
	if (status)
		sc_host_free(reader.host);
	else
		*out = reader.host;
	return status;
}
