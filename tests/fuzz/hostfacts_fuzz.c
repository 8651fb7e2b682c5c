/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/system/facts/hostfacts.c lib/system/facts/hostfacts_fields.c lib/system/facts/hostfacts_sasl.c
 * Covers: lib/system/facts/hostfacts_ways.c lib/system/facts/hostfacts_write.c
 * Facts about a host. Promises: what is read can be written and read again with the same result; a password of qemu.conf is never written.
 */
#include <jansson.h>

#include "fuzz.h"
#include "system/facts/hostfacts.h"

static void write_again(struct spicecfg_ctx *ctx, const struct sc_host *host, bool secret)
{
	SC_BUF once = SC_BUF_INIT, twice = SC_BUF_INIT;
	struct sc_host *again = NULL;

	must(!sc_hostfacts_write(ctx, host, &once), "facts are written");
	must(!secret || !contains(once.data, once.len, FUZZ_SECRET), "no password is written");
	must(!sc_hostfacts_read(ctx, "again", once.data, once.len, &again), "what is written is read");
	must(!sc_hostfacts_write(ctx, again, &twice) && same_bytes(&twice, once.data, once.len), "and is the same");
	sc_host_free(again);
}

/* The same facts with a password in qemu.conf. */
static void with_password(struct spicecfg_ctx *ctx, const char *bytes, size_t len)
{
	json_t *root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL), *conf = json_object_get(root, "qemu_conf");
	struct sc_host *host = NULL;

	if (!conf) {
		conf = json_object();
		json_object_set_new(root, "qemu_conf", conf);
	}
	json_object_set_new(conf, "spice_password", json_string(FUZZ_SECRET));
	char *text = json_dumps(root, 0);
	must(text && !sc_hostfacts_read(ctx, "password", text, strlen(text), &host), "a setting more is read");
	write_again(ctx, host, !contains(bytes, len, "Xq7"));
	sc_host_free(host);
	json_decref(root);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct sc_host *host = NULL;
	enum spicecfg_status status = sc_hostfacts_read(ctx, "fuzz", (const char *)data, size, &host);

	if (status) {
		must_say_why(ctx, status, SPICECFG_INPUT);
		must(!host, "a refusal gives nothing");
	} else {
		write_again(ctx, host, false);
		with_password(ctx, (const char *)data, size);
	}
	sc_host_free(host);
	spicecfg_ctx_free(ctx);
	return 0;
}
