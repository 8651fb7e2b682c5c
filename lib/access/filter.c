/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The packet filter: by the ports that are certainly open to everybody, or by the file of rules that the host loads. */
#include "access/access_impl.h"
#include "doc/nftfile.h"
#include "model/address.h"

enum { NO_RULE_NAMES = -1, UNKNOWN_UID = -2 };

static bool is_open_port(const struct sc_port_range *ranges, size_t n, long long port)
{
	for (size_t i = 0; i < n; i++)
		if (port >= ranges[i].first && port <= ranges[i].last)
			return true;
	return false;
}

/* Ports that libvirt chooses are unknown before the start. */
static bool is_open(const struct sc_host_firewall *firewall, const struct sc_console *console, long long port)
{
	bool open4 = is_open_port(firewall->open4, firewall->n_open4, port), open6 = is_open_port(firewall->open6, firewall->n_open6, port);

	return port > 0 && (open4 || console->family == 6) && (open6 || console->family == 4);
}

/* Without rules that are known: only what certainly lets everybody pass. */
static enum sc_access pass_ports(const struct sc_access_look *look)
{
	const struct sc_host_firewall *firewall = &look->host->firewall;
	const struct sc_console *console = look->vm->console;
	const bool plain = !console->open_plain || is_open(firewall, console, console->qemu_port);
	const bool tls = !console->open_tls || is_open(firewall, console, console->qemu_tls_port);

	return look->question->way.reach == SC_REACH_NETWORK && plain && tls ? SC_ACCESS_ALLOW : SC_ACCESS_UNKNOWN;
}

/* Both ports of the console: a client needs one of them, which one depends on the channels. */
static enum sc_nft_answer ask_ports(const struct sc_access_look *look, struct sc_nft_connection *connection)
{
	const struct sc_console *console = look->vm->console;
	enum sc_nft_answer plain, tls;

	connection->port = console->qemu_port > 0 ? (unsigned)console->qemu_port : 0;
	plain = sc_nft_file_ask(look->host->firewall.rules, connection);
	connection->port = console->qemu_tls_port > 0 ? (unsigned)console->qemu_tls_port : 0;
	tls = sc_nft_file_ask(look->host->firewall.rules, connection);
	if (!console->open_plain || !console->open_tls)
		return console->open_plain ? plain : tls;
	return plain == tls ? plain : SC_NFT_UNCLEAR;
}

/* By each family in which the console listens. */
static enum sc_nft_answer ask_families(const struct sc_access_look *look, struct sc_nft_connection *connection)
{
	const struct sc_console *console = look->vm->console;
	const struct sc_address address = sc_address_read(console->address);
	const bool four = address.kind != SC_ADDRESS_V6 && address.kind != SC_ADDRESS_SCOPED && console->family != 6;
	const bool six = (address.kind == SC_ADDRESS_ANY6 || address.kind == SC_ADDRESS_V6) && console->family != 4;
	enum sc_nft_answer best = SC_NFT_CLOSED;

	if ((address.kind == SC_ADDRESS_NAME && !sc_address_is_loopback(&address, console->address)) || address.kind == SC_ADDRESS_SCOPED)
		return SC_NFT_UNCLEAR;
	connection->address = address.kind == SC_ADDRESS_V4 || address.kind == SC_ADDRESS_V6 ? console->address : NULL;
	for (connection->family = 4; connection->family <= 6; connection->family += 2) {
		enum sc_nft_answer one = (connection->family == 4 ? four : six) ? ask_ports(look, connection) : SC_NFT_CLOSED;

		best = one > best ? one : best;
	}
	return best;
}

static enum sc_nft_answer ask_account(const struct sc_access_look *look, struct sc_nft_connection *connection, const char *name)
{
	const struct sc_account_fact *account = name ? sc_host_account_of(look->host, name) : NULL;

	connection->uid = account ? (long long)account->uid : name ? UNKNOWN_UID : NO_RULE_NAMES;
	return ask_families(look, connection);
}

/* A local client runs as its subject; that of a holder or a login as any account. */
static enum sc_nft_answer ask_local(const struct sc_access_look *look, struct sc_nft_connection *connection)
{
	const struct sc_subject *subject = &look->question->subject;
	const struct sc_host_logins *logins = &look->host->logins;
	const char *name = look->question->account ? look->question->account : subject->who == SC_WHO_USER ? subject->name : NULL;
	enum sc_nft_answer best = ask_account(look, connection, name);

	if (name || (subject->who != SC_WHO_HOLDER && subject->who != SC_WHO_LOGIN))
		return best;
	for (size_t i = 0; i < logins->n_accounts && best != SC_NFT_OPEN; i++) {
		enum sc_nft_answer one = logins->accounts[i].uid ? ask_account(look, connection, logins->accounts[i].name) : SC_NFT_CLOSED;

		best = one > best ? one : best;
	}
	return best == SC_NFT_CLOSED && logins->complete != SC_TRUE ? SC_NFT_UNCLEAR : best;
}

enum sc_access sc_access_filter(const struct sc_access_look *look)
{
	const struct sc_host_firewall *firewall = &look->host->firewall;
	const struct sc_host_account *qemu = &look->host->account;
	const bool local = look->question->way.reach == SC_REACH_LOOPBACK;
	struct sc_nft_connection connection = {.loopback = local,
					       .source = local ? NULL : look->question->source,
					       .server = qemu->known == SC_TRUE ? (long long)qemu->uid : UNKNOWN_UID};
	enum sc_access answer = SC_ACCESS_ALLOW;

	if (firewall->open == SC_TRUE || firewall->loads == SC_FALSE)
		return sc_access_say(look, &(struct sc_access_fact){"no packet filter keeps clients out", NULL, NULL, 0, SC_ACCESS_ALLOW});
	if (firewall->loads == SC_TRUE && firewall->rules) {
		enum sc_nft_answer asked = local ? ask_local(look, &connection) : ask_families(look, &connection);

		answer = asked == SC_NFT_OPEN ? SC_ACCESS_ALLOW : asked == SC_NFT_CLOSED ? SC_ACCESS_DENY : SC_ACCESS_UNKNOWN;
	} else {
		answer = pass_ports(look);
	}
	const char *what = answer == SC_ACCESS_ALLOW  ? "the packet filter lets clients pass"
			   : answer == SC_ACCESS_DENY ? "the packet filter keeps clients out"
						      : "the packet filter can keep clients out";
	return sc_access_say(look, &(struct sc_access_fact){what, NULL, firewall->file, 0, answer});
}
