/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the file `plan` back. Its digest says that it is complete; it is read strictly all the same, since a tree may be anybody's. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/grow.h"
#include "base/text.h"
#include "system/commit/journal_fields.h"
#include "system/os/rename.h"

#define DIGEST "digest="

struct reader {
	struct sc_arena *memory;
	struct sc_tx *tx;
	struct sc_tx_step *step; /* NULL: before the first */
	bool no_memory;
};

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Removes the escapes, in place. */
static bool unescape(char *text, size_t *len)
{
	size_t n = 0;

	for (size_t i = 0; i < *len; i++) {
		int high = -1, low = -1;

		if (text[i] == '\\') {
			high = i + 3 < *len && text[i + 1] == 'x' ? hex_digit(text[i + 2]) : -1;
			low = high < 0 ? -1 : hex_digit(text[i + 3]);
			if (low < 0)
				return false;
			i += 3;
		}
		text[n++] = low < 0 ? text[i] : (char)(high << 4 | low);
	}
	*len = n;
	text[n] = '\0';
	return true;
}

static bool number(const char *text, int base, uintmax_t max, uintmax_t *out)
{
	char *end;

	if (!*text || hex_digit(*text) < 0)
		return false;
	errno = 0;
	*out = strtoumax(text, &end, base);
	return !errno && !*end && *out <= max;
}

static bool add_xattr(struct reader *reader, struct sc_attributes *to, const char *name, const char *value, size_t len)
{
	struct sc_xattr *xattrs = sc_arena_grow(reader->memory, to->xattrs, to->n_xattrs, sizeof(*xattrs));
	struct sc_xattr one = {sc_arena_strdup(reader->memory, name), sc_arena_strndup(reader->memory, value, len), len};

	if (!xattrs || !one.name || !one.value) {
		reader->no_memory = true;
		return false;
	}
	to->xattrs = xattrs;
	to->xattrs[to->n_xattrs++] = one;
	return true;
}

/* key is what follows "before." or "after.". */
static bool read_state(struct reader *reader, struct sc_tx_state *state, const char *key, const char *value, size_t len)
{
	struct sc_attributes *to = &state->attributes;
	uintmax_t n = 0;

	if (strcmp(key, "type") == 0) {
		state->exists = strcmp(value, SC_TX_ABSENT) != 0;
		return !state->exists || sc_tx_type(value, &to->mode);
	}
	if (sc_text_begins(key, SC_TX_XATTR))
		return add_xattr(reader, to, key + strlen(SC_TX_XATTR), value, len);
	if (strcmp(key, "digest") == 0 && len == SC_SHA256_HEX - 1 && strspn(value, "0123456789abcdef") == len) {
		memcpy(state->digest, value, len + 1);
		return true;
	}
	if (strcmp(key, "mode") == 0 && number(value, 8, 07777, &n))
		to->mode |= (mode_t)n;
	else if (strcmp(key, "owner") == 0 && number(value, 10, UINT32_MAX - 1, &n))
		to->uid = (uid_t)n;
	else if (strcmp(key, "group") == 0 && number(value, 10, UINT32_MAX - 1, &n))
		to->gid = (gid_t)n;
	else if (strcmp(key, "size") == 0 && number(value, 10, SIZE_MAX, &n))
		state->len = (size_t)n;
	else
		return false;
	return true;
}

static bool read_field(struct reader *reader, void *of, const struct sc_tx_field *field, const char *key, const char *value)
{
	for (; field->key; field++) {
		if (strcmp(field->key, key) != 0)
			continue;
		if (field->flag)
			return *sc_tx_flag(of, field) = true;
		const char *copy = sc_arena_strdup(reader->memory, value);
		reader->no_memory |= !copy;
		*sc_tx_text(of, field) = copy;
		return copy != NULL;
	}
	return false;
}

static bool begin_step(struct reader *reader, const char *value)
{
	struct sc_tx *tx = reader->tx;
	uintmax_t n;

	if (!number(value, 10, SC_TX_STEPS_MAX - 1, &n) || n != tx->n_steps)
		return false;
	struct sc_tx_step *steps = sc_arena_grow(reader->memory, tx->steps, tx->n_steps, sizeof(*steps));
	if (!steps) {
		reader->no_memory = true;
		return false;
	}
	tx->steps = steps;
	reader->step = &steps[tx->n_steps++];
	*reader->step = (struct sc_tx_step){.type = SC_STEP_TYPES};
	return true;
}

static bool read_line(struct reader *reader, const char *key, const char *value, size_t len)
{
	uintmax_t n;

	if (strcmp(key, "step") == 0)
		return begin_step(reader, value);
	if (reader->step && strcmp(key, "type") == 0)
		return sc_tx_step_type(value, &reader->step->type);
	if (reader->step && sc_text_begins(key, "before."))
		return read_state(reader, &reader->step->before, key + strlen("before."), value, len);
	if (reader->step && sc_text_begins(key, "after."))
		return read_state(reader, &reader->step->after, key + strlen("after."), value, len);
	if (memchr(value, '\0', len))
		return false;
	if (reader->step)
		return read_field(reader, reader->step, sc_tx_fields, key, value);
	if (strcmp(key, "begun") == 0 && number(value, 10, INT64_MAX, &n)) {
		reader->tx->begun = (int64_t)n;
		return true;
	}
	if (strcmp(key, "id") != 0)
		return read_field(reader, &reader->tx->who, sc_tx_who_fields, key, value);
	reader->tx->id = sc_arena_strdup(reader->memory, value);
	reader->no_memory |= !reader->tx->id;
	return reader->tx->id != NULL;
}

static bool is_path(const char *path)
{
	SC_BUF normal = SC_BUF_INIT;

	return *path == '/' && sc_path_normal(path, &normal) && strcmp(sc_buf_text(&normal), path) == 0 && path[1];
}

/* Names that recovery removes or writes: a temp file's name can be nothing else. */
static bool is_sound(const struct sc_tx_step *step)
{
	if (step->type == SC_STEP_TYPES || !step->document)
		return false;
	if (step->type == SC_STEP_FILE || step->type == SC_STEP_MKDIR || step->type == SC_STEP_ACL)
		if (!step->path)
			return false;
	if (step->path && !is_path(step->path))
		return false;
	if (step->temp && (strchr(step->temp, '/') || *step->temp != '.' || !sc_text_ends(step->temp, SC_TEMP_SUFFIX) ||
			   strlen(step->temp) >= SC_TEMP_NAME))
		return false;
	if (step->type == SC_STEP_FILE && !step->temp)
		return false;
	if (step->type == SC_STEP_ACTION)
		return step->action[0] != NULL;
	return (step->type != SC_STEP_DEFINE && step->type != SC_STEP_LIVE) || (step->uri && step->uuid);
}

/* Cuts off the last line if its digest is that of all lines before it. */
static bool check_digest(const char *bytes, size_t *len)
{
	const size_t line = strlen(DIGEST) + SC_SHA256_HEX;
	char digest[SC_SHA256_HEX];

	if (*len <= line || bytes[*len - 1] != '\n' || bytes[*len - line - 1] != '\n')
		return false;
	*len -= line;
	sc_sha256(bytes, *len, digest);
	return memcmp(bytes + *len, DIGEST, strlen(DIGEST)) == 0 && memcmp(bytes + *len + strlen(DIGEST), digest, SC_SHA256_HEX - 1) == 0;
}

static bool read_lines(struct reader *reader, char *at, const char *end)
{
	while (at < end) {
		char *next = memchr(at, '\n', (size_t)(end - at)), *equals = next ? memchr(at, '=', (size_t)(next - at)) : NULL;

		if (!equals)
			return false;
		*equals = '\0';
		size_t len = (size_t)(next - equals) - 1;
		if (!unescape(equals + 1, &len) || !read_line(reader, at, equals + 1, len))
			return false;
		at = next + 1;
	}
	for (size_t i = 0; i < reader->tx->n_steps; i++)
		if (!is_sound(&reader->tx->steps[i]))
			return false;
	return reader->tx->id != NULL;
}

enum sc_tx_verdict sc_tx_read(const char *bytes, size_t len, struct sc_arena *memory, struct sc_tx *out)
{
	struct reader reader = {.memory = memory, .tx = out};
	static const char head[] = "spicecfg-transaction=";
	uintmax_t version;

	*out = (struct sc_tx){0};
	if (!check_digest(bytes, &len))
		return SC_TX_TORN;
	char *copy = sc_arena_strndup(memory, bytes, len);
	if (!copy)
		return SC_TX_MEMORY;
	char *line = memchr(copy, '\n', len);
	if (!line || !sc_text_begins(copy, head))
		return SC_TX_NEWER;
	*line = '\0';
	if (!number(copy + strlen(head), 10, INT32_MAX, &version) || version != SC_TX_VERSION)
		return SC_TX_NEWER;
	if (read_lines(&reader, line + 1, copy + len))
		return SC_TX_VALID;
	/* complete, but with something that this release does not know */
	return reader.no_memory ? SC_TX_MEMORY : SC_TX_NEWER;
}
