/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/mask_tag.h"

#include <string.h>

bool sc_mask_is_name(struct sc_piece name, const char *word)
{
	const char *colon = name.len ? memrchr(name.at, ':', name.len) : NULL;
	size_t skip = colon ? (size_t)(colon + 1 - name.at) : 0;

	return name.len - skip == strlen(word) && memcmp(name.at + skip, word, name.len - skip) == 0;
}

static bool is_one_of(const char *const *list, struct sc_piece name)
{
	for (; *list; list++)
		if (sc_mask_is_name(name, *list))
			return true;
	return false;
}

/* Whether label is the name of an SMBIOS <entry>. Other entries are for the guest's firmware and programs: their meaning is unknown. */
static bool is_smbios(struct sc_piece label)
{
	static const char *const names[] = {"vendor", "version", "date",   "release", "manufacturer", "product", "serial",
					    "uuid",   "sku",     "family", "asset",   "location",     NULL};

	return label.at && is_one_of(names, label);
}

bool sc_mask_tag_is_secret(const struct sc_mask_tag *tag)
{
	static const char *const names[] = {"arg", "env", "initenv", "session", "dhCert", NULL};

	if (sc_mask_is_name(tag->name, "entry"))
		return !is_smbios(tag->label);
	return is_one_of(names, tag->name) || sc_mask_is_secret(tag->name) || (tag->label.at && sc_mask_is_secret(tag->label));
}

/* Whether value is a UUID, which identifies a secret that libvirt stores. */
static bool is_uuid(struct sc_piece value)
{
	if (value.len != 36)
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (!memchr("0123456789abcdefABCDEF-", value.at[i], 23))
			return false;
	return true;
}

static bool is_declaration(struct sc_piece attr)
{
	return attr.len >= 5 && memcmp(attr.at, "xmlns", 5) == 0 && (attr.len == 5 || attr.at[5] == ':');
}

/* Whether an attribute of an element with a secret only identifies the secret. */
static bool says_which(struct sc_piece attr)
{
	static const char *const names[] = {"id", "name", "type", "usage", "uuid", NULL};

	return is_one_of(names, attr);
}

/* Finds secrets in the parts of QEMU's command line. */
static bool find_word(const struct sc_mask_tag *tag, struct sc_piece attr, struct sc_piece value, const char *from, struct sc_mask_hit *out)
{
	bool is_value = sc_mask_is_name(attr, "value") && attr.len == 5;

	if (sc_mask_is_name(tag->name, "arg") && is_value)
		return sc_mask_word_find(value, tag->before, from, &out->from, &out->to);
	if (sc_mask_is_name(tag->name, "env") && is_value)
		return sc_mask_env_find(value, tag->label, from, &out->from, &out->to);
	if (sc_mask_is_name(tag->name, "env") && attr.len == 4 && sc_mask_is_name(attr, "name"))
		return sc_mask_env_name_find(value, from, &out->from, &out->to);
	*out = (struct sc_mask_hit){value.at, value.at + value.len};
	return true;
}

static bool is_word(const struct sc_mask_tag *tag)
{
	return tag->in_commandline || sc_mask_is_name(tag->name, "arg") || sc_mask_is_name(tag->name, "env");
}

static bool hides(const struct sc_mask_tag *tag, struct sc_piece attr, struct sc_piece value)
{
	if (tag->in_secret)
		return true;
	if (sc_mask_is_name(tag->name, "property"))
		return sc_mask_is_name(attr, "value") && !(tag->label.at && sc_mask_property_is_plain(tag->label, value));
	if (sc_mask_is_name(attr, "secret"))
		return !is_uuid(value);
	if (sc_mask_is_secret(tag->name) || (tag->label.at && sc_mask_is_secret(tag->label)))
		return !says_which(attr);
	return sc_mask_is_secret(attr) || sc_mask_is_name(attr, "query");
}

bool sc_mask_attr_find(const struct sc_mask_tag *tag, struct sc_piece attr, struct sc_piece value, const char *from,
		       struct sc_mask_hit *out)
{
	*out = (struct sc_mask_hit){NULL, NULL};
	if (!value.len || from >= value.at + value.len || is_declaration(attr))
		return false;
	if (is_word(tag) && !tag->in_secret)
		return find_word(tag, attr, value, from, out);
	if (hides(tag, attr, value)) {
		*out = (struct sc_mask_hit){value.at, value.at + value.len};
		return true;
	}
	return sc_mask_text_find((struct sc_piece){from, (size_t)(value.at + value.len - from)}, out);
}
