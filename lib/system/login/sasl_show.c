/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sasl show and test: the effective SASL settings of QEMU, according to the model and to libsasl2 itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "base/fix.h"
#include "model/mechanisms.h"
#include "model/sasl.h"
#include "rules/rule.h"
#include "system/facts/hostgather.h"
#include "system/login/sasl_plan.h"

enum { CIPHER_BITS = 256 };

struct show {
	struct spicecfg_sasl_state state;
	struct sc_arena *memory;
	struct sc_sasl_site site;
	const struct sc_module_sasl *sasl; /* NULL below a root: this machine's plugins say nothing about that host */
	const struct sc_saslconf *conf;    /* NULL: no file */
	struct sc_mechanism_input input;
	struct spicecfg_sasl_mechanism *mechanisms; /* NULL: counting */
	size_t n_mechanisms;
	struct sc_host *host;
	struct sc_findings *judged, *console; /* findings of the directory and of the VM */
	struct spicecfg_finding *findings;
	size_t n_findings;
};

static bool has_plugin(const void *opaque, const char *plugin)
{
	const struct show *show = opaque;

	return show->sasl->has_plugin(plugin);
}

static bool is_offered(enum sc_mechanism_outcome outcome)
{
	return outcome == SC_MECH_OFFERED || outcome == SC_MECH_USELESS || outcome == SC_MECH_ANYBODY;
}

static void add_mechanism(void *opaque, const char *name, size_t len, const struct sc_mechanism *mech, enum sc_mechanism_outcome on_tls)
{
	struct show *show = opaque;
	struct sc_mechanism_input bare = show->input;

	size_t index = show->n_mechanisms++;
	if (!show->mechanisms)
		return;
	bare.tls = false;
	enum sc_mechanism_outcome on_plain = sc_mechanism_judge(&bare, name, len, NULL);
	struct spicecfg_sasl_mechanism *row = &show->mechanisms[index];
	*row = (struct spicecfg_sasl_mechanism){
	    .name = mech ? mech->name : sc_arena_strndup(show->memory, name, len),
	    .tls = is_offered(on_tls),
	    .plain = is_offered(on_plain),
	    .tls_why = sc_mechanism_outcome_text(on_tls),
	    .plain_why = sc_mechanism_outcome_text(on_plain),
	    .package = mech && on_tls == SC_MECH_NO_PLUGIN ? mech->packages[show->site.host.family] : NULL,
	};
}

static enum spicecfg_status tell_guard(struct show *show, const struct sc_domain *domain)
{
	struct sc_guard *guards;
	size_t count;

	if (!show->site.vm.env)
		return SPICECFG_OK;
	if (!sc_guards_read(domain, show->memory, &guards, &count))
		return sc_fail_memory(show->site.ctx);
	show->state.guard = "missing";
	for (size_t i = 0; i < count; i++)
		if (sc_guard_is_in(show->site.vm.env, guards[i].file))
			show->state.guard = "kept";
	return SPICECFG_OK;
}

/* The findings of 'check' about the directory, and for a VM, those about its SASL. */
static enum spicecfg_status judge(struct show *show, struct spicecfg_vm *vm)
{
	struct spicecfg_ctx *ctx = show->site.ctx;
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;
	enum spicecfg_status status = (show->host = sc_host_new(ctx)) ? SPICECFG_OK : SPICECFG_SYSTEM;

	if (!status)
		status = sc_host_gather_settings(ctx, true, show->host);
	if (!status)
		status = sc_host_gather_sasl(ctx, show->host, show->site.scope.directory, true);
	if (status)
		return status;
	const struct sc_sasl_fact *fact = sc_host_sasl(show->host, show->site.scope.directory);
	struct sc_rule_input in = {.host = show->host, .sasl = {fact, show->state.tls, show->state.plain, show->site.vm.env != NULL}};
	show->state.users = (int)fact->users;
	status = sc_rules_run_host(ctx, &in, &show->judged);
	if (status || !vm)
		return status;
	status = sc_xml_parse(ctx, vm->label, sc_buf_text(&vm->xml), vm->xml.len, &doc);
	if (!status)
		status = sc_domain_read(ctx, doc, &domain);
	if (!status)
		status = tell_guard(show, domain);
	in = (struct sc_rule_input){.host = show->host, .domain = domain};
	return status ? status : sc_rules_run(ctx, &in, &show->console);
}

static bool is_of_vm(const char *rule)
{
	static const char *const rules[] = {"password-with-sasl", "sasl-without-tls", "sasl-unguarded", "sasl-guard-file"};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (strcmp(rules[i], rule) == 0)
			return true;
	return false;
}

static bool take(struct show *show, const struct sc_findings *from, bool all)
{
	for (size_t i = 0; from && i < sc_findings_count(from); i++) {
		const struct spicecfg_finding *finding = sc_findings_get(from, i);

		/* of the VM's findings, those that the directory's don't cover */
		if (!all && !is_of_vm(finding->rule))
			continue;
		if (!sc_finding_copy(show->memory, finding, &show->findings[show->n_findings++]))
			return false;
	}
	return true;
}

static enum spicecfg_status tell_findings(struct show *show, struct spicecfg_vm *vm)
{
	enum spicecfg_status status = judge(show, vm);
	size_t count = 1;

	if (!status) {
		count += sc_findings_count(show->judged) + (show->console ? sc_findings_count(show->console) : 0);
		show->findings = sc_arena_alloc(show->memory, count * sizeof(*show->findings));
		status = show->findings ? SPICECFG_OK : sc_fail_memory(show->site.ctx);
	}
	/* while SASL is off, nothing is wrong with what it would offer */
	if (!status && show->state.on && (!take(show, show->judged, true) || !take(show, show->console, false)))
		status = sc_fail_memory(show->site.ctx);
	sc_findings_free(show->judged);
	sc_findings_free(show->console);
	sc_host_free(show->host);
	show->state.findings = show->findings;
	show->state.n_findings = show->n_findings;
	return status;
}

static void ask_libsasl2(struct show *show)
{
	struct spicecfg_ctx *ctx = show->site.ctx;
	struct sc_sasl_server server = {.conf_dir = show->site.scope.directory, .ssf = CIPHER_BITS};

	if (!show->sasl)
		return;
	if (show->sasl->offers(ctx, &server, show->memory, &show->state.offered_tls)) {
		/* the rules say why */
		sc_let_go(ctx);
		return;
	}
	server.ssf = 0;
	if (show->sasl->offers(ctx, &server, show->memory, &show->state.offered_plain))
		sc_let_go(ctx);
}

static enum spicecfg_status list_mechanisms(struct show *show)
{
	sc_mechanism_each(&show->input, add_mechanism, show);
	show->mechanisms = sc_arena_alloc(show->memory, (show->n_mechanisms + 1) * sizeof(*show->mechanisms));
	if (!show->mechanisms)
		return sc_fail_memory(show->site.ctx);
	show->n_mechanisms = 0;
	sc_mechanism_each(&show->input, add_mechanism, show);
	show->state.mechanisms = show->mechanisms;
	show->state.n_mechanisms = show->n_mechanisms;
	return SPICECFG_OK;
}

static void fill_state(struct show *show)
{
	const struct sc_sasl_site *site = &show->site;
	struct spicecfg_sasl_state *state = &show->state;
	const char *method = show->conf ? sc_saslconf_get(show->conf, "pwcheck_method", NULL) : NULL;

	state->target = site->vm.target;
	state->on = site->vm.said == SC_SASL_UNSAID ? site->host.spice_sasl : site->vm.said == SC_SASL_ON;
	state->on_from = site->vm.said != SC_SASL_UNSAID ? "XML" : site->host.spice_sasl ? "qemu.conf" : "default";
	state->directory = site->scope.directory;
	state->own_directory = site->vm.env != NULL;
	state->file = site->scope.conf.exists ? site->scope.conf.path : NULL;
	state->backend = sc_sasl_is_saslauthd(show->conf) ? "saslauthd" : !method || strcmp(method, "auxprop") == 0 ? "sasldb" : method;
	state->mech_list = show->input.mech_list;
	state->users = -1;
	state->tls = site->vm.target ? site->vm.tls : site->host.spice_tls;
	state->plain = site->vm.plain;
	if (!show->input.saslauthd)
		state->database = site->db.path;
	ask_libsasl2(show);
}

enum spicecfg_status spicecfg_sasl_show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct spicecfg_sasl_state **out)
{
	sc_ctx_enter(ctx);

	struct sc_arena *memory = sc_arena_new();
	struct show *show = calloc(1, sizeof(*show));
	SC_SASLCONF *conf = NULL;

	*out = NULL;
	if (!memory || !show) {
		sc_arena_free(memory);
		free(show);
		return sc_fail_memory(ctx);
	}
	show->memory = memory;
	enum spicecfg_status status = sc_site_read(ctx, vm, false, memory, &show->site);
	if (!status && show->site.scope.conf.exists)
		status = sc_saslconf_parse(ctx, show->site.scope.conf.path, show->site.scope.conf.data, show->site.scope.conf.len, &conf);
	if (!status && !ctx->root && !(show->sasl = sc_sasl(ctx)))
		status = SPICECFG_SYSTEM;
	if (status) {
		spicecfg_sasl_state_free(&show->state);
		return status;
	}
	show->conf = conf;
	const char *list = conf ? sc_saslconf_get(conf, "mech_list", NULL) : NULL;
	show->input = (struct sc_mechanism_input){list ? sc_arena_strdup(memory, list) : NULL, sc_sasl_is_saslauthd(conf), true,
						  show->sasl ? has_plugin : NULL, show};
	fill_state(show);
	status = list_mechanisms(show);
	if (!status)
		status = tell_findings(show, vm);
	if (status) {
		spicecfg_sasl_state_free(&show->state);
		return status;
	}
	const char *backend = sc_arena_strdup(memory, show->state.backend);
	show->state.backend = backend;
	show->conf = NULL;
	*out = &show->state;
	return SPICECFG_OK;
}

void spicecfg_sasl_state_free(struct spicecfg_sasl_state *state)
{
	struct show *show = (struct show *)state;

	if (!show)
		return;
	sc_arena_free(show->memory);
	free(show);
}

static enum spicecfg_status try_login(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *user, const char *password, size_t len,
				      struct spicecfg_login *out)
{
	struct sc_arena *memory = sc_arena_new();
	struct sc_sasl_site site;
	const char *mechanism = NULL, *why = NULL;

	enum spicecfg_status status = memory ? sc_site_read(ctx, vm, false, memory, &site) : sc_fail_memory(ctx);
	if (!status && ctx->root)
		status = sc_fail(ctx, SPICECFG_USAGE, "Omit --root.", "a login can be tried only on the running host");
	if (!status)
		status = sc_site_claim(&site, vm);
	const struct sc_module_sasl *sasl = status ? NULL : sc_sasl(ctx);
	if (!status && !sasl)
		status = SPICECFG_SYSTEM;
	if (!status) {
		const struct sc_sasl_server server = {
		    .conf_dir = site.scope.directory,
		    .ssf = site.vm.tls ? CIPHER_BITS : 0,
		    .user = site.qemu.user,
		    .uid = site.qemu.uid,
		    .gid = site.qemu.gid,
		};
		status = sasl->login(ctx, &server, NULL, user, password, len, memory, &out->admitted, &mechanism, &why);
	}
	snprintf(out->by, sizeof(out->by), "%s", mechanism ? mechanism : "");
	snprintf(out->why, sizeof(out->why), "%s", why ? why : "");
	sc_arena_free(memory);
	return status || out->admitted ? status : sc_login_refused(ctx, user, out);
}

enum spicecfg_status spicecfg_sasl_test(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *user, const char *password,
					size_t len, struct spicecfg_login *out)
{
	struct spicecfg_login login;

	sc_ctx_enter(ctx);
	enum spicecfg_status status = sc_ctx_take(ctx, &login, sizeof(login), out);
	login = (struct spicecfg_login){0};
	if (!status)
		status = try_login(ctx, vm, user, password, len, &login);
	sc_ctx_give(out, &login, sizeof(login));
	return status;
}
