/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of qemu.conf, as they are shown. */
#include <string.h>

#include "doc/mask.h"
#include "model/qemuconf_keys.h"
#include "system/qemuconf/host_conf.h"

/* The value in effect if the file does not set the key; "" if it can only be described. */
static const char *unset_value(const struct spicecfg_qemuconf *conf, const struct sc_qemuconf_key *key)
{
	if (strcmp(key->name, "spice_tls_x509_cert_dir") == 0 && conf->own)
		return sc_host_conf_certs(conf, conf->doc);
	return strchr(key->initial, ' ') || strcmp(key->initial, "none") == 0 ? "" : key->initial;
}

static void add(struct spicecfg_qemuconf *conf, const struct spicecfg_qemuconf_setting *row)
{
	struct sc_rows *rows = &conf->settings;
	struct spicecfg_qemuconf_setting *own = sc_rows_add(rows, sizeof(*own));

	if (!own)
		return;
	*own = *row;
	own->key = sc_rows_text(rows, row->key);
	own->value = sc_rows_text(rows, row->value);
}

static void add_entry(struct spicecfg_qemuconf *conf, const struct sc_qemuconf_entry *entry, struct spicecfg_qemuconf_setting *row)
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
	row->value = sc_buf_text(&text);
	add(conf, row);
	conf->settings.failed |= text.failed;
}

static void add_key(struct spicecfg_qemuconf *conf, const struct sc_qemuconf_key *key)
{
	const struct sc_qemuconf_entry *entry = sc_qemuconf_get(conf->doc, key->name, NULL);
	struct spicecfg_qemuconf_setting row = {
	    .key = key->name, .initial = key->initial, .meaning = key->meaning, .settable = key->settable};

	/* Keys without a use for Spice are reported only if the file contains them. */
	if (!entry && (key->useless || !key->settable))
		return;
	if (!entry) {
		row.value = unset_value(conf, key);
		add(conf, &row);
		return;
	}
	row.problem = sc_qemuconf_key_refused(key, &entry->value);
	if (!row.problem)
		row.problem = key->useless;
	add_entry(conf, entry, &row);
}

/* The settings that concern Spice, then each spice_ key in the file that libvirt does not know. */
enum spicecfg_status sc_host_settings(struct spicecfg_qemuconf *conf)
{
	const struct sc_qemuconf_entry *entry;

	for (const struct sc_qemuconf_key *key = sc_qemuconf_keys; key->name; key++)
		add_key(conf, key);
	for (size_t i = 0; (entry = sc_qemuconf_at(conf->doc, i)); i++) {
		struct spicecfg_qemuconf_setting row = {
		    .key = entry->key, .initial = "", .meaning = "", .problem = "libvirt does not know this key and ignores it"};

		if (entry->key && strncmp(entry->key, "spice_", 6) == 0 && !sc_qemuconf_key(entry->key) &&
		    sc_qemuconf_get(conf->doc, entry->key, NULL) == entry)
			add_entry(conf, entry, &row);
	}
	return conf->settings.failed ? sc_fail_memory(conf->ctx) : SPICECFG_OK;
}

const struct spicecfg_qemuconf_setting *spicecfg_qemuconf_setting(const struct spicecfg_qemuconf *conf, size_t index)
{
	return sc_rows_get(&conf->settings, index, sizeof(struct spicecfg_qemuconf_setting));
}
