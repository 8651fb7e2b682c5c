/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* set-listen: where the console listens, and its ports. libvirt: conf/domain_conf.c virDomainGraphicsDefParseXMLSpice and
 * virDomainGraphicsListensParseXML, qemu/qemu_process.c qemuProcessGraphicsAllocatePorts; articles A2, A8, A10, A12, A17. */
#include <stdio.h>
#include <string.h>

#include "base/fix.h"
#include "model/address.h"
#include "plan/edit.h"
#include "plan/families.h"
#include "rules/tables.h"

enum { PORT_MAX = 65535 };
#define SOCKET_FORM "/var/spicex/%s/spice.socket"

/* A parsed value of the key `listen`. */
struct place {
	enum sc_listen_type type;
	const char *value; /* NULL: not given */
};

static bool is_host(const char *text)
{
	size_t len = strlen(text);

	if (!len || len > 255)
		return false;
	return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:-") == len;
}

static bool is_bracketed(const char *text)
{
	size_t len = strlen(text);

	return len > 4 && text[0] == '[' && text[len - 1] == ']' && strspn(text + 1, "0123456789abcdefABCDEF:.%") >= len - 2;
}

static bool parse_place(const char *text, struct place *place)
{
	static const struct {
		const char *word;
		enum sc_listen_type type;
	} kinds[] = {
	    {"address", SC_LISTEN_ADDRESS}, {"socket", SC_LISTEN_SOCKET}, {"network", SC_LISTEN_NETWORK}, {"none", SC_LISTEN_NONE}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t len = strlen(kinds[i].word);

		if (strncmp(text, kinds[i].word, len) != 0 || (text[len] && text[len] != ' '))
			continue;
		place->type = kinds[i].type;
		place->value = text[len] && text[len + 1] ? text + len + 1 : NULL;
		return true;
	}
	return false;
}

static bool accept_listen(const char *text)
{
	struct place place;

	if (!parse_place(text, &place))
		return false;
	switch (place.type) {
	case SC_LISTEN_ADDRESS:
		return place.value && (is_host(place.value) || is_bracketed(place.value));
	case SC_LISTEN_NETWORK:
		return place.value != NULL;
	case SC_LISTEN_SOCKET:
		return !place.value || place.value[0] == '/';
	default:
		return !place.value;
	}
}

/* The word before it was forgotten. */
static void advise_listen(struct spicecfg_ctx *ctx, const char *value)
{
	struct sc_address address = sc_address_read(value);

	if (value[0] == '/')
		sc_fail_fixf(ctx, "Did you mean 'socket %s'?", value);
	else if (*value && address.kind != SC_ADDRESS_NAME && address.kind != SC_ADDRESS_NONSENSE)
		sc_fail_fixf(ctx, "Did you mean 'address %s'?", value);
	else if (is_host(value))
		sc_fail_fixf(ctx, "Did you mean 'address %s' or 'network %s'?", value, value);
}

static bool accept_port(const char *text)
{
	unsigned port;

	return strcmp(text, "auto") == 0 || strcmp(text, "none") == 0 || (sc_parse_number(text, PORT_MAX, &port) && port > 0);
}

static enum sc_listen_type listen_type(const struct sc_graphics *graphics)
{
	return graphics->n_listens ? graphics->listens[0].type : SC_LISTEN_ADDRESS;
}

static const char *show_listen(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	const struct sc_graphics *graphics = domain->spice;
	const struct sc_listen *listen = graphics && graphics->n_listens ? graphics->listens : NULL;

	(void)setting;
	if (!graphics)
		return NULL;
	*origin = "XML";
	if (listen && listen->type == SC_LISTEN_SOCKET)
		return listen->socket ? sc_arena_printf(domain->memory, "socket %s", listen->socket) : "socket";
	if (listen && listen->type == SC_LISTEN_NETWORK)
		return sc_arena_printf(domain->memory, "network %s", listen->network ? listen->network : "");
	if (listen && listen->type == SC_LISTEN_NONE)
		return "none";
	/* libvirt conf/domain_postparse.c, virDomainDefPostParseGraphics; network and socket are above */
	if (!graphics->port.value && !graphics->tls_port.value && graphics->autoport.value != SC_YES) {
		*origin = "default";
		return "none";
	}
	const char *address = listen && listen->address ? listen->address : graphics->listen_attr;
	if (address)
		return sc_arena_printf(domain->memory, "address %s", address);
	*origin = "default";
	return "address 127.0.0.1";
}

static bool has_ports(const struct sc_graphics *graphics)
{
	enum sc_listen_type type = listen_type(graphics);

	return type == SC_LISTEN_ADDRESS || type == SC_LISTEN_NETWORK;
}

/* libvirt: both -1 mean autoport. */
static bool is_autoport(const struct sc_graphics *graphics)
{
	return graphics->autoport.value == SC_YES || (graphics->port.value == -1 && graphics->tls_port.value == -1);
}

static const char *show_port(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	const struct sc_graphics *graphics = domain->spice;
	bool tls = setting->key[0] == 't';

	if (!graphics || !has_ports(graphics))
		return NULL;
	const struct sc_number *number = tls ? &graphics->tls_port : &graphics->port;
	if (number->text || is_autoport(graphics))
		*origin = "XML";
	/* The XML of a running VM has autoport and the assigned ports. */
	if (number->value > 0)
		return sc_arena_printf(domain->memory, "%lld%s", number->value, is_autoport(graphics) ? " (auto)" : "");
	if (is_autoport(graphics))
		return tls ? "auto (if TLS is on)" : "auto";
	return number->value == -1 ? "auto" : "none";
}

static const struct sc_setting settings[] = {
    {"listen", "address ADDR|socket [/PATH]|network NET|none", "where the console listens", .argument = true, .accept = accept_listen,
     .noun = "a place to listen at", .advise = advise_listen, .show = show_listen},
    {"port", "N|auto|none", "the plain port", .accept = accept_port, .noun = "a port: 1 to 65535", .show = show_port},
    {"tls-port", "N|auto|none", "the TLS port; if given alone: no plain port, defaultMode secure", .accept = accept_port,
     .noun = "a port: 1 to 65535", .show = show_port},
    {.key = NULL},
};

enum { NONE = 0, AUTO = -1, MAYBE = -2 }; /* MAYBE: a TLS port if qemu.conf has TLS on */

struct ports {
	long long plain, tls;
};

static struct ports present_ports(const struct sc_graphics *graphics)
{
	if (!has_ports(graphics))
		return (struct ports){NONE, NONE};
	if (is_autoport(graphics))
		return (struct ports){AUTO, MAYBE};
	return (struct ports){graphics->port.value, graphics->tls_port.value};
}

static long long parse_port(const char *text)
{
	unsigned port = 0;

	if (strcmp(text, "auto") == 0 || sc_is_default(text))
		return AUTO;
	(void)sc_parse_number(text, PORT_MAX, &port);
	return port;
}

static enum spicecfg_status put_port(struct sc_vm_edit *edit, struct sc_xml_node *node, const char *attr, long long port)
{
	char text[16];
	struct sc_number present = sc_number_int(sc_xml_get(node, attr), 10, NONE);

	if (!port) {
		sc_xml_unset(node, attr);
		return SPICECFG_OK;
	}
	if (present.text && !present.bad && present.value == port)
		return SPICECFG_OK;
	snprintf(text, sizeof(text), "%lld", port);
	return sc_edit_set(edit, node, attr, text);
}

static enum spicecfg_status write_ports(struct sc_vm_edit *edit, struct sc_xml_node *node, struct ports ports)
{
	enum spicecfg_status status;

	if (ports.plain == AUTO && (ports.tls == MAYBE || ports.tls == AUTO)) {
		/* libvirt assigns the numbers and ignores those in the definition. */
		sc_xml_unset(node, "port");
		sc_xml_unset(node, "tlsPort");
		return sc_edit_set(edit, node, "autoport", "yes");
	}
	if (ports.tls == MAYBE)
		ports.tls = NONE;
	status = put_port(edit, node, "port", ports.plain);
	if (!status)
		status = put_port(edit, node, "tlsPort", ports.tls);
	return status ? status : sc_edit_set(edit, node, "autoport", "no");
}

/* The one <listen> element: further ones, which libvirt refuses at start, are removed. */
static struct sc_xml_node *listen_element(struct sc_vm_edit *edit, struct sc_xml_node *node, bool make)
{
	struct sc_xml_node *listen = sc_xml_child(node, "listen"), *other;

	while (listen && (other = sc_xml_next(listen, "listen")))
		sc_xml_remove(other);
	if (listen || !make)
		return listen;
	return sc_edit_child(edit, node, "listen");
}

static enum spicecfg_status write_listen(struct sc_vm_edit *edit, struct sc_xml_node *node, const char *type, const char *attr,
					 const char *value)
{
	static const char *const values[] = {"address", "network", "socket"};
	struct sc_xml_node *listen = listen_element(edit, node, true);
	enum spicecfg_status status = listen ? sc_edit_set(edit, listen, "type", type) : SPICECFG_SYSTEM;

	for (size_t i = 0; !status && i < sizeof(values) / sizeof(*values); i++) {
		if (attr && value && strcmp(values[i], attr) == 0)
			status = sc_edit_set(edit, listen, attr, value);
		else
			sc_xml_unset(listen, values[i]);
	}
	return status;
}

static const char *bare_address(struct sc_vm_edit *edit, const char *address)
{
	size_t len = strlen(address);

	return address[0] == '[' ? sc_arena_strndup(edit->plan->memory, address + 1, len - 2) : address;
}

/* The attribute and the element must agree; if only one is present, only that one is written. */
static enum spicecfg_status listen_address(struct sc_vm_edit *edit, const struct sc_graphics *graphics, const char *address)
{
	struct sc_xml_node *node = graphics->node;
	bool unset = sc_is_default(address);
	bool has_attr = graphics->listen_attr != NULL, has_element = graphics->n_listens > 0;
	enum spicecfg_status status = SPICECFG_OK;

	if (!unset && !(address = bare_address(edit, address)))
		return sc_fail_memory(edit->ctx);
	if (unset)
		sc_xml_unset(node, "listen");
	else if (has_attr || !has_element)
		status = sc_edit_set(edit, node, "listen", address);
	if (!status && (has_element || (!has_attr && !unset)))
		status = write_listen(edit, node, "address", "address", unset ? NULL : address);
	return status;
}

/* Removes what needs a port: libvirt refuses secure modes without a TLS port. */
static void drop_ports(struct sc_graphics *graphics)
{
	static const char *const attributes[] = {"port", "tlsPort", "autoport", "listen"};
	struct sc_xml_node *node = graphics->node, *next;
	const char *mode = sc_xml_get(node, "defaultMode");

	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
		sc_xml_unset(node, attributes[i]);
	if (mode && strcmp(mode, "secure") == 0)
		sc_xml_unset(node, "defaultMode");
	for (struct sc_xml_node *channel = sc_xml_child(node, "channel"); channel; channel = next) {
		const char *channel_mode = sc_xml_get(channel, "mode");

		next = sc_xml_next(channel, "channel");
		if (channel_mode && strcmp(channel_mode, "secure") == 0)
			sc_xml_remove(channel);
	}
}

static enum spicecfg_status listen_socket(struct sc_vm_edit *edit, struct sc_graphics *graphics, const char *path)
{
	if (!path && !edit->domain->uuid)
		return sc_fail(edit->ctx, SPICECFG_USAGE, "Name a path: `spicecfg set-listen TARGET socket /PATH`",
			       "the default path of the socket contains the UUID, and the definition has none");
	if (!path && !(path = sc_arena_printf(edit->plan->memory, SOCKET_FORM, edit->domain->uuid)))
		return sc_fail_memory(edit->ctx);
	drop_ports(graphics);
	enum spicecfg_status status = write_listen(edit, graphics->node, "socket", "socket", path);
	struct sc_xml_node *image = status ? NULL : sc_edit_child(edit, graphics->node, "image");
	if (!image)
		return SPICECFG_SYSTEM;
	return sc_edit_set(edit, image, "compression", "off");
}

static enum spicecfg_status listen_none(struct sc_vm_edit *edit, struct sc_graphics *graphics)
{
	drop_ports(graphics);
	return write_listen(edit, graphics->node, "none", NULL, NULL);
}

static enum spicecfg_status tell_nowhere(struct sc_vm_edit *edit)
{
	const struct sc_rule *rule = &sc_rules_effect[0];
	const struct spicecfg_finding finding = {
	    .rule = rule->id,
	    .level = rule->level,
	    .cls = rule->cls,
	    .message = "no port is left: the console gets listen type none, which only virt-viewer --attach on the host can reach",
	    .path = "",
	    .fix = sc_fix_row(edit->plan->memory, NULL, rule->fix),
	    .target = edit->plan->now ? edit->plan->now->document : NULL,
	};

	return sc_plan_find(edit->plan, &finding, false);
}

static enum spicecfg_status change_ports(struct sc_vm_edit *edit, struct sc_graphics *graphics, bool fresh, bool was_none)
{
	const char *port = sc_want(edit, "port"), *tls_port = sc_want(edit, "tls-port");
	struct ports ports = present_ports(graphics);
	bool had_none = !ports.plain && !ports.tls;

	if (tls_port)
		ports.tls = sc_is_default(tls_port) ? NONE : parse_port(tls_port);
	if (port)
		ports.plain = parse_port(port);
	else if (tls_port && ports.tls)
		ports.plain = NONE;
	/* --port auto alone: libvirt's autoport, as other tools write it. */
	if (port && ports.plain == AUTO && !tls_port && ports.tls == NONE)
		ports.tls = MAYBE;
	/* A network listener without any port could not be reached. */
	if (!port && !tls_port) {
		if (!fresh && !had_none)
			return SPICECFG_OK;
		ports = (struct ports){AUTO, MAYBE};
	}
	/* libvirt would turn such a console into listen type none; written here, a second run changes nothing */
	if (!ports.plain && (!ports.tls || ports.tls == MAYBE)) {
		enum spicecfg_status status = listen_none(edit, graphics);

		return status || was_none ? status : tell_nowhere(edit);
	}
	enum spicecfg_status status = write_ports(edit, graphics->node, ports);
	if (!status && tls_port && !port && ports.tls && !sc_want(edit, "mode"))
		status = sc_edit_set(edit, graphics->node, "defaultMode", "secure");
	return status;
}

static enum spicecfg_status change_place(struct sc_vm_edit *edit, struct sc_graphics *graphics, const struct place *place)
{
	/* the older form of <listen type='socket'>, with which it would have to agree */
	sc_xml_unset(graphics->node, "socket");
	switch (place->type) {
	case SC_LISTEN_SOCKET:
		return listen_socket(edit, graphics, place->value);
	case SC_LISTEN_NONE:
		return listen_none(edit, graphics);
	case SC_LISTEN_NETWORK:
		sc_xml_unset(graphics->node, "listen");
		return write_listen(edit, graphics->node, "network", "network", place->value);
	default:
		return listen_address(edit, graphics, place->value);
	}
}

static enum spicecfg_status apply(struct sc_vm_edit *edit, const struct sc_family *family)
{
	const char *listen = sc_want(edit, "listen");
	bool asks_ports = sc_want(edit, "port") || sc_want(edit, "tls-port");
	struct place place = {SC_LISTEN_ADDRESS, "default"};
	struct sc_graphics added = {.kind = SC_GRAPHICS_SPICE}, *graphics = edit->domain->spice;
	enum spicecfg_status status = SPICECFG_OK;

	if (graphics || !listen)
		status = sc_edit_spice(edit, family, &graphics);
	if (status || (!graphics && !listen))
		return status;
	if (!graphics) {
		graphics = &added;
		added.node = sc_edit_device(edit, "graphics", NULL);
		if (!added.node || sc_edit_set(edit, added.node, "type", "spice"))
			return SPICECFG_SYSTEM;
	}
	if (listen && !sc_is_default(listen))
		(void)parse_place(listen, &place);
	else
		place.type = listen ? SC_LISTEN_ADDRESS : listen_type(graphics);
	bool has_network = place.type == SC_LISTEN_ADDRESS || place.type == SC_LISTEN_NETWORK;
	if (asks_ports && !has_network)
		return sc_fail(edit->ctx, SPICECFG_USAGE, "Omit the port, or listen on an address.", "a listener of type '%s' has no ports",
			       sc_listen_words[place.type]);
	if ((listen || asks_ports) && edit->plan->now)
		status = sc_plan_judge(edit->plan, "listen", edit->plan->now->document);
	bool was_none = graphics->n_listens && graphics->listens[0].type == SC_LISTEN_NONE;
	if (!status && listen)
		status = change_place(edit, graphics, &place);
	return status || !has_network ? status : change_ports(edit, graphics, graphics == &added, was_none);
}

const struct sc_family sc_family_listen = {"set-listen", settings, apply, false};
