/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sasl set and off: reads the site, and assembles the plan from its parts. */
#include <string.h>

#include "doc/qemuconf.h"
#include "plan/vm.h"
#include "system/commit/service.h"
#include "system/facts/hostgather.h"
#include "system/login/sasl_plan.h"
#include "system/os/data.h"
#include "system/os/found.h"

static enum spicecfg_status change(struct spicecfg_plan *plan, const struct spicecfg_vm *vm, const char *path, const char *from,
				   const char *to)
{
	if (from == to || (from && to && strcmp(from, to) == 0))
		return SPICECFG_OK;
	return sc_plan_change(plan, &(struct spicecfg_change){vm->document, path, from, to, sc_vm_effects(vm)});
}

static const char *switch_text(enum sc_sasl_switch says)
{
	return says == SC_SASL_UNSAID ? NULL : says == SC_SASL_ON ? "sasl=on" : "sasl=off";
}

/* As it is in the domain; for a guard written by hand, only its file. */
static const char *guard_text(struct spicecfg_plan *plan, const char *file)
{
	return file ? sc_guard_text(plan->memory, file) : NULL;
}

enum spicecfg_status sc_sasl_plan_domain(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct sc_sasl_site *site,
					 const char *directory, enum sc_sasl_switch says)
{
	SC_XML *doc = NULL;
	SC_BUF bytes = SC_BUF_INIT;
	const char *guard = directory ? site->scope.conf_name : NULL;
	enum spicecfg_status status = sc_xml_parse(plan->ctx, vm->label, sc_buf_text(&vm->xml), vm->xml.len, &doc);

	if (!status)
		status = sc_commandline_put_sasl(plan->ctx, doc, says);
	if (!status)
		status = sc_commandline_put_guard(plan->ctx, doc, guard);
	if (!status)
		status = sc_commandline_put_env(plan->ctx, doc, "SASL_CONF_PATH", directory);
	if (!status)
		status = sc_xml_write(plan->ctx, doc, &bytes);
	if (status || !sc_xml_changed(doc))
		return status;
	status = sc_vm_add_document(plan, vm, sc_buf_text(&bytes), bytes.len);
	if (!status)
		status = change(plan, vm, "/domain/qemu:commandline/qemu:env[@name='SASL_CONF_PATH']/@value", site->vm.env, directory);
	if (!status)
		status = change(plan, vm, "/domain/qemu:commandline/qemu:arg[.='-spice']", switch_text(site->vm.said), switch_text(says));
	if (!status)
		status = change(plan, vm, "/domain/qemu:commandline/qemu:arg[.='-object']", guard_text(plan, site->vm.guard),
				guard_text(plan, guard));
	if (!status)
		status = sc_host_plan_check(plan, vm);
	if (!status && vm->is_running)
		status = sc_plan_note(plan, "the running VM keeps its settings until it is powered off and started again");
	if (!status && directory && !site->vm.env)
		status = sc_plan_note(plan, "libvirt marks a domain with qemu:commandline as tainted (custom-argv): this is expected");
	return status;
}

/* The database is created before the first user: an empty one admits nobody, but with a missing one libsasl2 searches elsewhere. */
static enum spicecfg_status add_database(struct spicecfg_plan *plan, struct sc_sasl_site *site, const char *path)
{
	SC_SASLDB none = {0};
	SC_SASLDB made = {0};
	bool changed;
	enum spicecfg_status status = sc_site_database(site, path);

	if (!status)
		status = sc_site_sasldb(site, &none);
	if (status || none.n_files)
		return status ? status : sc_sasl_plan_db(plan, site, NULL, true);
	const struct sc_module_sasl *sasl = sc_sasl(plan->ctx);
	status = sasl ? sasl->edit(plan->ctx, &none, NULL, 0, &made, &changed) : SPICECFG_SYSTEM;
	return status ? status : sc_sasl_plan_db(plan, site, &made, true);
}

static enum spicecfg_status add_service(struct spicecfg_plan *plan, const struct sc_sasl_site *site)
{
	const char *unit = "saslauthd.service", *script;
	const char *by_hand[3] = {NULL};

	if (site->vm.target) {
		script = sc_data_path("templates/saslauthd-vm", plan->memory);
		unit = sc_arena_printf(plan->memory, "spicecfg-saslauthd@%s.service", site->vm.uuid);
		by_hand[0] = script ? script : "saslauthd-vm";
		by_hand[1] = site->vm.uuid;
		by_hand[2] = site->qemu.group;
	}
	return unit ? sc_plan_service(plan, unit, by_hand) : sc_fail_memory(plan->ctx);
}

/* Removes the cache of the host's saslauthd: a VM's own has none, but the VM's SASL file may name the host's. */
static enum spicecfg_status uncache(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const struct sc_saslconf *conf)
{
	const char *mux = sc_saslconf_get(conf, "saslauthd_path", NULL);
	bool changed;
	enum spicecfg_status status = sc_plan_uncache(plan, site, &changed);

	if (status || !changed)
		return status;
	if (mux && site->saslauthd.host_mux && strcmp(mux, site->saslauthd.host_mux) == 0)
		return sc_plan_service(plan, "saslauthd.service", (const char *const[3]){NULL});
	return sc_plan_note(plan, "the host's saslauthd keeps its cache until it is restarted");
}

static enum spicecfg_status fill_set(struct spicecfg_plan *plan, struct spicecfg_vm *vm, struct sc_sasl_site *site,
				     const struct spicecfg_sasl_request *request)
{
	SC_SASLCONF *conf = NULL;
	bool saslauthd = false;
	enum spicecfg_status status = sc_site_claim(site, vm);

	if (status)
		return status;
	if (!site->db.named)
		site->db.path =
		    vm ? sc_arena_printf(plan->memory, "%.*s/passwd.db", (int)(strrchr(site->scope.conf.path, '/') - site->scope.conf.path),
					 site->scope.conf.path)
		       : SC_SASL_OWN_BASE "/passwd.db";
	status = sc_sasl_conf_edit(site, request, &conf, &saslauthd);
	if (!status)
		status = sc_plan_sasl_conf(plan, site, conf);
	if (!status && !saslauthd)
		status = add_database(plan, site, sc_saslconf_get(conf, "sasldb_path", NULL));
	if (!status && saslauthd && !vm)
		status = sc_plan_saslauthd(plan, site);
	if (!status && saslauthd && vm)
		status = uncache(plan, site, conf);
	if (!status && vm)
		status = sc_sasl_plan_domain(plan, vm, site, site->scope.directory, SC_SASL_ON);
	if (!status && !vm)
		status = sc_plan_spice_sasl(plan, site, true);
	if (!status && saslauthd)
		status = add_service(plan, site);
	if (!status && saslauthd && vm) {
		const char *file = sc_arena_printf(plan->memory, "%s/%s", SC_PAM_OWN_BASE, site->vm.uuid);
		struct sc_found found;

		status = file ? sc_found_read(plan->ctx, plan->memory, file, &found) : sc_fail_memory(plan->ctx);
		if (!status && !found.exists)
			status = sc_plan_note(
			    plan,
			    "'%s' has no PAM file of its own yet, so nobody gets in: `spicecfg pam install --vm TARGET --allow user:NAME`",
			    vm->label);
	}
	return status ? status : sc_plan_sasl_notes(plan, site, conf);
}

enum spicecfg_status spicecfg_plan_sasl_set(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const struct spicecfg_sasl_request *request)
{
	struct spicecfg_sasl_request own;
	struct sc_sasl_site site;
	enum spicecfg_status status = sc_sasl_begin(plan, vm, &site);

	if (status)
		return status;
	status = sc_ctx_take(plan->ctx, &own, sizeof(own), request);
	return sc_plan_leave(plan, status ? status : fill_set(plan, vm, &site, &own));
}

struct names {
	struct sc_buf text;
	size_t count;
};

static void add_name(void *opaque, const char *user, const char *realm)
{
	struct names *names = opaque;

	if (names->count++ < 8)
		sc_buf_addf(&names->text, "%s%s@%s", names->text.len ? ", " : "", user, realm);
}

/* Notes who gets in once the VM uses the host's settings. */
static enum spicecfg_status tell_who(struct spicecfg_plan *plan, const struct sc_sasl_site *site)
{
	struct names names = {SC_BUF_INIT, 0};
	struct spicecfg_ctx *ctx = plan->ctx;

	if (!site->host.spice_sasl)
		return sc_plan_note(plan,
				    site->vm.has_password ? "SASL is off on the host: from the next start of '%s' on, everybody who can "
							    "reach its console gets in with its password"
							  : "SASL is off on the host: from the next start of '%s' on, everybody who can "
							    "reach its console gets in; set a password: `spicecfg set-password TARGET`",
				    site->vm.target);
	/* The host's users; if they can't be read, the VM can still be switched. */
	enum spicecfg_status status = sc_user_list(ctx, NULL, add_name, &names);
	if (status) {
		sc_let_go(ctx);
		status = sc_plan_note(plan, "'%s' will use the host's SASL settings: every user that they admit gets in", site->vm.target);
	} else {
		status = sc_plan_note(plan, "'%s' will use the host's SASL settings: %s%s get%s in", site->vm.target,
				      names.count ? sc_buf_text(&names.text) : "nobody in the host's sasldb",
				      names.count > 8 ? " and others" : "", names.count == 1 || !names.count ? "s" : "");
	}
	sc_buf_free(&names.text);
	return status;
}

static enum spicecfg_status fill_off(struct spicecfg_plan *plan, struct spicecfg_vm *vm, struct sc_sasl_site *site, bool ticket)
{
	enum spicecfg_status status;

	if (!vm) {
		status = sc_plan_spice_sasl(plan, site, false);
		if (!status && plan->touched)
			status = sc_plan_note(
			    plan,
			    "VMs without SASL settings of their own will ask for their password, or for nothing; %s and its users are kept",
			    site->scope.conf.path);
		return status;
	}
	if (ticket && !site->vm.has_password && !plan->ctx->force)
		return sc_fail(plan->ctx, SPICECFG_FINDINGS, "Set one first: `spicecfg set-password TARGET`",
			       "'%s' has no password: without SASL, everybody who can reach its console would get in", vm->label);
	status = sc_sasl_plan_domain(plan, vm, site, NULL, ticket ? SC_SASL_OFF : SC_SASL_UNSAID);
	if (status || !plan->touched)
		return status;
	if (ticket)
		return sc_plan_note(plan, "'%s' asks for its password instead of SASL from its next start on", vm->label);
	status = tell_who(plan, site);
	if (!status && site->host.spice_sasl && site->vm.has_password)
		status = sc_plan_note(
		    plan, "'%s' has a password and the host requires SASL, so it would not start: use --ticket, or clear-password",
		    vm->label);
	return status;
}

enum spicecfg_status spicecfg_plan_sasl_off(struct spicecfg_plan *plan, struct spicecfg_vm *vm, bool ticket)
{
	struct sc_sasl_site site;
	enum spicecfg_status status = sc_sasl_begin(plan, vm, &site);

	return status ? status : sc_plan_leave(plan, fill_off(plan, vm, &site, ticket));
}
