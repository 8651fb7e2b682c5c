/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/doc/sysconfig.c lib/doc/keyfile.c
 * A file of KEY="value" lines. The bytes before the first NUL are the value to set, those after it the file. Promises: the value reads
 * back, whatever it contains; the other keys keep theirs; one line changes; an equal value changes nothing. After characters are removed
 * from a value the others are unchanged, or the removal is refused.
 */
#include "doc/sysconfig.h"
#include "fuzz.h"

static const char *const keys[] = {"OPTIONS", "MECHANISMS", "a"};
enum { KEYS = sizeof(keys) / sizeof(*keys), VALUE_MAX = 4096, CUTS_MAX = 8 };

/* The old value may span several lines, the new one does not. */
static void must_differ_from(const struct sc_buf *now, const char *old, size_t len, unsigned number)
{
	size_t start = line_start(old, len, number), tail = now->len - line_next(now->data, now->len, start);

	must(start <= now->len && equal(now->data, old, start), "bytes before the line that is edited");
	must(tail <= len - start && equal(now->data + now->len - tail, old + len - tail, tail), "bytes after the line that is edited");
}

static void edit(struct spicecfg_ctx *ctx, struct sc_sysconfig *conf, size_t which, const char *value)
{
	SC_BUF old = SC_BUF_INIT;
	struct sc_buf values[KEYS] = {SC_BUF_INIT, SC_BUF_INIT, SC_BUF_INIT};
	unsigned line;
	bool had = sc_sysconfig_get(conf, keys[which], NULL) != NULL;

	sc_buf_add(&old, sc_sysconfig_bytes(conf)->data, sc_sysconfig_bytes(conf)->len);
	for (size_t i = 0; i < KEYS; i++)
		if (sc_sysconfig_get(conf, keys[i], NULL))
			sc_buf_adds(&values[i], sc_sysconfig_get(conf, keys[i], NULL));
	enum spicecfg_status status = sc_sysconfig_set(ctx, conf, keys[which], value);
	if (status) {
		must_say_why(ctx, status, SPICECFG_USAGE);
		must(strpbrk(value, "\r\n") != NULL, "a value of one line is taken");
		must(same_bytes(sc_sysconfig_bytes(conf), old.data, old.len), "a refused edit changes nothing");
		for (size_t i = 0; i < KEYS; i++)
			sc_buf_free(&values[i]);
		return;
	}
	const char *set = sc_sysconfig_get(conf, keys[which], &line);

	must(set && strcmp(set, value) == 0, "set sets");
	if (had)
		must_differ_from(sc_sysconfig_bytes(conf), old.data, old.len, line);
	else
		must_have_added(sc_sysconfig_bytes(conf), old.data, old.len, line);
	for (size_t i = 0; i < KEYS; i++) {
		const char *now = sc_sysconfig_get(conf, keys[i], NULL);

		must(i == which || strcmp(now ? now : "", sc_buf_text(&values[i])) == 0, "other keys keep their values");
		sc_buf_free(&values[i]);
	}
	SC_SYSCONFIG *again = NULL;
	must(!sc_sysconfig_parse(ctx, "again", sc_sysconfig_bytes(conf)->data, sc_sysconfig_bytes(conf)->len, &again),
	     "what is written is read");
	must(strcmp(sc_sysconfig_get(again, keys[which], NULL), value) == 0, "and reads back");
	must(!sc_sysconfig_set(ctx, again, keys[which], value) &&
		 same_bytes(sc_sysconfig_bytes(again), sc_sysconfig_bytes(conf)->data, sc_sysconfig_bytes(conf)->len),
	     "an equal value changes nothing");
}

/* The length determines which ones are removed. */
static void cut(struct spicecfg_ctx *ctx, const char *bytes, size_t len, size_t index)
{
	SC_SYSCONFIG *conf = NULL;
	SC_BUF kept = SC_BUF_INIT;
	const char *value, *key, *now;
	bool drop[VALUE_MAX] = {false};

	must(!sc_sysconfig_parse(ctx, "cut", bytes, len, &conf) && sc_sysconfig_at(conf, index, &key, &value, NULL),
	     "it is read as before");
	if (strlen(value) > VALUE_MAX)
		return;
	for (size_t i = 0; value[i]; i++) {
		drop[i] = (len >> (i % 5)) & 1;
		if (!drop[i])
			sc_buf_addc(&kept, value[i]);
	}
	enum spicecfg_status status = sc_sysconfig_cut(ctx, conf, index, drop);
	if (status)
		must_say_why(ctx, status, SPICECFG_INPUT);
	else
		must(sc_sysconfig_at(conf, index, NULL, &now, NULL) && strcmp(now, sc_buf_text(&kept)) == 0, "the other characters stay");
	spicecfg_ctx_clear_error(ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = memchr(data, 0, size);
	const char *bytes = nul ? (const char *)nul + 1 : (const char *)data;
	size_t len = size - (size_t)(bytes - (const char *)data);
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	SC_SYSCONFIG *conf = NULL;
	enum spicecfg_status status = sc_sysconfig_parse(ctx, "fuzz", bytes, len, &conf);

	if (status) {
		must_say_why(ctx, status, SPICECFG_INPUT);
	} else {
		must(same_bytes(sc_sysconfig_bytes(conf), bytes, len), "no edit, no change");
		for (size_t i = 0; i < CUTS_MAX && sc_sysconfig_at(conf, i, NULL, NULL, NULL); i++)
			cut(ctx, bytes, len, i);
		/* A line end appended to a final '\r' would make it a CRLF. */
		for (size_t i = 0; i < KEYS && (!len || bytes[len - 1] != '\r'); i++)
			edit(ctx, conf, i, nul ? (const char *)data : "-n 5 -c \"$x\" `y` 'z'");
	}
	spicecfg_ctx_free(ctx);
	return 0;
}
