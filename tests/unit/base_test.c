/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/ctx.h"
#include "base/secret.h"

static void first_error_wins(void **state)
{
	(void)state;
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();

	assert_null(spicecfg_ctx_error(ctx));
	assert_int_equal(sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){"a.xml", 3, 7}, "Mend it.", "bad %s", "value"), SPICECFG_INPUT);
	(void)sc_fail(ctx, SPICECFG_SYSTEM, NULL, "later");
	const struct spicecfg_error *error = spicecfg_ctx_error(ctx);
	assert_string_equal(error->message, "bad value");
	assert_int_equal(error->mend->n_parts, 1);
	assert_string_equal(error->mend->parts[0].text, "Mend it.");
	assert_string_equal(error->file, "a.xml");
	assert_int_equal(error->line, 3);
	spicecfg_ctx_clear_error(ctx);
	assert_null(spicecfg_ctx_error(ctx));
	spicecfg_ctx_free(ctx);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(first_error_wins),
	    cmocka_unit_test(buffer_grows),
	    cmocka_unit_test(secret_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
