/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pam install, allow and revoke. */
#include <string.h>

#include <spicecfg/pam.h>

#include "plan/pam.h"
#include "system/login/pam_service.h"
#include "system/login/sasl_plan.h"
#include "system/os/data.h"
#include "system/os/found.h"
#include "system/os/look.h"
#include "system/os/names.h"

#define UNIT_PATH "/etc/systemd/system/spicecfg-saslauthd@.service"

/* Decided by the files that the service can include rather than by the distribution. */
static const char *template_of(const struct spicecfg_ctx *ctx, enum sc_distro family)
{
	if (sc_look_exists(ctx, "/etc/pam.d/common-auth"))
		return family == SC_DISTRO_SUSE ? "pam.d/spice.suse" : "pam.d/spice.debian";
	if (sc_look_exists(ctx, "/etc/pam.d/password-auth"))
		return "pam.d/spice.redhat";
	if (sc_look_exists(ctx, "/etc/pam.d/system-auth"))
		return "pam.d/spice.system-auth";
	return family == SC_DISTRO_SUSE ? "pam.d/spice.suse" : family == SC_DISTRO_REDHAT ? "pam.d/spice.redhat" : "pam.d/spice.debian";
}

static enum spicecfg_status put_file(struct spicecfg_plan *plan, const char *path, const char *data, size_t len)
{
	struct sc_found found, *parents;
	enum spicecfg_status status = sc_found_read(plan->ctx, plan->memory, path, &found);

	if (!status)
		status = sc_found_parents(plan->ctx, plan->memory, path, &parents);
	if (status)
		return status;
	bool same = found.exists && found.data && found.len == len && memcmp(found.data, data, len) == 0;
	if (found.exists && !same && !plan->ctx->force && !(found.data && strstr(found.data, "spicecfg")))
		return sc_fail_at(plan->ctx, SPICECFG_FINDINGS, (struct sc_where){path, 0, 0},
				  "Compare with --diff --force --dry-run; --force replaces it.", "spicecfg did not write this file");
	const struct sc_put put = {.found = &found, .data = data, .len = len, .owned = true, .mode = 0644, .effects = SPICECFG_EFFECT_NOW};
	status = sc_plan_parents(plan, parents);
	return status ? status : sc_plan_put(plan, &put);
}

static void replace(struct sc_buf *text, const char *mark, const char *value)
{
	SC_BUF filled = SC_BUF_INIT;
	const char *from = sc_buf_text(text), *at;

	for (; (at = strstr(from, mark)); from = at + strlen(mark)) {
		sc_buf_add(&filled, from, (size_t)(at - from));
		sc_buf_adds(&filled, value);
	}
	sc_buf_adds(&filled, from);
	struct sc_buf old = *text;
	*text = filled;
	filled = old;
}

/* The unit of the VMs' saslauthds, with the script that gives each its own PAM rules. */
static enum spicecfg_status put_unit(struct spicecfg_plan *plan, const struct sc_sasl_site *site)
{
	SC_BUF text = SC_BUF_INIT;
	const char *script = sc_data_path("templates/saslauthd-vm", plan->memory);
	enum spicecfg_status status = sc_data_read(plan->ctx, "templates/spicecfg-saslauthd@.service", &text);

	if (status)
		return status;
	if (!script)
		return sc_fail(plan->ctx, SPICECFG_SYSTEM, "Reinstall spicecfg.", "its data file templates/saslauthd-vm is missing");
	replace(&text, "@SASLAUTHD_VM@", script);
	replace(&text, "@QEMU_GROUP@", site->qemu.group);
	return text.failed ? sc_fail_memory(plan->ctx) : put_file(plan, UNIT_PATH, text.data, text.len);
}

/* The service that a request is about, as it was found. */
struct target {
	struct sc_found found;
	struct sc_pam *pam;        /* NULL: it does not exist */
	const char *const *listed; /* NULL: it has no list */
	const char *const *add, *const *remove;
	bool ours; /* spicecfg wrote it */
};

static enum spicecfg_status find_target(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const char *service,
					struct target *target)
{
	enum spicecfg_status status = sc_pam_service(plan->ctx, &service);

	if (status)
		return status;
	const char *path = site->vm.target ? sc_arena_printf(plan->memory, SC_PAM_OWN_BASE "/%s", site->vm.uuid)
					   : sc_arena_printf(plan->memory, "/etc/pam.d/%s", service);
	if (!path)
		return sc_fail_memory(plan->ctx);
	status = sc_found_read(plan->ctx, plan->memory, path, &target->found);
	if (status || !target->found.data)
		return status;
	target->ours = strstr(target->found.data, "spicecfg") != NULL;
	status = sc_pam_parse(plan->ctx, path, target->found.data, target->found.len, &target->pam);
	return status ? status : sc_pam_listed(plan->ctx, target->pam, plan->memory, &target->listed);
}

/* The first limit of the present file, such as hours, that text lacks. */
static enum spicecfg_status find_lost(struct spicecfg_plan *plan, const struct target *target, const struct sc_buf *text,
				      const struct sc_pam_entry **lost)
{
	SC_PAM *other = NULL;
	enum spicecfg_status status = SPICECFG_OK;

	*lost = NULL;
	if (!target->pam || !target->ours || plan->ctx->force)
		return status;
	status = sc_pam_parse(plan->ctx, target->found.path, sc_buf_text(text), text->len, &other);
	if (!status)
		*lost = sc_pam_lost_limit(target->pam, other, plan->memory);
	return status;
}

/*
 * Puts the new text in place of the present file. Where nobody is added, a VM's file that spicecfg can't write again without changing who
 * gets in stays, so that its unit can be installed again.
 */
static enum spicecfg_status put_service(struct spicecfg_plan *plan, const struct target *target, const struct sc_buf *text, bool vm)
{
	const struct sc_pam_entry *lost;
	const char *path = target->found.path;
	enum spicecfg_status status = find_lost(plan, target, text, &lost);

	if (status)
		return status;
	if (vm && target->pam && !target->add && !plan->ctx->force && (!target->ours || !target->listed || lost))
		return sc_plan_note(plan, "%s stays as it is: %s", path,
				    !target->ours     ? "spicecfg did not write it"
				    : !target->listed ? "it has no list of accounts and groups"
						      : "it has rules of its own that limit who gets in");
	if (lost)
		return sc_fail_at(plan->ctx, SPICECFG_FINDINGS, (struct sc_where){path, lost->line, 1},
				  "Compare with --diff --force --dry-run; --force keeps it where it can be moved.",
				  "this rule limits who gets in, and spicecfg did not write it");
	return put_file(plan, path, text->data, text->len);
}

static enum spicecfg_status put_notes(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const char *const *allow)
{
	if (!allow || *allow)
		return SPICECFG_OK;
	if (site->vm.target)
		return sc_plan_note(plan, "nobody may open '%s': `spicecfg pam allow --vm TARGET user:NAME`", site->vm.target);
	return sc_plan_note(plan, "nobody may log in: `spicecfg pam allow user:NAME`");
}

static enum spicecfg_status put_install(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const struct target *target)
{
	const char *const *allow = NULL, *text;
	SC_BUF kept = SC_BUF_INIT;
	SC_BUF allowed = SC_BUF_INIT;
	SC_BUF filled = SC_BUF_INIT;
	bool vm = site->vm.target != NULL;
	enum spicecfg_status status = SPICECFG_OK;

	/* a new file of a VM has an empty list, one of the host has none */
	if (vm || target->listed || target->add)
		status = sc_pam_merge(plan->ctx, &(struct sc_pam_wish){target->listed, target->add, NULL}, plan->memory, &allow);
	if (!status)
		status = sc_data_text(plan->ctx, plan->memory, template_of(plan->ctx, site->host.family), &text);
	if (!status && target->pam && plan->ctx->force) {
		status = sc_pam_keep_limits(plan->ctx, target->pam, text, plan->memory, &kept);
		text = sc_buf_text(&kept);
	}
	if (!status)
		status = sc_pam_fill(plan->ctx, text, allow, &allowed);
	if (!status)
		status = sc_pam_install_text(plan, sc_buf_text(&allowed), &filled);
	if (!status)
		status = put_service(plan, target, &filled, vm);
	if (!status && vm)
		status = put_unit(plan, site);
	return status || (target->pam && !target->listed) ? status : put_notes(plan, site, allow);
}

/* The groups of the list that the accounts in removed are members of still admit them. */
static enum spicecfg_status put_groups(struct spicecfg_plan *plan, const char *const *removed, const char *const *allow)
{
	enum spicecfg_status status = SPICECFG_OK;

	for (; *removed; removed++)
		for (const char *const *word = strncmp(*removed, "user:", 5) == 0 ? allow : NULL; !status && word && *word; word++)
			if (strncmp(*word, "group:", 6) == 0 && sc_names_member(plan->ctx, *removed + 5, *word + 6))
				status = sc_plan_note(plan, "'%s' still gets in, as a member of '%s'", *removed, *word);
	return status;
}

static enum spicecfg_status put_list(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const struct target *target)
{
	const char *const *allow;
	SC_BUF text = SC_BUF_INIT;
	enum spicecfg_status status =
	    sc_pam_merge(plan->ctx, &(struct sc_pam_wish){target->listed, target->add, target->remove}, plan->memory, &allow);

	if (!status)
		status = sc_pam_relist(plan->ctx, target->pam, allow, plan->memory, &text);
	if (status)
		return status;
	const struct sc_put put = {.found = &target->found, .data = text.data, .len = text.len, .effects = SPICECFG_EFFECT_NOW};
	status = sc_plan_put(plan, &put);
	if (!status && target->remove)
		status = put_groups(plan, target->remove, allow);
	return status ? status : put_notes(plan, site, allow);
}

static enum spicecfg_status change_list(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const struct target *target)
{
	struct spicecfg_ctx *ctx = plan->ctx;
	const struct sc_where where = {target->found.path, 0, 0};

	if (target->listed)
		return put_list(plan, site, target);
	if (!target->pam && target->add)
		return put_install(plan, site, target);
	if (!target->pam && site->vm.target)
		return sc_plan_note(plan, "'%s' has no PAM file, so nobody gets in through saslauthd", site->vm.target);
	if (!target->pam)
		return sc_fail_at(ctx, SPICECFG_INPUT, where, NULL, "the file is missing: libpam uses the service 'other' for every login");
	return sc_fail_at(ctx, SPICECFG_INPUT, where,
			  target->ours ? "Make a list with 'pam install' and --allow: it shuts out all others."
				       : "Change the file by hand.",
			  "there is no list of accounts and groups in it: its other rules decide who gets in");
}

enum change { INSTALL, ALLOW, REVOKE };

static enum spicecfg_status check_words(struct spicecfg_ctx *ctx, const char *const *words)
{
	if (!words || !*words)
		return sc_fail(ctx, SPICECFG_USAGE, "Write user:NAME or group:NAME.", "no account or group is named");
	return sc_pam_check_subjects(ctx, words);
}

static enum spicecfg_status plan_change(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct spicecfg_pam_request *request,
					enum change change)
{
	struct spicecfg_pam_request own;
	struct sc_sasl_site site;
	struct target target = {0};
	enum spicecfg_status status = sc_sasl_begin_claimed(plan, vm, &site);

	if (status)
		return status;
	status = sc_ctx_take(plan->ctx, &own, sizeof(own), request);
	if (!status && change != INSTALL)
		status = check_words(plan->ctx, own.allow);
	if (!status)
		status = find_target(plan, &site, own.service, &target);
	if (!status) {
		*(change == REVOKE ? &target.remove : &target.add) = own.allow;
		status = change == INSTALL ? put_install(plan, &site, &target) : change_list(plan, &site, &target);
	}
	sc_pam_free(target.pam);
	return sc_plan_leave(plan, status);
}

enum spicecfg_status spicecfg_plan_pam_install(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
					       const struct spicecfg_pam_request *request)
{
	return plan_change(plan, vm, request, INSTALL);
}

enum spicecfg_status spicecfg_plan_pam_allow(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct spicecfg_pam_request *request)
{
	return plan_change(plan, vm, request, ALLOW);
}

enum spicecfg_status spicecfg_plan_pam_revoke(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
					      const struct spicecfg_pam_request *request)
{
	return plan_change(plan, vm, request, REVOKE);
}
