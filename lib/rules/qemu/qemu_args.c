/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words of qemu:commandline as QEMU parses them: unknown options, options at which QEMU exits, and devices in the wrong place. */
#include <string.h>

#include "base/text.h"
#include "doc/qemuoption.h"
#include "rules/fixes.h"
#include "rules/tables.h"

static const struct sc_qemu_option *look_up(const char *word)
{
	return sc_qemu_option(word, strlen(word));
}

/* Why QEMU exits at this option; NULL: it does not. */
static const char *problem_of(const struct sc_rule_input *in, const struct sc_qemu_option *option, const char *value)
{
	unsigned qemu = sc_host_qemu(in->host);

	if (!option || qemu < option->since || (option->removed && qemu >= option->removed))
		return "QEMU has no such option";
	if (option->flags & SC_QEMU_ENDS)
		return "a QEMU that libvirt starts exits at it";
	if (option->flags & SC_QEMU_NO_X86 && sc_domain_is_x86(in->domain))
		return "QEMU has it for other architectures";
	if (option->flags & SC_QEMU_TAKES && !value)
		return strcmp(option->name, "spice") == 0 ? NULL : "it has no value";
	if (option->flags & SC_QEMU_LISTS && (strcmp(value, "help") == 0 || strcmp(value, "?") == 0))
		return "QEMU prints its help and exits";
	return NULL;
}

/* Removes a word, and its value. */
static void fix_words(const struct sc_qemu_word *word, bool both, struct sc_findings *out)
{
	if (both)
		sc_find_fix(out, "spicecfg set TARGET '%s=default' '%s=default'", sc_find_fix_element(out, word->node),
			    sc_find_fix_element(out, word[1].node));
	else
		sc_find_fix(out, "spicecfg set TARGET '%s=default'", sc_find_fix_element(out, word->node));
	sc_find_fix_asks(out);
}

/* A word that is not an option is the image of a disk. */
static void disk_word(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_qemu_word *word, struct sc_findings *out)
{
	bool path = *word->value == '/';
	struct sc_path_fact fact = path ? sc_host_path(in->host, word->value) : (struct sc_path_fact){0};

	if (path && fact.type == SC_PATH_UNKNOWN) {
		sc_doubt(out, rule, "nothing is known about the disk image of %s", sc_find_fix_path(out, word->node, NULL));
		return;
	}
	/* Without facts, what a definition names is assumed to exist. */
	if (path && (fact.type == SC_PATH_FILE || (in->host->assumed && fact.type == SC_PATH_DIRECTORY)))
		return;
	sc_find(out, rule, path ? SC_HOST : SC_ALWAYS, word->node, "value", "'%s' is neither an option nor the image of a disk",
		word->value);
	fix_words(word, false, out);
}

static void qemu_option(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_domain *domain = in->domain;

	for (size_t i = 0; i < domain->n_args; i++) {
		const struct sc_qemu_word *word = &domain->args[i];
		const struct sc_qemu_word *next = i + 1 < domain->n_args ? word + 1 : NULL;

		if (!word->value)
			continue;
		if (*word->value != '-') {
			disk_word(rule, in, word, out);
			continue;
		}
		const struct sc_qemu_option *option = look_up(word->value);
		bool takes = option && option->flags & SC_QEMU_TAKES && next;
		if (takes && !next->value)
			continue;
		const char *problem = problem_of(in, option, takes ? next->value : NULL);
		i += takes;
		if (!problem)
			continue;
		sc_find(out, rule, SC_ALWAYS, word->node, "value", "'%s': %s", word->value, problem);
		fix_words(word, takes, out);
	}
}

/* QEMU creates -device of qemu:commandline before libvirt's own devices since libvirt passes those as JSON. */
static bool is_first(const struct sc_host *host)
{
	return sc_host_libvirt(host) >= SC_VERSION(7, 9) && sc_host_qemu(host) >= SC_VERSION(6, 2);
}

/* The bus that a device needs, by the beginning of its name. */
static const char *bus_of(const char *device)
{
	static const char *const usb[] = {"usb-tablet",  "usb-mouse",        "usb-kbd",     "usb-redir", "usb-ccid",
					  "usb-audio",   "usb-host",         "usb-storage", "usb-hub",   "usb-serial",
					  "usb-braille", "usb-wacom-tablet", "usb-mtp",     NULL};

	for (size_t i = 0; usb[i]; i++)
		if (sc_text_begins(device, usb[i]))
			return "usb-";
	return sc_text_begins(device, "virtserialport") || sc_text_begins(device, "virtconsole") ? "virtio-serial" : NULL;
}

/* Whether an earlier option provides a bus of this kind. */
static bool has_bus(const struct sc_domain *domain, size_t end, const char *kind)
{
	bool usb = strcmp(kind, "usb-") == 0;

	for (size_t i = 0; i < domain->n_args; i++) {
		const char *value = domain->args[i].value;

		if (!value)
			continue;
		if (usb &&
		    (strcmp(value, "-usb") == 0 || strcmp(value, "-usbdevice") == 0 || strstr(value, "usb=on") || strstr(value, "-usb-")))
			return true;
		if (i < end &&
		    (usb ? sc_text_begins(value, "qemu-xhci") || sc_text_begins(value, "nec-usb-xhci") || sc_text_begins(value, "usb-ehci")
			 : sc_text_begins(value, kind)))
			return true;
	}
	return false;
}

static void device_bus(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_domain *domain = in->domain;

	for (size_t i = 0; is_first(in->host) && i + 1 < domain->n_args; i++) {
		const char *word = domain->args[i].value, *value = domain->args[i + 1].value;
		const char *bus = word && value && (strcmp(word, "-device") == 0 || strcmp(word, "--device") == 0) ? bus_of(value) : NULL;

		if (!bus || has_bus(domain, i, bus))
			continue;
		sc_find(out, rule, SC_HOST, domain->args[i + 1].node, "value", "-device %.*s: libvirt adds its bus only after it",
			(int)strcspn(value, ","), value);
		fix_words(&domain->args[i], true, out);
	}
}

/* libvirt's own controller of the pc machine is a PIIX3 UHCI in slot 1, function 2, where -usb puts one. */
static bool has_piix3(const struct sc_domain *domain)
{
	bool any = false;

	for (size_t i = 0; i < domain->controllers.count; i++) {
		const struct sc_xml_node *node = domain->controllers.items[i];
		const char *type = sc_xml_get(node, "type"), *model = sc_xml_get(node, "model");

		if (!type || strcmp(type, "usb") != 0)
			continue;
		any = true;
		if (!model || strcmp(model, "piix3-uhci") == 0)
			return true;
	}
	return !any;
}

static void usb_arg(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_domain *domain = in->domain;

	if (!sc_domain_is_x86(domain) || sc_domain_is_q35(domain) || !has_piix3(domain))
		return;
	for (size_t i = 0; i < domain->n_args; i++) {
		const struct sc_qemu_option *option =
		    domain->args[i].value && *domain->args[i].value == '-' ? look_up(domain->args[i].value) : NULL;
		bool device = option && strcmp(option->name, "usbdevice") == 0 && i + 1 < domain->n_args;

		if (device || (option && strcmp(option->name, "usb") == 0)) {
			sc_find(out, rule, SC_ALWAYS, domain->args[i].node, "value", "'%s' adds the USB controller that libvirt adds too",
				domain->args[i].value);
			fix_words(&domain->args[i], device, out);
		}
		i += option && option->flags & SC_QEMU_TAKES;
	}
}

/* Where the value of name= begins in an option's list, with its length in *len; NULL: not present. */
static const char *value_of(const char *list, const char *name, size_t *len)
{
	size_t size = strlen(name);

	while ((list = strchr(list, ','))) {
		list++;
		if (strncmp(list, name, size) == 0 && list[size] == '=') {
			*len = strcspn(list + size + 1, ",");
			return list + size + 1;
		}
	}
	return NULL;
}

static const char *chardev_problem(const char *value)
{
	static const char *const names[] = {"vdagent", "smartcard", "usbredir", NULL};
	size_t len = 0, id_len = 0;
	const char *name = value_of(value, "name", &len);

	if (!value_of(value, "id", &id_len) || !id_len)
		return "it has no id=";
	if (sc_text_begins(value, "spiceport,"))
		return name ? NULL : "a Spice port has no name=";
	if (!sc_text_begins(value, "spicevmc,"))
		return NULL;
	for (size_t i = 0; name && names[i]; i++)
		if (strlen(names[i]) == len && strncmp(names[i], name, len) == 0)
			return NULL;
	return "a Spice channel must be named vdagent, smartcard or usbredir";
}

static void chardev_arg(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_domain *domain = in->domain;

	for (size_t i = 0; i + 1 < domain->n_args; i++) {
		const char *word = domain->args[i].value, *value = domain->args[i + 1].value;
		const struct sc_qemu_option *option = word && *word == '-' ? look_up(word) : NULL;
		const char *problem = NULL;
		size_t len = 0;

		if (!value || !option || !(option->flags & SC_QEMU_TAKES))
			continue;
		/* id= may come first, without a comma before it; help is judged above. */
		if (strcmp(option->name, "chardev") == 0 && *value != '{' && !sc_text_begins(value, "id=") &&
		    !sc_text_begins(value, "help") && *value != '?')
			problem = chardev_problem(value);
		if (strcmp(option->name, "audiodev") == 0 && *value != '{' && !sc_text_begins(value, "id=") &&
		    !sc_text_begins(value, "help") && *value != '?' && !value_of(value, "id", &len))
			problem = "it has no id=";
		if (problem) {
			sc_find(out, rule, SC_ALWAYS, domain->args[i + 1].node, "value", "%s: %s", word, problem);
			fix_words(&domain->args[i], true, out);
		}
		i++;
	}
}

const struct sc_rule sc_rules_qemu_args[] = {
    {"qemu-option", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS, "A word of qemu:commandline at which QEMU exits",
     "QEMU exits at an option that it does not have, at one without its value, at one that prints something and exits, and at a word that "
     "is not an option, which it takes for the image of a disk.",
     "QEMU softmmu/vl.c lookup_opt, qemu_init; qemu-options.hx", "spicecfg set TARGET 'ELEMENT=default'", qemu_option},
    {"device-arg-bus", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS, "A device of qemu:commandline before its bus",
     "QEMU creates the devices of qemu:commandline before libvirt's: USB devices and virtio ports among them find no bus.",
     "QEMU softmmu/vl.c qemu_create_cli_devices; measured", "spicecfg set TARGET 'ELEMENT=default'", device_bus},
    {"usb-arg", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS, "-usb in addition to libvirt's USB controller",
     "-usb and -usbdevice create a PIIX3 controller in slot 1, function 2, where libvirt puts its own.", "QEMU hw/i386/pc_piix.c; measured",
     "spicecfg set TARGET 'ELEMENT=default'", usb_arg},
    {"chardev-arg", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_ARGS, "A -chardev or -audiodev that QEMU does not accept",
     "-chardev and -audiodev need an id=, the channels of Spice (spicevmc, spiceport) also a name=; that of spicevmc is vdagent, smartcard "
     "or usbredir.",
     "QEMU chardev/char.c qemu_chr_new_from_opts, chardev/spice.c", "spicecfg set TARGET 'ELEMENT=default'", chardev_arg},
    {0},
};
