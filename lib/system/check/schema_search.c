/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two questions. What is not allowed: parts are added one by one and validated against the relaxed schema, in which nothing is required;
 * each one that makes the document invalid is at fault and is left out. What is missing: the rest is validated against the schema itself,
 * and the smallest part without which it is valid is searched for.
 */
#include "system/check/schema_search.h"

#include <stdlib.h>
#include <string.h>

/* A search that has reached its limit blames nothing more. */
static bool is_valid(struct sc_schema_search *search, xmlRelaxNGValidCtxtPtr schema)
{
	if (!search->left)
		search->tired = true;
	if (search->tired)
		return true;
	search->left--;
	return xmlRelaxNGValidateDoc(schema, search->doc) == 0;
}

static bool is_devices(const xmlNode *node)
{
	return node->parent && node->parent->parent == (xmlNodePtr)node->doc && strcmp((const char *)node->name, "devices") == 0;
}

/* The child of the root, or of its devices, that contains node; NULL: node is the root, or the devices. */
static xmlNodePtr section_of(xmlNodePtr node)
{
	if (!node->parent || node->parent->type != XML_ELEMENT_NODE || is_devices(node))
		return NULL;
	while (!is_devices(node->parent) && node->parent->parent->type == XML_ELEMENT_NODE)
		node = node->parent;
	return node;
}

/* What is missing only because another part was left out is not a fault. */
static bool is_echo(const struct sc_schema_search *search, enum sc_schema_kind kind, xmlNodePtr section)
{
	if (kind == SC_SCHEMA_ATTRIBUTE || kind == SC_SCHEMA_ELEMENT || kind == SC_SCHEMA_TEXT)
		return false;
	for (size_t i = 0; i < search->count; i++)
		if (!section || search->found[i].section == section)
			return true;
	return false;
}

static void blame(struct sc_schema_search *search, enum sc_schema_kind kind, xmlNodePtr node, const xmlChar *attr)
{
	xmlNodePtr section = section_of(node);

	if (search->count == SC_SCHEMA_FAULTS)
		search->tired = true;
	if (search->tired || is_echo(search, kind, section))
		return;
	search->found[search->count++] =
	    (struct sc_schema_found){kind, node->_private, sc_arena_strdup(search->memory, (const char *)attr), section};
}

/* Detaches the attributes and elements of node and returns them in order. NULL: out of memory. */
static xmlNodePtr *take_parts(xmlNodePtr node, size_t *count)
{
	size_t n = xmlChildElementCount(node);

	for (xmlAttrPtr attr = node->properties; attr; attr = attr->next)
		n++;
	xmlNodePtr *parts = calloc(n + 1, sizeof(*parts));
	*count = 0;
	while (parts && node->properties) {
		parts[*count] = (xmlNodePtr)node->properties;
		xmlUnlinkNode(parts[(*count)++]);
	}
	for (xmlNodePtr child = xmlFirstElementChild(node), next; parts && child; child = next) {
		next = xmlNextElementSibling(child);
		parts[(*count)++] = child;
		xmlUnlinkNode(child);
	}
	return parts;
}

static void drop(xmlNodePtr part)
{
	xmlUnlinkNode(part);
	if (part->type == XML_ATTRIBUTE_NODE)
		xmlFreeProp((xmlAttrPtr)part);
	else
		xmlFreeNode(part);
}

static bool has_text(const xmlNode *node)
{
	for (const xmlNode *child = node->children; child; child = child->next)
		if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) && !xmlIsBlankNode(child))
			return true;
	return false;
}

static void sift(struct sc_schema_search *search, xmlNodePtr node);

/*
 * Adds the parts [from, to) to node, except what is not allowed. bad: they are known to make the document invalid. Returns whether all were
 * allowed.
 */
static bool add_parts(struct sc_schema_search *search, xmlNodePtr node, xmlNodePtr *parts, size_t from, size_t to, bool bad)
{
	for (size_t i = from; i < to; i++)
		xmlAddChild(node, parts[i]);
	if (!bad && is_valid(search, search->relaxed))
		return true;
	if (to - from > 1) {
		size_t middle = from + (to - from) / 2;

		for (size_t i = from; i < to; i++)
			xmlUnlinkNode(parts[i]);
		bool first = add_parts(search, node, parts, from, middle, false);
		(void)add_parts(search, node, parts, middle, to, first && !search->tired);
	} else if (parts[from]->type == XML_ATTRIBUTE_NODE) {
		blame(search, SC_SCHEMA_ATTRIBUTE, node, parts[from]->name);
		drop(parts[from]);
	} else {
		sift(search, parts[from]);
	}
	return false;
}

/* Called if the document is not valid with node: leaves out what is not allowed in node, or node itself. The root stays. */
static void sift(struct sc_schema_search *search, xmlNodePtr node)
{
	size_t count;
	xmlNodePtr *parts = take_parts(node, &count);

	if (!parts) {
		search->tired = true;
		return;
	}
	bool alone = is_valid(search, search->relaxed);
	if (alone && count) {
		(void)add_parts(search, node, parts, 0, count, !search->tired);
	} else if (!alone && node->parent->type == XML_ELEMENT_NODE) {
		for (size_t i = 0; i < count; i++)
			drop(parts[i]);
		blame(search, has_text(node) ? SC_SCHEMA_TEXT : SC_SCHEMA_ELEMENT, node, NULL);
		drop(node);
	} else {
		for (size_t i = 0; i < count; i++)
			xmlAddChild(node, parts[i]);
	}
	free(parts);
}

/* Removes devices that may now lack a part that was left out. */
static void drop_devices(struct sc_schema_search *search, xmlNodePtr devices)
{
	for (xmlNodePtr child = xmlFirstElementChild(devices), next; child; child = next) {
		bool touched = false;

		next = xmlNextElementSibling(child);
		for (size_t i = 0; i < search->count; i++)
			touched |= search->found[i].section == child;
		if (touched)
			drop(child);
	}
}

/* An element that is detached temporarily, and where it belongs. */
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

static bool valid_without(struct sc_schema_search *search, xmlNodePtr node)
{
	struct aside aside = take(node);
	bool valid = is_valid(search, search->strict);

	put_back(&aside);
	return valid;
}

/* Re-adds the attribute as the last one. */
static bool valid_without_attr(struct sc_schema_search *search, xmlNodePtr node, xmlAttrPtr attr)
{
	xmlUnlinkNode((xmlNodePtr)attr);
	bool valid = is_valid(search, search->strict);

	xmlAddChild(node, (xmlNodePtr)attr);
	return valid;
}

static void narrow(struct sc_schema_search *search, xmlNodePtr node);

/* Finds a part of node that alone is at fault. */
static bool narrow_one(struct sc_schema_search *search, xmlNodePtr node)
{
	size_t count = 0;

	for (xmlAttrPtr attr = node->properties; attr; attr = attr->next)
		count++;
	for (xmlAttrPtr attr = node->properties, next; attr && count--; attr = next) {
		next = attr->next;
		if (valid_without_attr(search, node, attr)) {
			blame(search, search->relaxed ? SC_SCHEMA_LACKS_WITH : SC_SCHEMA_ATTRIBUTE, node, attr->name);
			return true;
		}
	}
	for (xmlNodePtr child = xmlFirstElementChild(node); child; child = xmlNextElementSibling(child))
		if (valid_without(search, child)) {
			narrow(search, child);
			return true;
		}
	return false;
}

/*
 * Re-adds the children of node one after the other: each one that makes the document invalid is at fault and is left out again. False, with
 * all children in place: node is not valid without children.
 */
static bool narrow_many(struct sc_schema_search *search, xmlNodePtr node)
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
		valid = is_valid(search, search->strict);
		/* Each was detached after those before it: its place is after the text that preceded it. */
		for (size_t i = 0; i < n && valid; i++) {
			put_back(&asides[i]);
			if (is_valid(search, search->strict))
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

/* Called if the document is invalid, and valid without node: finds the parts of node at fault. */
static void narrow(struct sc_schema_search *search, xmlNodePtr node)
{
	if (!narrow_one(search, node) && !narrow_many(search, node))
		blame(search, search->relaxed ? SC_SCHEMA_LACKS : SC_SCHEMA_UNCLEAR, node, NULL);
}

/* Most faults are in devices, some outside it, few in both. */
static void locate(struct sc_schema_search *search, xmlNodePtr root, xmlNodePtr devices)
{
	struct aside aside = {NULL, NULL, NULL};

	if (devices && valid_without(search, devices)) {
		narrow(search, devices);
		return;
	}
	if (devices)
		aside = take(devices);
	bool found = narrow_one(search, root);
	put_back(&aside);
	if (!found || !devices || search->tired)
		return;
	/* A fault outside devices must be removed before one in devices can be seen. */
	for (xmlNodePtr child = xmlFirstElementChild(root); child; child = xmlNextElementSibling(child)) {
		if (child == devices)
			continue;
		aside = take(child);
		if (valid_without(search, devices) && !is_valid(search, search->strict))
			narrow(search, devices);
		put_back(&aside);
	}
}

static xmlNodePtr find_devices(xmlNodePtr root)
{
	for (xmlNodePtr child = xmlFirstElementChild(root); child; child = xmlNextElementSibling(child))
		if (strcmp((const char *)child->name, "devices") == 0 && !child->ns)
			return child;
	return NULL;
}

void sc_schema_search(struct sc_schema_search *search)
{
	xmlNodePtr root = xmlDocGetRootElement(search->doc);

	if (search->relaxed && !is_valid(search, search->relaxed))
		sift(search, root);
	xmlNodePtr devices = find_devices(root);
	if (search->count && devices)
		drop_devices(search, devices);
	if (!is_valid(search, search->strict))
		locate(search, root, devices);
	if (search->count)
		return;
	search->tired = false;
	blame(search, SC_SCHEMA_UNCLEAR, search->first ? search->first : root, NULL);
	search->tired = true;
}
