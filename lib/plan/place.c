/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* set TARGET /domain/…=VALUE: the path that a finding names, for fixes that are not a setting of their own. */
#include <stdint.h>
#include <string.h>

#include "base/table.h"
#include "plan/edit.h"
#include "plan/families.h"

/* Any value: check judges the result. */
static bool accept_any(const char *value)
{
	(void)value;
	return true;
}

static const struct sc_setting settings[] = {
    {"/PATH", "TEXT", "an attribute by its path, as findings name it; 'default' removes it, or a whole element", .argument = true,
     .accept = accept_any},
    {.key = NULL},
};

static enum spicecfg_status put(struct sc_vm_edit *edit, struct sc_xml_node *node, const char *attr, const struct sc_asked *asked)
{
	if (sc_is_default(asked->value)) {
		sc_xml_unset(node, attr);
		return SPICECFG_OK;
	}
	if (strcmp(attr, "passwd") == 0)
		return sc_fail(
		    edit->ctx, SPICECFG_USAGE,
		    "Use set-password, which reads it from a file, stdin or the terminal: arguments are visible in the process list.",
		    "a password can't be given as an argument");
	return sc_edit_set(edit, node, attr, asked->value);
}

static enum spicecfg_status fail_missing(struct sc_vm_edit *edit, const char *path)
{
	return sc_fail_at(edit->ctx, SPICECFG_INPUT, sc_xml_where(edit->domain->doc, edit->domain->root, NULL),
			  "Name an element as findings do: /domain/devices/graphics[1].", "the definition has no element for '%s'", path);
}

/* Whether the element, or one above it, is already to be removed. */
static bool is_dropped(const struct sc_xml_node *node, const struct sc_table *dropped)
{
	for (; node && dropped->root; node = sc_xml_parent(node))
		if (sc_table_find_number(dropped, (intptr_t)node))
			return true;
	return false;
}

static void remove_all(struct sc_xml_node **nodes, size_t count, const struct sc_table *dropped)
{
	/* An element inside another one is removed with it. */
	for (size_t i = 0; i < count; i++)
		if (sc_xml_parent(nodes[i]) && !is_dropped(sc_xml_parent(nodes[i]), dropped))
			sc_xml_remove(nodes[i]);
}

/* All paths are resolved before the first edit, since they count the elements of the original document. */
static enum spicecfg_status apply(struct sc_vm_edit *edit, const struct sc_family *family)
{
	const struct spicecfg_request *request = edit->request;
	struct sc_xml_node **removed = sc_arena_alloc(edit->domain->memory, (request->n_asked + 1) * sizeof(*removed));
	enum spicecfg_status status = removed ? SPICECFG_OK : sc_fail_memory(edit->ctx);
	struct sc_xml_places places = {.doc = edit->domain->doc};
	SC_TABLE dropped = SC_TABLE_INIT;
	size_t count = 0;

	(void)family;
	for (size_t i = 0; !status && i < request->n_asked; i++) {
		const struct sc_asked *asked = &request->asked[i];
		bool drop = sc_is_default(asked->value);
		struct sc_xml_node *node;
		const char *attr;

		if (*asked->key != '/')
			continue;
		if (!sc_xml_places_find(&places, asked->key, &node, &attr) || (!attr && !drop))
			status = sc_fail(edit->ctx, SPICECFG_USAGE,
					 "Name an attribute (/PATH/@NAME), or use 'default', which removes the element.",
					 "'%s' does not name an attribute", asked->key);
		else if (!node)
			status = drop ? SPICECFG_OK : fail_missing(edit, asked->key);
		else if (attr)
			status = put(edit, node, attr, asked);
		else if (node == edit->domain->root)
			status = sc_fail(edit->ctx, SPICECFG_USAGE, "Use `virsh undefine` for a domain.",
					 "the whole definition can't be removed");
		else if (!is_dropped(node, &dropped) && !sc_table_add_number(&dropped, (intptr_t)(removed[count++] = node)))
			status = sc_fail_memory(edit->ctx);
	}
	if (!status)
		remove_all(removed, count, &dropped);
	sc_xml_places_free(&places);
	return status;
}

const struct sc_family sc_family_place = {"set", settings, apply, false};
