/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lower limit for one edit of a file: a libxml2 DOM with one attribute changed and saved (with fsync if there is a second argument). */
#include <fcntl.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static xmlNodePtr find(xmlNodePtr node, const char *name)
{
	for (; node; node = node->next) {
		if (node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0)
			return node;
		xmlNodePtr inner = find(node->children, name);
		if (inner)
			return inner;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	xmlDocPtr doc = argc > 1 ? xmlReadFile(argv[1], NULL, XML_PARSE_NONET) : NULL;
	xmlNodePtr video = doc ? find(xmlDocGetRootElement(doc), "video") : NULL;
	xmlNodePtr model = video ? find(video->children, "model") : NULL;

	if (!model)
		return 1;
	xmlChar *heads = xmlGetProp(model, (const xmlChar *)"heads");
	xmlSetProp(model, (const xmlChar *)"heads", (const xmlChar *)(heads && heads[0] == '1' ? "2" : "1"));
	xmlFree(heads);
	if (xmlSaveFile(argv[1], doc) < 0)
		return 1;
	if (argc > 2) {
		int fd = open(argv[1], O_RDONLY);

		if (fd < 0 || fsync(fd) < 0)
			return 1;
		close(fd);
	}
	xmlFreeDoc(doc);
	return 0;
}
