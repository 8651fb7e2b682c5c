/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/system/check/excerpt.c lib/doc/mask.c lib/doc/mask_text.c lib/doc/mask_tag.c lib/doc/mask_args.c
 * The line of a document that a report shows, and the mask. Four bytes give the line, the column, whether the document declares an
 * encoding, and where a password is inserted; the rest is the document. Promises: what is shown is UTF-8 without control characters;
 * masking keeps lines; the password is in neither.
 */
#include "base/text.h"
#include "doc/mask.h"
#include "fuzz.h"
#include "system/check/check.h"

enum { SHOWN_MAX = 4096 };

static void check_excerpt(const struct spicecfg_finding *finding)
{
	unsigned columns = 0;

	if (!finding->excerpt)
		return;
	must(strlen(finding->excerpt) < SHOWN_MAX, "an excerpt is short");
	for (const char *at = finding->excerpt; *at;) {
		uint32_t c;
		unsigned len = sc_utf8_get(at, &c);

		must(len > 0, "an excerpt is UTF-8");
		must(!sc_text_is_control(c) && !sc_text_is_trick(c), "an excerpt has no control characters");
		columns += sc_text_columns(c);
		at += len;
	}
	must(finding->width && finding->characters && finding->character, "the place is known");
	must(finding->caret <= columns && finding->caret + finding->width <= columns + 1, "the place is in the excerpt");
}

static void show(const char *bytes, size_t len, unsigned line, unsigned column, const uint32_t *table, bool secret)
{
	struct sc_check_text text = {.bytes = bytes, .len = len, .line = 1, .table = table};
	struct spicecfg_finding finding = {.line = line, .column = column};
	struct sc_arena *memory = sc_arena_new();

	sc_check_excerpt(&finding, &text, memory);
	check_excerpt(&finding);
	must(!secret || !finding.excerpt || !strstr(finding.excerpt, FUZZ_SECRET), "no password is shown");
	/* Once more, from where the first call stopped. */
	finding = (struct spicecfg_finding){.line = line, .column = column};
	sc_check_excerpt(&finding, &text, memory);
	check_excerpt(&finding);
	sc_arena_free(memory);
}

static size_t lines_of(const char *bytes, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += bytes[i] == '\n';
	return count;
}

static void mask(const char *bytes, size_t len, bool secret)
{
	SC_BUF masked = SC_BUF_INIT;

	sc_mask_xml(bytes, len, &masked);
	must(lines_of(sc_buf_text(&masked), masked.len) == lines_of(bytes, len), "masking keeps lines");
	must(!secret || !contains(masked.data, masked.len, FUZZ_SECRET), "no password is left");
}

/* The document with a password inserted where nothing before it can change its meaning. */
static void with_password(const uint8_t *head, const char *bytes, size_t len, const uint32_t *table)
{
	static const char *const forms[] = {" passwd='" FUZZ_SECRET "'", " passwd=\"" FUZZ_SECRET "\"", "\npasswd =\n'" FUZZ_SECRET "'",
					    "<arg value='port=1,password=" FUZZ_SECRET "'/>",
					    "<arg value='secret,id=x,data=" FUZZ_SECRET ",format=raw'/>"};
	size_t at = len ? head[3] * len / 256 : 0;
	SC_BUF text = SC_BUF_INIT;

	for (size_t i = 0; i < at; i++)
		if (strchr("'\"=", bytes[i]) || (bytes[i] | 0x20) == 'p' || (bytes[i] | 0x20) == 'd')
			return;
	sc_buf_add(&text, bytes, at);
	sc_buf_adds(&text, forms[head[2] / 2 % (sizeof(forms) / sizeof(*forms))]);
	sc_buf_add(&text, bytes + at, len - at);
	mask(text.data, text.len, !contains(bytes, len, "Xq7"));
	show(text.data, text.len, head[0], head[1], table, !contains(bytes, len, "Xq7"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint32_t table[256];

	if (size < 4)
		return 0;
	for (unsigned i = 0; !table[255] && i < 256; i++)
		table[i] = i < 0x80 ? i : 0x380 + i;
	const char *bytes = (const char *)data + 4;
	const uint32_t *used = data[2] & 1 ? table : NULL;
	show(bytes, size - 4, data[0], data[1], used, false);
	show(bytes, size - 4, data[0], data[1] * 8, used, false);
	mask(bytes, size - 4, false);
	with_password(data, bytes, size - 4, used);
	return 0;
}
