/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of a document as people and logs may see them. */
#include <string.h>

#include "doc/mask.h"
#include "doc/mask_args.h"
#include "doc/xml_internal.h"

static struct sc_piece span_of(const char *text)
{
	return (struct sc_piece){text, text ? strlen(text) : 0};
}

/* The word ahead on QEMU's command line. */
static struct sc_piece word_before(const struct sc_xml_node *node)
{
	for (node = node->prev; node; node = node->prev) {
		const struct sc_xml_attr *attr = strcmp(node->name, "arg") == 0 ? sc_xml_attr_find(node, NULL, "value") : NULL;

		if (attr)
			return span_of(attr->value ? attr->value : attr->original);
	}
	return (struct sc_piece){NULL, 0};
}

/* The first secret of an attribute's value at or behind from. */
static bool find_secret(const struct sc_xml_node *node, const char *attr, const char *value, const char *from, struct sc_piece *out)
{
	struct sc_piece text = span_of(value);
	const char *start = NULL, *stop = NULL;
	bool found = false, is_value = strcmp(attr, "value") == 0;

	if (sc_mask_is_secret(attr) && from == value && *value)
		start = value, stop = value + text.len, found = true;
	else if (is_value && strcmp(node->name, "arg") == 0)
		found = sc_mask_word_find(text, word_before(node), from, &start, &stop);
	else if (is_value && strcmp(node->name, "env") == 0)
		found = sc_mask_env_find(text, span_of(sc_xml_get(node, "name")), from, &start, &stop);
	else if (is_value && strcmp(node->name, "property") == 0 && !sc_mask_property_is_plain(span_of(sc_xml_get(node, "name")), text))
		found = sc_mask_env_find(text, (struct sc_piece){NULL, 0}, from, &start, &stop);
	if (!found)
		found = sc_mask_find(value, value + text.len, from, &start, &stop);
	if (found)
		*out = (struct sc_piece){start, (size_t)(stop - start)};
	return found;
}

void sc_xml_shown(const struct sc_xml_node *node, const char *attr, const char *value, struct sc_buf *out)
{
	const char *at = value, *end = value + strlen(value);
	struct sc_piece secret;

	while (at < end && find_secret(node, attr, value, at, &secret)) {
		sc_buf_add(out, at, (size_t)(secret.at - at));
		sc_buf_adds(out, SC_MASK);
		at = secret.at + secret.len;
	}
	sc_buf_add(out, at, (size_t)(end - at));
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* True where text at `at` is the secret as a word of its own. */
static bool is_word(const char *begin, const char *at, struct sc_piece secret)
{
	const char *behind = at + secret.len;
	bool joined =
	    (at > begin && is_letter(at[-1]) && is_letter(*secret.at)) || (*behind && is_letter(*behind) && is_letter(behind[-1]));

	return strncmp(at, secret.at, secret.len) == 0 && !joined;
}

/* Appends text with each occurrence of the secret masked. */
static void add_without(const char *text, struct sc_piece secret, struct sc_buf *out)
{
	for (const char *at = text; *at;) {
		if (strlen(at) >= secret.len && is_word(text, at, secret)) {
			sc_buf_adds(out, SC_MASK);
			at += secret.len;
		} else {
			sc_buf_addc(out, *at++);
		}
	}
}

void sc_xml_message(const struct sc_xml_node *node, const char *message, struct sc_buf *out)
{
	const char *value = sc_xml_get(node, "value"), *at = value;
	struct sc_piece secret;

	sc_buf_adds(out, message);
	while (at && *at && find_secret(node, "value", value, at, &secret)) {
		SC_BUF clean = SC_BUF_INIT;

		add_without(sc_buf_text(out), secret, &clean);
		out->failed |= clean.failed;
		sc_buf_free(out);
		sc_buf_adds(out, sc_buf_text(&clean));
		at = secret.at + secret.len;
	}
}
