/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of a document as they are shown to users and in logs. */
#include <string.h>

#include "doc/mask.h"
#include "doc/mask_tag.h"
#include "doc/xml_internal.h"

static struct sc_piece span_of(const char *text)
{
	return (struct sc_piece){text, text ? strlen(text) : 0};
}

/* The previous word of QEMU's command line. */
static struct sc_piece word_before(const struct sc_xml_node *node)
{
	for (node = node->prev; node; node = node->prev) {
		if (strcmp(node->name, "arg") != 0)
			continue;
		const struct sc_xml_attr *attr = sc_xml_attr_find(node, NULL, "value");
		return span_of(!attr ? NULL : attr->value ? attr->value : attr->original);
	}
	return (struct sc_piece){NULL, 0};
}

/* The element itself, without the elements around it. */
static struct sc_mask_tag own_tag(const struct sc_xml_node *node)
{
	const char *name = sc_xml_get(node, "name");

	return (struct sc_mask_tag){.name = span_of(node->name), .label = span_of(name ? name : sc_xml_get(node, "key"))};
}

static struct sc_mask_tag tag_of(const struct sc_xml_node *node)
{
	struct sc_mask_tag tag = own_tag(node);

	if (strcmp(node->name, "arg") == 0)
		tag.before = word_before(node);
	for (node = node->parent; node; node = node->parent) {
		const struct sc_mask_tag above = own_tag(node);

		tag.in_commandline |= sc_mask_is_name(above.name, "commandline");
		tag.in_secret |= sc_mask_tag_is_secret(&above);
	}
	return tag;
}

void sc_xml_shown(const struct sc_xml_node *node, const char *attr, const char *value, struct sc_buf *out)
{
	const struct sc_mask_tag tag = tag_of(node);
	const char *at = value, *end = value + strlen(value);
	struct sc_mask_hit secret;

	while (at < end && sc_mask_attr_find(&tag, span_of(attr), span_of(value), at, &secret)) {
		sc_buf_add(out, at, (size_t)(secret.from - at));
		sc_buf_adds(out, SC_MASK);
		at = secret.to;
	}
	sc_buf_add(out, at, (size_t)(end - at));
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Whether the text at `at` is the secret, as a word of its own. */
static bool is_word(const char *begin, const char *at, struct sc_piece secret)
{
	const char *end = at + secret.len;
	bool joined = (at > begin && is_letter(at[-1]) && is_letter(*secret.at)) || (*end && is_letter(*end) && is_letter(end[-1]));

	return strncmp(at, secret.at, secret.len) == 0 && !joined;
}

/* Masks each occurrence of the secret in text. */
static void mask_all(struct sc_piece secret, struct sc_buf *text)
{
	SC_BUF clean = SC_BUF_INIT;
	const char *begin = sc_buf_text(text), *end = begin + text->len;
	bool failed = text->failed;

	for (const char *at = begin; at < end;) {
		if ((size_t)(end - at) >= secret.len && is_word(begin, at, secret)) {
			sc_buf_adds(&clean, SC_MASK);
			at += secret.len;
		} else {
			sc_buf_addc(&clean, *at++);
		}
	}
	failed |= clean.failed;
	sc_buf_free(text);
	sc_buf_adds(text, sc_buf_text(&clean));
	text->failed |= failed;
}

/* Values of the command line, such as an address with an account, are also reported about other elements. */
static void add_without_accounts(const char *message, struct sc_buf *out)
{
	struct sc_piece rest = span_of(message);
	struct sc_mask_hit secret;

	while (sc_mask_account_find(rest, &secret)) {
		sc_buf_add(out, rest.at, (size_t)(secret.from - rest.at));
		sc_buf_adds(out, SC_MASK);
		rest.len -= (size_t)(secret.to - rest.at);
		rest.at = secret.to;
	}
	sc_buf_add(out, rest.at, rest.len);
}

void sc_xml_message(const struct sc_xml_node *node, const char *message, struct sc_buf *out)
{
	struct sc_mask_hit secret;

	add_without_accounts(message, out);
	if (!node || !node->ns)
		return;
	const struct sc_mask_tag tag = tag_of(node);
	for (const struct sc_xml_attr *attr = node->attrs; attr; attr = attr->next) {
		const char *at = attr->value, *end = at ? at + strlen(at) : NULL;

		for (; at && at < end && sc_mask_attr_find(&tag, span_of(attr->name), span_of(attr->value), at, &secret); at = secret.to)
			mask_all((struct sc_piece){secret.from, (size_t)(secret.to - secret.from)}, out);
	}
}
