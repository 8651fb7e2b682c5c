/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Users of a sasldb: lists, adds, changes and removes them. The module builds the new database and the commit writes it. */
#include <string.h>

#include "base/text.h"
#include "system/login/sasl_plan.h"

/* The scope of `user`: its database must be in use. */
static enum spicecfg_status need_database(const struct sc_sasl_site *site)
{
	struct spicecfg_ctx *ctx = site->ctx;

	if (site->vm.target && !site->vm.env)
		return sc_fail(ctx, SPICECFG_INPUT, "Create them: `spicecfg sasl set --vm TARGET`; or omit --vm.",
			       "'%s' has no SASL settings of its own: it uses the host's", site->vm.target);
	if (!site->scope.conf.exists)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){site->scope.conf.path, 0, 0},
				  site->vm.target ? "Create it: `spicecfg sasl set --vm TARGET`" : "Create it: `spicecfg sasl set`",
				  "the SASL file is missing");
	if (!site->db.path)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){site->scope.conf.path, 0, 0},
				  "Choose with pam install whom PAM admits, or use sasl set --backend sasldb.",
				  "the backend is saslauthd, which has no list of users here");
	if (site->vm.target && !site->db.named)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){site->scope.conf.path, 0, 0},
				  "Set one: `spicecfg sasl set --vm TARGET`", "the VM's SASL file names no sasldb_path");
	return SPICECFG_OK;
}

static enum spicecfg_status list_users(const struct sc_sasl_site *site, struct sc_sasl_user **users, size_t *n_users)
{
	SC_SASLDB db = {0};
	enum spicecfg_status status = sc_site_sasldb(site, &db);
	const struct sc_module_sasl *sasl = status ? NULL : sc_sasl(site->ctx);

	*n_users = 0;
	return sasl ? sasl->list(site->ctx, &db, site->memory, users, n_users) : status ? status : SPICECFG_SYSTEM;
}

static enum spicecfg_status check_request(struct spicecfg_ctx *ctx, const struct spicecfg_user_request *request)
{
	if (!sc_sasl_name_is_sound(request->user) || strchr(request->user, '@'))
		return sc_fail(ctx, SPICECFG_USAGE, "Give USER or USER@REALM.", "'%s' is not a valid name of a SASL user", request->user);
	if (request->realm && (!sc_sasl_name_is_sound(request->realm) || strchr(request->realm, '@')))
		return sc_fail(ctx, SPICECFG_USAGE, "Give USER or USER@REALM.", "'%s' is not a valid realm", request->realm);
	if (request->what == SPICECFG_USER_REMOVE)
		return SPICECFG_OK;
	/* an existing name can always be removed; a new one must be writable for clients (RFC 4013) and reports */
	if (request->what == SPICECFG_USER_ADD && !(sc_text_is_printable(request->user, strlen(request->user)) &&
						    (!request->realm || sc_text_is_printable(request->realm, strlen(request->realm)))))
		return sc_fail(ctx, SPICECFG_USAGE, "Write it in UTF-8.", "the name of the user is not UTF-8 text");
	if (!request->password_len || memchr(request->password, '\0', request->password_len) || request->password_len > 1000)
		return sc_fail(ctx, SPICECFG_USAGE, "Use 1 to 1000 bytes without a NUL byte.", "the password is not valid");
	return SPICECFG_OK;
}

/* The realms that the request refers to, in memory; *n 0: the user has none. */
static enum spicecfg_status find_realms(const struct sc_sasl_site *site, const struct spicecfg_user_request *request,
					const struct sc_sasl_user *users, size_t n_users, struct sc_sasl_edit **edits, size_t *n)
{
	const char *const *names = site->host.realms;
	size_t count = 0;

	while (names[count])
		count++;
	*n = 0;
	*edits = sc_arena_alloc(site->memory, (n_users + count + 1) * sizeof(**edits));
	if (!*edits)
		return sc_fail_memory(site->ctx);
	const struct sc_sasl_edit one = {
	    .what = request->what == SPICECFG_USER_REMOVE ? SC_SASL_REMOVE : SC_SASL_SET,
	    .user = request->user,
	    .realm = request->realm,
	    .password = request->password,
	    .password_len = request->password_len,
	};
	bool all = !request->realm && request->what != SPICECFG_USER_ADD;
	for (size_t i = 0; i < n_users; i++) {
		bool meant =
		    strcmp(users[i].user, request->user) == 0 && (all || (request->realm && strcmp(users[i].realm, request->realm) == 0));

		if (!meant)
			continue;
		(*edits)[*n] = one;
		(*edits)[(*n)++].realm = users[i].realm;
	}
	if (request->what != SPICECFG_USER_ADD || *n)
		return SPICECFG_OK;
	for (size_t i = 0; request->realm ? i < 1 : i < count; i++) {
		(*edits)[*n] = one;
		(*edits)[(*n)++].realm = request->realm ? request->realm : names[i];
	}
	return SPICECFG_OK;
}

static bool has_user(const struct sc_sasl_user *users, size_t n_users, const struct sc_sasl_edit *edit)
{
	for (size_t i = 0; i < n_users; i++)
		if (strcmp(users[i].user, edit->user) == 0 && strcmp(users[i].realm, edit->realm) == 0)
			return true;
	return false;
}

static enum spicecfg_status add_changes(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const struct sc_sasl_user *users,
					size_t n_users, const struct sc_sasl_edit *edits, size_t n)
{
	enum spicecfg_status status = SPICECFG_OK;

	for (size_t i = 0; !status && i < n; i++) {
		const struct sc_sasl_edit *edit = &edits[i];
		const char *path = sc_arena_printf(plan->memory, "%s@%s", edit->user, edit->realm);

		if (!path)
			return sc_fail_memory(plan->ctx);
		const struct spicecfg_change change = {site->db.path, path, has_user(users, n_users, edit) ? "***" : NULL,
						       edit->what == SC_SASL_SET ? "***" : NULL, SPICECFG_EFFECT_NOW};
		status = sc_plan_change(plan, &change);
	}
	return status;
}

static enum spicecfg_status fill_user(struct spicecfg_plan *plan, struct sc_sasl_site *site, const struct spicecfg_user_request *request)
{
	SC_SASLDB old = {0};
	SC_SASLDB made = {0};
	struct sc_sasl_user *users = NULL;
	struct sc_sasl_edit *edits = NULL;
	size_t n_users = 0, n = 0;
	bool changed = false;
	enum spicecfg_status status = check_request(plan->ctx, request);

	if (!status)
		status = need_database(site);
	if (!status)
		status = sc_plan_watch(plan, site->db.path, false);
	if (!status)
		status = list_users(site, &users, &n_users);
	if (!status)
		status = find_realms(site, request, users, n_users, &edits, &n);
	if (status)
		return status;
	if (!n && request->what == SPICECFG_USER_PASSWD)
		return sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){site->db.path, 0, 0}, "Add it: `spicecfg user add`",
				  "there is no user %s%s%s", request->user, request->realm ? "@" : "",
				  request->realm ? request->realm : "");
	if (!n && request->what == SPICECFG_USER_ADD)
		return sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){"/etc/hostname", 0, 0},
				  "Write the host's name into it, or name the realm: `spicecfg user add USER@REALM`",
				  "the host has no name, which is the realm of its users");
	if (!n)
		return sc_plan_note(plan, "there is no user %s%s%s", request->user, request->realm ? "@" : "",
				    request->realm ? request->realm : "");
	status = sc_site_sasldb(site, &old);
	const struct sc_module_sasl *sasl = status ? NULL : sc_sasl(plan->ctx);
	if (!status)
		status = sasl ? sasl->edit(plan->ctx, &old, edits, n, &made, &changed) : SPICECFG_SYSTEM;
	if (!status && changed)
		status = add_changes(plan, site, users, n_users, edits, n);
	/* The users are already named: the file needs no line of its own. */
	if (!status)
		status = sc_sasl_plan_db(plan, site, changed ? &made : NULL, false);
	if (!status && changed && request->what == SPICECFG_USER_REMOVE && n == n_users)
		status = sc_plan_note(plan, "that was the last user: the empty database stays, and admits nobody");
	if (!status && changed && request->what == SPICECFG_USER_REMOVE)
		status = sc_plan_note(plan, "an open session stays open");
	return status;
}

enum spicecfg_status spicecfg_plan_user(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct spicecfg_user_request *request)
{
	struct spicecfg_user_request own;
	struct sc_sasl_site site;
	enum spicecfg_status status = sc_sasl_begin_claimed(plan, vm, &site);

	if (status)
		return status;
	status = sc_ctx_take(plan->ctx, &own, sizeof(own), request);
	return sc_plan_leave(plan, status ? status : fill_user(plan, &site, &own));
}

enum spicecfg_status sc_user_list(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, sc_user_fn fn, void *opaque)
{
	struct sc_arena *memory = sc_arena_new();
	struct sc_sasl_site site;
	struct sc_sasl_user *users = NULL;
	size_t n_users = 0;
	enum spicecfg_status status = memory ? sc_site_read(ctx, vm, true, memory, &site) : sc_fail_memory(ctx);

	if (!status)
		status = need_database(&site);
	if (!status)
		status = list_users(&site, &users, &n_users);
	for (size_t i = 0; !status && i < n_users; i++)
		fn(opaque, users[i].user, users[i].realm);
	sc_arena_free(memory);
	return status;
}
