/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* export: the section of a VM. */
#include <spicecfg/acl.h>
#include <stdlib.h>
#include <string.h>

#include "plan/vm.h"
#include "system/libvirt/vm.h"
#include "system/run/export.h"

enum { GROUP_SASL = 1, GROUP_PASSWORD, GROUP_FAMILY };

struct vm_export {
	struct sc_export *export;
	struct sc_export_section section;
	struct spicecfg_vm *vm;
	const struct sc_domain *domain;
	struct sc_policy_password password;
	bool own_users;
	struct sc_buf notes;
};

/* Shown values can have a remark behind them: "auto (if TLS is on)"; a port that was chosen is "5901 (auto)". */
static const char *plain_value(struct sc_arena *memory, const char *shown)
{
	const char *remark = strstr(shown, " (");

	if (!remark)
		return shown;
	return strcmp(remark, " (auto)") == 0 ? "auto" : sc_arena_strndup(memory, shown, (size_t)(remark - shown));
}

static void put_channels(struct vm_export *own, unsigned group)
{
	const struct sc_graphics *spice = own->domain->spice;

	for (size_t i = 0; i < spice->n_channels; i++) {
		const struct sc_spice_channel *channel = &spice->channels[i];
		const char *key = channel->name < 0 || channel->mode == SC_MODE_ANY
				      ? NULL
				      : sc_arena_printf(own->export->memory, "channel.%s", sc_channel_words[channel->name]);

		if (key)
			sc_export_put(own->export, &own->section, group, key, channel->mode_text);
	}
}

/* A fixed port that another VM has. */
static bool is_taken(struct vm_export *own, const char *key, const char *value)
{
	char *end;
	const unsigned long port = strtoul(value, &end, 10);

	if ((strcmp(key, "port") != 0 && strcmp(key, "tls-port") != 0) || *end || !port)
		return false;
	struct sc_table_entry *entry = sc_table_add_number(&own->export->ports, (long long)port);
	own->export->failed |= !entry;
	return entry && entry->times++;
}

/* What the definition says by itself; what libvirt fills in is not configured. */
static void put_setting(struct vm_export *own, const struct sc_setting *setting, unsigned group)
{
	const char *origin = "default", *value;
	struct sc_policy_key key;

	if (!setting->show || !sc_policy_key_find(SC_POLICY_VM, setting->key, &key) || key.plain)
		return;
	if (strcmp(setting->key, "channel.NAME") == 0) {
		put_channels(own, group);
		return;
	}
	value = setting->show(setting, own->domain, &origin);
	if (!value || !*value || strcmp(origin, "XML") != 0 || (own->password.expired && strncmp(setting->key, "valid", 5) == 0))
		return;
	value = plain_value(own->export->memory, value);
	if (value && sc_policy_can_write(value) && is_taken(own, setting->key, value))
		sc_buf_addf(&own->notes, "; omitted, because a VM above has the same: %s = %s\n", setting->key, value);
	else
		sc_export_put(own->export, &own->section, group, setting->key, value);
}

/* A Windows guest has one QXL device for each head: their number and the size of the last one say how they were made. */
static void put_devices(struct vm_export *own, unsigned group)
{
	static const struct {
		long long vgamem;
		const char *resolution;
	} sizes[] = {{4096, "1280x800"}, {8192, "1920x1080"}, {16384, "2560x1600"}, {32768, "3840x2160"}, {65536, "5120x2880"}};
	const struct sc_video *last = NULL;
	size_t count = 0;

	for (size_t i = 0; i < own->domain->n_videos; i++)
		if (own->domain->videos[i].kind == SC_VIDEO_QXL) {
			last = &own->domain->videos[i];
			count++;
		}
	sc_export_put(own->export, &own->section, group, "guest", "windows");
	sc_export_put(own->export, &own->section, group, "heads", sc_arena_printf(own->export->memory, "%zu", count));
	for (size_t i = 0; last && i < sizeof(sizes) / sizeof(*sizes); i++)
		if (sizes[i].vgamem == last->vgamem.value)
			sc_export_put(own->export, &own->section, group, "resolution", sizes[i].resolution);
}

static bool has_devices(const struct sc_domain *domain)
{
	size_t count = 0;

	for (size_t i = 0; i < domain->n_videos; i++)
		count += domain->videos[i].kind == SC_VIDEO_QXL;
	return count > 1;
}

static enum spicecfg_status put_allow(struct vm_export *own, unsigned group)
{
	struct spicecfg_acl *acl;
	const struct spicecfg_acl_entry *entry;
	SC_BUF words = SC_BUF_INIT;

	if (!own->domain->spice->n_listens || own->domain->spice->listens[0].type != SC_LISTEN_SOCKET)
		return SPICECFG_OK;
	if (spicecfg_acl_read(own->export->ctx, own->vm, &acl))
		return sc_export_left_out(own->export, "who may open the next socket is");
	for (size_t i = 0; (entry = spicecfg_acl_entry(acl, i)); i++)
		if (entry->next && strcmp(entry->who, "others") != 0)
			sc_buf_addf(&words, "%s%s", words.len ? " " : "", entry->who);
	own->export->failed |= words.failed;
	sc_export_put(own->export, &own->section, group, "allow", words.len ? sc_buf_text(&words) : NULL);
	spicecfg_acl_free(acl);
	return SPICECFG_OK;
}

/* SASL of the VM alone: its directory, or a -spice argument that turns it off. */
static enum spicecfg_status put_sasl(struct vm_export *own)
{
	struct spicecfg_sasl_state *state = NULL;

	if (!own->domain->sasl_env && !own->domain->n_args)
		return SPICECFG_OK;
	enum spicecfg_status status = spicecfg_sasl_show(own->export->ctx, own->vm, &state);
	if (status)
		return sc_export_left_out(own->export, "SASL of the next VM is");
	if (!state->on && strcmp(state->on_from, "XML") == 0)
		sc_export_put(own->export, &own->section, GROUP_SASL, "sasl", "none");
	else if (state->on && state->own_directory && state->backend)
		sc_export_put(own->export, &own->section, GROUP_SASL, "sasl", state->backend);
	own->own_users = state->on && state->own_directory && state->backend && strcmp(state->backend, "sasldb") == 0;
	spicecfg_sasl_state_free(state);
	return SPICECFG_OK;
}

static enum spicecfg_status collect(struct vm_export *own)
{
	unsigned group = GROUP_FAMILY;
	enum spicecfg_status status = put_sasl(own);

	if (status)
		return status;
	sc_export_put(own->export, &own->section, GROUP_PASSWORD, "password",
		      !own->password.has      ? "none"
		      : own->password.expired ? "ticket"
					      : "generate");
	for (const struct sc_family *const *family = sc_families; *family && !status; family++, group++) {
		const bool devices = strcmp((*family)->verb, "set-heads") == 0 && has_devices(own->domain);

		for (const struct sc_setting *setting = (*family)->settings; setting->key && !devices; setting++)
			put_setting(own, setting, group);
		if (devices)
			put_devices(own, group);
		if (strcmp((*family)->verb, "set-listen") == 0)
			status = put_allow(own, group);
	}
	return own->export->failed && !status ? sc_fail_memory(own->export->ctx) : status;
}

/* The name, or the UUID of a VM whose name a policy can't have. Returns false where it has neither. */
static bool put_identity(struct vm_export *own)
{
	const char *name = own->vm->name;
	const bool fits = name && sc_policy_accept_name(name) && sc_policy_can_write(name);

	own->section.name = sc_export_label(own->export, "vm", name ? name : "vm");
	sc_export_put(own->export, &own->section, 0, fits ? "name" : "uuid", fits ? name : own->vm->uuid);
	return own->section.n;
}

static enum spicecfg_status write_vm(struct vm_export *own)
{
	struct sc_buf *out = &own->export->out;
	bool same = false;
	enum spicecfg_status status = SPICECFG_OK;

	if (!own->domain->spice) {
		sc_export_comment(own->export, "%s has no Spice console", own->vm->label);
		return SPICECFG_OK;
	}
	if (!put_identity(own)) {
		sc_export_comment(own->export, "a VM is left out, because a policy can't have its name");
		return SPICECFG_OK;
	}
	status = collect(own);
	if (!status)
		status = sc_export_choose(own->export, &own->section, own->vm, &same);
	if (status)
		return status;
	if (!same) {
		sc_export_comment(own->export, "%s is left out, because no policy leaves it as it is", own->vm->label);
		return SPICECFG_OK;
	}
	sc_policy_write(out, own->section.name, own->section.lines, own->section.n, true);
	sc_buf_addf(out, "%s", sc_buf_text(&own->notes));
	return own->own_users && own->section.lines[0].key[0] == 'n' ? sc_export_users(own->export, own->vm) : SPICECFG_OK;
}

enum spicecfg_status sc_export_vm(struct sc_export *export, struct spicecfg_vm *vm)
{
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;
	struct vm_export own = {.export = export, .vm = vm, .notes = SC_BUF_INIT};
	enum spicecfg_status status = sc_xml_parse(export->ctx, vm->label, sc_buf_text(&vm->xml), vm->xml.len, &doc);

	if (!status)
		status = sc_domain_read(export->ctx, doc, &domain);
	if (!status)
		status = sc_policy_password_of(export->ctx, export->memory, vm, &own.password);
	own.domain = domain;
	if (!status)
		status = write_vm(&own);
	sc_buf_free(&own.notes);
	return status;
}
