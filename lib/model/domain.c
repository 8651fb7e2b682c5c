/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/domain.h"

#include <stdlib.h>
#include <string.h>

#define OSINFO_PREFIX "http://microsoft.com/win/"

static size_t count(const struct sc_xml_node *parent, const char *name)
{
	size_t n = 0;

	for (struct sc_xml_node *node = sc_xml_child(parent, name); node; node = sc_xml_next(node, name))
		n++;
	return n;
}

static enum spicecfg_status read_devices(struct spicecfg_ctx *ctx, struct sc_domain *domain)
{
	size_t n_graphics = count(domain->devices, "graphics");
	size_t n_videos = count(domain->devices, "video");

	domain->graphics = sc_arena_alloc(domain->memory, n_graphics * sizeof(*domain->graphics));
	domain->videos = sc_arena_alloc(domain->memory, n_videos * sizeof(*domain->videos));
	if (!domain->graphics || !domain->videos)
		return sc_fail_memory(ctx);
	for (struct sc_xml_node *node = sc_xml_child(domain->devices, "graphics"); node; node = sc_xml_next(node, "graphics")) {
		struct sc_graphics *graphics = &domain->graphics[domain->n_graphics++];

		*graphics = (struct sc_graphics){.node = node, .type = sc_xml_get(node, "type")};
		if (!graphics->type || strcmp(graphics->type, "spice") != 0)
			continue;
		if (!domain->n_spice++)
			domain->spice = graphics;
	}
	for (struct sc_xml_node *node = sc_xml_child(domain->devices, "video"); node; node = sc_xml_next(node, "video")) {
		struct sc_video *video = &domain->videos[domain->n_videos++];

		video->node = node;
		video->model = sc_xml_child(node, "model");
		video->type = sc_xml_get(video->model, "type");
	}
	return SPICECFG_OK;
}

static enum spicecfg_status fill(struct spicecfg_ctx *ctx, struct sc_domain *domain, struct sc_xml *doc)
{
	domain->doc = doc;
	domain->root = sc_xml_root(doc);
	if (strcmp(sc_xml_node_name(domain->root), "domain") != 0 || sc_xml_node_ns(domain->root))
		return sc_fail_at(ctx, SPICECFG_INPUT, sc_xml_where(doc, domain->root, NULL), "Give the XML of a domain, as 'virsh dumpxml' prints it.",
		                  "the root element is <%s>, not <domain>", sc_xml_node_name(domain->root));
	domain->type = sc_xml_get(domain->root, "type");
	domain->devices = sc_xml_child(domain->root, "devices");
	struct sc_xml_node *name = sc_xml_child(domain->root, "name");
	struct sc_xml_node *uuid = sc_xml_child(domain->root, "uuid");
	domain->name = name ? sc_xml_text(doc, name) : "";
	domain->uuid = uuid ? sc_xml_text(doc, uuid) : NULL;
	if (!domain->name || (uuid && !domain->uuid))
		return sc_fail_memory(ctx);
	return read_devices(ctx, domain);
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
