/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The users of a policy. */
#include <spicecfg/sasl.h>
#include <string.h>

#include "plan/vm.h"
#include "system/run/policy.h"

/* A database that can't be read as it is has no users that could be kept: what is wrong with it is said when it is planned. */
static enum spicecfg_status exists(struct sc_policy_run *run, struct spicecfg_vm *vm, const struct spicecfg_user_request *request,
				   bool *found)
{
	struct spicecfg_users *users;
	const struct spicecfg_user *user;

	*found = false;
	if (spicecfg_user_list(run->plan->ctx, vm, &users))
		sc_let_go(run->plan->ctx);
	for (size_t i = 0; users && (user = spicecfg_users_get(users, i)); i++)
		*found |= strcmp(user->name, request->user) == 0 && (!request->realm || strcmp(user->realm, request->realm) == 0);
	spicecfg_users_free(users);
	return sc_settle(run->plan->ctx);
}

static enum spicecfg_status add(struct sc_policy_run *run, const struct sc_policy_section *section, struct spicecfg_vm *vm,
				const struct spicecfg_user_request *request)
{
	enum spicecfg_status status = spicecfg_plan_user(run->plan, vm, request);

	return status ? sc_fail_place(run->plan->ctx, status, sc_policy_at(&run->policy->text, section)) : SPICECFG_OK;
}

/* One that exists is known to somebody already. */
static enum spicecfg_status generate(struct sc_policy_run *run, const struct sc_policy_section *section, struct spicecfg_vm *vm,
				     struct spicecfg_user_request *request)
{
	bool found;
	struct spicecfg_request *made = NULL;
	enum spicecfg_status status = exists(run, vm, request, &found);

	if (status || found)
		return status;
	status = spicecfg_request_new(run->plan->ctx, &made);
	if (!status)
		status = spicecfg_request_generate(made);
	if (!status) {
		request->password = made->password.text;
		request->password_len = made->password.len;
		status = add(run, section, vm, request);
	}
	if (!status)
		status = sc_policy_show_once(run, section, vm, sc_policy_text(section, "user"), made->password.text);
	spicecfg_request_free(made);
	return status;
}

static enum spicecfg_status plan_user(struct sc_policy_run *run, const struct sc_policy_section *section)
{
	const struct sc_ini_entry *password = sc_policy_entry(section, "password"), *on = sc_policy_entry(section, "vm");
	const char *name = sc_policy_text(section, "user"), *at = strchr(name, '@');
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_user_request request = {
	    .size = sizeof(request),
	    .what = SPICECFG_USER_ADD,
	    .user = sc_arena_strndup(run->memory, name, at ? (size_t)(at - name) : strlen(name)),
	    .realm = at ? at + 1 : NULL,
	};
	SC_SECRET secret = SC_SECRET_INIT;
	const char *target = on ? sc_arena_printf(run->memory, "domain:%s", on->value) : NULL;

	if (!request.user || (on && !target))
		return sc_fail_memory(run->plan->ctx);
	enum spicecfg_status status = on ? sc_policy_open_vm(run, target, &vm) : SPICECFG_OK;
	if (status)
		return sc_fail_place(run->plan->ctx, status, sc_policy_at_value(&run->policy->text, on));
	if (strcmp(password->value, "generate") == 0)
		return generate(run, section, vm, &request);
	status = sc_policy_secret(run, password, &secret);
	if (status)
		return status;
	request.password = secret.text;
	request.password_len = secret.len;
	return add(run, section, vm, &request);
}

enum spicecfg_status sc_policy_plan_users(struct sc_policy_run *run)
{
	const struct sc_policy *policy = &run->policy->text;
	enum spicecfg_status status = SPICECFG_OK;

	for (size_t i = 0; i < policy->n_sections && !status; i++)
		if (policy->sections[i].kind == SC_POLICY_USER)
			status = plan_user(run, &policy->sections[i]);
	return status;
}
