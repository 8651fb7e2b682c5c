/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/spiceargs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doc/mask.h"
#include "doc/mask_args.h"

static const char *const on_words[] = {"on", "yes", "true", "y", NULL};
static const char *const off_words[] = {"off", "no", "false", "n", NULL};
static const char *const image_words[] = {"auto_glz", "auto_lz", "quic", "glz", "lz", "off", NULL};
static const char *const wan_words[] = {"auto", "never", "always", NULL};
static const char *const stream_words[] = {"off", "all", "filter", NULL};
static const char *const channel_words[] = {"default", "main",      "display",  "inputs", "cursor", "playback",
					    "record",  "smartcard", "usbredir", "webdav", "port",   NULL};

/* QEMU ui/spice-core.c, qemu_spice_opts. */
static const struct {
	const char *name;
	enum { STRING, NUMBER, BOOLEAN } type;
	const char *const *words; /* of a string; NULL: any */
} options[] = {
    {"port", NUMBER, NULL},
    {"tls-port", NUMBER, NULL},
    {"addr", STRING, NULL},
    {"ipv4", BOOLEAN, NULL},
    {"ipv6", BOOLEAN, NULL},
    {"unix", BOOLEAN, NULL},
    {"password", STRING, NULL},
    {"password-secret", STRING, NULL},
    {"disable-ticketing", BOOLEAN, NULL},
    {"disable-copy-paste", BOOLEAN, NULL},
    {"disable-agent-file-xfer", BOOLEAN, NULL},
    {"sasl", BOOLEAN, NULL},
    {"x509-dir", STRING, NULL},
    {"x509-key-file", STRING, NULL},
    {"x509-key-password", STRING, NULL},
    {"x509-cert-file", STRING, NULL},
    {"x509-cacert-file", STRING, NULL},
    {"x509-dh-key-file", STRING, NULL},
    {"tls-ciphers", STRING, NULL},
    {"tls-channel", STRING, channel_words},
    {"plaintext-channel", STRING, channel_words},
    {"image-compression", STRING, image_words},
    {"jpeg-wan-compression", STRING, wan_words},
    {"zlib-glz-wan-compression", STRING, wan_words},
    {"streaming-video", STRING, stream_words},
    {"agent-mouse", BOOLEAN, NULL},
    {"playback-compression", BOOLEAN, NULL},
    {"seamless-migration", BOOLEAN, NULL},
    {"display", STRING, NULL},
    {"head", NUMBER, NULL},
    {"gl", BOOLEAN, NULL},
    {"rendernode", STRING, NULL},
};

const char *sc_spice_arg_problem(const struct sc_spice_arg *arg)
{
	/* all -spice options are merged to one list, which has no ID */
	if (strcmp(arg->name, "id") == 0)
		return "is not an option of -spice";
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strcmp(options[i].name, arg->name) != 0)
			continue;
		if (options[i].type == BOOLEAN && sc_word_find(on_words, arg->value) < 0 && sc_word_find(off_words, arg->value) < 0)
			return "is neither on nor off";
		if (options[i].type == NUMBER) {
			char *end;

			errno = 0;
			strtoull(arg->value, &end, 0);
			if (errno || end == arg->value || *end)
				return "is not a number";
		}
		if (options[i].words && sc_word_find(options[i].words, arg->value) < 0)
			return "is not a value that QEMU accepts";
		return NULL;
	}
	return "is not an option of -spice";
}

bool sc_spice_arg_is_on(const struct sc_spice_arg *arg)
{
	return arg && sc_word_find(on_words, arg->value) >= 0;
}

static bool is_plain(const char *name, const char *value)
{
	return sc_mask_property_is_plain((struct sc_piece){name, strlen(name)}, (struct sc_piece){value, strlen(value)});
}

const char *sc_spice_arg_shown(const struct sc_spice_arg *arg)
{
	return arg->bare || is_plain(arg->name, arg->value) ? arg->value : SC_MASK;
}

/* A single word can be the value of a password whose key is missing. */
const char *sc_spice_arg_shown_name(const struct sc_spice_arg *arg)
{
	bool plain = arg->bare ? is_plain(arg->name, "") : sc_mask_has_plain_shape((struct sc_piece){arg->name, strlen(arg->name)});

	return plain ? arg->name : SC_MASK;
}

/* Copies a value up to a single comma. Two commas are one that belongs to the value. */
static const char *take_value(struct sc_arena *memory, const char *text, const char **value)
{
	const char *end = text;
	size_t len = 0;

	while (*end && (*end != ',' || end[1] == ','))
		end += *end == ',' ? 2 : 1;
	char *out = sc_arena_alloc(memory, (size_t)(end - text) + 1);
	*value = out;
	if (!out)
		return NULL;
	while (*text && (*text != ',' || text[1] == ',')) {
		text += *text == ',';
		out[len++] = *text++;
	}
	return text;
}

bool sc_spice_args_split(struct sc_arena *memory, const struct sc_xml_node *node, const char *text, struct sc_spice_args *out)
{
	while (*text) {
		size_t len = strcspn(text, "=,");
		char *name = sc_arena_strndup(memory, text, len);
		const char *value = NULL;
		bool bare = text[len] != '=';

		if (!name)
			return false;
		if (text[len] == '=') {
			text = take_value(memory, text + len + 1, &value);
			if (!text)
				return false;
		} else {
			bool no = strncmp(name, "no", 2) == 0;

			value = no ? "off" : "on";
			name += no ? 2 : 0;
			text += len;
		}
		text += *text == ',';
		out->items[out->count++] = (struct sc_spice_arg){node, name, value, bare};
	}
	return true;
}

static size_t count_options(const char *text)
{
	size_t count = 1;

	for (; *text; text++)
		count += *text == ',';
	return count;
}

static bool is_spice(const char *value)
{
	return value && (strcmp(value, "-spice") == 0 || strcmp(value, "--spice") == 0);
}

bool sc_spice_args_read(const struct sc_domain *domain, struct sc_arena *memory, const char *injected, const struct sc_xml_node *node,
			struct sc_spice_args *out)
{
	const char *address = injected ? sc_arena_printf(memory, "addr=%s", injected) : NULL;
	size_t room = injected ? count_options(injected) : 0;

	*out = (struct sc_spice_args){0};
	for (size_t i = 0; i < domain->n_args; i++) {
		if (!is_spice(domain->args[i].value))
			continue;
		out->any = true;
		if (i + 1 < domain->n_args && domain->args[i + 1].value)
			room += count_options(domain->args[++i].value);
		else
			out->missing = domain->args[i].node;
	}
	if (!room)
		return true;
	out->items = sc_arena_alloc(memory, room * sizeof(*out->items));
	if (!out->items || (injected && (!address || !sc_spice_args_split(memory, node, address, out))))
		return false;
	for (size_t i = 0; i + 1 < domain->n_args; i++) {
		if (!is_spice(domain->args[i].value) || !domain->args[i + 1].value)
			continue;
		i++;
		if (!sc_spice_args_split(memory, domain->args[i].node, domain->args[i].value, out))
			return false;
	}
	return true;
}

const struct sc_spice_arg *sc_spice_args_find(const struct sc_spice_args *args, const char *name)
{
	const struct sc_spice_arg *found = NULL;

	for (size_t i = 0; i < args->count; i++)
		if (strcmp(args->items[i].name, name) == 0)
			found = &args->items[i];
	return found;
}
