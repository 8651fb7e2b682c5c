/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lower limit for one edit of a file: a libxml2 DOM with one attribute changed and saved. usage: bare_edit FILE [replace]
 * replace: into a temp file, which is synced and renamed, before the directory (the working directory) is synced.
 */
#include <fcntl.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <limits.h>
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

static int sync_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), result = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		close(fd);
	return result;
}

static int save(xmlDocPtr doc, const char *path, int replace)
{
	char temp[PATH_MAX];

	if (!replace)
		return xmlSaveFile(path, doc) < 0 ? -1 : 0;
	snprintf(temp, sizeof(temp), "%s.tmp", path);
	return xmlSaveFile(temp, doc) < 0 || sync_path(temp) < 0 || rename(temp, path) < 0 ? -1 : sync_path(".");
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
	if (save(doc, argv[1], argc > 2) < 0)
		return 1;
	xmlFreeDoc(doc);
	return 0;
}
