/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/domain.h"

#include <stdlib.h>
#include <string.h>

#include "model/sasl_directories.h"

#define OSINFO_PREFIX "http://microsoft.com/win/"

/* The relevant children of <devices>, by the member of the model that they are read into. */
enum kind { GRAPHICS, VIDEO, CHARS, REDIRDEV, SMARTCARD, AUDIO, SOUND, CONTROLLER, REDIRFILTER, INPUT, KINDS };

static const struct {
	const char *name;
	enum kind kind;
} device_names[] = {
    {"channel", CHARS},     {"serial", CHARS}, {"parallel", CHARS},        {"console", CHARS},
    {"graphics", GRAPHICS}, {"video", VIDEO},  {"redirdev", REDIRDEV},     {"smartcard", SMARTCARD},
    {"audio", AUDIO},       {"sound", SOUND},  {"controller", CONTROLLER}, {"redirfilter", REDIRFILTER},
    {"input", INPUT},
};

static int kind_of(const char *name)
{
	/* most devices are disks and interfaces: compare the first letter first */
	if (!strchr("acgiprsv", *name))
		return -1;
	for (size_t i = 0; i < sizeof(device_names) / sizeof(device_names[0]); i++)
		if (strcmp(device_names[i].name, name) == 0)
			return (int)device_names[i].kind;
	return -1;
}

/* Iterates over the children of all <devices> elements (libvirt reads ./devices/graphics). */
static struct sc_xml_node *next_device(struct sc_xml_node *node)
{
	struct sc_xml_node *next = sc_xml_next(node, NULL);
	struct sc_xml_node *devices = sc_xml_parent(node);

	while (!next && (devices = sc_xml_next(devices, "devices")))
		next = sc_xml_child(devices, NULL);
	return next;
}

static struct sc_xml_node *first_device(const struct sc_domain *domain)
{
	struct sc_xml_node *node = NULL;

	for (struct sc_xml_node *devices = domain->devices; devices && !node; devices = sc_xml_next(devices, "devices"))
		node = sc_xml_child(devices, NULL);
	return node;
}

static enum spicecfg_status make_room(struct spicecfg_ctx *ctx, struct sc_domain *domain, const size_t *counts)
{
	struct sc_nodes *lists[KINDS] = {
	    [CHARS] = &domain->chars,
	    [REDIRDEV] = &domain->redirdevs,
	    [SMARTCARD] = &domain->smartcards,
	    [AUDIO] = &domain->audios,
	    [SOUND] = &domain->sounds,
	    [CONTROLLER] = &domain->controllers,
	    [REDIRFILTER] = &domain->redirfilters,
	    [INPUT] = &domain->inputs,
	};

	domain->graphics = sc_arena_alloc(domain->memory, (counts[GRAPHICS] + 1) * sizeof(*domain->graphics));
	domain->videos = sc_arena_alloc(domain->memory, (counts[VIDEO] + 1) * sizeof(*domain->videos));
	if (!domain->graphics || !domain->videos)
		return sc_fail_memory(ctx);
	for (int i = CHARS; i < KINDS; i++) {
		if (!counts[i])
			continue;
		lists[i]->items = sc_arena_alloc(domain->memory, counts[i] * sizeof(*lists[i]->items));
		if (!lists[i]->items)
			return sc_fail_memory(ctx);
	}
	return SPICECFG_OK;
}

static enum spicecfg_status read_device(struct spicecfg_ctx *ctx, struct sc_domain *domain, struct sc_xml_node *node)
{
	struct sc_nodes *list = NULL;

	switch (kind_of(sc_xml_node_name(node))) {
	case GRAPHICS:
		return sc_graphics_read(ctx, domain, node, &domain->graphics[domain->n_graphics++]);
	case VIDEO:
		sc_video_read(domain, node, &domain->videos[domain->n_videos++]);
		return SPICECFG_OK;
	case CHARS:
		list = &domain->chars;
		break;
	case REDIRDEV:
		list = &domain->redirdevs;
		break;
	case SMARTCARD:
		list = &domain->smartcards;
		break;
	case AUDIO:
		list = &domain->audios;
		break;
	case SOUND:
		list = &domain->sounds;
		break;
	case CONTROLLER:
		list = &domain->controllers;
		break;
	case REDIRFILTER:
		list = &domain->redirfilters;
		break;
	case INPUT:
		list = &domain->inputs;
		break;
	default:
		return SPICECFG_OK;
	}
	list->items[list->count++] = node;
	return SPICECFG_OK;
}

/* libvirt moves a video with primary='yes' to the front; else the first one is the primary. */
static void find_primary(struct sc_domain *domain)
{
	struct sc_video *primary = domain->n_videos ? &domain->videos[0] : NULL;

	for (size_t i = 0; i < domain->n_videos; i++)
		if (domain->videos[i].primary)
			primary = &domain->videos[i];
	if (primary)
		primary->first = true;
}

static enum spicecfg_status read_devices(struct spicecfg_ctx *ctx, struct sc_domain *domain)
{
	size_t counts[KINDS] = {0};

	for (struct sc_xml_node *node = first_device(domain); node; node = next_device(node)) {
		int kind = kind_of(sc_xml_node_name(node));

		if (kind >= 0)
			counts[kind]++;
	}
	enum spicecfg_status status = make_room(ctx, domain, counts);
	for (struct sc_xml_node *node = first_device(domain); node && !status; node = next_device(node))
		status = read_device(ctx, domain, node);
	for (size_t i = 0; i < domain->n_graphics; i++) {
		struct sc_graphics *graphics = &domain->graphics[i];

		if (graphics->kind == SC_GRAPHICS_VNC)
			domain->content |= SC_HAS_VNC;
		if (graphics->kind == SC_GRAPHICS_SPICE && !domain->n_spice++)
			domain->spice = graphics;
	}
	find_primary(domain);
	return status;
}

static enum spicecfg_status read_words(struct spicecfg_ctx *ctx, struct sc_domain *domain, const char *name, struct sc_qemu_word **out,
				       size_t *count)
{
	size_t n = 0;

	for (int pass = 0; pass < 2; pass++) {
		struct sc_xml_node *line = sc_xml_child_ns(domain->root, SC_XML_NS_QEMU, "commandline");

		for (; line; line = sc_xml_next_ns(line, SC_XML_NS_QEMU, "commandline")) {
			struct sc_xml_node *node = sc_xml_child_ns(line, SC_XML_NS_QEMU, name);

			for (; node; node = sc_xml_next_ns(node, SC_XML_NS_QEMU, name)) {
				if (!pass)
					n++;
				else
					(*out)[(*count)++] =
					    (struct sc_qemu_word){node, sc_xml_get(node, "name"), sc_xml_get(node, "value")};
			}
		}
		if (!pass && (!n || !(*out = sc_arena_alloc(domain->memory, n * sizeof(**out)))))
			return n ? sc_fail_memory(ctx) : SPICECFG_OK;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status read_command_line(struct spicecfg_ctx *ctx, struct sc_domain *domain)
{
	if (!sc_xml_child_ns(domain->root, SC_XML_NS_QEMU, "commandline"))
		return SPICECFG_OK;
	enum spicecfg_status status = read_words(ctx, domain, "arg", &domain->args, &domain->n_args);
	if (!status)
		status = read_words(ctx, domain, "env", &domain->envs, &domain->n_envs);
	for (size_t i = 0; i < domain->n_envs; i++)
		if (domain->envs[i].name && strcmp(domain->envs[i].name, "SASL_CONF_PATH") == 0)
			domain->sasl_env = &domain->envs[i];
	if (!status && domain->sasl_env && !(domain->sasl_directories = sc_sasl_directories(domain->memory, domain->sasl_env->value)))
		status = sc_fail_memory(ctx);
	return status;
}

static bool is_spice_arg(const struct sc_qemu_word *word)
{
	return word->value && (strcmp(word->value, "-spice") == 0 || strcmp(word->value, "--spice") == 0);
}

static void sum_up(struct sc_domain *domain)
{
	bool spice = domain->n_spice > 0;

	for (size_t i = 0; i < domain->n_args; i++)
		spice |= is_spice_arg(&domain->args[i]);
	domain->content |= SC_HAS_DOMAIN;
	domain->content |= domain->n_graphics ? SC_HAS_GRAPHICS : 0;
	domain->content |= spice ? SC_HAS_SPICE : 0;
	domain->content |= domain->n_videos ? SC_HAS_VIDEO : 0;
	if (domain->chars.count || domain->redirdevs.count || domain->smartcards.count || domain->audios.count || domain->sounds.count ||
	    domain->redirfilters.count)
		domain->content |= SC_HAS_DEVICES;
	domain->content |= domain->n_args || domain->n_envs ? SC_HAS_ARGS : 0;
	if (!domain->for_qemu)
		domain->content = domain->n_graphics || domain->n_videos ? SC_IS_FOREIGN : 0;
}

bool sc_uuid_read(const char *text, char out[SC_UUID_SIZE])
{
	static const char digits[] = "0123456789abcdefABCDEF", white[] = " \t\r\n\v\f";
	const char *c = text + strspn(text, white);
	size_t len = 0;

	while (*c && len < 36) {
		if (*c == '-' || *c == ' ') {
			c++;
			continue;
		}
		if (!strchr(digits, c[0]) || !c[1] || !strchr(digits, c[1]))
			return false;
		for (int i = 0; i < 2; i++, c++)
			out[len++] = (char)(*c >= 'A' && *c <= 'F' ? *c - 'A' + 'a' : *c);
		if (len == 8 || len == 13 || len == 18 || len == 23)
			out[len++] = '-';
	}
	out[len] = '\0';
	return len == 36 && !c[strspn(c, white)];
}

/* False when memory runs out. Because paths are made from it, an invalid UUID, which libvirt refuses, is treated as missing. */
static bool read_uuid(struct sc_domain *domain, const char *text)
{
	char *out = sc_arena_alloc(domain->memory, SC_UUID_SIZE);

	domain->uuid = out && sc_uuid_read(text, out) ? out : NULL;
	return out;
}

static void read_machine(struct sc_domain *domain)
{
	static const char *const qemu_types[] = {"qemu", "kvm", "kqemu", "hvf", NULL};
	struct sc_xml_node *type = sc_xml_child(sc_xml_child(domain->root, "os"), "type");

	domain->type = sc_xml_get(domain->root, "type");
	domain->arch = sc_xml_get(type, "arch");
	domain->machine = sc_xml_get(type, "machine");
	domain->for_qemu = domain->type && sc_word_find(qemu_types, domain->type) >= 0;
}

static enum spicecfg_status fill(struct spicecfg_ctx *ctx, struct sc_domain *domain, struct sc_xml *doc)
{
	domain->doc = doc;
	domain->root = sc_xml_root(doc);
	if (strcmp(sc_xml_node_name(domain->root), "domain") != 0)
		return sc_fail_at(ctx, SPICECFG_INPUT, sc_xml_where(doc, domain->root, NULL),
				  "Give the XML of a domain, as '`virsh dumpxml`' prints it.", "the root element is <%s>, not <domain>",
				  sc_xml_node_name(domain->root));
	if (sc_xml_node_ns(domain->root))
		return sc_fail_at(ctx, SPICECFG_INPUT, sc_xml_where(doc, domain->root, NULL),
				  "Remove xmlns: libvirt reads only elements without a namespace.", "<domain> is in the namespace '%s'",
				  sc_xml_node_ns(domain->root));
	domain->devices = sc_xml_child(domain->root, "devices");
	struct sc_xml_node *name = sc_xml_child(domain->root, "name");
	struct sc_xml_node *uuid = sc_xml_child(domain->root, "uuid");
	domain->name = name ? sc_xml_text(doc, name) : "";
	const char *uuid_text = uuid ? sc_xml_text(doc, uuid) : "";
	if (!domain->name || !uuid_text || !read_uuid(domain, uuid_text))
		return sc_fail_memory(ctx);
	read_machine(domain);
	enum spicecfg_status status = read_devices(ctx, domain);
	if (!status)
		status = read_command_line(ctx, domain);
	sum_up(domain);
	return status;
}

enum spicecfg_status sc_domain_read(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_domain **out)
{
	*out = NULL;
	struct sc_arena *memory = sc_arena_new();
	struct sc_domain *domain = memory ? sc_arena_alloc(memory, sizeof(*domain)) : NULL;
	if (!domain) {
		sc_arena_free(memory);
		return sc_fail_memory(ctx);
	}
	domain->memory = memory;
	enum spicecfg_status status = fill(ctx, domain, doc);
	if (status) {
		sc_domain_free(domain);
		return status;
	}
	*out = domain;
	return SPICECFG_OK;
}

void sc_domain_free(struct sc_domain *domain)
{
	if (domain)
		sc_arena_free(domain->memory);
}

static bool names_windows(const struct sc_xml_node *node)
{
	const char *id = sc_xml_get(node, "id");

	if (id && strncmp(id, OSINFO_PREFIX, strlen(OSINFO_PREFIX)) == 0)
		return true;
	for (struct sc_xml_node *child = sc_xml_child_ns(node, "*", NULL); child; child = sc_xml_next_ns(child, "*", NULL))
		if (names_windows(child))
			return true;
	return false;
}

bool sc_domain_is_windows(const struct sc_domain *domain)
{
	struct sc_xml_node *metadata = sc_xml_child(domain->root, "metadata");

	return metadata && names_windows(metadata);
}

bool sc_domain_is_x86(const struct sc_domain *domain)
{
	return !domain->arch || strcmp(domain->arch, "x86_64") == 0 || strcmp(domain->arch, "i686") == 0;
}

/* libvirt qemu/qemu_domain.c, qemuDomainMachineIsI440FX and qemuDomainMachineIsQ35. */
bool sc_domain_is_pc(const struct sc_domain *domain)
{
	const char *machine = domain->machine ? domain->machine : "pc";

	return sc_domain_is_x86(domain) &&
	       (strcmp(machine, "pc") == 0 || strncmp(machine, "pc-0.", 5) == 0 || strncmp(machine, "pc-1.", 5) == 0 ||
		strncmp(machine, "pc-i440fx-", 10) == 0 || strncmp(machine, "rhel6.", 6) == 0);
}

bool sc_domain_is_q35(const struct sc_domain *domain)
{
	const char *machine = domain->machine ? domain->machine : "";

	return sc_domain_is_x86(domain) && (strcmp(machine, "q35") == 0 || strncmp(machine, "pc-q35-", 7) == 0);
}
