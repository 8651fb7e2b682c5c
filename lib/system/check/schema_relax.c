/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/check/schema_relax.h"

#include <libxml/parser.h>
#include <libxml/uri.h>
#include <stdbool.h>
#include <string.h>

enum { DEPTH_MAX = 16 };

static void ignore(void *opaque, xmlErrorPtr error)
{
	(void)opaque;
	(void)error;
}

static bool is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static bool is_one_of(const xmlNode *node, const char *const *names)
{
	for (; *names; names++)
		if (is(node, *names))
			return true;
	return false;
}

static bool is_called(xmlNodePtr node, const char *attribute, const char *value)
{
	xmlChar *name = xmlGetProp(node, (const xmlChar *)attribute);
	bool same = name && value && strcmp((const char *)name, value) == 0;

	xmlFree(name);
	return same;
}

/* A file's datatypeLibrary applies to its own patterns, wherever they are moved. */
static void keep_library(xmlNodePtr node, const xmlChar *library)
{
	for (xmlNodePtr child = xmlFirstElementChild(node); child; child = xmlNextElementSibling(child)) {
		xmlChar *own = xmlGetProp(child, (const xmlChar *)"datatypeLibrary");

		if (!own && library && (is(child, "data") || is(child, "value")))
			xmlSetProp(child, (const xmlChar *)"datatypeLibrary", library);
		keep_library(child, own ? own : library);
		xmlFree(own);
	}
}

/* An include can override definitions of the file. */
static bool is_replaced(xmlNodePtr include, xmlNodePtr part)
{
	xmlChar *name = xmlGetProp(part, (const xmlChar *)"name");
	bool replaced = false;

	for (xmlNodePtr own = xmlFirstElementChild(include); own && !replaced; own = xmlNextElementSibling(own))
		replaced = (is(part, "start") && is(own, "start")) ||
			   (is(part, "define") && is(own, "define") && is_called(own, "name", (const char *)name));
	xmlFree(name);
	return replaced;
}

static xmlDocPtr load(const char *path, unsigned depth);

/* Replaces the include with the file that it names. */
static bool resolve(xmlNodePtr include, unsigned depth)
{
	xmlChar *href = xmlGetProp(include, (const xmlChar *)"href");
	xmlChar *path = href ? xmlBuildURI(href, include->doc->URL) : NULL;
	xmlDocPtr doc = path ? load((const char *)path, depth + 1) : NULL;
	bool done = doc != NULL;

	for (xmlNodePtr part = done ? xmlFirstElementChild(xmlDocGetRootElement(doc)) : NULL; part && done;
	     part = xmlNextElementSibling(part)) {
		xmlNodePtr copy = is_replaced(include, part) ? NULL : xmlDocCopyNode(part, include->doc, 1);

		if (copy)
			xmlAddPrevSibling(include, copy);
		else
			done = is_replaced(include, part);
	}
	for (xmlNodePtr own = xmlFirstElementChild(include), next; own; own = next) {
		next = xmlNextElementSibling(own);
		xmlUnlinkNode(own);
		xmlAddPrevSibling(include, own);
	}
	xmlFreeDoc(doc);
	xmlFree(path);
	xmlFree(href);
	xmlUnlinkNode(include);
	xmlFreeNode(include);
	return done;
}

static xmlDocPtr load(const char *path, unsigned depth)
{
	xmlDocPtr doc = depth < DEPTH_MAX ? xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING) : NULL;
	xmlNodePtr grammar = doc ? xmlDocGetRootElement(doc) : NULL;
	bool done = grammar && is(grammar, "grammar");

	if (done) {
		xmlChar *library = xmlGetProp(grammar, (const xmlChar *)"datatypeLibrary");

		keep_library(grammar, library);
		xmlFree(library);
	}
	for (xmlNodePtr child = done ? xmlFirstElementChild(grammar) : NULL, next; child && done; child = next) {
		next = xmlNextElementSibling(child);
		if (is(child, "include"))
			done = resolve(child, depth);
	}
	if (done)
		return doc;
	xmlFreeDoc(doc);
	return NULL;
}

/* A choice between values belongs to an attribute or to text. */
static bool is_structure(xmlNodePtr choice)
{
	static const char *const parts[] = {"element", "attribute", "group", "interleave", NULL};
	static const char *const values[] = {"value", "data", "text", "list", NULL};
	bool structure = false;

	for (xmlNodePtr child = xmlFirstElementChild(choice); child; child = xmlNextElementSibling(child)) {
		if (is_one_of(child, values))
			return false;
		structure |= is_one_of(child, parts);
	}
	return structure;
}

static bool may_be_wrapped(xmlNodePtr node, const char *root)
{
	static const char *const sequences[] = {"element", "define", "group", "interleave", NULL};

	if (!is_one_of(node->parent, sequences))
		return false;
	return is(node, "attribute") || (is(node, "element") && !is_called(node, "name", root)) ||
	       (is(node, "choice") && is_structure(node));
}

static bool relax(xmlNodePtr node, const char *root)
{
	for (xmlNodePtr child = xmlFirstElementChild(node), next; child; child = next) {
		next = xmlNextElementSibling(child);
		if (!is(child, "attribute") && !is(child, "list") && !relax(child, root))
			return false;
		if (is(child, "oneOrMore"))
			xmlNodeSetName(child, (const xmlChar *)"zeroOrMore");
		if (!may_be_wrapped(child, root))
			continue;
		xmlNodePtr optional = xmlNewDocNode(child->doc, child->ns, (const xmlChar *)"optional", NULL);
		if (!optional)
			return false;
		xmlReplaceNode(child, optional);
		xmlAddChild(optional, child);
	}
	return true;
}

xmlRelaxNGPtr sc_schema_relax(const char *path, const char *root)
{
	xmlDocPtr doc = load(path, 0);
	xmlRelaxNGPtr schema = NULL;
	xmlRelaxNGParserCtxtPtr parser = doc && relax(xmlDocGetRootElement(doc), root) ? xmlRelaxNGNewDocParserCtxt(doc) : NULL;

	if (parser) {
		xmlRelaxNGSetParserStructuredErrors(parser, ignore, NULL);
		schema = xmlRelaxNGParse(parser);
		xmlRelaxNGFreeParserCtxt(parser);
	}
	xmlFreeDoc(doc);
	return schema;
}
