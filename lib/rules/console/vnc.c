/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt and QEMU refuse in a VNC console next to a Spice one. */
#include <string.h>

#include "model/address.h"
#include "rules/fixes.h"
#include "rules/tables.h"

static void vnc_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const policies[] = {"default", "allow-exclusive", "force-shared", "ignore", NULL};

	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];
		const char *policy = sc_xml_get(graphics->node, "sharePolicy");
		const char *power = sc_xml_get(graphics->node, "powerControl");

		if (graphics->kind != SC_GRAPHICS_VNC)
			continue;
		if (policy && sc_word_find(policies, policy) < 0)
			sc_find(out, rule, SC_ALWAYS, graphics->node, "sharePolicy", "VNC does not know sharePolicy '%s'", policy);
		if (power && sc_word_find(sc_yes_no_words, power) <= 0 && sc_host_libvirt(in->host) >= SC_VERSION(7, 2))
			sc_find(out, rule, SC_ALWAYS, graphics->node, "powerControl", "powerControl is '%s', neither 'yes' nor 'no'",
				power);
	}
}

static bool on_network(const struct sc_console *console)
{
	return console->type == SC_LISTEN_ADDRESS || console->type == SC_LISTEN_NETWORK;
}

static bool is_vnc(const struct sc_console *console)
{
	return !console->broken && console->graphics && console->graphics->kind == SC_GRAPHICS_VNC;
}

static void websocket(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->launch->n_consoles; i++) {
		const struct sc_console *console = &in->launch->consoles[i];
		long long limit = in->host->machine.unprivileged_port;

		if (!is_vnc(console) || !on_network(console))
			continue;
		long long port = console->graphics->websocket.value;
		/* getaddrinfo() keeps the low 16 bits of a larger number. */
		if (port < -1)
			sc_find(out, rule, SC_ALWAYS, console->node, "websocket", "websocket %lld is not a TCP port", port);
		else if (port > 0 && (port & 0xffff) && (port & 0xffff) < limit && !in->host->account.root)
			sc_find(out, rule, SC_HOST, console->node, "websocket", "websocket %lld is reserved for root (below %lld)",
				port & 0xffff, limit);
	}
}

static bool is_bad(enum sc_cert_state state)
{
	return state != SC_CERT_OK && state != SC_CERT_UNKNOWN && state != SC_CERT_WEAK;
}

/* VNC's TLS is GnuTLS: what OpenSSL finds too weak, it may take. */
static bool is_unknown(enum sc_cert_state state)
{
	return state == SC_CERT_UNKNOWN || state == SC_CERT_WEAK;
}

static void check_certs(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console,
			struct sc_findings *out)
{
	const char *dir = sc_host_vnc_cert_dir(in->host);

	if (!dir) {
		sc_doubt(out, rule, "it is not known which certificate directory QEMU uses for VNC");
		return;
	}
	struct sc_cert_fact fact = sc_host_certs(in->host, dir);
	if (fact.exists == SC_FALSE || is_bad(fact.ca) || is_bad(fact.cert) || is_bad(fact.key))
		sc_find(out, rule, SC_HOST, console->node, NULL, "vnc_tls is on, but '%s' has no usable certificates", dir);
	else if (fact.expired == SC_TRUE)
		sc_find(out, rule, SC_HOST, console->node, NULL, "vnc_tls is on, but the certificate in '%s' has expired", dir);
	else if (fact.exists == SC_UNKNOWN || is_unknown(fact.ca) || is_unknown(fact.cert) || is_unknown(fact.key))
		sc_doubt(out, rule, "nothing is known about the certificates in '%s'", dir);
}

static void vnc_certificate(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; in->host->conf.vnc_tls && i < in->launch->n_consoles; i++)
		if (is_vnc(&in->launch->consoles[i]))
			check_certs(rule, in, &in->launch->consoles[i], out);
}

static bool is_on(const struct sc_rule_input *in, const char *key)
{
	const struct sc_conf_entry *entry = sc_host_conf_find(in->host, key);

	return entry && entry->type == SC_CONF_INT && entry->number == 1;
}

static void vnc_open(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_conf_entry *shared = sc_host_conf_find(in->host, "vnc_password");
	bool asks = is_on(in, "vnc_sasl") || (is_on(in, "vnc_tls") && is_on(in, "vnc_tls_x509_verify"));

	for (size_t i = 0; i < in->launch->n_consoles && in->domain->spice; i++) {
		const struct sc_console *console = &in->launch->consoles[i];
		const char *attr, *address = console->address ? console->address : console->network;

		if (!is_vnc(console) || !on_network(console) || asks || console->graphics->passwd ||
		    (shared && shared->text && *shared->text))
			continue;
		struct sc_address parsed = sc_address_read(console->address ? console->address : "");
		if (console->address && sc_address_is_loopback(&parsed, console->address))
			continue;
		const struct sc_xml_node *node = sc_console_address_node(console, &attr);
		sc_find(out, rule, SC_HOST, node, attr, "VNC listens on '%s' without a password: it shows the same screen as Spice",
			address && *address ? address : "0.0.0.0");
		sc_find_fix_address(out, console, node, attr);
	}
}

const struct sc_rule sc_rules_vnc[] = {
    {"vnc-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VNC, "Unknown setting of VNC",
     "sharePolicy is allow-exclusive, force-shared or ignore; powerControl is yes or no.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLVNC; measured", "spicecfg set TARGET 'PATH=default'", vnc_word},
    {"vnc-websocket", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VNC, "A VNC websocket that can't be opened",
     "websocket is a TCP port from 1024 on, or -1 to let libvirt choose one.", "QEMU ui/vnc.c vnc_display_get_address; measured",
     "spicecfg set TARGET 'PATH=-1'", websocket},
    {"vnc-certificate", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VNC, "VNC's TLS without certificates",
     "With vnc_tls = 1, QEMU reads vnc_tls_x509_cert_dir (else /etc/pki/libvirt-vnc, else default_tls_x509_cert_dir, else /etc/pki/qemu) "
     "for every VNC console, even with listen type socket or none, and exits when a file is missing, unreadable or expired.",
     "QEMU crypto/tlscredsx509.c qcrypto_tls_creds_x509_load; measured", "spicecfg host unset vnc_tls", vnc_certificate},
    {"vnc-open", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_VNC, "A VNC console beside Spice that asks nobody",
     "Whoever reaches the port of a VNC console without a password has the screen, whatever protects Spice. Let it listen on 127.0.0.1, or "
     "give it a password (at most 8 bytes), vnc_sasl, or vnc_tls with vnc_tls_x509_verify.",
     "QEMU ui/vnc.c vnc_client_io (VNC_AUTH_NONE); measured", "spicecfg set TARGET PATH=127.0.0.1", vnc_open},
    {0},
};
