/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/doc/qemuconf.c lib/doc/qemuconf_edit.c
 * The qemu.conf document: any bytes are parsed, set, unset and masked. If libvirt is installed, its own parser must agree on every input:
 * whether it is valid, and the value of each key, before and after the edits.
 */
#include <dlfcn.h>

#include "doc/qemuconf.h"
#include "fuzz.h"

struct libvirt {
	bool tried;
	void *(*read_string)(const char *text, unsigned flags);
	int (*free)(void *conf);
	int (*get_type)(void *conf, const char *key);
	int (*get_string)(void *conf, const char *key, char **value);
};

static const struct libvirt *libvirt(void)
{
	static struct libvirt vir;

	if (!vir.tried) {
		void *library = dlopen("libvirt.so.0", RTLD_NOW);
		int (*initialize)(void) = NULL;

		vir.tried = true;
		if (library) {
			*(void **)&initialize = dlsym(library, "virInitialize");
			*(void **)&vir.free = dlsym(library, "virConfFree");
			*(void **)&vir.get_type = dlsym(library, "virConfGetValueType");
			*(void **)&vir.get_string = dlsym(library, "virConfGetValueString");
			*(void **)&vir.read_string = dlsym(library, "virConfReadString");
		}
		if (!initialize || initialize() < 0 || !vir.free || !vir.get_type || !vir.get_string)
			vir.read_string = NULL;
	}
	return vir.read_string ? &vir : NULL;
}

/* The readers of one kind of value give the default for the others. */
static void read_back(const struct sc_qemuconf *doc, const char *key, const struct sc_qemuconf_value *value)
{
	const char *text = sc_qemuconf_text(doc, key, NULL);
	int64_t number = sc_qemuconf_number(doc, key, 7);

	must(value->kind == SC_QEMUCONF_STRING ? strcmp(text, value->text) == 0 : !text, "a string reads as one");
	must(number == (value->kind == SC_QEMUCONF_INT ? value->number : 7), "a number reads as one");
	must(sc_qemuconf_switch(doc, key, false) == (value->kind == SC_QEMUCONF_INT && value->number == 1), "only 1 is on");
}

static void compare(const struct sc_qemuconf *doc)
{
	const struct libvirt *vir = libvirt();
	const struct sc_qemuconf_entry *entry;
	size_t len;

	if (!vir)
		return;
	void *conf = vir->read_string(sc_qemuconf_bytes(doc, &len), 0);
	must(conf != NULL, "libvirt accepts what we accept");
	for (size_t i = 0; (entry = sc_qemuconf_at(doc, i)) && i < 200; i++) {
		if (!entry->key)
			continue;
		const struct sc_qemuconf_value *value = &sc_qemuconf_get(doc, entry->key, NULL)->value;
		read_back(doc, entry->key, value);
		int type = vir->get_type(conf, entry->key);
		char *text = NULL;

		if (value->kind == SC_QEMUCONF_STRING) {
			must(vir->get_string(conf, entry->key, &text) == 1 && strcmp(text, value->text) == 0, "the same string");
			free(text);
		} else {
			must(type == (value->kind == SC_QEMUCONF_LIST ? 4 : value->negative ? 1 : 2), "the same type");
		}
	}
	vir->free(conf);
}

static bool secret(const char *key)
{
	return strcmp(key, "spice_password") == 0;
}

static void edit(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc)
{
	static const struct sc_qemuconf_value number = {.kind = SC_QEMUCONF_INT, .number = 7};
	static const struct sc_qemuconf_value text = {.kind = SC_QEMUCONF_STRING, .text = "it's \"it\" here"};
	const char *keys[] = {"spice_tls", "a", "spice_password"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct sc_qemuconf_value *value = i == 1 ? &text : &number;
		SC_BUF masked = SC_BUF_INIT;

		must(sc_qemuconf_set(ctx, doc, keys[i], value) == SPICECFG_OK, "set gives a valid file");
		must(sc_qemuconf_same(&sc_qemuconf_get(doc, keys[i], NULL)->value, value), "set sets");
		compare(doc);
		sc_qemuconf_mask(doc, secret, &masked);
		must(sc_qemuconf_unset(ctx, doc, keys[i]) == SPICECFG_OK, "unset gives a valid file");
		must(!sc_qemuconf_get(doc, keys[i], NULL), "unset unsets");
		compare(doc);
	}
}

/* More brackets than spicecfg's own limit, which libvirt does not have, for lists in lists. */
static bool may_be_deep(const uint8_t *data, size_t size)
{
	size_t brackets = 0;

	for (size_t i = 0; i < size; i++)
		brackets += data[i] == '[';
	return brackets > SC_QEMUCONF_DEPTH_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct sc_qemuconf *doc = NULL;
	const struct libvirt *vir = libvirt();
	size_t len;

	if (!ctx)
		return 0;
	if (sc_qemuconf_parse(ctx, "fuzz", (const char *)data, size, &doc) == SPICECFG_OK) {
		must(memcmp(sc_qemuconf_bytes(doc, &len), data, size) == 0 && len == size, "no edit, no change");
		must(!sc_qemuconf_changed(doc), "no edit, nothing changed");
		compare(doc);
		edit(ctx, doc);
	} else if (vir && !memchr(data, '\0', size) && !may_be_deep(data, size)) {
		SC_BUF text = SC_BUF_INIT;

		sc_buf_add(&text, data, size);
		void *conf = vir->read_string(sc_buf_text(&text), 0);
		must(conf == NULL, "libvirt refuses what we refuse");
	}
	sc_qemuconf_free(doc);
	spicecfg_ctx_free(ctx);
	return 0;
}
