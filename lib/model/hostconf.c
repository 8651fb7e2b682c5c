/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of qemu.conf for consoles, and their effective values. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "model/host.h"
#include "model/sasl_directories.h"

#define FIELD(name) offsetof(struct sc_qemu_conf, name)

/* The keys that libvirt reads, by type (libvirt qemu/qemu_conf.c). offset 0: only the type of the value matters here. */
static const struct {
	const char *key;
	enum sc_key_kind kind;
	size_t offset;
} keys[] = {
    {"spice_tls", SC_KEY_BOOL, FIELD(spice_tls)},
    {"spice_sasl", SC_KEY_BOOL, FIELD(spice_sasl)},
    {"spice_auto_unix_socket", SC_KEY_BOOL, FIELD(spice_auto_unix_socket)},
    {"spice_listen", SC_KEY_STRING, FIELD(spice_listen)},
    {"spice_password", SC_KEY_STRING, FIELD(spice_password)},
    {"spice_tls_x509_cert_dir", SC_KEY_STRING, FIELD(spice_cert_dir)},
    {"spice_sasl_dir", SC_KEY_STRING, FIELD(spice_sasl_dir)},
    {"default_tls_x509_cert_dir", SC_KEY_STRING, FIELD(default_cert_dir)},
    {"default_tls_x509_verify", SC_KEY_BOOL, 0},
    {"default_tls_x509_secret_uuid", SC_KEY_STRING, 0},
    {"remote_display_port_min", SC_KEY_NUMBER, FIELD(port_min)},
    {"remote_display_port_max", SC_KEY_NUMBER, FIELD(port_max)},
    {"remote_websocket_port_min", SC_KEY_NUMBER, FIELD(websocket_min)},
    {"remote_websocket_port_max", SC_KEY_NUMBER, FIELD(websocket_max)},
    {"vnc_tls", SC_KEY_BOOL, FIELD(vnc_tls)},
    {"vnc_sasl", SC_KEY_BOOL, FIELD(vnc_sasl)},
    {"vnc_auto_unix_socket", SC_KEY_BOOL, FIELD(vnc_auto_unix_socket)},
    {"vnc_listen", SC_KEY_STRING, FIELD(vnc_listen)},
    {"vnc_password", SC_KEY_STRING, FIELD(vnc_password)},
    {"vnc_sasl_dir", SC_KEY_STRING, FIELD(vnc_sasl_dir)},
    {"vnc_tls_x509_cert_dir", SC_KEY_STRING, FIELD(vnc_cert_dir)},
    {"vnc_tls_x509_verify", SC_KEY_BOOL, 0},
    {"vnc_allow_host_audio", SC_KEY_BOOL, FIELD(vnc_host_audio)},
    {"nographics_allow_host_audio", SC_KEY_BOOL, FIELD(nographics_host_audio)},
    {"user", SC_KEY_STRING, FIELD(user)},
    {"group", SC_KEY_STRING, 0},
    {"migration_port_min", SC_KEY_NUMBER, FIELD(migration_min)},
    {"migration_port_max", SC_KEY_NUMBER, FIELD(migration_max)},
    /* irrelevant for consoles, but an invalid value stops the whole driver */
    {"auto_dump_bypass_cache", SC_KEY_BOOL, 0},
    {"auto_start_bypass_cache", SC_KEY_BOOL, 0},
    {"chardev_tls", SC_KEY_BOOL, 0},
    {"chardev_tls_x509_verify", SC_KEY_BOOL, 0},
    {"migrate_tls_force", SC_KEY_BOOL, 0},
    {"migrate_tls_x509_verify", SC_KEY_BOOL, 0},
    {"backup_tls_x509_verify", SC_KEY_BOOL, 0},
    {"nbd_tls", SC_KEY_BOOL, 0},
    {"vxhs_tls", SC_KEY_BOOL, 0},
    {"dump_guest_core", SC_KEY_BOOL, 0},
    {"dynamic_ownership", SC_KEY_BOOL, 0},
    {"log_timestamp", SC_KEY_BOOL, 0},
    {"mac_filter", SC_KEY_BOOL, 0},
    {"relaxed_acs_check", SC_KEY_BOOL, 0},
    {"remember_owner", SC_KEY_BOOL, 0},
    {"security_default_confined", SC_KEY_BOOL, 0},
    {"security_require_confined", SC_KEY_BOOL, 0},
    {"set_process_name", SC_KEY_BOOL, 0},
    {"virtiofsd_debug", SC_KEY_BOOL, 0},
    {"vnc_tls_x509_secret_uuid", SC_KEY_STRING, 0},
    {"chardev_tls_x509_cert_dir", SC_KEY_STRING, 0},
    {"chardev_tls_x509_secret_uuid", SC_KEY_STRING, 0},
    {"migrate_tls_x509_cert_dir", SC_KEY_STRING, 0},
    {"migrate_tls_x509_secret_uuid", SC_KEY_STRING, 0},
    {"backup_tls_x509_cert_dir", SC_KEY_STRING, 0},
    {"backup_tls_x509_secret_uuid", SC_KEY_STRING, 0},
    {"vxhs_tls_x509_cert_dir", SC_KEY_STRING, 0},
    {"vxhs_tls_x509_secret_uuid", SC_KEY_STRING, 0},
    {"nbd_tls_x509_cert_dir", SC_KEY_STRING, 0},
    {"nbd_tls_x509_secret_uuid", SC_KEY_STRING, 0},
    {"auto_dump_path", SC_KEY_STRING, 0},
    {"bridge_helper", SC_KEY_STRING, 0},
    {"dbus_daemon", SC_KEY_STRING, 0},
    {"deprecation_behavior", SC_KEY_STRING, 0},
    {"dump_image_format", SC_KEY_STRING, 0},
    {"lock_manager", SC_KEY_STRING, 0},
    {"memory_backing_dir", SC_KEY_STRING, 0},
    {"migration_address", SC_KEY_STRING, 0},
    {"migration_host", SC_KEY_STRING, 0},
    {"pr_helper", SC_KEY_STRING, 0},
    {"save_image_format", SC_KEY_STRING, 0},
    {"sched_core", SC_KEY_STRING, 0},
    {"slirp_helper", SC_KEY_STRING, 0},
    {"snapshot_image_format", SC_KEY_STRING, 0},
    {"stdio_handler", SC_KEY_STRING, 0},
    {"swtpm_group", SC_KEY_STRING, 0},
    {"swtpm_user", SC_KEY_STRING, 0},
    {"gluster_debug_level", SC_KEY_NUMBER, 0},
    {"keepalive_count", SC_KEY_NUMBER, 0},
    {"max_files", SC_KEY_NUMBER, 0},
    {"max_processes", SC_KEY_NUMBER, 0},
    {"max_queued", SC_KEY_NUMBER, 0},
};

static int key_index(const char *key)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i].key, key) == 0)
			return (int)i;
	return -1;
}

enum sc_key_kind sc_host_conf_kind(const char *key)
{
	int index = key_index(key);

	return index < 0 ? SC_KEY_UNKNOWN : keys[index].kind;
}

const struct sc_conf_entry *sc_host_conf_find(const struct sc_host *host, const char *key)
{
	const struct sc_table_entry *found = sc_table_find_text(&host->conf.keys, key);

	return found ? &host->conf.entries[found->times] : NULL;
}

const struct sc_conf_entry *sc_host_conf_password(const struct sc_host *host)
{
	static const char *const names[] = {"spice_password", "vnc_password"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct sc_conf_entry *entry = sc_host_conf_find(host, names[i]);

		if (entry && entry->type == SC_CONF_STRING && *entry->text)
			return entry;
	}
	return NULL;
}

static void take_value(struct sc_host *host, const struct sc_conf_entry *entry)
{
	int index = key_index(entry->key);

	if (index < 0 || !keys[index].offset)
		return;
	char *field = (char *)&host->conf + keys[index].offset;
	switch (keys[index].kind) {
	case SC_KEY_BOOL:
		if (entry->type == SC_CONF_INT)
			*(bool *)field = entry->number == 1;
		break;
	case SC_KEY_STRING:
		if (entry->type == SC_CONF_STRING)
			*(const char **)field = entry->text;
		break;
	case SC_KEY_NUMBER:
		if (entry->type == SC_CONF_INT)
			*(long long *)field = entry->number;
		break;
	case SC_KEY_UNKNOWN:
		break;
	}
	if (strcmp(entry->key, "user") == 0 && entry->type == SC_CONF_STRING)
		host->account.root = strcmp(entry->text, "root") == 0 || strcmp(entry->text, "+0") == 0 || strcmp(entry->text, "0") == 0;
}

enum spicecfg_status sc_host_conf_add(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_conf_entry *entry)
{
	struct sc_qemu_conf *conf = &host->conf;

	if (sc_host_conf_find(host, entry->key))
		return SPICECFG_OK;
	struct sc_conf_entry *entries = sc_grow(conf->entries, conf->count, sizeof(*entries));

	if (!entries)
		return sc_fail_memory(ctx);
	conf->entries = entries;
	struct sc_conf_entry copy = *entry;
	copy.key = sc_arena_strdup(host->memory, entry->key);
	bool directories = strcmp(entry->key, "spice_sasl_dir") == 0 || strcmp(entry->key, "vnc_sasl_dir") == 0;
	copy.text =
	    directories && entry->text ? sc_sasl_directories(host->memory, entry->text) : sc_arena_strdup(host->memory, entry->text);
	if (!copy.key || (entry->text && !copy.text))
		return sc_fail_memory(ctx);
	struct sc_table_entry *seen = sc_table_add_text(&conf->keys, copy.key);
	if (!seen)
		return sc_fail_memory(ctx);
	seen->times = conf->count;
	conf->entries[conf->count++] = copy;
	take_value(host, &copy);
	return SPICECFG_OK;
}

enum spicecfg_status sc_host_conf_read(struct spicecfg_ctx *ctx, struct sc_host *host, const struct sc_qemuconf *doc)
{
	const struct sc_qemuconf_entry *statement;

	host->conf.file = sc_arena_strdup(host->memory, sc_qemuconf_name(doc));
	if (!host->conf.file)
		return sc_fail_memory(ctx);
	for (size_t i = 0; (statement = sc_qemuconf_at(doc, i)); i++) {
		struct sc_conf_entry entry = {
		    .key = statement->key, .type = SC_CONF_OTHER, .line = statement->line, .column = statement->column};

		if (!entry.key)
			continue;
		/* to libvirt a number with a '-', even 0, is neither a switch nor a port */
		if (statement->value.kind == SC_QEMUCONF_INT && !statement->value.negative) {
			entry.type = SC_CONF_INT;
			entry.number = statement->value.number;
		} else if (statement->value.kind == SC_QEMUCONF_STRING) {
			entry.type = SC_CONF_STRING;
			entry.text = statement->value.text;
		}
		enum spicecfg_status status = sc_host_conf_add(ctx, host, &entry);
		if (status)
			return status;
	}
	return SPICECFG_OK;
}
