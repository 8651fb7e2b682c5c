/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The changes that are requested for a VM. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/vm.h"

/* spice-server's server/reds.cpp accepts 60 bytes, but copies only 59 of them. */
enum { PASSWORD_MAX = 59 };

enum spicecfg_status spicecfg_request_new(struct spicecfg_ctx *ctx, struct spicecfg_request **out)
{
	sc_ctx_enter(ctx);

	struct spicecfg_request *request = calloc(1, sizeof(*request));

	*out = NULL;
	if (!request || !(request->memory = sc_arena_new())) {
		free(request);
		return sc_fail_memory(ctx);
	}
	request->ctx = ctx;
	*out = request;
	return SPICECFG_OK;
}

void spicecfg_request_free(struct spicecfg_request *request)
{
	if (!request)
		return;
	sc_secret_free(&request->password);
	sc_table_free(&request->keys);
	sc_arena_free(request->memory);
	free(request);
}

void spicecfg_request_create_group(struct spicecfg_request *request)
{
	request->create_group = true;
}

bool sc_is_default(const char *value)
{
	return strcmp(value, "default") == 0;
}

const char *sc_asked(const struct spicecfg_request *request, const char *key)
{
	for (size_t i = 0; i < request->n_asked; i++)
		if (strcmp(request->asked[i].key, key) == 0)
			return request->asked[i].value;
	return NULL;
}

enum spicecfg_status spicecfg_request_password(struct spicecfg_request *request, const char *text, size_t len)
{
	sc_ctx_enter(request->ctx);
	if (!len)
		return sc_fail(request->ctx, SPICECFG_INPUT, "Use clear-password to remove a password.", "the password is empty");
	if (!sc_text_is_printable(text, len))
		return sc_fail(request->ctx, SPICECFG_INPUT, "Use printable characters.", "the password is not printable UTF-8 text");
	if (len > PASSWORD_MAX)
		return sc_fail(request->ctx, SPICECFG_INPUT,
			       "Use a shorter one: spice-server keeps at most 59 bytes, so nobody could log in with a longer one.",
			       "the password has %zu bytes; the maximum is 59", len);
	if (sc_secret_set(&request->password, text, len))
		return sc_fail_memory(request->ctx);
	request->has_password = true;
	request->clear_password = false;
	return SPICECFG_OK;
}

const char *spicecfg_request_generated(const struct spicecfg_request *request)
{
	return request->generated ? request->password.text : NULL;
}

void spicecfg_request_live(struct spicecfg_request *request)
{
	request->live = true;
}

enum spicecfg_status spicecfg_request_allow(struct spicecfg_request *request, const char *who)
{
	sc_ctx_enter(request->ctx);
	if (request->n_allow == SC_ALLOW_MAX)
		return sc_fail(request->ctx, SPICECFG_USAGE, "Grant access to the others with '`spicecfg acl grant`'.",
			       "more than %d accounts are given at once", SC_ALLOW_MAX);
	request->allow[request->n_allow] = sc_arena_strdup(request->memory, who);
	return request->allow[request->n_allow++] ? SPICECFG_OK : sc_fail_memory(request->ctx);
}
