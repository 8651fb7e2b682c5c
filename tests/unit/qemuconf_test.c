/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The document: spans, effective values, edits that change one line, refusals with line and column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "qemuconf_files.h"

static struct sc_qemuconf *parse(struct spicecfg_ctx *ctx, const char *bytes, size_t len)
{
	struct sc_qemuconf *doc = NULL;

	if (sc_qemuconf_parse(ctx, "qemu.conf", bytes, len, &doc) != SPICECFG_OK)
		fail_msg("refused: %s", spicecfg_ctx_error(ctx)->message);
	return doc;
}

static struct sc_qemuconf *parse_text(struct spicecfg_ctx *ctx, const char *text)
{
	return parse(ctx, text, strlen(text));
}

static void set(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc, const char *key, const char *text)
{
	struct sc_qemuconf_value value = value_of(text);

	assert_int_equal(sc_qemuconf_set(ctx, doc, key, &value), SPICECFG_OK);
}

static void assert_bytes(const struct sc_qemuconf *doc, const char *want)
{
	size_t len;
	const char *bytes = sc_qemuconf_bytes(doc, &len);

	assert_string_equal(bytes, want);
	assert_int_equal(len, strlen(want));
}

/* The line-th line of text with its '\n'; *len is 0 after the last. */
static const char *line_at(const char *text, unsigned line, size_t *len)
{
	for (; line > 1 && *text; line--) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	*len = strcspn(text, "\n");
	*len += text[*len] == '\n';
	return text;
}

static void one_line_changes(void **state)
{
	struct spicecfg_ctx *ctx = *state;

	for (size_t i = 0; i < N_VARIANTS; i++) {
		const struct variant *v = &variants[i];
		SC_BUF in = SC_BUF_INIT;
		size_t len, new_len, old_len;

		print_message("%s\n", v->file);
		assert_true(read_data("", v->file, &in));
		SC_QEMUCONF *doc = parse(ctx, sc_buf_text(&in), in.len);
		assert_memory_equal(sc_qemuconf_bytes(doc, &len), sc_buf_text(&in), in.len + 1);
		assert_int_equal(len, in.len);
		set(ctx, doc, v->key, v->value);
		assert_true(sc_qemuconf_changed(doc));

		const char *out = sc_qemuconf_bytes(doc, &len);
		const char *line = line_at(out, v->line, &new_len);
		assert_int_equal(strncmp(line, v->want, strlen(v->want)), 0);
		assert_true(new_len - strlen(v->want) <= 1);
		/* everything before and after it is the same; a last line without a line end may have got one */
		const char *old = line_at(sc_buf_text(&in), v->line, &old_len);
		size_t before = (size_t)(line - out), old_before = (size_t)(old - sc_buf_text(&in));
		assert_true(before == old_before || (before == old_before + 1 && v->added && out[before - 1] == '\n'));
		assert_memory_equal(out, sc_buf_text(&in), old_before);
		assert_string_equal(line + new_len, v->added ? old : old + old_len);

		/* the second time changes nothing */
		char *copy = strdup(out);
		set(ctx, doc, v->key, v->value);
		assert_bytes(doc, copy);
		free(copy);
	}
}

static void unset_restores(void **state)
{
	struct spicecfg_ctx *ctx = *state;

	for (size_t i = 0; i < N_VARIANTS; i++) {
		const struct variant *v = &variants[i];
		SC_BUF in = SC_BUF_INIT;

		assert_true(read_data("", v->file, &in));
		SC_QEMUCONF *doc = parse(ctx, sc_buf_text(&in), in.len);
		set(ctx, doc, v->key, v->value);
		assert_int_equal(sc_qemuconf_unset(ctx, doc, v->key), SPICECFG_OK);
		assert_null(sc_qemuconf_get(doc, v->key, NULL));
		if (v->added)
			assert_bytes(doc, sc_buf_text(&in));
	}
}

static void refusals(void **state)
{
	struct spicecfg_ctx *ctx = *state;

	for (size_t i = 0; i < N_BROKEN; i++) {
		SC_BUF in = SC_BUF_INIT;
		SC_QEMUCONF *doc = NULL;

		print_message("%s\n", broken[i].file);
		assert_true(read_data("broken/", broken[i].file, &in));
		assert_int_equal(sc_qemuconf_parse(ctx, "my.conf", sc_buf_text(&in), in.len, &doc), SPICECFG_INPUT);
		assert_null(doc);
		const struct spicecfg_error *error = spicecfg_ctx_error(ctx);
		assert_string_equal(error->file, "my.conf");
		assert_int_equal(error->line, broken[i].line);
		assert_int_equal(error->column, broken[i].column);
		spicecfg_ctx_clear_error(ctx);
	}
}

static void too_much(void **state)
{
	struct spicecfg_ctx *ctx = *state;
	SC_BUF big = SC_BUF_INIT;
	SC_QEMUCONF *doc = NULL;

	for (int i = 0; i < SC_QEMUCONF_ENTRIES_MAX + 1; i++)
		sc_buf_adds(&big, "a=1\n");
	assert_int_equal(sc_qemuconf_parse(ctx, "x", big.data, big.len, &doc), SPICECFG_INPUT);
	assert_int_equal(spicecfg_ctx_error(ctx)->line, SC_QEMUCONF_ENTRIES_MAX + 1);
	spicecfg_ctx_clear_error(ctx);
	while (big.len <= SC_QEMUCONF_SIZE_MAX)
		sc_buf_adds(&big, "#                                                                                \n");
	assert_int_equal(sc_qemuconf_parse(ctx, "x", big.data, big.len, &doc), SPICECFG_INPUT);
	assert_non_null(strstr(spicecfg_ctx_error(ctx)->message, "10 MiB"));
	spicecfg_ctx_clear_error(ctx);
}

static void first_wins(void **state)
{
	SC_QEMUCONF *doc = parse_text(*state, "spice_tls = 1\n  spice_tls = 0 # x\nspice_listen = 'a'\n");
	const struct sc_qemuconf_entry *entry = sc_qemuconf_get(doc, "spice_tls", NULL);

	assert_int_equal(entry->value.number, 1);
	assert_int_equal(entry->line, 1);
	entry = sc_qemuconf_get(doc, "spice_tls", entry);
	assert_int_equal(entry->value.number, 0);
	assert_int_equal(entry->line, 2);
	assert_int_equal(entry->column, 3);
	assert_int_equal(sc_qemuconf_where_value(doc, entry).column, 15);
	assert_null(sc_qemuconf_get(doc, "spice_tls", entry));
	assert_string_equal(sc_qemuconf_get(doc, "spice_listen", NULL)->value.text, "a");
}

static void values(void **state)
{
	SC_QEMUCONF *doc = parse_text(*state, "a = -5\nb = 18446744073709551617\nc = [ 'x', [ 1 ], \"\"\"y\nz\"\"\" ]\nd = \"\"\n");
	const struct sc_qemuconf_value *c = &sc_qemuconf_get(doc, "c", NULL)->value;
	SC_BUF text = SC_BUF_INIT;

	assert_int_equal(sc_qemuconf_get(doc, "a", NULL)->value.number, -5);
	assert_true(sc_qemuconf_get(doc, "a", NULL)->value.negative);
	assert_int_equal(sc_qemuconf_get(doc, "b", NULL)->value.number, 1);
	assert_string_equal(c->items->text, "x");
	assert_int_equal(c->items->next->items->number, 1);
	assert_string_equal(c->items->next->next->text, "y\nz");
	assert_null(c->items->next->next->next);
	assert_int_equal(sc_qemuconf_get(doc, "d", NULL)->line, 5);
	assert_true(sc_qemuconf_format(c, '"', &text));
	assert_string_equal(text.data, "[ \"x\", [ 1 ], \"\"\"y\nz\"\"\" ]");
	assert_true(sc_qemuconf_same(c, c));
	assert_false(sc_qemuconf_same(c, &sc_qemuconf_get(doc, "d", NULL)->value));
}

static void quotes(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"plain", "k = \"plain\"\n"},
	    {"", "k = \"\"\n"},
	    {"a\"b", "k = 'a\"b'\n"},
	    {"it's", "k = \"it's\"\n"},
	    {"it's \"q\" x", "k = \"\"\"it's \"q\" x\"\"\"\n"},
	    {"a\nb", "k = \"\"\"a\nb\"\"\"\n"},
	    {"it's \"q\"", NULL},
	    {"'\"\"\"'", NULL},
	};
	struct spicecfg_ctx *ctx = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sc_qemuconf_value value = {.kind = SC_QEMUCONF_STRING, .text = rows[i].text};
		SC_QEMUCONF *doc = parse_text(ctx, "");
		enum spicecfg_status status = sc_qemuconf_set(ctx, doc, "k", &value);

		assert_int_equal(status, rows[i].want ? SPICECFG_OK : SPICECFG_USAGE);
		spicecfg_ctx_clear_error(ctx);
		assert_bytes(doc, rows[i].want ? rows[i].want : "");
		if (rows[i].want)
			assert_string_equal(sc_qemuconf_get(doc, "k", NULL)->value.text, rows[i].text);
	}
}

static void unset_lines(void **state)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
	    {"k = 1\na = 1\n", "a = 1\n"},
	    {"a = 1\nk = 1 # why\n\nk = 0\nb = 1\n", "a = 1\n\nb = 1\n"},
	    {"a = 1; k = 1; b = 1\n", "a = 1; b = 1\n"},
	    {"  k = 1 ; b = 1\n", "  b = 1\n"},
	    {"a = 1 ; k = 1 # c\nb = 1\n", "a = 1\nb = 1\n"},
	    {"a = 1; k = 1; k = 2;\nb = 1\n", "a = 1;\nb = 1\n"},
	    {"k = 1; k = 2\nb = 1\n", "b = 1\n"},
	    {"k = 1; # note\nb = 1\n", "# note\nb = 1\n"},
	    {"a = 1; k = 1; # note\n", "a = 1; # note\n"},
	    {"k = [ 'a',\n 'b' ] ;  \nb = 1\n", "b = 1\n"},
	    {"k = \"\"\"a\n\nb\"\"\"\r\nb = 1\r\n", "b = 1\r\n"},
	    {"a = 1\nk = 1", "a = 1"},
	    {"a = 1\r\nk = 1;", "a = 1"},
	    {"\n\nk = 1\n\n", ""},
	    {"k = 1", ""},
	    {"a = 1;k=1;b=2;k=3;c=3\n", "a = 1;b=2;c=3\n"},
	    {"a = 1\rk = 1\rb = 1\r", "a = 1\rb = 1\r"},
	};
	struct spicecfg_ctx *ctx = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		SC_QEMUCONF *doc = parse_text(ctx, rows[i].in);

		assert_int_equal(sc_qemuconf_unset(ctx, doc, "k"), SPICECFG_OK);
		assert_bytes(doc, rows[i].want);
		assert_true(sc_qemuconf_changed(doc));
		assert_int_equal(sc_qemuconf_unset(ctx, doc, "none"), SPICECFG_OK);
		assert_bytes(doc, rows[i].want);
	}
}

static bool secret(const char *key)
{
	return strcmp(key, "spice_password") == 0;
}

static void masks_passwords(void **state)
{
	SC_QEMUCONF *doc =
	    parse_text(*state, "#spice_password = \"old1\" # old2\n# the spice_password is here\n#spice_password = \"old3\n"
			       "spice_password = \"new1\" # was old4\na = 1; spice_password = \"\"\"new2\nnew3\"\"\"\nb = 2\n");
	SC_BUF out = SC_BUF_INIT;

	sc_qemuconf_mask(doc, secret, &out);
	assert_string_equal(sc_buf_text(&out), "#spice_password = \"***\"\n# the spice_password is here\n#spice_password ***\n"
					       "spice_password = \"***\" # ***\na = 1; spice_password = \"***\"\n\nb = 2\n");
}

static int start(void **state)
{
	*state = spicecfg_ctx_new();
	return *state ? 0 : -1;
}

static int stop(void **state)
{
	spicecfg_ctx_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_line_changes), cmocka_unit_test(unset_restores), cmocka_unit_test(refusals),
	    cmocka_unit_test(too_much),         cmocka_unit_test(first_wins),     cmocka_unit_test(values),
	    cmocka_unit_test(quotes),           cmocka_unit_test(unset_lines),    cmocka_unit_test(masks_passwords),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
