/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qemu:commandline, as far as it affects the console; and keymaps, which become options of QEMU too. */
#include <string.h>

#include "rules/fixes.h"
#include "rules/tables.h"

static void qemu_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

	for (size_t i = 0; i < in->domain->n_args; i++)
		if (!in->domain->args[i].value) {
			sc_find(out, rule, SC_ALWAYS, in->domain->args[i].node, NULL, "<qemu:arg> has no value");
			sc_find_fix_asks(out);
		}
	for (size_t i = 0; i < in->domain->n_envs; i++) {
		const char *name = in->domain->envs[i].name;

		if (!name || !*name || strchr("0123456789", *name) || strspn(name, allowed) != strlen(name)) {
			sc_find(out, rule, SC_ALWAYS, in->domain->envs[i].node, name ? "name" : NULL,
				"'%s' is not a valid name of an environment variable", name ? name : "");
			sc_find_fix_asks(out);
		}
	}
}

/* An option comes from a qemu:arg, or from an address that contains a comma. */
static const char *attr_of(const struct sc_spice_arg *arg)
{
	return strcmp(sc_xml_node_name(arg->node), "arg") == 0 ? "value" : NULL;
}

static void fix_arg(const struct sc_rule_input *in, const struct sc_spice_arg *arg, struct sc_findings *out)
{
	if (attr_of(arg))
		sc_find_fix_arg(out, in->domain, arg->node);
	else
		sc_find_fix(out, "spicecfg set-listen TARGET address 127.0.0.1");
}

/* QEMU docs/about/removed-features.rst and deprecated.rst. */
static const char *problem_of_version(const char *name, unsigned qemu)
{
	if (strcmp(name, "password") == 0 && qemu >= SC_VERSION(8, 0))
		return "was removed in QEMU 8.0: use password-secret";
	if (strcmp(name, "password-secret") == 0 && qemu < SC_VERSION(6, 0))
		return "needs QEMU 6.0";
	return NULL;
}

static void spice_arg(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_spice_args *args = &in->launch->args;

	if (args->missing) {
		sc_find(out, rule, SC_ALWAYS, args->missing, "value", "-spice has no value");
		sc_find_fix_arg(out, in->domain, args->missing);
	}
	for (size_t i = 0; i < args->count; i++) {
		const char *problem = sc_spice_arg_problem(&args->items[i]);

		if (!problem)
			problem = problem_of_version(args->items[i].name, sc_host_qemu(in->host));
		if (!problem)
			continue;
		sc_find(out, rule, SC_ALWAYS, args->items[i].node, attr_of(&args->items[i]), "-spice: %s '%s' %s",
			sc_spice_arg_shown_name(&args->items[i]), sc_spice_arg_shown(&args->items[i]), problem);
		fix_arg(in, &args->items[i], out);
	}
}

static void spice_arg_range(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = in->launch->spice;
	const struct sc_spice_arg *port = sc_spice_args_find(&in->launch->args, "port");
	const struct sc_spice_arg *tls_port = sc_spice_args_find(&in->launch->args, "tls-port");

	if (port && (console->qemu_port < 0 || console->qemu_port > 65535)) {
		sc_find(out, rule, SC_ALWAYS, port->node, attr_of(port), "-spice: port '%s' is not a TCP port", sc_spice_arg_shown(port));
		fix_arg(in, port, out);
	}
	if (tls_port && (console->qemu_tls_port < 0 || console->qemu_tls_port > 65535)) {
		sc_find(out, rule, SC_ALWAYS, tls_port->node, attr_of(tls_port), "-spice: tls-port '%s' is not a TCP port",
			sc_spice_arg_shown(tls_port));
		fix_arg(in, tls_port, out);
	}
}

static void spice_arg_channel(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_spice_args *args = &in->launch->args;

	for (size_t i = 0; i < args->count; i++)
		if (strcmp(args->items[i].name, "tls-channel") == 0 && !in->launch->spice->open_tls) {
			sc_find(out, rule, SC_ALWAYS, args->items[i].node, attr_of(&args->items[i]),
				"-spice: tls-channel '%s' is set without a TLS port", sc_spice_arg_shown(&args->items[i]));
			fix_arg(in, &args->items[i], out);
		}
}

static void spice_arg_dh(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_spice_arg *arg = sc_spice_args_find(&in->launch->args, "x509-dh-key-file");

	if (!arg || !in->launch->spice || in->launch->spice->broken || !in->launch->spice->open_tls)
		return;
	if (sc_host_file(in->host, arg->value).type != SC_PATH_MISSING) {
		sc_doubt(out, rule, "nothing is known about the Diffie-Hellman parameters in '%s'", sc_spice_arg_shown(arg));
		return;
	}
	sc_find(out, rule, SC_HOST, arg->node, attr_of(arg), "-spice: x509-dh-key-file '%s' does not exist", sc_spice_arg_shown(arg));
	fix_arg(in, arg, out);
}

static void custom_args(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_xml_node *node = in->domain->n_args ? in->domain->args[0].node : in->domain->envs[0].node;
	bool ours = in->launch->args.any;

	for (size_t i = 0; i < in->domain->n_envs; i++)
		ours |= in->domain->envs[i].name && strcmp(in->domain->envs[i].name, "SASL_CONF_PATH") == 0;
	if (ours)
		sc_find(out, rule, SC_ALWAYS, node, NULL,
			"qemu:commandline changes how clients authenticate; libvirt marks the VM tainted (custom-argv)");
}

static bool keymap_exists(const struct sc_host *host, const char *keymap)
{
	static const char *const qemu[] = {"ar", "bepo",  "cz",    "da",    "de",    "de-ch", "en-gb", "en-us", "es", "et", "fi", "fo",
					   "fr", "fr-be", "fr-ca", "fr-ch", "hr",    "hu",    "is",    "it",    "ja", "lt", "lv", "mk",
					   "nl", "no",    "pl",    "pt",    "pt-br", "ru",    "sl",    "sv",    "th", "tr", NULL};

	for (size_t i = 0; i < host->qemu.n_keymaps; i++)
		if (strcmp(host->qemu.keymaps[i], keymap) == 0)
			return true;
	return !host->qemu.keymaps && sc_word_find(qemu, keymap) >= 0;
}

/* The last -k takes precedence: libvirt writes one per graphics device that has a keymap, in their order. */
static const struct sc_graphics *with_keymap(const struct sc_domain *domain)
{
	const struct sc_graphics *last = NULL;

	for (size_t i = 0; i < domain->n_graphics; i++)
		if (domain->graphics[i].keymap && *domain->graphics[i].keymap)
			last = &domain->graphics[i];
	return last;
}

static void keymap_with_vnc(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_graphics *graphics = with_keymap(in->domain);

	if (!graphics || !(in->domain->content & SC_HAS_VNC) || *graphics->keymap == '/' || keymap_exists(in->host, graphics->keymap))
		return;
	sc_find(out, rule, SC_ALWAYS, graphics->node, "keymap", "QEMU has no keymap '%s' for VNC", graphics->keymap);
}

static void keymap_unknown(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->kind == SC_GRAPHICS_SPICE && graphics->keymap && *graphics->keymap &&
		    !keymap_exists(in->host, graphics->keymap))
			sc_find(out, rule, SC_ALWAYS, graphics->node, "keymap", "QEMU has no keymap '%s'", graphics->keymap);
	}
}

const struct sc_rule sc_rules_commandline[] = {
    {"qemu-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS, "A malformed qemu:commandline",
     "<qemu:arg> needs a value, <qemu:env> a name of letters, digits and '_' that does not begin with a digit.",
     "libvirt qemu/qemu_domain.c qemuDomainDefNamespaceParseCommandlineArgs", "spicecfg set TARGET 'ELEMENT=default'", qemu_word},
    {"spice-arg", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS | SC_HAS_SPICE, "An option of -spice that QEMU does not accept",
     "QEMU merges -spice of qemu:commandline with libvirt's own options, and exits when it does not know one.",
     "QEMU ui/spice-core.c qemu_spice_opts", "spicecfg set TARGET 'ELEMENT=default'", spice_arg},
    {"spice-arg-range", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS | SC_HAS_SPICE, "An invalid port of -spice",
     "Ports are between 0 and 65535.", "QEMU ui/spice-core.c qemu_spice_init", "spicecfg set TARGET 'ELEMENT=default'", spice_arg_range},
    {"spice-arg-channel", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS | SC_HAS_SPICE, "tls-channel without a TLS port",
     "QEMU accepts tls-channel only together with a TLS port.", "QEMU ui/spice-core.c add_channel", "spicecfg set TARGET 'ELEMENT=default'",
     spice_arg_channel},
    {"spice-arg-dh", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS | SC_HAS_SPICE, "x509-dh-key-file names a missing file",
     "When spice-server opens a TLS port, it loads the Diffie-Hellman parameters that -spice names; QEMU exits when it can't.",
     "spice-server server/reds.cpp load_dh_params; measured", "spicecfg set TARGET 'ELEMENT=default'", spice_arg_dh},
    {"custom-args", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_EFFECT, SC_HAS_ARGS, "Authentication set by qemu:commandline",
     "SASL_CONF_PATH gives a VM its own SASL directory, -spice sasl=on or off its own switch. Both work; libvirt marks the VM as tainted. "
     "Nothing has to be fixed: 'spicecfg sasl off --vm' removes a VM's own SASL.",
     "A27; measured", NULL, custom_args},
    {"keymap-with-vnc", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VNC, "A keymap that VNC can't load",
     "VNC loads the keymap when QEMU starts, and QEMU exits when the keymap does not exist, even if only the Spice device next to VNC "
     "names it.",
     "QEMU ui/vnc.c vnc_display_init", "spicecfg set TARGET 'PATH=default'", keymap_with_vnc},
    {"keymap-unknown", SPICECFG_LEVEL_NOTE, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "A keymap that QEMU does not have",
     "Spice clients send scan codes: a keymap has no effect, and an unknown one does no harm.", "measured",
     "spicecfg set-options TARGET --keymap default", keymap_unknown},
    {0},
};
