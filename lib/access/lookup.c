/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/access_impl.h"
#include "model/libvirt.h"

/* The transports on which clients can open a channel (spice-server server/reds.cpp, reds_handle_read_link_done). */
struct transports {
	bool plain, tls;
};

enum { CHANNEL_MAIN, CHANNEL_DISPLAY }; /* libvirt's order of channels */

static struct transports transports_of(const struct sc_console *console, size_t channel)
{
	enum sc_mode mode = console->modes[channel];

	if (mode == SC_MODE_ANY && console->graphics)
		mode = (enum sc_mode)console->graphics->mode.value;
	return (struct transports){sc_console_asks_plain(console) && mode != SC_MODE_SECURE,
				   sc_console_asks_tls(console) && mode != SC_MODE_INSECURE};
}

static enum sc_access authenticate(const struct sc_access_look *look, bool tls)
{
	switch (look->question->way.via) {
	case SC_VIA_NONE:
	case SC_VIA_ACL:
		return sc_access_nobody_asked(look, tls);
	case SC_VIA_TICKET:
		return sc_access_ticket(look);
	case SC_VIA_SASLDB:
		return sc_access_sasldb(look, tls);
	case SC_VIA_PAM:
		return sc_access_saslauthd(look, tls);
	default:
		return SC_ACCESS_UNKNOWN;
	}
}

/* A client needs the main and a display channel; each can take its own transport. */
static enum sc_access log_in(const struct sc_access_look *look)
{
	const struct sc_console *console = look->vm->console;
	const struct transports first = transports_of(console, CHANNEL_MAIN), second = transports_of(console, CHANNEL_DISPLAY);
	enum sc_access plain = SC_ACCESS_DENY, tls = SC_ACCESS_DENY;

	if (!(first.plain || first.tls) || !(second.plain || second.tls))
		return sc_access_say_vm(look, "no port admits the main and the display channel", NULL, console->node, SC_ACCESS_DENY);
	if (first.tls || second.tls)
		tls = authenticate(look, true);
	if (first.plain || second.plain)
		plain = authenticate(look, false);
	return sc_access_both(sc_access_either(first.plain ? plain : SC_ACCESS_DENY, first.tls ? tls : SC_ACCESS_DENY),
			      sc_access_either(second.plain ? plain : SC_ACCESS_DENY, second.tls ? tls : SC_ACCESS_DENY));
}

static bool has_way(const struct sc_access_vm *vm, struct sc_way way)
{
	for (size_t i = 0; i < vm->n_ways; i++)
		if (vm->ways[i].reach == way.reach && vm->ways[i].via == way.via)
			return true;
	return false;
}

static enum sc_access look_at(const struct sc_access_look *look)
{
	const struct sc_access_question *question = look->question;
	const struct sc_console *console = question->vm->console;

	if (!has_way(question->vm, question->way))
		return sc_access_say_vm(look, "the console does not have this way in", NULL, console ? console->node : NULL,
					SC_ACCESS_DENY);
	if (question->way.reach == SC_REACH_SSH || question->way.reach == SC_REACH_LIBVIRT)
		return sc_access_say(look, &(struct sc_access_fact){"this way is not evaluated yet", NULL, NULL, 0, SC_ACCESS_UNKNOWN});
	enum sc_access reach = sc_access_reach(look);
	return sc_access_both(reach, log_in(look));
}

enum sc_access sc_access_lookup(const struct sc_access_tree *tree, const struct sc_access_question *question, sc_access_fact_fn fn,
				void *opaque)
{
	const struct sc_access_look look = {tree->host, question->vm, question, fn, opaque};
	enum sc_access verdict = look_at(&look);

	/* it sets addresses, passwords and SASL for all VMs: none of them is known then */
	if (!tree->host->conf.unread)
		return verdict;
	return sc_access_say(&look, &(struct sc_access_fact){"a qemu.conf that could not be read", tree->host->conf.unread, SC_QEMU_CONF, 0,
							     SC_ACCESS_UNKNOWN});
}
