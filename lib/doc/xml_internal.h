/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the files that implement the XML document. Offsets are bytes in doc->text. */
#ifndef SC_DOC_XML_INTERNAL_H
#define SC_DOC_XML_INTERNAL_H

#include <stdint.h>

#include "base/text.h"
#include "doc/xml.h"

/* libxml2 refuses a depth of 256; it is refused here first, with a better message. */
enum { SC_XML_DEPTH_MAX = 250 };

/* The place of an attribute. lead: the white space before its name; value_start and value_end: inside the quotes. */
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
	const char *name;     /* local name; of a declaration: the prefix that it binds, "": the default namespace */
	const char *value;    /* current value; NULL: removed */
	const char *original; /* parsed value; NULL: added by an edit */
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
	unsigned index;       /* for xml_kin.c, valid while the parent is counted */
	uint32_t start;       /* its '<' */
	uint32_t tag_end;     /* after the '>' of the start tag */
	uint32_t content_end; /* the '<' of the end tag; tag_end for <a/> */
	uint32_t end;         /* after the whole element */
	bool closed;          /* written as <a/> */
	bool fresh;           /* added by an edit: the offsets are meaningless */
	bool removed;
	bool prefixed; /* an attribute has a prefix */
	bool counted;  /* index and shared of all children are valid, until one is added or removed */
	bool shared;   /* a sibling has the same name */
};

/* The place that was converted last: the next one is usually a later one. */
struct sc_xml_mark {
	size_t offset;
	unsigned line, column; /* 0-based, the column in bytes of the file */
};

struct sc_xml {
	struct sc_arena *memory;
	const char *name;
	const char *bytes; /* as given */
	size_t len;
	const char *text; /* UTF-8, NUL-terminated; the same as bytes when nothing had to be decoded */
	size_t text_len;
	const uint32_t *table; /* the characters of a single-byte encoding, by byte; NULL: UTF-8 */
	struct sc_xml_mark *mark;
	void *dict; /* the xmlDict that owns names and namespaces */
	struct sc_xml_node *root;
	const char *newline; /* "\n" or "\r\n"; NULL: the document is a single line */
	char quote;          /* of the document's first attribute, else ' */
};

/* xml_encoding.c: sets text and table from bytes. SPICECFG_INPUT for an encoding that is neither UTF-8 nor single-byte. */
SPICECFG_CHECKED enum spicecfg_status sc_xml_decode(struct spicecfg_ctx *ctx, struct sc_xml *doc);
/* Converts an offset in the text to one in the parsed bytes. from and from_byte: a known pair before it, such as 0 and 0. */
size_t sc_xml_byte(const struct sc_xml *doc, size_t from, size_t from_byte, size_t offset);
/* Appends UTF-8 text in the document's encoding, for names only: characters that the encoding does not have become '?'. */
void sc_xml_encode(const struct sc_xml *doc, const char *text, struct sc_buf *out);
/* Returns true when text is UTF-8 and contains only characters that XML allows. */
bool sc_xml_is_text(const char *text);

/* xml_scan.c */
enum sc_xml_markup { SC_XML_MARKUP_NONE, SC_XML_MARKUP_START, SC_XML_MARKUP_END, SC_XML_MARKUP_DOCTYPE };
/* Finds the next tag at or after *pos, skipping text, comments, CDATA and processing instructions, and sets *pos to its '<'. */
enum sc_xml_markup sc_xml_scan_tag(const struct sc_xml *doc, uint32_t *pos);
/* Returns the length of the name at pos. */
uint32_t sc_xml_scan_name(const struct sc_xml *doc, uint32_t pos);
uint32_t sc_xml_skip_space(const struct sc_xml *doc, uint32_t pos);
/* Reads the attribute of a tag at *pos (after the name or another attribute) and advances. Returns false when there is none. */
bool sc_xml_scan_attr(const struct sc_xml *doc, uint32_t *pos, struct sc_xml_span *span);
/* Returns the offset after the comment at pos; pos when there is none. */
uint32_t sc_xml_skip_comment(const struct sc_xml *doc, uint32_t pos);
/* Appends character data with XML references resolved (not in cdata) and line ends converted to "\n". */
void sc_xml_resolve(const char *text, size_t len, bool cdata, struct sc_buf *out);

/* xml_layout.c: the layout of what is added. */
struct sc_xml_indent {
	bool lines; /* elements are on lines of their own */
	struct sc_buf text;
};
uint32_t sc_xml_line_start(const struct sc_xml *doc, uint32_t pos);
/* Returns true when only blanks precede pos on its line, and the document has more than one line. */
bool sc_xml_starts_line(const struct sc_xml *doc, uint32_t pos);
/* Returns true when only blanks follow pos on its line. *next: the start of the next line. */
bool sc_xml_ends_line(const struct sc_xml *doc, uint32_t pos, uint32_t *next);
/* Appends the blanks by which a deeper level is indented, as found around node. */
void sc_xml_unit(const struct sc_xml *doc, const struct sc_xml_node *node, struct sc_buf *out);
/* Returns the quote character for a new attribute of node. */
char sc_xml_quote(const struct sc_xml *doc, const struct sc_xml_node *node);

/* xml_write.c: appends the document with its edits. Returns false when memory runs out. */
bool sc_xml_splice(const struct sc_xml *doc, struct sc_buf *out);

/* xml_limits.c: SPICECFG_INPUT for what would take libxml2 too long. Malformed XML is not refused here. */
SPICECFG_CHECKED enum spicecfg_status sc_xml_limit(struct spicecfg_ctx *ctx, const struct sc_xml *doc);

/* xml_kin.c: returns sc_xml_index(). *shared: a sibling has the same name. */
unsigned sc_xml_count(const struct sc_xml_node *node, bool *shared);

/* xml_tree.c: returns the attribute with this prefix and name, also a removed one; NULL: none. */
struct sc_xml_attr *sc_xml_attr_find(const struct sc_xml_node *node, const char *prefix, const char *name);
/* Returns the attribute that sc_xml_get() reads, else the first of that local name that an edit removed; NULL: none. */
struct sc_xml_attr *sc_xml_attr_read(const struct sc_xml_node *node, const char *name);
void sc_xml_attr_append(struct sc_xml_node *node, struct sc_xml_attr *attr);
/* Inserts child after the sibling `after`; NULL: as the first. */
void sc_xml_link(struct sc_xml_node *parent, struct sc_xml_node *after, struct sc_xml_node *child);
/* Returns the namespace that is bound to prefix ("": the default) at node; NULL: none. */
const char *sc_xml_ns_of(const struct sc_xml_node *node, const char *prefix);
struct sc_where sc_xml_where_offset(const struct sc_xml *doc, size_t offset);

#endif
