/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/access_impl.h"

enum sc_access sc_access_say(const struct sc_access_look *look, const struct sc_access_fact *fact)
{
	if (look->fn)
		look->fn(look->opaque, fact);
	return fact->answer;
}

enum sc_access sc_access_say_vm(const struct sc_access_look *look, const char *what, const char *value, const struct sc_xml_node *node,
				enum sc_access answer)
{
	struct sc_access_fact fact = {what, value, look->vm->file, 0, answer};

	if (node && look->fn)
		fact.line = sc_xml_where(look->vm->domain->doc, node, NULL).line;
	return sc_access_say(look, &fact);
}
