/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/edit.h"

#include <stdio.h>
#include <string.h>

/* The order in which libvirt writes the elements of <graphics> and <devices>, as far as they matter here. */
static const char *const graphics_order[] = {"listen",    "channel", "image",     "jpeg",         "zlib", "playback",
					     "streaming", "mouse",   "clipboard", "filetransfer", "gl",   NULL};
static const char *const device_order[] = {"emulator",  "disk",     "controller", "lease",   "filesystem", "interface",
					   "smartcard", "serial",   "parallel",   "console", "channel",    "input",
					   "tpm",       "graphics", "sound",      "audio",   "video",      NULL};

static bool only_unsets(const struct sc_vm_edit *edit, const struct sc_family *family)
{
	const struct spicecfg_request *request = edit->request;

	for (size_t i = 0; i < request->n_asked; i++) {
		for (const struct sc_setting *own = family->settings; own->key; own++)
			if (own == request->asked[i].setting && !sc_is_default(request->asked[i].value))
				return false;
	}
	return !request->has_password;
}

/* The console comes from -spice in qemu:commandline, where no setting reaches it. Both arguments are removed. */
static enum spicecfg_status fail_own_spice(struct sc_vm_edit *edit, size_t arg)
{
	const struct sc_domain *domain = edit->domain;
	SC_BUF first = SC_BUF_INIT;
	SC_BUF second = SC_BUF_INIT;
	enum spicecfg_status status =
	    sc_fail_at(edit->ctx, SPICECFG_INPUT, sc_xml_where(domain->doc, domain->args[arg].node, NULL), NULL,
		       "the Spice console comes from an argument in <qemu:commandline>, which no setting changes");

	sc_xml_path(domain->args[arg].node, NULL, &first);
	sc_xml_path(domain->args[arg + 1].node, NULL, &second);
	sc_fail_fixf(edit->ctx,
		     "Replace it: `spicecfg set TARGET '%s=default' '%s=default' && spicecfg set-listen TARGET address 127.0.0.1`",
		     sc_buf_text(&first), sc_buf_text(&second));
	return status;
}

enum spicecfg_status sc_edit_spice(struct sc_vm_edit *edit, const struct sc_family *family, struct sc_graphics **out)
{
	const struct sc_domain *domain = edit->domain;

	*out = domain->spice;
	if (domain->n_spice > 1 && !edit->ctx->force)
		return sc_fail_at(edit->ctx, SPICECFG_FINDINGS, sc_xml_where(domain->doc, domain->spice->node, NULL),
				  "Remove all but one: QEMU has one Spice server, and libvirt refuses to start a VM with two.",
				  "the domain has %zu Spice consoles", domain->n_spice);
	if (domain->spice || only_unsets(edit, family))
		return SPICECFG_OK;
	for (size_t i = 0; i + 1 < domain->n_args; i++)
		if (domain->args[i].value &&
		    (strcmp(domain->args[i].value, "-spice") == 0 || strcmp(domain->args[i].value, "--spice") == 0))
			return fail_own_spice(edit, i);
	enum spicecfg_status status = sc_fail_at(edit->ctx, SPICECFG_INPUT, sc_xml_where(domain->doc, domain->root, NULL), NULL,
						 "the domain has no Spice console (<graphics type='spice'>)");
	sc_fail_fixf(edit->ctx, "Add one: `spicecfg set-listen TARGET address 127.0.0.1`");
	return status;
}

static int place(const char *const *order, const char *name)
{
	for (int i = 0; order[i]; i++)
		if (strcmp(order[i], name) == 0)
			return i;
	return -1;
}

/* The last child that comes before name in the order; NULL: none. */
static struct sc_xml_node *last_before(struct sc_xml_node *parent, const char *const *order, const char *name)
{
	struct sc_xml_node *last = NULL;
	int own = place(order, name);

	for (struct sc_xml_node *child = sc_xml_child(parent, NULL); child; child = sc_xml_next(child, NULL)) {
		int other = place(order, sc_xml_node_name(child));

		if (other >= 0 && other <= own)
			last = child;
	}
	return last;
}

struct sc_xml_node *sc_edit_child(struct sc_vm_edit *edit, struct sc_xml_node *parent, const char *name)
{
	struct sc_xml_node *child = sc_xml_child(parent, name);

	if (child)
		return child;
	return sc_xml_add(edit->ctx, edit->domain->doc, parent, last_before(parent, graphics_order, name), name);
}

struct sc_xml_node *sc_edit_device(struct sc_vm_edit *edit, const char *name, struct sc_xml_node *after)
{
	struct sc_xml *doc = edit->domain->doc;
	struct sc_xml_node *devices = sc_xml_child(sc_xml_root(doc), "devices");

	if (!devices)
		devices = sc_xml_add(edit->ctx, doc, sc_xml_root(doc), NULL, "devices");
	if (!devices)
		return NULL;
	return sc_xml_add(edit->ctx, doc, devices, after ? after : last_before(devices, device_order, name), name);
}

void sc_edit_remove(struct sc_xml_node *parent, const char *name)
{
	struct sc_xml_node *child;

	while ((child = sc_xml_child(parent, name)))
		sc_xml_remove(child);
}

enum spicecfg_status sc_edit_set(struct sc_vm_edit *edit, struct sc_xml_node *node, const char *attr, const char *value)
{
	const char *present = sc_xml_get(node, attr);

	if (present && strcmp(present, value) == 0)
		return SPICECFG_OK;
	return sc_xml_set(edit->ctx, edit->domain->doc, node, attr, value);
}

enum spicecfg_status sc_edit_set_number(struct sc_vm_edit *edit, struct sc_xml_node *node, const char *attr, unsigned value)
{
	struct sc_number present = sc_number_size(sc_xml_get(node, attr), -1);
	char text[16];

	/* "+4" or "04" means the same to libvirt: it stays. */
	if (present.text && !present.bad && present.value == (long long)value)
		return SPICECFG_OK;
	snprintf(text, sizeof(text), "%u", value);
	return sc_edit_set(edit, node, attr, text);
}

bool sc_parse_number(const char *text, unsigned max, unsigned *out)
{
	unsigned long long value = 0;

	if (!*text)
		return false;
	for (const char *c = text; *c; c++) {
		if (*c < '0' || *c > '9')
			return false;
		value = value * 10 + (unsigned)(*c - '0');
		if (value > max)
			return false;
	}
	*out = (unsigned)value;
	return true;
}
