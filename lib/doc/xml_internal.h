/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the XML document share. Offsets count bytes of doc->text. */
#ifndef SC_DOC_XML_INTERNAL_H
#define SC_DOC_XML_INTERNAL_H

#include <stdint.h>

#include "base/text.h"
#include "doc/xml.h"

/* libxml2 refuses 256; refused here first, with better words. */
enum { SC_XML_DEPTH_MAX = 250 };

/* Where an attribute stands: lead is the white space before its name, value_start and value_end lie inside the quotes. */
struct sc_xml_span {
	uint32_t lead;
	uint32_t start;
	uint32_t name_len;
	uint32_t value_start;
	uint32_t value_end;
};

struct sc_xml_attr {
	struct sc_xml_attr *next;
	const char *prefix;   /* NULL: none */
	const char *name;     /* local name; of a declaration: the prefix that it binds, "" for the default namespace */
	const char *value;    /* as it is now; NULL: removed */
	const char *original; /* as it was parsed; NULL: added by an edit */
	struct sc_xml_span span;
	bool declares; /* xmlns or xmlns:prefix */
};

struct sc_xml_node {
	struct sc_xml_node *parent, *first, *last, *prev, *next;
	struct sc_xml_attr *attrs, *attrs_end;
	const char *prefix; /* NULL: none */
	const char *name;
	const char *ns;       /* NULL: none */
	const char *text;     /* kept by sc_xml_text() */
	unsigned index;       /* of xml_kin.c, while the parent is counted */
	uint32_t start;       /* its '<' */
	uint32_t tag_end;     /* behind the '>' of the start tag */
	uint32_t content_end; /* the '<' of the end tag; tag_end for <a/> */
	uint32_t end;         /* behind the whole element */
	bool closed;          /* written as <a/> */
	bool fresh;           /* added by an edit: the offsets mean nothing */
	bool removed;
	bool prefixed; /* an attribute has a prefix */
	bool counted;  /* index and shared of all children are known; until one comes or goes */
	bool shared;   /* a sibling has its name */
};

/* A place that was looked up: the next question is mostly about a later one. */
struct sc_xml_mark {
	size_t offset;
	unsigned line, column; /* from 0; the column in bytes of the file */
};

struct sc_xml {
	struct sc_arena *memory;
	const char *name;
	const char *bytes; /* as given */
	size_t len;
	const char *text; /* UTF-8, NUL-terminated; the same as bytes where nothing had to be decoded */
	size_t text_len;
	const uint32_t *table; /* of a single-byte encoding: byte to character; NULL: UTF-8 */
	struct sc_xml_mark *mark;
	void *dict; /* the xmlDict that owns names and namespaces */
	struct sc_xml_node *root;
	const char *newline; /* "\n" or "\r\n"; NULL: the document is one line */
	char quote;          /* of the document's first attribute, else ' */
};

/* xml_encoding.c: fills text and table from bytes; refuses what is no UTF-8 and no single-byte encoding. */
SPICECFG_CHECKED enum spicecfg_status sc_xml_decode(struct spicecfg_ctx *ctx, struct sc_xml *doc);
/* The offset in the parsed bytes of an offset in the text. from and from_byte: a pair known already (0, 0). */
size_t sc_xml_byte(const struct sc_xml *doc, size_t from, size_t from_byte, size_t offset);
/* Appends UTF-8 text in the document's encoding; characters that it lacks become '?': for names only. */
void sc_xml_encode(const struct sc_xml *doc, const char *text, struct sc_buf *out);
/* True when text is UTF-8 and has only characters that XML allows. */
bool sc_xml_is_text(const char *text);

/* xml_scan.c */
enum sc_xml_markup { SC_XML_MARKUP_NONE, SC_XML_MARKUP_START, SC_XML_MARKUP_END, SC_XML_MARKUP_DOCTYPE };
/* Finds the next tag at or behind *pos, over text, comments, CDATA and processing instructions; *pos: its '<'. */
enum sc_xml_markup sc_xml_scan_tag(const struct sc_xml *doc, uint32_t *pos);
/* The length of the name at pos. */
uint32_t sc_xml_scan_name(const struct sc_xml *doc, uint32_t pos);
uint32_t sc_xml_skip_space(const struct sc_xml *doc, uint32_t pos);
/* Reads the next attribute of a tag at *pos (behind the name or another attribute) and goes behind it; false when none follows. */
bool sc_xml_scan_attr(const struct sc_xml *doc, uint32_t *pos, struct sc_xml_span *span);
/* Behind the comment that starts at pos; pos when none does. */
uint32_t sc_xml_skip_comment(const struct sc_xml *doc, uint32_t pos);
/* Appends character data with the references of XML resolved and line ends as "\n". */
void sc_xml_resolve(const char *text, size_t len, bool cdata, struct sc_buf *out);

/* xml_layout.c: how new pieces look. */
struct sc_xml_indent {
	bool lines; /* elements stand on lines of their own */
	struct sc_buf text;
};
uint32_t sc_xml_line_start(const struct sc_xml *doc, uint32_t pos);
/* True when only blanks stand before pos on its line and the document has lines. */
bool sc_xml_starts_line(const struct sc_xml *doc, uint32_t pos);
/* True when only blanks stand between pos and the end of its line; *next: the start of the next line. */
bool sc_xml_ends_line(const struct sc_xml *doc, uint32_t pos, uint32_t *next);
/* The blanks that one more level adds, looked up around node. */
void sc_xml_unit(const struct sc_xml *doc, const struct sc_xml_node *node, struct sc_buf *out);
/* The quote character for a new attribute of node. */
char sc_xml_quote(const struct sc_xml *doc, const struct sc_xml_node *node);

/* xml_write.c: appends the document with its edits; false when memory is short. */
bool sc_xml_splice(const struct sc_xml *doc, struct sc_buf *out);

/* xml_limits.c: refuses what would take libxml2 for ever. What is no XML is left to it. */
SPICECFG_CHECKED enum spicecfg_status sc_xml_limit(struct spicecfg_ctx *ctx, const struct sc_xml *doc);

/* xml_kin.c: sc_xml_index(); *shared: a sibling has the same name. */
unsigned sc_xml_count(const struct sc_xml_node *node, bool *shared);

/* xml_tree.c */
struct sc_xml_attr *sc_xml_attr_find(const struct sc_xml_node *node, const char *prefix, const char *name);
/* The attribute that sc_xml_get() reads, else the first of that local name that an edit took away; NULL: none. */
struct sc_xml_attr *sc_xml_attr_read(const struct sc_xml_node *node, const char *name);
void sc_xml_attr_append(struct sc_xml_node *node, struct sc_xml_attr *attr);
/* Links child behind after (first when after is NULL). */
void sc_xml_link(struct sc_xml_node *parent, struct sc_xml_node *after, struct sc_xml_node *child);
/* The namespace bound to prefix ("": the default) at node; NULL: none. */
const char *sc_xml_ns_of(const struct sc_xml_node *node, const char *prefix);
struct sc_where sc_xml_where_offset(const struct sc_xml *doc, size_t offset);

#endif
