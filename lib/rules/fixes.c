/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules/fixes.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { HEADS_SHOWN = 4 };

static bool is_one_of(const char *const *words, const char *text)
{
	for (; *words; words++)
		if (strcasecmp(*words, text) == 0)
			return true;
	return false;
}

int sc_word_guess(const char *const *words, const char *text)
{
	static const char *const on[] = {"on", "yes", "true", "1", "enable", "enabled", NULL};
	static const char *const off[] = {"off", "no", "false", "0", "disable", "disabled", NULL};

	for (int i = 0; words[i]; i++)
		if (*words[i] && strcasecmp(words[i], text) == 0 && strcmp(words[i], "default") != 0)
			return i;
	for (int i = 0; words[i]; i++)
		if ((is_one_of(on, words[i]) && is_one_of(on, text)) || (is_one_of(off, words[i]) && is_one_of(off, text)))
			return i;
	return -1;
}

void sc_find_fix_word(struct sc_findings *out, const char *const *words, const char *text)
{
	int guess = text ? sc_word_guess(words, text) : -1;

	if (guess >= 0)
		sc_find_fix(out, "spicecfg set TARGET 'PATH=%s'", words[guess]);
}

void sc_find_fix_address(struct sc_findings *out, const struct sc_console *console, const struct sc_xml_node *node, const char *attr)
{
	const struct sc_graphics *graphics = console->graphics;

	if (console->origin == SC_FROM_ARGS || !graphics) {
		sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
		sc_find_fix_asks(out);
	} else if (graphics->kind == SC_GRAPHICS_SPICE) {
		sc_find_fix(out, "spicecfg set-listen TARGET address 127.0.0.1");
	} else if (node == graphics->node || !attr || console->type != SC_LISTEN_ADDRESS) {
		sc_find_fix(out, "spicecfg set TARGET '%s/@listen=127.0.0.1'", sc_find_fix_path(out, graphics->node, NULL));
	} else {
		/* libvirt requires both to be equal where both are set. */
		sc_find_fix(out, "spicecfg set TARGET PATH=127.0.0.1");
		if (graphics->listen_attr)
			sc_find_fix_more(out, "%s=127.0.0.1", sc_find_fix_path(out, graphics->node, "listen"));
	}
}

void sc_find_fix_port_auto(struct sc_findings *out, const struct sc_graphics *graphics, const char *attr)
{
	if (graphics->kind == SC_GRAPHICS_SPICE && strcmp(attr, "port") == 0)
		sc_find_fix(out, "spicecfg set TARGET port=auto");
	else if (strcmp(attr, "port") == 0)
		sc_find_fix(out, "spicecfg set TARGET '%s=default' '%s=yes'", sc_find_fix_path(out, graphics->node, attr),
			    sc_find_fix_path(out, graphics->node, "autoport"));
	else
		sc_find_fix(out, "spicecfg set TARGET '%s=-1'", sc_find_fix_path(out, graphics->node, attr));
}

void sc_find_fix_port(struct sc_findings *out, const struct sc_rule_input *in, const struct sc_console *console, const char *attr)
{
	const struct sc_graphics *graphics = console->graphics;
	unsigned port = sc_find_port(out, in, console, attr);

	if (!port)
		sc_find_fix_port_auto(out, graphics, attr);
	else if (graphics->kind == SC_GRAPHICS_SPICE && strcmp(attr, "port") == 0)
		sc_find_fix(out, "spicecfg set TARGET port=%u", port);
	else
		sc_find_fix(out, "spicecfg set TARGET '%s=%u'", sc_find_fix_path(out, graphics->node, attr), port);
}

/* Whether QEMU could not open a TLS port with what is in the certificate directory. */
static bool lacks_certs(const struct sc_rule_input *in)
{
	const char *dir = sc_host_cert_dir(in->host);
	struct sc_cert_fact certs = dir ? sc_host_certs(in->host, dir) : (struct sc_cert_fact){.dir = NULL};
	const enum sc_cert_state states[] = {certs.ca, certs.cert, certs.key};
	bool lacks = false;

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		lacks |= states[i] != SC_CERT_OK && states[i] != SC_CERT_UNKNOWN;
	return lacks;
}

/* The QEMU driver does not start as long as qemu.conf names a directory that is missing: conf-cert-dir comes first. */
static bool is_lost(const struct sc_rule_input *in)
{
	const char *dir = in->host->conf.spice_cert_dir;

	return dir && sc_host_certs(in->host, dir).exists == SC_FALSE;
}

void sc_find_fix_tls_on(struct sc_findings *out, const struct sc_rule_input *in)
{
	if (is_lost(in))
		sc_find_fix(out, NULL);
	else if (lacks_certs(in))
		sc_find_fix(out, "spicecfg pki init && spicecfg pki issue && spicecfg host set spice_tls=1");
	else
		sc_find_fix(out, "spicecfg host set spice_tls=1");
}

void sc_find_fix_tls(struct sc_findings *out, const struct sc_rule_input *in)
{
	if (is_lost(in))
		sc_find_fix(out, NULL);
	else if (lacks_certs(in) && !in->host->conf.spice_tls)
		sc_find_fix(out, "spicecfg pki init && spicecfg pki issue && spicecfg host set spice_tls=1 && spicecfg set TARGET");
	else if (lacks_certs(in))
		sc_find_fix(out, "spicecfg pki init && spicecfg pki issue && spicecfg set TARGET");
	else if (!in->host->conf.spice_tls)
		sc_find_fix(out, "spicecfg host set spice_tls=1 && spicecfg set TARGET");
	else
		sc_find_fix(out, "spicecfg set TARGET");
}

void sc_find_fix_tls_port(struct sc_findings *out, const struct sc_rule_input *in, const struct sc_console *console)
{
	unsigned port = !console->autoport && console->port > 0 ? sc_find_port(out, in, console, "tlsPort") : 0;

	if (port)
		sc_find_fix_more(out, "tls-port=%u", port);
	else
		sc_find_fix_more(out, "tls-port=auto");
}

void sc_find_fix_socket(struct sc_findings *out, const struct sc_console *console)
{
	const struct sc_graphics *graphics = console->graphics;
	const char *element = console->listen && console->listen->socket ? sc_find_fix_path(out, console->listen->node, "socket") : NULL;
	const char *own = graphics && graphics->socket_attr ? sc_find_fix_path(out, graphics->node, "socket") : NULL;

	if (!graphics || graphics->kind == SC_GRAPHICS_SPICE || (!element && !own))
		return;
	sc_find_fix(out, "spicecfg set TARGET");
	if (element)
		sc_find_fix_more(out, "%s=default", element);
	if (own)
		sc_find_fix_more(out, "%s=default", own);
}

void sc_find_fix_heads(struct sc_findings *out, const struct sc_domain *domain, const struct sc_video *video)
{
	long long heads = video->heads.bad || video->heads.value < 1 ? 1 : video->heads.value;

	if (domain->n_videos > 1 || video->kind != SC_VIDEO_QXL)
		sc_find_fix(out, "spicecfg set TARGET 'PATH=default'");
	else
		sc_find_fix(out, "spicecfg set-heads TARGET %lld", heads > HEADS_SHOWN ? HEADS_SHOWN : heads);
}

/* Arguments that were read are in document order; those that an edit added can be anywhere. */
static size_t find_arg(const struct sc_domain *domain, const struct sc_xml_node *node)
{
	size_t low = 0, high = domain->n_args;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sc_xml_is_before(domain->args[middle].node, node))
			low = middle + 1;
		else
			high = middle;
	}
	if (low < domain->n_args && domain->args[low].node == node)
		return low;
	for (low = 0; low < domain->n_args && domain->args[low].node != node; low++)
		;
	return low;
}

void sc_find_fix_arg(struct sc_findings *out, const struct sc_domain *domain, const struct sc_xml_node *node)
{
	size_t i = find_arg(domain, node);
	const char *before = i && i < domain->n_args ? domain->args[i - 1].value : NULL;

	if (i == domain->n_args)
		return;
	if (before && *before == '-' && domain->args[i].value && *domain->args[i].value != '-')
		sc_find_fix(out, "spicecfg set TARGET '%s=default' '%s=default'", sc_find_fix_element(out, domain->args[i - 1].node),
			    sc_find_fix_element(out, node));
	else
		sc_find_fix(out, "spicecfg set TARGET '%s=default'", sc_find_fix_element(out, node));
	sc_find_fix_asks(out);
}

void sc_find_fix_channels(struct sc_findings *out, const struct sc_graphics *graphics, unsigned modes, const char *to)
{
	bool seen[8] = {false};

	for (size_t i = 0; i < graphics->n_channels; i++) {
		const struct sc_spice_channel *channel = &graphics->channels[i];

		if (channel->name < 0 || channel->mode == SC_MODE_BAD || !(modes & 1U << channel->mode) || seen[channel->name])
			continue;
		seen[channel->name] = true;
		sc_find_fix_more(out, "channel.%s=%s", channel->name_text, to);
	}
}

bool sc_is_spice_type(const char *type)
{
	return sc_text_is(type, "spicevmc") || sc_text_is(type, "spiceport");
}

void sc_find_fix_spice_devices(struct sc_findings *out, const struct sc_domain *domain)
{
	const struct sc_nodes *const lists[] = {&domain->chars, &domain->redirdevs, &domain->smartcards};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (size_t j = 0; j < lists[i]->count; j++)
			if (sc_is_spice_type(sc_xml_get(lists[i]->items[j], "type")))
				sc_find_fix_more(out, "%s=default", sc_find_fix_element(out, lists[i]->items[j]));
}

bool sc_is_acl_name(const char *name)
{
	return *name && !name[strcspn(name, ",:\\ \t\n\r")];
}
