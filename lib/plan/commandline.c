/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/commandline.h"

#include <string.h>

#define NS SC_XML_NS_QEMU

static struct sc_xml_node *commandline_of(const struct sc_xml_node *root)
{
	return sc_xml_child_ns(root, NS, "commandline");
}

static struct sc_xml_node *find_env(const struct sc_xml_node *root, const char *name)
{
	struct sc_xml_node *line = commandline_of(root), *found = NULL;

	for (; line; line = sc_xml_next_ns(line, NS, "commandline"))
		for (struct sc_xml_node *env = sc_xml_child_ns(line, NS, "env"); env; env = sc_xml_next_ns(env, NS, "env")) {
			const char *is = sc_xml_get(env, "name");

			if (is && strcmp(is, name) == 0)
				found = env; /* libvirt passes all of them on, and the last one is in effect */
		}
	return found;
}

const char *sc_commandline_env(const struct sc_xml_node *root, const char *name)
{
	const struct sc_xml_node *env = find_env(root, name);
	const char *value = sc_xml_get(env, "value");

	return env && !value ? "" : value;
}

/* One part of "a=b,sasl=on": whether it is about SASL, and what it says. */
static bool part_says(const char *part, size_t len, enum sc_sasl_switch *says)
{
	static const struct {
		const char *text;
		enum sc_sasl_switch says;
	} forms[] = {
	    {"sasl", SC_SASL_ON},        {"sasl=on", SC_SASL_ON}, {"sasl=yes", SC_SASL_ON},  {"sasl=true", SC_SASL_ON},
	    {"sasl=y", SC_SASL_ON},      {"nosasl", SC_SASL_OFF}, {"sasl=off", SC_SASL_OFF}, {"sasl=no", SC_SASL_OFF},
	    {"sasl=false", SC_SASL_OFF}, {"sasl=n", SC_SASL_OFF},
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (strlen(forms[i].text) == len && memcmp(forms[i].text, part, len) == 0) {
			*says = forms[i].says;
			return true;
		}
	}
	return false;
}

/* The argument after -spice; NULL: node is not -spice. */
static struct sc_xml_node *value_of(struct sc_xml_node *node)
{
	const char *text = sc_xml_get(node, "value");

	return text && (strcmp(text, "-spice") == 0 || strcmp(text, "--spice") == 0) ? sc_xml_next_ns(node, NS, "arg") : NULL;
}

enum sc_sasl_switch sc_commandline_sasl(const struct sc_xml_node *root)
{
	struct sc_xml_node *arg = sc_xml_child_ns(commandline_of(root), NS, "arg");
	enum sc_sasl_switch says = SC_SASL_UNSAID;

	for (; arg; arg = sc_xml_next_ns(arg, NS, "arg")) {
		const char *text = sc_xml_get(value_of(arg), "value");

		for (size_t len; text; text = text[len] ? text + len + 1 : NULL) {
			len = strcspn(text, ",");
			(void)part_says(text, len, &says);
		}
	}
	return says;
}

static enum spicecfg_status get_commandline(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node **out)
{
	*out = commandline_of(sc_xml_root(doc));
	if (!*out)
		*out = sc_xml_add_ns(ctx, doc, sc_xml_root(doc), NULL, NS, "qemu", "commandline");
	return *out ? SPICECFG_OK : SPICECFG_SYSTEM;
}

static void drop_if_empty(struct sc_xml *doc)
{
	struct sc_xml_node *commandline = commandline_of(sc_xml_root(doc));

	if (commandline && !sc_xml_child_ns(commandline, "*", NULL))
		sc_xml_remove(commandline);
}

enum spicecfg_status sc_commandline_put_env(struct spicecfg_ctx *ctx, struct sc_xml *doc, const char *name, const char *value)
{
	struct sc_xml_node *env = find_env(sc_xml_root(doc), name), *commandline, *last = NULL;

	if (!value) {
		for (; env; env = find_env(sc_xml_root(doc), name))
			sc_xml_remove(env);
		drop_if_empty(doc);
		return SPICECFG_OK;
	}
	if (env)
		return sc_xml_set(ctx, doc, env, "value", value);
	enum spicecfg_status status = get_commandline(ctx, doc, &commandline);
	if (status)
		return status;
	/* libvirt writes arguments first, then the environment */
	for (struct sc_xml_node *node = sc_xml_child_ns(commandline, NS, NULL); node; node = sc_xml_next_ns(node, NS, NULL))
		last = node;
	env = sc_xml_add_ns(ctx, doc, commandline, last, NS, "qemu", "env");
	if (!env)
		return SPICECFG_SYSTEM;
	status = sc_xml_set(ctx, doc, env, "name", name);
	return status ? status : sc_xml_set(ctx, doc, env, "value", value);
}

/* The value of the next -object of id SC_GUARD_ID from *arg on, and *arg becomes its option; NULL: none. */
static struct sc_xml_node *next_guard(struct sc_xml_node **arg, struct sc_arena *memory, struct sc_object *object)
{
	for (struct sc_xml_node *value; *arg; *arg = sc_xml_next_ns(value ? value : *arg, NS, "arg")) {
		value = sc_object_option(sc_xml_get(*arg, "value")) ? sc_xml_next_ns(*arg, NS, "arg") : NULL;
		const char *text = sc_xml_get(value, "value");

		*object = (struct sc_object){0};
		if (text && (!sc_object_read(memory, text, object) || (object->id && strcmp(object->id, SC_GUARD_ID) == 0)))
			return value;
	}
	return NULL;
}

bool sc_commandline_guard(const struct sc_xml_node *root, struct sc_arena *memory, const char **file)
{
	struct sc_xml_node *arg = sc_xml_child_ns(commandline_of(root), NS, "arg");
	struct sc_object object;
	bool any = next_guard(&arg, memory, &object);

	*file = !any ? NULL : object.file ? object.file : "";
	return !any || object.id;
}

/* text without its parts about SASL */
static void strip(const char *text, struct sc_buf *out)
{
	enum sc_sasl_switch says;

	for (size_t len; text; text = text[len] ? text + len + 1 : NULL) {
		len = strcspn(text, ",");
		if (!part_says(text, len, &says))
			sc_buf_addf(out, "%s%.*s", out->len ? "," : "", (int)len, text);
	}
}

static enum spicecfg_status remove_sasl(struct spicecfg_ctx *ctx, struct sc_xml *doc)
{
	struct sc_xml_node *arg = sc_xml_child_ns(commandline_of(sc_xml_root(doc)), NS, "arg"), *next;

	for (; arg; arg = next) {
		struct sc_xml_node *value = value_of(arg);
		const char *text = sc_xml_get(value, "value");
		SC_BUF rest = SC_BUF_INIT;

		next = sc_xml_next_ns(arg, NS, "arg");
		if (!text)
			continue;
		strip(text, &rest);
		if (rest.failed)
			return sc_fail_memory(ctx);
		if (rest.len == strlen(text))
			continue;
		if (rest.len) {
			enum spicecfg_status status = sc_xml_set(ctx, doc, value, "value", rest.data);
			if (status)
				return status;
			continue;
		}
		next = sc_xml_next_ns(value, NS, "arg");
		sc_xml_remove(value);
		sc_xml_remove(arg);
	}
	drop_if_empty(doc);
	return SPICECFG_OK;
}

static enum spicecfg_status add_arg(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *commandline,
				    struct sc_xml_node **last, const char *value)
{
	struct sc_xml_node *arg = NULL;

	if (*last || !sc_xml_child_ns(commandline, NS, NULL)) {
		arg = sc_xml_add_ns(ctx, doc, commandline, *last, NS, "qemu", "arg");
	} else {
		/* Only an environment so far: the order does not matter to QEMU, and libvirt reads both. */
		struct sc_xml_node *end = NULL;

		for (struct sc_xml_node *node = sc_xml_child_ns(commandline, NS, NULL); node; node = sc_xml_next_ns(node, NS, NULL))
			end = node;
		arg = sc_xml_add_ns(ctx, doc, commandline, end, NS, "qemu", "arg");
	}
	*last = arg;
	return arg ? sc_xml_set(ctx, doc, arg, "value", value) : SPICECFG_SYSTEM;
}

enum spicecfg_status sc_commandline_put_sasl(struct spicecfg_ctx *ctx, struct sc_xml *doc, enum sc_sasl_switch want)
{
	struct sc_xml_node *commandline, *last = NULL;

	if (sc_commandline_sasl(sc_xml_root(doc)) == want)
		return SPICECFG_OK;
	enum spicecfg_status status = remove_sasl(ctx, doc);
	if (status || want == SC_SASL_UNSAID)
		return status;
	status = get_commandline(ctx, doc, &commandline);
	if (status)
		return status;
	for (struct sc_xml_node *arg = sc_xml_child_ns(commandline, NS, "arg"); arg; arg = sc_xml_next_ns(arg, NS, "arg"))
		last = arg;
	status = add_arg(ctx, doc, commandline, &last, "-spice");
	return status ? status : add_arg(ctx, doc, commandline, &last, want == SC_SASL_ON ? "sasl=on" : "sasl=off");
}

static enum spicecfg_status put_guard(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_arena *memory, const char *file)
{
	const char *text = file ? sc_guard_text(memory, file) : NULL;
	struct sc_xml_node *commandline, *last = NULL, *value, *arg = sc_xml_child_ns(commandline_of(sc_xml_root(doc)), NS, "arg");
	struct sc_object object;
	enum spicecfg_status status = file && !text ? sc_fail_memory(ctx) : SPICECFG_OK;
	bool done = !file;

	while (!status && (value = next_guard(&arg, memory, &object))) {
		struct sc_xml_node *option = arg;

		if (!object.id)
			return sc_fail_memory(ctx);
		arg = sc_xml_next_ns(value, NS, "arg");
		if (!done) {
			status = strcmp(sc_xml_get(value, "value"), text) == 0 ? SPICECFG_OK : sc_xml_set(ctx, doc, value, "value", text);
			done = true;
			continue;
		}
		sc_xml_remove(value);
		sc_xml_remove(option);
	}
	drop_if_empty(doc);
	if (status || done)
		return status;
	status = get_commandline(ctx, doc, &commandline);
	for (arg = sc_xml_child_ns(commandline_of(sc_xml_root(doc)), NS, "arg"); arg; arg = sc_xml_next_ns(arg, NS, "arg"))
		last = arg;
	if (!status)
		status = add_arg(ctx, doc, commandline, &last, "-object");
	return status ? status : add_arg(ctx, doc, commandline, &last, text);
}

enum spicecfg_status sc_commandline_put_guard(struct spicecfg_ctx *ctx, struct sc_xml *doc, const char *file)
{
	struct sc_arena *memory = sc_arena_new();
	enum spicecfg_status status = memory ? put_guard(ctx, doc, memory, file) : sc_fail_memory(ctx);

	sc_arena_free(memory);
	return status;
}
