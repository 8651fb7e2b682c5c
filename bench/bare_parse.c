/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What check is compared with: a bare libxml2 DOM parse of the same files in one process, without examining the result.
 * usage: bare_parse FILE…      parses each file once
 *        bare_parse --list L   parses the files named in L, one per line
 */
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

static int parse(const char *path)
{
	xmlDocPtr doc = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

	if (!doc)
		return 0;
	xmlFreeDoc(doc);
	return 1;
}

int main(int argc, char **argv)
{
	unsigned long count = 0;

	xmlInitParser();
	if (argc == 3 && strcmp(argv[1], "--list") == 0) {
		char line[4096];
		FILE *list = fopen(argv[2], "r");

		if (!list)
			return 1;
		while (fgets(line, sizeof(line), list)) {
			line[strcspn(line, "\n")] = '\0';
			count += (unsigned long)parse(line);
		}
		fclose(list);
	} else {
		for (int i = 1; i < argc; i++)
			count += (unsigned long)parse(argv[i]);
	}
	fprintf(stderr, "%lu files\n", count);
	return 0;
}
