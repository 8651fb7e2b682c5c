/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the plans of SASL and of its users share. */
#include <string.h>

#include "base/text.h"
#include "system/load/load.h"
#include "system/login/sasl_plan.h"

enum spicecfg_status sc_sasl_begin(struct spicecfg_plan *plan, struct spicecfg_vm *vm, struct sc_sasl_site *site)
{
	enum spicecfg_status status = sc_plan_enter_vm(plan, vm);

	if (status)
		return status;
	status = sc_site_read(plan->ctx, vm, true, plan->memory, site);
	return status ? sc_plan_leave(plan, status) : SPICECFG_OK;
}

enum spicecfg_status sc_sasl_begin_claimed(struct spicecfg_plan *plan, struct spicecfg_vm *vm, struct sc_sasl_site *site)
{
	enum spicecfg_status status = sc_sasl_begin(plan, vm, site);

	if (status)
		return status;
	status = sc_site_claim(site, vm);
	return status ? sc_plan_leave(plan, status) : SPICECFG_OK;
}

enum spicecfg_status sc_login_refused(struct spicecfg_ctx *ctx, const char *user, const struct spicecfg_login *login)
{
	return sc_fail(ctx, SPICECFG_FINDINGS, NULL, "'%s' is not admitted: %s", user, login->why[0] ? login->why : "no reason was given");
}

enum spicecfg_status sc_sasl_plan_db(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const struct sc_sasldb *db, bool tell)
{
	enum spicecfg_status status = SPICECFG_OK;
	const struct sc_found *dir = site->db.parents;
	/* libsasl2's default database is used by other programs too: its owner stays. */
	bool shared = strcmp(site->db.path, SC_SASL_DEFAULT_DB) == 0;

	for (; !status && dir->path; dir++) {
		bool last = !dir[1].path, ours = sc_path_below(dir->path, SC_SASL_OWN_BASE);

		if (ours || (last && !dir->exists))
			status = sc_plan_dir(plan, dir, 0, site->qemu.gid, 0750);
		else if (!dir->exists)
			status = sc_plan_dir(plan, dir, 0, 0, 0755);
	}
	size_t count = db ? db->n_files : (size_t)(site->db.files[0].path ? 1 : 0) + (site->db.files[1].path ? 1 : 0);
	for (size_t i = 0; !status && i < count; i++) {
		struct sc_found found = {0};

		if (!db || (site->db.files[i].path && strcmp(site->db.suffix[i], db->file[i].suffix) == 0))
			found = site->db.files[i];
		else
			found.path = sc_arena_printf(plan->memory, "%s%s", site->db.path, db->file[i].suffix);
		if (!found.path)
			return sc_fail_memory(plan->ctx);
		const struct sc_put put = {
		    .found = &found,
		    .data = db ? sc_buf_text(&db->file[i].bytes) : found.data,
		    .len = db ? db->file[i].bytes.len : found.len,
		    .owned = !(shared && found.exists),
		    .gid = site->qemu.gid,
		    .mode = 0640,
		    .secret = true,
		    .key = "users",
		    .from = found.exists ? "***" : NULL,
		    .to = "***",
		    .untold = !tell,
		    .effects = SPICECFG_EFFECT_NOW,
		};
		status = sc_plan_put(plan, &put);
	}
	return status;
}
