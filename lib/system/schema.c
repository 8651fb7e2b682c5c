/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/schema.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* FAULTS: more are of no use to anybody; VALIDATIONS: bounds the search in large documents. */
enum { FAULTS = 16, VALIDATIONS = 1500 };

struct sc_schema {
	xmlRelaxNGPtr rng;
};

struct sc_schema_run {
	xmlRelaxNGValidCtxtPtr valid;
};

struct search {
	xmlRelaxNGValidCtxtPtr valid;
	xmlDocPtr doc;
	xmlNodePtr told; /* where libxml2 sees the first error */
	struct {
		xmlNodePtr node;
		char *attr;
	} found[FAULTS];
	size_t count;
	unsigned left; /* validations that may still be done */
};

static void ignore(void *opaque, xmlErrorPtr error)
{
	(void)opaque;
	(void)error;
}

enum spicecfg_status sc_schema_load(struct spicecfg_ctx *ctx, struct sc_schema **out)
{
	static const char *const places[] = {"/usr/share/libvirt/schemas/domain.rng", "/usr/local/share/libvirt/schemas/domain.rng"};
	const char *path = NULL;

	*out = NULL;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !path; i++)
		path = access(places[i], R_OK) == 0 ? places[i] : NULL;
	if (!path)
		return sc_fail(ctx, SPICECFG_INPUT,
			       "Install libvirt's schemas (package libvirt-daemon or libvirt0-common), or leave --schema out.",
			       "%s is not there", places[0]);
	xmlInitParser();
	xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewParserCtxt(path);
	if (!parser)
		return sc_fail_memory(ctx);
	xmlRelaxNGSetParserStructuredErrors(parser, ignore, NULL);
	xmlRelaxNGPtr rng = xmlRelaxNGParse(parser);
	xmlRelaxNGFreeParserCtxt(parser);
	if (!rng)
		return sc_fail(ctx, SPICECFG_INPUT, "Reinstall libvirt.", "%s is no schema that libxml2 can read", path);
	*out = malloc(sizeof(**out));
	if (!*out) {
		xmlRelaxNGFree(rng);
		return sc_fail_memory(ctx);
	}
	(*out)->rng = rng;
	return SPICECFG_OK;
}

void sc_schema_free(struct sc_schema *schema)
{
	if (!schema)
		return;
	xmlRelaxNGFree(schema->rng);
	free(schema);
}

void sc_schema_run_free(struct sc_schema_run *run)
{
	if (!run)
		return;
	xmlRelaxNGFreeValidCtxt(run->valid);
	free(run);
}

static void remember(void *opaque, xmlErrorPtr error)
{
	struct search *search = opaque;

	if (!search->told && error->node && ((xmlNodePtr)error->node)->type == XML_ELEMENT_NODE)
		search->told = error->node;
}

/* Running out of validations counts as invalid: nobody is blamed for it. */
static bool is_valid(struct search *search)
{
	if (!search->left)
		return false;
	search->left--;
	return xmlRelaxNGValidateDoc(search->valid, search->doc) == 0;
}

/* An element that is taken away for a while, and where it belongs. */
struct aside {
	xmlNodePtr node, parent, before;
};

static struct aside take(xmlNodePtr node)
{
	struct aside aside = {node, node->parent, node->prev};

	xmlUnlinkNode(node);
	return aside;
}

static void put_back(const struct aside *aside)
{
	if (!aside->node)
		return;
	if (aside->before)
		xmlAddNextSibling(aside->before, aside->node);
	else if (aside->parent->children)
		xmlAddPrevSibling(aside->parent->children, aside->node);
	else
		xmlAddChild(aside->parent, aside->node);
}

static void blame(struct search *search, xmlNodePtr node, const char *attr)
{
	if (search->count == FAULTS)
		return;
	search->found[search->count].node = node;
	search->found[search->count++].attr = attr ? strdup(attr) : NULL;
}

static bool valid_without(struct search *search, xmlNodePtr node)
{
	struct aside aside = take(node);
	bool valid = is_valid(search);

	put_back(&aside);
	return valid;
}

static bool valid_without_attr(struct search *search, xmlNodePtr node, xmlAttrPtr attr)
{
	/* Renamed namespaces are no concern: these are plain attributes. */
	xmlAttrPtr before = attr->prev, next = attr->next;

	if (before)
		before->next = next;
	else
		node->properties = next;
	if (next)
		next->prev = before;
	bool valid = is_valid(search);
	if (before)
		before->next = attr;
	else
		node->properties = attr;
	if (next)
		next->prev = attr;
	return valid;
}

static void narrow(struct search *search, xmlNodePtr node);

/* One part of node that is alone at fault. */
static bool narrow_one(struct search *search, xmlNodePtr node)
{
	for (xmlAttrPtr attr = node->properties; attr; attr = attr->next)
		if (valid_without_attr(search, node, attr)) {
			blame(search, node, (const char *)attr->name);
			return true;
		}
	for (xmlNodePtr child = xmlFirstElementChild(node); child; child = xmlNextElementSibling(child))
		if (valid_without(search, child)) {
			narrow(search, child);
			return true;
		}
	return false;
}

/* Puts the children of node back one after the other: each that breaks what was valid is at fault, and left out again. False, with all in
 * place: node is not valid without children. */
static bool narrow_many(struct search *search, xmlNodePtr node)
{
	size_t count = xmlChildElementCount(node), n = 0;
	struct aside *asides = calloc(count + 1, sizeof(*asides));
	bool *bad = calloc(count + 1, sizeof(*bad));
	bool valid = false;

	if (count > 1 && asides && bad) {
		for (xmlNodePtr child = xmlFirstElementChild(node), next; child; child = next) {
			next = xmlNextElementSibling(child);
			asides[n++] = take(child);
		}
		valid = is_valid(search);
		/* Each was taken with those before it gone: its place is behind the text that was in front of it. */
		for (size_t i = 0; i < n && valid; i++) {
			put_back(&asides[i]);
			if (is_valid(search))
				continue;
			bad[i] = true;
			narrow(search, asides[i].node);
			asides[i] = take(asides[i].node);
		}
		for (size_t i = 0; i < n; i++)
			if (!valid || bad[i])
				put_back(&asides[i]);
	}
	free(asides);
	free(bad);
	return valid;
}

/* The document is invalid, and valid without node. */
static void narrow(struct search *search, xmlNodePtr node)
{
	size_t before = search->count;

	if (!narrow_one(search, node) && !narrow_many(search, node))
		blame(search, node, NULL);
	if (search->count == before)
		blame(search, node, NULL);
}

static xmlNodePtr find_devices(xmlNodePtr root)
{
	for (xmlNodePtr child = xmlFirstElementChild(root); child; child = xmlNextElementSibling(child))
		if (strcmp((const char *)child->name, "devices") == 0 && !child->ns)
			return child;
	return NULL;
}

/* Most faults are in devices, some beside it, few in both. */
static void locate(struct search *search, xmlNodePtr root)
{
	xmlNodePtr devices = find_devices(root);
	struct aside aside = {NULL, NULL, NULL};

	if (devices && valid_without(search, devices)) {
		narrow(search, devices);
		return;
	}
	if (devices)
		aside = take(devices);
	bool found = narrow_one(search, root);
	xmlNodePtr other = found ? search->found[0].node : NULL;
	put_back(&aside);
	if (!found || !devices || other == root)
		return;
	while (other->parent && other->parent != root)
		other = other->parent;
	aside = take(other);
	if (!is_valid(search) && search->left)
		narrow(search, devices);
	put_back(&aside);
}

/* The element of our document that stands where node stands in libxml2's. */
static const struct sc_xml_node *ours(const struct sc_domain *domain, xmlNodePtr node)
{
	size_t index = 0;

	if (!node->parent || node->parent->type != XML_ELEMENT_NODE)
		return domain->root;
	const struct sc_xml_node *parent = ours(domain, node->parent);
	for (xmlNodePtr before = xmlPreviousElementSibling(node); before; before = xmlPreviousElementSibling(before))
		index++;
	struct sc_xml_node *child = sc_xml_child_ns(parent, "*", NULL);
	while (child && index--)
		child = sc_xml_next_ns(child, "*", NULL);
	return child ? child : parent;
}

static const char *describe(struct sc_arena *memory, const struct sc_xml_node *node, const char *attr)
{
	const char *value = attr ? sc_xml_get(node, attr) : NULL;

	if (attr)
		return sc_arena_printf(memory, "libvirt's schema does not take the attribute '%s' of <%s> with the value '%s' here", attr,
				       sc_xml_node_name(node), value ? value : "");
	return sc_arena_printf(memory, "libvirt's schema does not take <%s> here, or not with what it holds or lacks",
			       sc_xml_node_name(node));
}

static enum spicecfg_status report(struct spicecfg_ctx *ctx, struct search *search, const struct sc_domain *domain, struct sc_arena *memory,
				   struct sc_schema_fault **faults, size_t *count)
{
	*faults = sc_arena_alloc(memory, (search->count + 1) * sizeof(**faults));
	for (size_t i = 0; i < search->count && *faults; i++) {
		const struct sc_xml_node *node = ours(domain, search->found[i].node);
		const char *attr = search->found[i].attr ? sc_arena_strdup(memory, search->found[i].attr) : NULL;
		const char *message = describe(memory, node, attr);

		if (!message)
			*faults = NULL;
		else
			(*faults)[i] = (struct sc_schema_fault){node, attr, message};
	}
	for (size_t i = 0; i < search->count; i++)
		free(search->found[i].attr);
	if (!*faults)
		return sc_fail_memory(ctx);
	*count = search->count;
	return SPICECFG_OK;
}

static enum spicecfg_status make_run(struct spicecfg_ctx *ctx, const struct sc_schema *schema, struct sc_schema_run **run)
{
	*run = calloc(1, sizeof(**run));
	if (*run && !((*run)->valid = xmlRelaxNGNewValidCtxt(schema->rng))) {
		free(*run);
		*run = NULL;
	}
	return *run ? SPICECFG_OK : sc_fail_memory(ctx);
}

enum spicecfg_status sc_schema_check(struct spicecfg_ctx *ctx, const struct sc_schema *schema, struct sc_schema_run **run,
				     const struct sc_domain *domain, const char *bytes, size_t len, struct sc_arena *memory,
				     struct sc_schema_fault **faults, size_t *count)
{
	struct search search = {.left = VALIDATIONS};

	*faults = NULL;
	*count = 0;
	if (!*run && make_run(ctx, schema, run))
		return SPICECFG_SYSTEM;
	search.valid = (*run)->valid;
	search.doc = xmlReadMemory(bytes, (int)len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (!search.doc)
		return sc_fail_memory(ctx);
	xmlRelaxNGSetValidStructuredErrors(search.valid, remember, &search);
	bool valid = is_valid(&search);
	xmlRelaxNGSetValidStructuredErrors(search.valid, ignore, NULL);
	if (!valid) {
		xmlNodePtr root = xmlDocGetRootElement(search.doc);

		locate(&search, root);
		if (!search.count)
			blame(&search, search.told ? search.told : root, NULL);
	}
	enum spicecfg_status status = valid ? SPICECFG_OK : report(ctx, &search, domain, memory, faults, count);
	xmlFreeDoc(search.doc);
	return status;
}
