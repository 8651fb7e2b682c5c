/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Agreement with libvirtd's own parser, which the libvirt library exports for its daemons (src/util/virconf.h). Skipped if it is not
 * installed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <dlfcn.h>

#include "qemuconf_files.h"

struct libvirt {
	struct spicecfg_ctx *ctx;
	int (*initialize)(void);
	void *(*read_string)(const char *text, unsigned flags);
	int (*free)(void *conf);
	int (*get_type)(void *conf, const char *key);
	int (*get_string)(void *conf, const char *key, char **value);
	int (*get_number)(void *conf, const char *key, long long *value);
	const char *(*message)(void);
};

enum { VIR_CONF_LLONG = 1, VIR_CONF_ULLONG, VIR_CONF_STRING, VIR_CONF_LIST };

/* libvirt gives the same value for every key. */
static void assert_agrees(const struct libvirt *vir, void *conf, const struct sc_qemuconf *doc)
{
	const struct sc_qemuconf_entry *entry;

	for (size_t i = 0; (entry = sc_qemuconf_at(doc, i)); i++) {
		if (!entry->key)
			continue;
		const struct sc_qemuconf_value *value = &sc_qemuconf_get(doc, entry->key, NULL)->value;
		int type = vir->get_type(conf, entry->key);

		if (value->kind == SC_QEMUCONF_INT) {
			long long number = 0;

			assert_int_equal(type, value->negative ? VIR_CONF_LLONG : VIR_CONF_ULLONG);
			assert_int_equal(vir->get_number(conf, entry->key, &number), 1);
			assert_int_equal(number, value->number);
		} else if (value->kind == SC_QEMUCONF_STRING) {
			char *text = NULL;

			assert_int_equal(vir->get_string(conf, entry->key, &text), 1);
			assert_string_equal(text, value->text);
			free(text);
		} else {
			assert_int_equal(type, VIR_CONF_LIST);
		}
	}
}

static void *read_agreed(const struct libvirt *vir, const struct sc_qemuconf *doc)
{
	size_t len;
	void *conf = vir->read_string(sc_qemuconf_bytes(doc, &len), 0);

	if (!conf)
		fail_msg("libvirt refuses: %s", vir->message());
	assert_agrees(vir, conf, doc);
	return conf;
}

static void variants_agree(void **state)
{
	struct libvirt *vir = *state;

	if (!vir)
		skip();
	for (size_t i = 0; i < N_VARIANTS; i++) {
		const struct variant *v = &variants[i];
		SC_BUF in = SC_BUF_INIT;
		SC_QEMUCONF *doc = NULL;
		struct sc_qemuconf_value value = value_of(v->value);

		print_message("%s\n", v->file);
		assert_true(read_data("", v->file, &in));
		assert_int_equal(sc_qemuconf_parse(vir->ctx, v->file, sc_buf_text(&in), in.len, &doc), SPICECFG_OK);
		vir->free(read_agreed(vir, doc));
		assert_int_equal(sc_qemuconf_set(vir->ctx, doc, v->key, &value), SPICECFG_OK);
		void *conf = read_agreed(vir, doc);
		if (value.kind == SC_QEMUCONF_INT) {
			long long number = -1;

			assert_int_equal(vir->get_number(conf, v->key, &number), 1);
			assert_int_equal(number, value.number);
		} else {
			char *text = NULL;

			assert_int_equal(vir->get_string(conf, v->key, &text), 1);
			assert_string_equal(text, value.text);
			free(text);
		}
		vir->free(conf);
		assert_int_equal(sc_qemuconf_unset(vir->ctx, doc, v->key), SPICECFG_OK);
		conf = read_agreed(vir, doc);
		assert_int_equal(vir->get_type(conf, v->key), 0);
		vir->free(conf);
	}
}

static void broken_agree(void **state)
{
	struct libvirt *vir = *state;

	if (!vir)
		skip();
	for (size_t i = 0; i < N_BROKEN; i++) {
		SC_BUF in = SC_BUF_INIT;
		char place[32];

		assert_true(read_data("broken/", broken[i].file, &in));
		void *conf = vir->read_string(sc_buf_text(&in), 0);
		if (broken[i].ours) {
			if (conf)
				vir->free(conf);
			continue;
		}
		assert_null(conf);
		print_message("%s: %s\n", broken[i].file, vir->message());
		/* "memory conf:LINE: what": for an unterminated """ libvirt reports the last line, we the first */
		snprintf(place, sizeof(place), "conf:%u:", broken[i].line);
		if (strcmp(broken[i].file, "triple-not-closed") != 0)
			assert_non_null(strstr(vir->message(), place));
	}
}

/* The qemu.conf of the installed package, with each documented key uncommented in turn. */
static void package_file(void **state)
{
	struct libvirt *vir = *state;
	SC_BUF in = SC_BUF_INIT;
	SC_QEMUCONF *doc = NULL;
	unsigned keys = 0;

	if (!vir || !read_whole("/etc/libvirt/qemu.conf", &in))
		skip();
	assert_int_equal(sc_qemuconf_parse(vir->ctx, "qemu.conf", in.data, in.len, &doc), SPICECFG_OK);
	vir->free(read_agreed(vir, doc));

	/* "#key = " at the start of a line, and the lines of a list that follow it */
	SC_BUF open = SC_BUF_INIT;
	bool list = false;
	for (const char *line = in.data, *next; *line; line = next) {
		size_t len = strcspn(line, "\n"), key = strspn(line + 1, "abcdefghijklmnopqrstuvwxyz_0123456789");

		next = line + len + (line[len] == '\n');
		bool starts = line[0] == '#' && key && strncmp(line + 1 + key, " = ", 3) == 0;
		keys += starts;
		sc_buf_add(&open, line + (starts || list), (size_t)(next - line) - (starts || list));
		list = (starts && line[len - 1] == '[') || (list && !memchr(line, ']', len));
	}
	sc_qemuconf_free(doc);
	doc = NULL;
	assert_int_equal(sc_qemuconf_parse(vir->ctx, "qemu.conf", open.data, open.len, &doc), SPICECFG_OK);
	vir->free(read_agreed(vir, doc));
	print_message("%u keys\n", keys);
	assert_true(keys >= 80);

	/* Each of them is set in the stock file right after its comment, and removed again. */
	for (size_t i = 0; sc_qemuconf_at(doc, i); i++) {
		const struct sc_qemuconf_entry *entry = sc_qemuconf_at(doc, i);
		SC_QEMUCONF *stock = NULL;
		size_t len;

		if (!entry->key)
			continue;
		assert_int_equal(sc_qemuconf_parse(vir->ctx, "qemu.conf", in.data, in.len, &stock), SPICECFG_OK);
		assert_int_equal(sc_qemuconf_set(vir->ctx, stock, entry->key, &entry->value), SPICECFG_OK);
		const struct sc_qemuconf_entry *live = sc_qemuconf_get(stock, entry->key, NULL);
		assert_true(sc_qemuconf_same(&live->value, &entry->value));
		assert_null(sc_qemuconf_at(stock, (size_t)(live - sc_qemuconf_at(stock, 0)) - 1)->key);
		vir->free(read_agreed(vir, stock));
		assert_int_equal(sc_qemuconf_unset(vir->ctx, stock, entry->key), SPICECFG_OK);
		assert_string_equal(sc_qemuconf_bytes(stock, &len), in.data);
	}
}

static int start(void **state)
{
	struct libvirt *vir = calloc(1, sizeof(*vir));
	void *library = dlopen("libvirt.so.0", RTLD_NOW);

	if (!vir)
		return -1;
	vir->ctx = spicecfg_ctx_new();
	if (library) {
		*(void **)&vir->initialize = dlsym(library, "virInitialize");
		*(void **)&vir->read_string = dlsym(library, "virConfReadString");
		*(void **)&vir->free = dlsym(library, "virConfFree");
		*(void **)&vir->get_type = dlsym(library, "virConfGetValueType");
		*(void **)&vir->get_string = dlsym(library, "virConfGetValueString");
		*(void **)&vir->get_number = dlsym(library, "virConfGetValueLLong");
		*(void **)&vir->message = dlsym(library, "virGetLastErrorMessage");
	}
	if (!vir->ctx || !vir->initialize || !vir->read_string || !vir->free || !vir->get_type || !vir->get_string || !vir->get_number ||
	    !vir->message || vir->initialize() < 0) {
		spicecfg_ctx_free(vir->ctx);
		free(vir);
		vir = NULL;
	}
	*state = vir;
	return 0;
}

static int stop(void **state)
{
	struct libvirt *vir = *state;

	if (vir)
		spicecfg_ctx_free(vir->ctx);
	free(vir);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(variants_agree),
	    cmocka_unit_test(broken_agree),
	    cmocka_unit_test(package_file),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
