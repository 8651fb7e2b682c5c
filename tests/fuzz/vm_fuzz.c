/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/plan/vm.c lib/plan/listen.c lib/plan/mode.c
 * The setters on a definition. The first byte chooses one; the rest is the XML. Promises: the result is well-formed and a second run
 * changes nothing; the password that is set is in the result, but never in the changes or the masked text; a refusal gives a reason.
 */
#include "doc/mask.h"
#include "fuzz.h"
#include "plan/vm.h"

struct verb {
	const char *pairs[8]; /* key, value, … */
	bool password, clear;
};

static const struct verb verbs[] = {
    {{"heads", "4", "resolution", "1920x1080"}, false, false},
    {{"heads", "2", "model", "virtio"}, false, false},
    {{"heads", "2", "model", "qxl", "guest", "windows"}, false, false},
    {{"heads", "default"}, false, false},
    {{"listen", "address 127.0.0.1", "port", "auto"}, false, false},
    {{"listen", "address 0.0.0.0", "tls-port", "20002", "mode", "secure"}, false, false},
    {{"listen", "socket /var/spicex/vm/spice.socket"}, false, false},
    {{"listen", "network default", "tls-port", "none"}, false, false},
    {{"listen", "none"}, false, false},
    {{"listen", "default"}, false, false},
    {{"mode", "any", "channel.main", "secure", "channel.playback", "insecure"}, false, false},
    {{"mode", "default", "channel.main", "default"}, false, false},
    {{"compression", "off", "jpeg", "auto", "zlib", "never", "playback", "on"}, false, false},
    {{"compression", "default", "jpeg", "default", "zlib", "default", "playback", "default"}, false, false},
    {{"keymap", "de", "clipboard", "off", "filetransfer", "off", "mouse", "client"}, false, false},
    {{"gl", "on", "agent", "on"}, false, false},
    {{"gl", "off", "agent", "off", "keymap", "default", "clipboard", "default"}, false, false},
    {{"valid-until", "2030-01-01T00:00:00Z"}, true, false},
    {{NULL}, false, true},
};
enum { VERBS = sizeof(verbs) / sizeof(*verbs), NOW = 1800000000 };

static enum spicecfg_status edit(struct spicecfg_ctx *ctx, struct spicecfg_plan *plan, const struct verb *verb, const char *bytes,
				 size_t len, const char **out, size_t *out_len)
{
	struct spicecfg_request *request = NULL;

	must(!spicecfg_request_new(ctx, &request), "a request");
	for (size_t i = 0; i < 8 && verb->pairs[i]; i += 2)
		must(!spicecfg_request_set(request, verb->pairs[i], verb->pairs[i + 1]), "settings that are known");
	if (verb->password)
		must(!spicecfg_request_password(request, FUZZ_SECRET, strlen(FUZZ_SECRET)), "a password");
	if (verb->clear)
		must(!spicecfg_request_clear_password(request), "no password");
	enum spicecfg_status status = sc_plan_edit_vm(plan, "fuzz", bytes, len, request, NOW, SPICECFG_EFFECT_NEXT_START, out, out_len);
	spicecfg_request_free(request);
	return status;
}

/* The password is in the document, and nowhere else. */
static void check_secret(const struct verb *verb, struct spicecfg_plan *plan, const char *bytes, size_t len)
{
	const struct spicecfg_change *change;
	SC_BUF masked = SC_BUF_INIT;

	sc_mask_xml(bytes, len, &masked);
	for (size_t i = 0; (change = spicecfg_plan_change(plan, i)); i++)
		must((!change->from || !strstr(change->from, "Xq7")) && (!change->to || !strstr(change->to, "Xq7")),
		     "a change names no password");
	must(!contains(masked.data, masked.len, "Xq7"), "no password is left");
	must(!verb->password || contains(bytes, len, FUZZ_SECRET), "the password is set");
}

/* What `show` reports for each setting. given: the text contains the password already, where it may mean anything. */
static void show(struct spicecfg_ctx *ctx, struct sc_xml *doc, bool given)
{
	SC_DOMAIN *domain = NULL;

	enum spicecfg_status status = sc_domain_read(ctx, doc, &domain);
	if (status) {
		must_say_why(ctx, status, SPICECFG_INPUT);
		return;
	}
	for (const struct sc_family *const *family = sc_families; *family; family++) {
		for (const struct sc_setting *setting = (*family)->settings; setting->key; setting++) {
			const char *origin = "default", *value = setting->show ? setting->show(setting, domain, &origin) : NULL;

			must(!value || given || !strstr(value, FUZZ_SECRET), "no password is shown");
			must(*origin, "a setting has an origin");
		}
	}
}

static void run(struct spicecfg_ctx *ctx, const struct verb *verb, const char *bytes, size_t len)
{
	struct spicecfg_plan *plan = NULL, *again = NULL;
	const char *once = NULL, *twice = NULL;
	size_t once_len = 0, twice_len = 0;
	struct sc_xml *doc = NULL;

	must(!sc_plan_new(ctx, &plan) && !sc_plan_new(ctx, &again), "plans");
	enum spicecfg_status status = edit(ctx, plan, verb, bytes, len, &once, &once_len);
	if (status) {
		must(status == SPICECFG_USAGE || status == SPICECFG_INPUT || status == SPICECFG_FINDINGS, "the expected kind of refusal");
		must_say_why(ctx, status, status);
	} else {
		must(!sc_xml_parse(ctx, "result", once, once_len, &doc), "the result is well-formed");
		bool given = contains(bytes, len, "Xq7");

		show(ctx, doc, given);
		if (!given)
			check_secret(verb, plan, once, once_len);
		must(!edit(ctx, again, verb, once, once_len, &twice, &twice_len), "a second run succeeds");
		must(twice_len == once_len && equal(once, twice, once_len), "a second run changes nothing");
	}
	sc_xml_free(doc);
	spicecfg_plan_free(plan);
	spicecfg_plan_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();

	if (size)
		run(ctx, &verbs[data[0] % VERBS], (const char *)data + 1, size - 1);
	spicecfg_ctx_free(ctx);
	return 0;
}
