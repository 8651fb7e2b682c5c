/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans a policy: the host before the VMs, which depend on it, and users where their databases are planned. */
#include "system/run/policy.h"

enum spicecfg_status spicecfg_plan_policy(struct spicecfg_plan *plan, struct spicecfg_policy *policy)
{
	sc_ctx_enter(plan->ctx);
	__attribute__((cleanup(sc_arena_freep))) struct sc_arena *memory = sc_arena_new();
	struct sc_policy_run run = {.plan = plan, .policy = policy, .memory = memory};

	sc_policy_forget(policy);
	if (!memory)
		return sc_fail_memory(plan->ctx);
	enum spicecfg_status status = sc_policy_plan_host(&run);
	if (!status)
		status = sc_policy_plan_vms(&run);
	if (!status)
		status = sc_policy_plan_users(&run);
	sc_buf_free(&run.running);
	return status;
}
