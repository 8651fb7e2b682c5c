/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a path, as sc_xml_path() writes it, back to the place. */
#include <string.h>

#include "doc/xml_internal.h"

enum { INDEX_DIGITS = 6 };

/* One step of a path: "qemu:arg[2]". */
struct step {
	const char *name;
	size_t len;
	unsigned index;
};

/* Reads the step at *path and goes behind it; false when it is none. */
static bool read_step(const char **path, struct step *step)
{
	size_t digits;

	step->name = *path;
	step->len = strcspn(*path, "/[]@='\" ");
	step->index = 1;
	*path += step->len;
	if (!step->len)
		return false;
	if (**path == '[') {
		digits = strspn(*path + 1, "0123456789");
		if (!digits || digits > INDEX_DIGITS || (*path)[digits + 1] != ']')
			return false;
		step->index = 0;
		for (size_t i = 1; i <= digits; i++)
			step->index = step->index * 10 + (unsigned)((*path)[i] - '0');
		*path += digits + 2;
	}
	return step->index > 0;
}

static bool is_named(const struct sc_xml_node *node, const struct step *step)
{
	size_t prefix = node->prefix ? strlen(node->prefix) : 0, skip = prefix ? prefix + 1 : 0;

	if (node->removed || step->len < skip || (prefix && (strncmp(step->name, node->prefix, prefix) != 0 || step->name[prefix] != ':')))
		return false;
	return strlen(node->name) == step->len - skip && strncmp(node->name, step->name + skip, step->len - skip) == 0;
}

static struct sc_xml_node *find(struct sc_xml_node *node, const struct step *step)
{
	for (; node; node = node->next)
		if (is_named(node, step) && sc_xml_index(node) == step->index)
			return node;
	return NULL;
}

bool sc_xml_place(const struct sc_xml *doc, const char *path, struct sc_xml_node **node, const char **attr)
{
	struct sc_xml_node *level = doc ? doc->root : NULL;
	struct step step;

	*node = NULL;
	*attr = NULL;
	if (*path != '/')
		return false;
	for (bool first = true; *path == '/'; first = false) {
		path++;
		if (*path == '@' && !first) {
			*attr = path + 1;
			return (*attr)[strcspn(*attr, "/[]@:='\" ")] == '\0' && **attr;
		}
		if (!read_step(&path, &step))
			return false;
		*node = level ? find(level, &step) : NULL;
		level = *node ? (*node)->first : NULL;
	}
	return *path == '\0';
}
