/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The largest documents stay fast, and running out of memory at any point is reported and leaks nothing. */
#include <time.h>

#include "xml_help.h"

/* All allocations of this project and of libxml2 pass through here: this many succeed, later ones fail. Negative: all succeed. */
static long countdown = -1;
static bool reached;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);

static bool fails(void)
{
	if (countdown > 0)
		countdown--;
	else if (countdown == 0)
		reached = true;
	return countdown == 0 && reached;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

static void *failing_realloc(void *old, size_t size)
{
	return fails() ? NULL : realloc(old, size);
}

static char *failing_strdup(const char *text)
{
	return fails() ? NULL : strdup(text);
}

static double cpu(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* A hostile file must not make a check take minutes: paths and positions of all elements, and many edits. */
static void many_elements(void **state)
{
	(void)state;
	SC_BUF text = SC_BUF_INIT, paths = SC_BUF_INIT;
	unsigned n = 0;
	double start = cpu();

	sc_buf_adds(&text, "<domain>");
	while (text.len < SC_XML_SIZE_MAX - 40)
		sc_buf_adds(&text, "<video/>\n");
	sc_buf_adds(&text, "<a/></domain>");
	XML_CASE c = xml_open_bytes(text.data, text.len);
	for (struct sc_xml_node *node = sc_xml_child(sc_xml_root(c.doc), "video"); node; node = sc_xml_next(node, "video")) {
		struct sc_where where = sc_xml_where(c.doc, node, NULL);

		n++;
		assert_int_equal(where.line, n);
		sc_xml_path(node, NULL, &paths);
		assert_int_equal(sc_xml_set(c.ctx, c.doc, node, "x", "1"), SPICECFG_OK);
	}
	assert_true(n > 460000);
	assert_non_null(strstr(paths.data, "/domain/video[460000]"));
	SC_BUF out = SC_BUF_INIT;
	assert_int_equal(sc_xml_write(c.ctx, c.doc, &out), SPICECFG_OK);
	assert_int_equal(out.len, text.len + 6 * n);
	assert_true(cpu() - start < 30);
}

/* The whole life of a document; returns the status of the last step. */
static enum spicecfg_status live(struct spicecfg_ctx *ctx)
{
	static const char text[] =
	    "<?xml version='1.0' encoding='ISO-8859-1'?>\n<domain>\n  <name>\xE4</name>\n  <devices a='&amp;\xE4'>\n    <video/>\n"
	    "  </devices>\n</domain>\n";
	SC_XML *doc = NULL;
	SC_BUF out = SC_BUF_INIT;
	enum spicecfg_status status = sc_xml_parse(ctx, "x", text, strlen(text), &doc);

	if (status)
		return status;
	struct sc_xml_node *root = sc_xml_root(doc), *devices = sc_xml_child(root, "devices");
	if (!sc_xml_text(doc, sc_xml_child(root, "name")))
		return sc_fail_memory(ctx);
	if ((status = sc_xml_set(ctx, doc, devices, "a", "2")) || (status = sc_xml_set(ctx, doc, devices, "b", "\xC3\xA4")))
		return status;
	struct sc_xml_node *fresh = sc_xml_add(ctx, doc, devices, NULL, "graphics");
	if (!fresh || !sc_xml_add_ns(ctx, doc, fresh, NULL, SC_XML_NS_QEMU, "qemu", "arg"))
		return SPICECFG_SYSTEM;
	if (!sc_xml_changed(doc))
		return SPICECFG_FINDINGS;
	return sc_xml_write(ctx, doc, &out);
}

static void memory_runs_short(void **state)
{
	(void)state;
	long failed = 0;

	assert_int_equal(xmlMemSetup(free, __wrap_malloc, failing_realloc, failing_strdup), 0);
	for (long i = 0;; i++) {
		struct spicecfg_ctx *ctx = spicecfg_ctx_new();

		countdown = i;
		reached = false;
		enum spicecfg_status status = live(ctx);
		countdown = -1;
		const struct spicecfg_error *error = spicecfg_ctx_error(ctx);
		if (reached && (status != SPICECFG_SYSTEM || !error || !strstr(error->message, "memory")))
			fail_msg("allocation %ld: status %d, %s", i, status, error ? error->message : "no message");
		spicecfg_ctx_free(ctx);
		failed += reached;
		if (!reached) {
			assert_int_equal(status, SPICECFG_OK);
			break;
		}
	}
	assert_true(failed > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(many_elements), cmocka_unit_test(memory_runs_short)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
