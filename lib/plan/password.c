/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The console's password (ticket) and its expiry. libvirt: passwd, passwdValidTo in UTC; spice-server: 59 bytes (facts, demand 2). */
#include <string.h>

#include "base/time.h"
#include "plan/edit.h"
#include "plan/families.h"

static bool accept_duration(const char *value)
{
	int64_t seconds;

	return sc_duration_parse(value, &seconds);
}

static bool accept_time(const char *value)
{
	int64_t seconds;

	return sc_time_parse(value, &seconds);
}

static const char *show_until(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	(void)setting;
	if (!domain->spice || !domain->spice->valid_to)
		return NULL;
	*origin = "XML";
	return sc_arena_printf(domain->memory, "%sZ", domain->spice->valid_to);
}

static const char *show_password(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin)
{
	(void)setting;
	if (!domain->spice)
		return NULL;
	if (domain->spice->passwd)
		*origin = "XML";
	return domain->spice->passwd ? "set" : "not set";
}

/* Never as a value: spicecfg_request_set() says how a password is set. */
static bool accept_nothing(const char *value)
{
	(void)value;
	return false;
}

static const struct sc_setting settings[] = {
    {"password", "default", "remove the password; set-password sets one", .argument = true, .accept = accept_nothing,
     .show = show_password},
    {"valid-for", "DURATION", "how long the password is valid, such as 90s, 10m, 2h30m or 3d", .accept = accept_duration,
     .noun = "a duration such as 90s, 10m, 2h30m or 3d"},
    {"valid-until", "TIME",
     "when the password expires, instead of valid-for: RFC 3339, local time unless a zone is given; 'default': never",
     .accept = accept_time, .noun = "a time such as 2026-12-31T18:00", .show = show_until},
    {"connected", "keep|disconnect|fail",
     "when a running VM's password changes: keep connected clients (default), disconnect them, or fail if there are any", .show = NULL},
    {.key = NULL},
};

/* The requested expiry in libvirt's form; "" for none. */
static void expiry(const struct spicecfg_request *request, int64_t now, char out[SC_TIME_SIZE])
{
	const char *valid_for = sc_asked(request, "valid-for"), *valid_until = sc_asked(request, "valid-until");
	int64_t seconds;

	out[0] = '\0';
	if (valid_for && sc_duration_parse(valid_for, &seconds))
		sc_time_libvirt(now + seconds, out);
	else if (valid_until && sc_time_parse(valid_until, &seconds))
		sc_time_libvirt(seconds, out);
}

static enum spicecfg_status put_password(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_xml_node *graphics,
					 const struct spicecfg_request *request, int64_t now)
{
	static const char *const words[] = {"fail", "disconnect", "keep", NULL};
	const char *connected = sc_asked(request, "connected");
	bool dated = request->has_password || sc_asked(request, "valid-for") || sc_asked(request, "valid-until");
	char until[SC_TIME_SIZE];
	enum spicecfg_status status = SPICECFG_OK;

	expiry(request, now, until);
	if (request->has_password)
		status = sc_xml_set(ctx, doc, graphics, "passwd", request->password.text);
	/* A new password without an expiry does not inherit an old one. */
	if (!status && dated)
		status = sc_xml_put(ctx, doc, graphics, "passwdValidTo", until[0] ? until : NULL);
	if (!status && connected)
		status = sc_xml_put(ctx, doc, graphics, "connected", sc_is_default(connected) ? NULL : connected);
	/* libvirt reads the word together with a password only, and refuses one that it does not know */
	const char *old = sc_xml_get(graphics, "connected");
	if (!status && !connected && request->has_password && old && sc_word_find(words, old) < 0)
		sc_xml_unset(graphics, "connected");
	return status;
}

static enum spicecfg_status apply(struct sc_vm_edit *edit, const struct sc_family *family)
{
	struct sc_graphics *graphics;

	if (edit->request->clear_password && !edit->domain->spice)
		return SPICECFG_OK;
	enum spicecfg_status status = sc_edit_spice(edit, family, &graphics);
	if (status || !graphics)
		return status;
	if (edit->request->clear_password) {
		sc_xml_unset(graphics->node, "passwd");
		sc_xml_unset(graphics->node, "passwdValidTo");
		sc_xml_unset(graphics->node, "connected");
		return SPICECFG_OK;
	}
	if (!edit->request->has_password && !graphics->passwd)
		return sc_fail(edit->ctx, SPICECFG_USAGE, "Set one: `spicecfg set-password TARGET`",
			       "without a password, an expiry or 'connected' has no effect, and libvirt drops it");
	return put_password(edit->ctx, edit->domain->doc, graphics->node, edit->request, edit->now);
}

const struct sc_family sc_family_password = {"set-password", settings, apply, true};

static struct sc_xml_node *spice_of(struct sc_xml *doc)
{
	struct sc_xml_node *devices = sc_xml_child(sc_xml_root(doc), "devices");

	for (struct sc_xml_node *node = sc_xml_child(devices, "graphics"); node; node = sc_xml_next(node, "graphics")) {
		const char *type = sc_xml_get(node, "type");

		if (type && strcmp(type, "spice") == 0)
			return node;
	}
	return NULL;
}

/* Edited as a document and read again: apart from the ticket, the element's source is what libvirt wrote. */
static const char *graphics_source(struct spicecfg_plan *plan, const char *bytes, size_t len)
{
	SC_XML *doc = NULL;
	size_t source_len;

	if (sc_xml_parse(plan->ctx, "the running VM", bytes, len, &doc))
		return NULL;
	const char *source = sc_xml_source(doc, spice_of(doc), &source_len);
	const char *copy = source ? sc_arena_strndup(plan->memory, source, source_len) : NULL;
	if (!copy)
		(void)sc_fail_memory(plan->ctx);
	return copy;
}

enum spicecfg_status sc_plan_live_graphics(struct spicecfg_plan *plan, const struct spicecfg_request *request, const char *running,
					   size_t len, int64_t now, const char **before, const char **xml)
{
	SC_XML *doc = NULL;
	SC_BUF edited = SC_BUF_INIT;

	*before = *xml = NULL;
	enum spicecfg_status status = sc_xml_parse(plan->ctx, "the running VM", running, len, &doc);
	if (status)
		return status;
	struct sc_xml_node *graphics = spice_of(doc);
	if (!graphics)
		return sc_fail(plan->ctx, SPICECFG_INPUT, "Omit --live.", "the running VM has no Spice console");
	*before = graphics_source(plan, running, len);
	status = *before ? put_password(plan->ctx, doc, graphics, request, now) : SPICECFG_SYSTEM;
	if (!status)
		status = sc_xml_write(plan->ctx, doc, &edited);
	if (status)
		return status;
	*xml = graphics_source(plan, sc_buf_text(&edited), edited.len);
	return *xml ? SPICECFG_OK : SPICECFG_SYSTEM;
}
