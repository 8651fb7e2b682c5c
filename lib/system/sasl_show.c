/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sasl show and test: what QEMU's SASL comes to, by the model and by libsasl2's own word. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/mechanisms.h"
#include "system/file.h"
#include "system/names.h"
#include "system/sasl_plan.h"

enum { PROBLEMS_MAX = 24, MECHANISMS_MAX = 64, CIPHER_BITS = 256 };

struct show {
	struct spicecfg_sasl_state state;
	struct sc_arena *memory;
	struct sc_sasl_site site;
	const struct sc_module_sasl *sasl; /* NULL below a root: this machine's plugins say nothing of that host */
	const struct sc_saslconf *conf;    /* NULL: no file */
	struct sc_mechanism_input input;
	struct spicecfg_sasl_mechanism mechanisms[MECHANISMS_MAX];
	size_t n_mechanisms;
	const char *problems[PROBLEMS_MAX + 1];
	size_t n_problems;
};

static void problem(struct show *show, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void problem(struct show *show, const char *format, ...)
{
	va_list args;

	if (show->n_problems == PROBLEMS_MAX)
		return;
	va_start(args, format);
	const char *text = sc_arena_vprintf(show->memory, format, args);
	va_end(args);
	if (text)
		show->problems[show->n_problems++] = text;
}

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

	if (show->n_mechanisms == MECHANISMS_MAX)
		return;
	bare.tls = false;
	enum sc_mechanism_outcome on_plain = sc_mechanism_judge(&bare, name, len, NULL);
	struct spicecfg_sasl_mechanism *row = &show->mechanisms[show->n_mechanisms++];
	*row = (struct spicecfg_sasl_mechanism){
	    .name = mech ? mech->name : sc_arena_strndup(show->memory, name, len),
	    .tls = is_offered(on_tls),
	    .plain = is_offered(on_plain),
	    .tls_why = sc_mechanism_outcome_text(on_tls),
	    .plain_why = sc_mechanism_outcome_text(on_plain),
	    .package = mech && on_tls == SC_MECH_NO_PLUGIN ? mech->packages[show->site.family] : NULL,
	};
	if (on_tls == SC_MECH_NO_PLUGIN)
		problem(show, "%s: its plugin is not installed: install %s", row->name, row->package);
	else if (on_tls == SC_MECH_UNKNOWN)
		problem(show, "%s is no SASL mechanism (names stand with blanks between them)", row->name ? row->name : "");
	else if (on_tls == SC_MECH_USELESS)
		problem(show, "%s: saslauthd can't check it; clients that choose it are refused", row->name);
	else if (on_tls == SC_MECH_ANYBODY && show->input.mech_list)
		problem(show, "%s lets anybody in without a password: take it out of mech_list", row->name);
	else if (mech && mech->weak && show->input.mech_list)
		problem(show, "%s is weak: leave it out", row->name);
}

static bool readable_by_qemu(const struct show *show, const struct sc_found *found)
{
	const struct sc_sasl_site *site = &show->site;
	mode_t want = found->data ? 04 : 01;

	if (site->qemu_uid == 0)
		return true;
	if (found->uid == site->qemu_uid)
		return found->mode & (want << 6);
	if (found->gid == site->qemu_gid ||
	    (sc_names_member(site->ctx, site->qemu_user, sc_names_of_group(site->ctx, found->gid, show->memory))))
		return found->mode & (want << 3);
	return found->mode & want;
}

static void check_reach(struct show *show, const struct sc_found *parents, const struct sc_found *file, const char *what)
{
	for (const struct sc_found *dir = parents; dir && dir->path; dir++)
		if (dir->exists && !readable_by_qemu(show, dir)) {
			problem(show, "%s can't pass %s, so QEMU can't read %s", show->site.qemu_user, dir->path, what);
			return;
		}
	if (file->exists && !readable_by_qemu(show, file))
		problem(show, "%s can't read %s: it should be root:%s 0640", show->site.qemu_user, file->path, show->site.qemu_group);
	if (file->exists && (file->mode & 07))
		problem(show, "%s is open to every account of the host: it should be root:%s 0640", file->path, show->site.qemu_group);
}

static void check_database(struct show *show)
{
	SC_SASLDB db = {0};
	struct sc_sasl_user *users;
	size_t n = 0;
	struct sc_sasl_site *site = &show->site;

	show->state.database = site->database;
	if (!site->db[0].path) {
		problem(show, "the database %s is missing: nobody gets in", site->database);
		return;
	}
	for (size_t i = 0; i < 2 && site->db[i].path; i++)
		check_reach(show, i ? NULL : site->database_parents, &site->db[i], site->database);
	const struct sc_module_sasl *sasl = sc_sasl(site->ctx);
	if (!sasl || sc_site_sasldb(site, &db) || sasl->list(site->ctx, &db, site->memory, &users, &n)) {
		problem(show, "the users of %s can't be listed: %s", site->database,
			spicecfg_ctx_error(site->ctx) ? spicecfg_ctx_error(site->ctx)->message : "unknown");
		spicecfg_ctx_clear_error(site->ctx);
		return;
	}
	show->state.users = (int)n;
	if (!n)
		problem(show, "the database %s holds no users: nobody gets in", site->database);
	bool usable = !n;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; site->realms[j]; j++)
			usable = usable || strcmp(users[i].realm, site->realms[j]) == 0;
	if (!usable)
		problem(show, "no user has the realm that QEMU asks for when a client names none (%s)",
			site->realms[0] ? site->realms[0] : "the host's name");
}

static void check_saslauthd(struct show *show)
{
	const char *mux = sc_saslconf_get(show->conf, "saslauthd_path", NULL);
	struct stat st;

	if (!mux)
		mux = show->site.saslauthd.mux;
	if (!show->site.ctx->root && sc_file_stat(show->site.ctx, mux, &st) != 0)
		problem(show, "saslauthd does not listen on %s: nobody gets in before it is started", mux);
	if (show->site.needs_group && strncmp(mux, SC_SASL_OWN_MUX, strlen(SC_SASL_OWN_MUX)) != 0)
		problem(show, "%s is not in the group sasl, so QEMU can't reach saslauthd: spicecfg sasl set --backend saslauthd",
			show->site.qemu_user);
}

static void check_offer(struct show *show)
{
	bool on_tls = false, on_plain = false;
	const struct sc_sasl_site *site = &show->site;

	for (size_t i = 0; i < show->n_mechanisms; i++) {
		on_tls = on_tls || show->mechanisms[i].tls;
		on_plain = on_plain || show->mechanisms[i].plain;
	}
	if (!show->input.mech_list)
		problem(show,
			"without a mech_list everything installed is offered, on TLS also ANONYMOUS, which lets anybody in: spicecfg sasl "
			"set%s%s%s",
			site->target ? " --vm '" : "", site->target ? site->target : "", site->target ? "'" : "");
	if (site->target && site->plain && !on_plain)
		problem(show, "clients on the channel without TLS are offered no mechanism ('No worthy mechs found')%s",
			site->tls ? "" : ": it has no TLS channel");
	if (site->tls && !on_tls)
		problem(show, "clients are offered no mechanism");
}

static void ask_libsasl2(struct show *show)
{
	struct spicecfg_ctx *ctx = show->site.ctx;
	struct sc_sasl_server server = {.conf_dir = show->site.folder, .ssf = CIPHER_BITS};

	if (!show->sasl)
		return;
	if (show->sasl->offers(ctx, &server, show->memory, &show->state.offered_tls)) {
		problem(show, "%s", spicecfg_ctx_error(ctx)->message);
		spicecfg_ctx_clear_error(ctx);
		return;
	}
	server.ssf = 0;
	if (show->sasl->offers(ctx, &server, show->memory, &show->state.offered_plain))
		spicecfg_ctx_clear_error(ctx);
}

static void fill_state(struct show *show)
{
	const struct sc_sasl_site *site = &show->site;
	struct spicecfg_sasl_state *state = &show->state;
	const char *method = show->conf ? sc_saslconf_get(show->conf, "pwcheck_method", NULL) : NULL;

	state->target = site->target;
	state->on = site->said == SC_SASL_UNSAID ? site->spice_sasl : site->said == SC_SASL_ON;
	state->on_from = site->said != SC_SASL_UNSAID ? "XML" : site->spice_sasl ? "qemu.conf" : "default";
	state->folder = site->folder;
	state->own_folder = site->env != NULL;
	state->file = site->conf.exists ? site->conf.path : NULL;
	state->backend = sc_sasl_is_saslauthd(show->conf) ? "saslauthd" : !method || strcmp(method, "auxprop") == 0 ? "sasldb" : method;
	state->mech_list = show->input.mech_list;
	state->users = -1;
	state->tls = site->target ? site->tls : site->spice_tls;
	state->plain = site->plain;
	if (state->on && site->has_password)
		problem(show, "'%s' has a password and SASL: it does not start", site->target);
	if (!site->conf.exists)
		problem(show, "%s is missing: libsasl2 goes by its own defaults then", site->conf.path);
	else
		check_reach(show, site->parents, &site->conf, site->conf.path);
	if (show->input.saslauthd)
		check_saslauthd(show);
	else
		check_database(show);
	sc_mechanism_each(&show->input, add_mechanism, show);
	check_offer(show);
	ask_libsasl2(show);
	state->mechanisms = show->mechanisms;
	state->n_mechanisms = show->n_mechanisms;
	state->problems = show->problems;
}

enum spicecfg_status spicecfg_sasl_show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct spicecfg_sasl_state **out)
{
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
	if (!status && show->site.conf.exists)
		status = sc_saslconf_parse(ctx, show->site.conf.path, show->site.conf.data, show->site.conf.len, &conf);
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

enum spicecfg_status spicecfg_sasl_test(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *user, const char *password,
					size_t len, struct spicecfg_login *out)
{
	struct sc_arena *memory = sc_arena_new();
	struct sc_sasl_site site;
	const char *mechanism = NULL, *why = NULL;

	*out = (struct spicecfg_login){0};
	enum spicecfg_status status = memory ? sc_site_read(ctx, vm, false, memory, &site) : sc_fail_memory(ctx);
	if (!status && ctx->root)
		status = sc_fail(ctx, SPICECFG_USAGE, "Leave --root away.", "a login can be tried on the running host only");
	const struct sc_module_sasl *sasl = status ? NULL : sc_sasl(ctx);
	if (!status && !sasl)
		status = SPICECFG_SYSTEM;
	if (!status) {
		const struct sc_sasl_server server = {
		    .conf_dir = site.folder,
		    .ssf = site.tls ? CIPHER_BITS : 0,
		    .user = site.qemu_user,
		    .uid = site.qemu_uid,
		    .gid = site.qemu_gid,
		};
		status = sasl->login(ctx, &server, NULL, user, password, len, memory, &out->admitted, &mechanism, &why);
	}
	snprintf(out->by, sizeof(out->by), "%s", mechanism ? mechanism : "");
	snprintf(out->why, sizeof(out->why), "%s", why ? why : "");
	sc_arena_free(memory);
	return status ? status : out->admitted ? SPICECFG_OK : SPICECFG_FINDINGS;
}
