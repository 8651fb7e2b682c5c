/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/agent.h"

#include <string.h>

bool sc_agent_served(const struct sc_xml_node *channel)
{
	static const char *const types[] = {"spicevmc", "qemu-vdagent", NULL};
	const char *type = sc_xml_get(channel, "type");

	return type && sc_word_find(types, type) >= 0;
}

struct sc_xml_node *sc_agent_channel(const struct sc_domain *domain)
{
	struct sc_xml_node *named = NULL;

	for (struct sc_xml_node *channel = sc_xml_child(domain->devices, "channel"); channel; channel = sc_xml_next(channel, "channel")) {
		const char *name = sc_xml_get(sc_xml_child(channel, "target"), "name");

		if (sc_agent_served(channel))
			return channel;
		if (!named && name && strcmp(name, SC_AGENT_CHANNEL) == 0)
			named = channel;
	}
	return named;
}
