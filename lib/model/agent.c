/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/agent.h"

#include <string.h>

bool sc_agent_served(const struct sc_xml_node *channel)
{
	const char *type = sc_xml_get(channel, "type");

	return type && strcmp(type, "spicevmc") == 0;
}

struct sc_xml_node *sc_agent_channel(const struct sc_domain *domain)
{
	struct sc_xml_node *named = NULL;

	for (struct sc_xml_node *channel = sc_xml_child(domain->devices, "channel"); channel; channel = sc_xml_next(channel, "channel")) {
		const char *name = sc_xml_get(sc_xml_child(channel, "target"), "name"), *type = sc_xml_get(channel, "type");

		if (sc_agent_served(channel))
			return channel;
		/* libvirt gives qemu-vdagent that name, too (conf/domain_conf.c, virDomainChrDefParseXML) */
		bool own = !name && type && strcmp(type, "qemu-vdagent") == 0;
		if (!named && (own || (name && strcmp(name, SC_AGENT_CHANNEL) == 0)))
			named = channel;
	}
	return named;
}
