/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/ctx.h"
#include "base/secret.h"
#include "base/text.h"

static void first_error_wins(void **state)
{
	(void)state;
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();

	assert_null(spicecfg_ctx_error(ctx));
	assert_int_equal(sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){"a.xml", 3, 7}, "Fix it.", "bad %s", "value"), SPICECFG_INPUT);
	(void)sc_fail(ctx, SPICECFG_SYSTEM, NULL, "later");
	const struct spicecfg_error *error = spicecfg_ctx_error(ctx);
	assert_string_equal(error->message, "bad value");
	assert_int_equal(error->fix->n_parts, 1);
	assert_string_equal(error->fix->parts[0].text, "Fix it.");
	assert_string_equal(error->file, "a.xml");
	assert_int_equal(error->line, 3);
	spicecfg_ctx_clear_error(ctx);
	assert_null(spicecfg_ctx_error(ctx));
	spicecfg_ctx_free(ctx);
}

/* Fatal errors are never cleared on the way, and take precedence over what was recorded earlier. */
static void memory_and_signals_last(void **state)
{
	(void)state;
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();

	(void)sc_fail(ctx, SPICECFG_INPUT, NULL, "unreadable");
	sc_let_go(ctx);
	assert_null(spicecfg_ctx_error(ctx));
	assert_int_equal(sc_settle(ctx), SPICECFG_OK);
	(void)sc_fail(ctx, SPICECFG_INPUT, NULL, "unreadable");
	(void)sc_fail_memory(ctx);
	sc_let_go(ctx);
	assert_string_equal(spicecfg_ctx_error(ctx)->message, "out of memory");
	assert_int_equal(sc_settle(ctx), SPICECFG_SYSTEM);
	spicecfg_ctx_clear_error(ctx);
	(void)sc_fail(ctx, SPICECFG_INTERRUPTED, NULL, "interrupted");
	sc_let_go(ctx);
	assert_int_equal(sc_settle(ctx), SPICECFG_INTERRUPTED);
	spicecfg_ctx_clear_error(ctx);
	assert_int_equal(sc_settle(ctx), SPICECFG_OK);
	spicecfg_ctx_free(ctx);
}

static void unread_once(void **state)
{
	(void)state;
	struct sc_unread *list = sc_unread_new();
	size_t count;

	for (int i = 0; i < 100; i++) {
		char path[16];

		snprintf(path, sizeof(path), "/etc/%d", i % 50);
		sc_unread_add(list, path, i < 50 ? "first" : "second");
	}
	(void)sc_unread_rows(list, &count);
	assert_int_equal(count, 50);
	assert_string_equal(sc_unread_why(list, "/etc/7"), "first");
	assert_null(sc_unread_why(list, "/etc/50"));
	assert_string_equal(sc_unread_next(list)->path, "/etc/0");
	assert_string_equal(sc_unread_next(list)->path, "/etc/1");
	sc_unread_stop(list, SPICECFG_INTERRUPTED);
	sc_unread_stop(list, SPICECFG_SYSTEM);
	assert_int_equal(sc_unread_stopped(list), SPICECFG_INTERRUPTED);
	sc_unread_clear(list);
	assert_int_equal(sc_unread_stopped(list), SPICECFG_OK);
	assert_null(sc_unread_next(list));
	sc_unread_free(list);
}

static void buffer_grows(void **state)
{
	(void)state;
	SC_BUF buf = SC_BUF_INIT;

	assert_string_equal(sc_buf_text(&buf), "");
	for (int i = 0; i < 1000; i++)
		sc_buf_addf(&buf, "%d,", i);
	assert_false(buf.failed);
	assert_int_equal(strlen(buf.data), buf.len);
	assert_string_equal(buf.data + buf.len - 4, "999,");
}

static void secret_copies(void **state)
{
	(void)state;
	SC_SECRET secret = SC_SECRET_INIT;

	assert_int_equal(sc_secret_set(&secret, "sesame!", 6), 0);
	assert_string_equal(secret.text, "sesame");
}

static void words_compare_as_text(void **state)
{
	(void)state;
	assert_int_equal(sc_text_compare_word("ab", 2, "ab"), 0);
	assert_true(sc_text_compare_word("ab", 2, "abc") < 0);
	assert_true(sc_text_compare_word("abc", 3, "ab") > 0);
	assert_true(sc_text_compare_word("a\0c", 3, "a") > 0);
	assert_true(sc_text_compare_word("b", 1, "ab") > 0);
	assert_true(sc_text_compare_word("", 0, "a") < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(first_error_wins), cmocka_unit_test(memory_and_signals_last), cmocka_unit_test(unread_once),
	    cmocka_unit_test(buffer_grows),     cmocka_unit_test(secret_copies),           cmocka_unit_test(words_compare_as_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
