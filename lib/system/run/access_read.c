/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who can open a VM's console: gathers the facts and asks the lookup (lib/access). */
#include <spicecfg/access.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "base/rows.h"
#include "base/time.h"
#include "model/sasl.h"
#include "system/os/clock.h"
#include "system/run/access_side.h"

struct spicecfg_access {
	struct sc_rows rows, facts;
	enum spicecfg_access_verdict verdict;
	int64_t at;
};

/* What is asked, and where the answer goes. */
struct ask {
	const struct spicecfg_access_request *request;
	const struct sc_host *host;
	const struct sc_access_tree *tree;
	struct sc_access_question question;
	struct spicecfg_access *access;
	struct sc_arena *memory;
	size_t n_facts; /* of the present question that are kept */
	enum sc_access verdict;
};

static void keep_fact(void *opaque, const struct sc_access_fact *fact)
{
	struct ask *ask = opaque;
	struct sc_rows *rows = &ask->access->facts;

	/* a list only says what decided: what lets the subject in, or else what is unknown */
	if (!ask->request->explain && (fact->answer != ask->verdict || (!fact->file && fact->answer == SC_ACCESS_ALLOW)))
		return;
	const bool named = fact->value && (!fact->file || strcmp(fact->value, fact->file) != 0);
	const char *text = named ? sc_arena_printf(ask->memory, "%s%s%s", fact->what, sc_access_join(fact), fact->value) : fact->what;
	struct spicecfg_access_fact *own = sc_rows_add(rows, sizeof(*own));
	rows->failed |= !text;
	if (own)
		*own = (struct spicecfg_access_fact){sc_rows_text(rows, text), sc_rows_text(rows, fact->file), fact->line,
						     (enum spicecfg_access_verdict)fact->answer};
	ask->n_facts++;
}

/* A name without a realm is completed with the one that QEMU uses. */
static const char *typed(const struct ask *ask)
{
	const struct sc_subject *subject = &ask->question.subject;

	if (ask->question.way.via == SC_VIA_PAM)
		return subject->who == SC_WHO_USER ? subject->name : NULL;
	if (ask->question.way.via != SC_VIA_SASLDB || subject->who != SC_WHO_LOGIN)
		return NULL;
	if (ask->host->sasl.realm && strcmp(ask->host->sasl.realm, subject->realm) == 0)
		return subject->name;
	return sc_arena_printf(ask->memory, "%s@%s", subject->name, subject->realm);
}

static void add_row(struct ask *ask)
{
	struct sc_rows *rows = &ask->access->rows;
	const size_t first = ask->access->facts.count;

	ask->verdict = sc_access_lookup(ask->tree, &ask->question, NULL, NULL);
	if (ask->verdict == SC_ACCESS_DENY && !ask->request->explain)
		return;
	ask->n_facts = 0;
	(void)sc_access_lookup(ask->tree, &ask->question, keep_fact, ask);
	const char *subject = sc_subject_name(&ask->question.subject, ask->memory);
	const bool open = ask->question.subject.who == SC_WHO_ANYBODY && ask->question.way.via == SC_VIA_ACL;
	struct spicecfg_access_row *own = sc_rows_add(rows, sizeof(*own));
	rows->failed |= !subject;
	if (own)
		*own = (struct spicecfg_access_row){.subject = sc_rows_text(rows, subject),
						    .reach = sc_reach_name(ask->question.way.reach),
						    .via = sc_via_name(open ? SC_VIA_NONE : ask->question.way.via),
						    .login = sc_rows_text(rows, typed(ask)),
						    .verdict = (enum spicecfg_access_verdict)ask->verdict,
						    .first_fact = first,
						    .n_facts = ask->n_facts};
	if (own && own->verdict > ask->access->verdict)
		ask->access->verdict = own->verdict;
}

/* Whether the way is one for subjects of that kind; the others have no row in a list. */
static bool concerns(const struct sc_subject *subject, struct sc_way way)
{
	switch (way.via) {
	case SC_VIA_NONE:
	case SC_VIA_KEY:
	case SC_VIA_LIBVIRT:
		return subject->who == SC_WHO_ANYBODY;
	case SC_VIA_TICKET:
		return way.reach == SC_REACH_SOCKET ? subject->who == SC_WHO_USER || subject->who == SC_WHO_GROUP
						    : subject->who == SC_WHO_HOLDER;
	case SC_VIA_SASLDB:
		return subject->who == SC_WHO_LOGIN;
	case SC_VIA_PAM:
		return subject->who == SC_WHO_USER || subject->who == SC_WHO_GROUP;
	case SC_VIA_ACL:
		return subject->who != SC_WHO_LOGIN && subject->who != SC_WHO_HOLDER;
	}
	return false;
}

static void ask_everybody(struct ask *ask)
{
	const struct sc_access_vm *vm = ask->question.vm;

	for (size_t i = 0; sc_access_way_at(vm, i, &ask->question.way); i++) {
		ask->question.subject = (struct sc_subject){SC_WHO_ANYBODY, NULL, NULL};
		for (size_t j = 0;; j++) {
			if (concerns(&ask->question.subject, ask->question.way))
				add_row(ask);
			if (!sc_access_subject_at(vm, j, &ask->question.subject))
				break;
		}
	}
}

/* Whether a single subject could come that way: what is open to anybody is open to each. */
static bool can_come(const struct sc_subject *subject, struct sc_way way)
{
	const bool account = subject->who == SC_WHO_USER || subject->who == SC_WHO_GROUP;

	return way.via == SC_VIA_NONE || ((way.via == SC_VIA_KEY || way.via == SC_VIA_LIBVIRT) && account) || concerns(subject, way);
}

static void ask_subject(struct ask *ask, struct sc_subject subject)
{
	ask->question.subject = subject;
	for (size_t i = 0; sc_access_way_at(ask->question.vm, i, &ask->question.way); i++)
		if (can_come(&subject, ask->question.way))
			add_row(ask);
}

/* A bare name is an account, and each login of that name. */
static void ask_name(struct ask *ask, const char *name)
{
	const char *at = strrchr(name, '@');
	struct sc_subject subject;
	size_t len = at ? (size_t)(at - name) : strlen(name);

	bool listed = false;

	if (!at)
		ask_subject(ask, (struct sc_subject){SC_WHO_USER, name, NULL});
	for (size_t i = 0; sc_access_subject_at(ask->question.vm, i, &subject); i++)
		if (subject.who == SC_WHO_LOGIN && strlen(subject.name) == len && memcmp(subject.name, name, len) == 0 &&
		    (!at || strcmp(at + 1, subject.realm) == 0)) {
			ask_subject(ask, subject);
			listed = true;
		}
	/* the database may not have been readable */
	const char *login = sc_arena_strndup(ask->memory, name, len), *realm = at ? at + 1 : ask->host->sasl.realm;
	if (!listed && login && realm)
		ask_subject(ask, (struct sc_subject){SC_WHO_LOGIN, login, realm});
	ask->access->rows.failed |= !login;
}

static enum spicecfg_status ask_user(struct spicecfg_ctx *ctx, struct ask *ask, const char *user)
{
	const char *name = strchr(user, ':'), *at = strrchr(user, '@');

	if (strcmp(user, "anybody") == 0 || strcmp(user, "holder") == 0) {
		ask_subject(ask, (struct sc_subject){*user == 'a' ? SC_WHO_ANYBODY : SC_WHO_HOLDER, NULL, NULL});
	} else if (!name && *user) {
		ask_name(ask, user);
	} else if (name && name[1] && (strncmp(user, "user:", 5) == 0 || strncmp(user, "group:", 6) == 0)) {
		ask_subject(ask, (struct sc_subject){*user == 'u' ? SC_WHO_USER : SC_WHO_GROUP, name + 1, NULL});
	} else if (name && at > name + 1 && at[1] && strncmp(user, "login:", 6) == 0) {
		const char *login = sc_arena_strndup(ask->memory, name + 1, (size_t)(at - name) - 1);

		if (!login)
			return sc_fail_memory(ctx);
		ask_subject(ask, (struct sc_subject){SC_WHO_LOGIN, login, at + 1});
	} else {
		return sc_fail(ctx, SPICECFG_USAGE, "Write NAME, user:NAME, group:NAME, login:NAME@REALM, anybody or holder.",
			       "'%s' is not the name of a subject", user);
	}
	return SPICECFG_OK;
}

static enum spicecfg_status ask_all(struct spicecfg_ctx *ctx, const struct sc_access_side *side, struct ask *ask)
{
	ask->host = side->host;
	ask->tree = side->tree;
	ask->memory = side->host->memory;
	ask->question = (struct sc_access_question){.vm = sc_access_vm_at(side->tree, 0), .instant = ask->access->at};
	if (ask->request->user)
		return ask_user(ctx, ask, ask->request->user);
	ask_everybody(ask);
	return SPICECFG_OK;
}

static enum spicecfg_status read_access(struct spicecfg_vm *vm, const struct spicecfg_access_request *given, struct spicecfg_access *access)
{
	struct spicecfg_ctx *ctx = vm->ctx;
	struct spicecfg_access_request request = {.size = sizeof(request)};
	struct ask ask = {.request = &request, .access = access};
	SC_ACCESS_SIDE side = {.doc = NULL};
	enum spicecfg_status status = sc_ctx_take(ctx, &request, sizeof(request), given);

	if (status)
		return status;
	if (request.explain && !request.user)
		return sc_fail(ctx, SPICECFG_USAGE, NULL, "a user is needed for an explanation");
	access->at = sc_clock_now(ctx);
	if (request.at && !sc_time_parse(request.at, &access->at))
		return sc_fail(ctx, SPICECFG_USAGE, "Write it as 2026-11-21T10:30:00+01:00.", "'%s' is not a TIME", request.at);
	status = sc_access_side_read(vm, &side);
	if (!status)
		status = ask_all(ctx, &side, &ask);
	return !status && (access->rows.failed || access->facts.failed) ? sc_fail_memory(ctx) : status;
}

enum spicecfg_status spicecfg_access_read(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const struct spicecfg_access_request *request,
					  struct spicecfg_access **out)
{
	sc_ctx_enter(ctx);
	struct spicecfg_access *access = calloc(1, sizeof(*access));
	enum spicecfg_status status = access ? read_access(vm, request, access) : sc_fail_memory(ctx);

	*out = status ? NULL : access;
	if (status)
		spicecfg_access_free(access);
	return status;
}

enum spicecfg_access_verdict spicecfg_access_verdict(const struct spicecfg_access *access)
{
	return access->verdict;
}

int64_t spicecfg_access_at(const struct spicecfg_access *access)
{
	return access->at;
}

const struct spicecfg_access_row *spicecfg_access_row(const struct spicecfg_access *access, size_t index)
{
	return sc_rows_get(&access->rows, index, sizeof(struct spicecfg_access_row));
}

const struct spicecfg_access_fact *spicecfg_access_fact(const struct spicecfg_access *access, size_t index)
{
	return sc_rows_get(&access->facts, index, sizeof(struct spicecfg_access_fact));
}

void spicecfg_access_free(struct spicecfg_access *access)
{
	if (!access)
		return;
	sc_rows_free(&access->rows);
	sc_rows_free(&access->facts);
	free(access);
}
