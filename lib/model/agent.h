/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The channel of the guest's agent, spice-vdagent. */
#ifndef SC_MODEL_AGENT_H
#define SC_MODEL_AGENT_H

#include "model/domain.h"

#define SC_AGENT_CHANNEL "com.redhat.spice.0"

/*
 * Returns the domain's channel of the agent; NULL: it has none. One of type spicevmc comes before one that has only the name, such as
 * qemu-vdagent, with which QEMU itself talks to the agent, for VNC and D-Bus.
 */
struct sc_xml_node *sc_agent_channel(const struct sc_domain *domain);

/* True for a channel whose type connects the agent with a Spice client. */
bool sc_agent_served(const struct sc_xml_node *channel);

#endif
