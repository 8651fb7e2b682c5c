/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* show: every setting's effective value, where it comes from, and what the running VM has instead. */
#include <stdlib.h>
#include <string.h>

#include "plan/vm.h"
#include "system/vm.h"

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

static void show_setting(const struct sc_setting *setting, const struct view *defined, const struct view *running, spicecfg_show_fn fn,
			 void *opaque)
{
	const char *origin = "default", *running_origin = "default";
	const char *value = setting->show(setting, defined->domain, &origin);
	const char *now = running->domain ? setting->show(setting, running->domain, &running_origin) : value;
	struct spicecfg_shown row = {.key = setting->key, .value = value ? value : "", .origin = origin};

	if (strcmp(now ? now : "", row.value) != 0)
		row.running = now ? now : "";
	fn(opaque, &row);
}

enum spicecfg_status spicecfg_vm_show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, spicecfg_show_fn fn, void *opaque)
{
	struct view defined = {NULL, NULL}, running = {NULL, NULL};
	enum spicecfg_status status = view_read(vm, &vm->xml, &defined);

	(void)ctx;
	if (!status && vm->is_running)
		status = sc_vm_read_running(vm, false);
	if (!status && vm->running.len)
		status = view_read(vm, &vm->running, &running);
	for (const struct sc_family *const *family = sc_families; !status && *family; family++)
		for (const struct sc_setting *setting = (*family)->settings; setting->key; setting++)
			if (setting->show)
				show_setting(setting, &defined, &running, fn, opaque);
	view_free(&running);
	view_free(&defined);
	return status;
}
