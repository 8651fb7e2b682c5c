/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* show: each setting's effective value, where it comes from, and the running VM's value if that differs. */
#include <stdlib.h>
#include <string.h>

#include "base/rows.h"
#include "plan/vm.h"
#include "system/facts/hostgather.h"
#include "system/libvirt/virt.h"
#include "system/libvirt/vm.h"

struct view {
	struct sc_xml *doc;
	struct sc_domain *domain;
};

static void view_free(struct view *view)
{
	sc_domain_free(view->domain);
	sc_xml_free(view->doc);
}

static enum spicecfg_status view_read(struct spicecfg_vm *vm, const struct sc_buf *xml, struct view *view)
{
	enum spicecfg_status status = sc_xml_parse(vm->ctx, vm->label, sc_buf_text(xml), xml->len, &view->doc);

	return status ? status : sc_domain_read(vm->ctx, view->doc, &view->domain);
}

struct spicecfg_view {
	struct sc_rows rows;
};

/* The source of what the definition leaves open; host NULL: not a domain of this host, or qemu.conf can't be read. */
struct place {
	const struct sc_host *host;
	struct view defined, running;
	bool hidden; /* passwords are not visible */
	struct sc_rows *rows;
};

static void add(struct sc_rows *rows, const struct spicecfg_shown *row)
{
	struct spicecfg_shown *own = sc_rows_add(rows, sizeof(*own));

	if (own)
		*own = (struct spicecfg_shown){
		    .key = sc_rows_text(rows, row->key),
		    .value = sc_rows_text(rows, row->value),
		    .origin = sc_rows_text(rows, row->origin),
		    .running = sc_rows_text(rows, row->running),
		};
}

static bool is_set(const struct sc_host *host, const char *key)
{
	return host && sc_host_conf_find(host, key);
}

/* The value in qemu.conf of a setting that the definition leaves open; NULL: not set there. libvirt qemu/qemu_process.c, qemu_conf.c. */
static const char *from_host(const struct sc_host *host, const struct sc_domain *domain, const char *key, const char *value)
{
	if (!host || !domain->spice)
		return NULL;
	if (strcmp(key, "listen") == 0 && strcmp(value, "none") == 0)
		return NULL;
	if (strcmp(key, "listen") == 0 && host->conf.spice_auto_unix_socket)
		return "socket (automatic)";
	if (strcmp(key, "listen") == 0 && is_set(host, "spice_listen"))
		return sc_arena_printf(domain->memory, "address %s", *host->conf.spice_listen ? host->conf.spice_listen : "0.0.0.0");
	if (strcmp(key, "password") == 0 && host->conf.spice_password)
		return "set";
	if (strcmp(key, "tls-port") == 0 && strncmp(value, "auto", 4) == 0)
		return host->conf.spice_tls ? "auto" : "none (TLS is off)";
	return NULL;
}

static void show_setting(const struct place *place, const struct sc_setting *setting)
{
	const char *origin = "default", *running_origin = "default";
	const struct sc_domain *domain = place->defined.domain, *running = place->running.domain;
	const char *value = setting->show(setting, domain, &origin);
	const char *now = running ? setting->show(setting, running, &running_origin) : value;
	struct spicecfg_shown row = {.key = setting->key, .value = value ? value : "", .origin = origin};

	if (strcmp(now ? now : "", row.value) != 0)
		row.running = now ? now : "";
	bool open = strcmp(origin, "default") == 0 || strncmp(row.value, "auto (if", 8) == 0;
	const char *other = open ? from_host(place->host, domain, setting->key, row.value) : NULL;
	if (other) {
		row.value = other;
		row.origin = "qemu.conf";
	}
	/* libvirt omits passwords on a read-only connection. */
	if (place->hidden && strcmp(setting->key, "password") == 0)
		row = (struct spicecfg_shown){.key = setting->key, .value = "not visible", .origin = "read-only"};
	if (row.running && strcmp(row.running, row.value) == 0)
		row.running = NULL;
	add(place->rows, &row);
}

/* SASL of this VM: its own arguments for QEMU come after libvirt's (F8). */
static const char *own_sasl(const struct sc_domain *domain)
{
	const char *found = NULL;

	for (size_t i = 0; i < domain->n_args; i++) {
		const char *value = domain->args[i].value;

		if (value && strstr(value, "sasl=on"))
			found = "on";
		else if (value && strstr(value, "sasl=off"))
			found = "off";
	}
	return found;
}

static void show_host(const struct place *place)
{
	const struct sc_host *host = place->host;
	const char *own = own_sasl(place->defined.domain);

	if (!place->defined.domain->spice)
		return;
	if (host) {
		const struct spicecfg_shown tls = {.key = "tls",
						   .value = host->conf.spice_tls ? "on" : "off",
						   .origin = is_set(host, "spice_tls") ? "qemu.conf" : "default"};

		add(place->rows, &tls);
	}
	if (host || own) {
		const struct spicecfg_shown sasl = {.key = "sasl",
						    .value = own                     ? own
							     : host->conf.spice_sasl ? "on"
										     : "off",
						    .origin = own                          ? "XML"
							      : is_set(host, "spice_sasl") ? "qemu.conf"
											   : "default"};

		add(place->rows, &sasl);
	}
}

/* If qemu.conf can't be read (by an ordinary user), only its part of the result is omitted. */
static struct sc_host *read_host(const struct spicecfg_vm *vm, struct spicecfg_ctx *scratch)
{
	bool local = vm->kind == SC_VM_ROOT_FILE || (vm->kind == SC_VM_DOMAIN && sc_virt_is_system(vm->ctx));
	struct sc_host *host = local && !spicecfg_ctx_set_root(scratch, vm->ctx->root) ? sc_host_new(scratch) : NULL;

	if (host && (!sc_host_gather_possible(scratch) || sc_host_gather_settings(scratch, true, host))) {
		sc_host_free(host);
		host = NULL;
	}
	return host;
}

static enum spicecfg_status show_all(struct spicecfg_vm *vm, struct place *place)
{
	enum spicecfg_status status = view_read(vm, &vm->xml, &place->defined);

	if (!status && vm->is_running)
		status = sc_vm_read_running(vm, true);
	if (!status && vm->running.len)
		status = view_read(vm, &vm->running, &place->running);
	if (status)
		return status;
	for (const struct sc_family *const *family = sc_families; *family; family++)
		for (const struct sc_setting *setting = (*family)->settings; setting->key; setting++)
			if (setting->show)
				show_setting(place, setting);
	show_host(place);
	return SPICECFG_OK;
}

static enum spicecfg_status show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct sc_rows *rows)
{
	struct spicecfg_ctx *scratch = spicecfg_ctx_new();
	struct place place = {.hidden = vm->kind == SC_VM_DOMAIN && sc_virt_is_readonly(ctx), .rows = rows};

	if (!scratch)
		return sc_fail_memory(ctx);
	struct sc_host *host = read_host(vm, scratch);
	place.host = host;
	enum spicecfg_status status = scratch->lasting ? sc_fail_memory(ctx) : show_all(vm, &place);
	view_free(&place.running);
	view_free(&place.defined);
	sc_host_free(host);
	spicecfg_ctx_free(scratch);
	return !status && rows->failed ? sc_fail_memory(ctx) : status;
}

enum spicecfg_status spicecfg_vm_show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct spicecfg_view **out)
{
	sc_ctx_enter(ctx);
	struct spicecfg_view *view = calloc(1, sizeof(*view));
	enum spicecfg_status status = view ? show(ctx, vm, &view->rows) : sc_fail_memory(ctx);

	*out = status ? NULL : view;
	if (status)
		spicecfg_view_free(view);
	return status;
}

const struct spicecfg_shown *spicecfg_view_row(const struct spicecfg_view *view, size_t index)
{
	return sc_rows_get(&view->rows, index, sizeof(struct spicecfg_shown));
}

void spicecfg_view_free(struct spicecfg_view *view)
{
	if (view)
		sc_rows_free(&view->rows);
	free(view);
}
