/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/text.h"

#include <spicecfg/base.h>
#include <string.h>

unsigned sc_utf8_get(const char *p, uint32_t *c)
{
	const unsigned char *u = (const unsigned char *)p;
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned n = u[0] < 0x80 ? 1 : u[0] >= 0xF8 ? 0 : u[0] >= 0xF0 ? 4 : u[0] >= 0xE0 ? 3 : u[0] >= 0xC0 ? 2 : 0;

	if (n < 2) {
		*c = u[0];
		return n;
	}
	*c = u[0] & (0x7Fu >> n);
	for (unsigned i = 1; i < n; i++) {
		if ((u[i] & 0xC0) != 0x80)
			return 0;
		*c = *c << 6 | (u[i] & 0x3Fu);
	}
	return *c < least[n] || *c > 0x10FFFF || (*c >= 0xD800 && *c < 0xE000) ? 0 : n;
}

unsigned sc_utf8_put(uint32_t c, char out[static 4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	unsigned n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (unsigned i = n - 1; i; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3F));
	out[0] = (char)((0xF00u >> n & 0xFF) | c);
	return n;
}

bool sc_text_is_control(uint32_t c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0);
}

bool sc_text_is_trick(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029 || c == 0x200e || c == 0x200f ||
	       c == 0x061c;
}

struct range {
	uint32_t from, to;
};

static bool is_in(const struct range *ranges, size_t count, uint32_t c)
{
	for (size_t i = 0; i < count; i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

/* The large blocks of Unicode's East Asian Width W and F, and the combining marks that are likely in names. */
unsigned sc_text_columns(uint32_t c)
{
	static const struct range none[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},    {0x64b, 0x65f},
					    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x20d0, 0x20ff},  {0x3099, 0x309a},
					    {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef}};
	static const struct range wide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x4dbf},   {0x4e00, 0xa4cf},  {0xa960, 0xa97f},
					    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},  {0xffe0, 0xffe6},
					    {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

	if (c < 0x300)
		return 1;
	if (is_in(none, sizeof(none) / sizeof(*none), c))
		return 0;
	return is_in(wide, sizeof(wide) / sizeof(*wide), c) ? 2 : 1;
}

/* Length of the printable character at text, within len bytes; 0: it is not printable, or not allowed in XML. */
static size_t printable(const char *text, size_t len)
{
	char room[5] = "";
	uint32_t c;

	memcpy(room, text, len < 4 ? len : 4);
	unsigned n = sc_utf8_get(room, &c);
	return n <= len && !sc_text_is_control(c) && c != 0xfffe && c != 0xffff ? n : 0;
}

bool sc_text_is_printable(const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t n = printable(text + at, len - at);

		if (!n)
			return false;
		at += n;
	}
	return true;
}

bool sc_text_is_shown(const char *text)
{
	if (strstr(text, "##"))
		return false;
	for (uint32_t c; *text;) {
		unsigned len = sc_utf8_get(text, &c);

		if (!len || sc_text_is_control(c) || sc_text_is_trick(c))
			return false;
		text += len;
	}
	return true;
}

void sc_text_add_line(const char *text, struct sc_buf *out)
{
	for (uint32_t c; *text;) {
		unsigned len = sc_utf8_get(text, &c);

		if (!len || sc_text_is_control(c) || sc_text_is_trick(c))
			sc_buf_adds(out, "\xef\xbf\xbd");
		else
			sc_buf_add(out, text, len);
		text += len ? len : 1;
	}
}

int sc_text_compare(const char *a, const char *b)
{
	return a == b ? 0 : !a ? -1 : !b ? 1 : strcmp(a, b);
}

bool sc_text_is(const char *text, const char *word)
{
	return text && strcmp(text, word) == 0;
}

bool sc_text_begins(const char *text, const char *part)
{
	return strncmp(text, part, strlen(part)) == 0;
}

bool sc_text_ends(const char *text, const char *part)
{
	size_t len = strlen(text), n = strlen(part);

	return len > n && strcmp(text + len - n, part) == 0;
}

int sc_text_compare_word(const char *word, size_t len, const char *name)
{
	size_t name_len = strlen(name);
	int order = memcmp(word, name, len < name_len ? len : name_len);

	return order ? order : (len > name_len) - (len < name_len);
}

bool sc_path_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

unsigned spicecfg_text_distance(const char *a, const char *b)
{
	unsigned row[64];
	size_t n = strlen(b);

	if (n >= sizeof(row) / sizeof(*row))
		return SPICECFG_DISTANCE_FAR;
	for (size_t j = 0; j <= n; j++)
		row[j] = (unsigned)j;
	for (unsigned i = 1; a[i - 1]; i++) {
		unsigned corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			unsigned best = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[n];
}

bool sc_path_normal(const char *path, struct sc_buf *out)
{
	for (size_t len; *path; path += len) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len == 2 && memcmp(path, "..", 2) == 0)
			return false;
		if (len && !(len == 1 && *path == '.'))
			sc_buf_addf(out, "/%.*s", (int)len, path);
	}
	return true;
}
