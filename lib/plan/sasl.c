/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/sasl.h"

#include "plan/files.h"
#include "plan/host.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "doc/group.h"
#include "doc/qemuconf.h"
#include "doc/sysconfig.h"
#include "model/guard.h"
#include "model/mechanisms.h"
#include "model/qemuconf_keys.h"
#include "model/saslauthd.h"

bool sc_sasl_name_is_sound(const char *name)
{
	size_t len = strlen(name);

	if (!len || len > 255 || isspace((unsigned char)name[0]) || isspace((unsigned char)name[len - 1]))
		return false;
	for (const char *c = name; *c; c++)
		if ((unsigned char)*c < 32 || *c == 127)
			return false;
	return true;
}

bool sc_sasl_is_saslauthd(const struct sc_saslconf *conf)
{
	const char *method = conf ? sc_saslconf_get(conf, "pwcheck_method", NULL) : NULL;

	return method && strstr(method, "saslauthd") && !strstr(method, "auxprop");
}

/* "plain,scram-sha-256" becomes "plain scram-sha-256"; each name is checked. */
static enum spicecfg_status read_mechanisms(const struct sc_sasl_site *site, const char *text, bool saslauthd, const char **out)
{
	SC_BUF list = SC_BUF_INIT;

	for (size_t len; *text; text += len) {
		const struct sc_mechanism *mech;

		text += strspn(text, " ,\t");
		len = strcspn(text, " ,\t");
		if (!len)
			break;
		mech = sc_mechanism_find(text, len);
		if (!mech)
			return sc_fail(site->ctx, SPICECFG_USAGE, "Use a known one, such as scram-sha-256 (sasldb), plain or gssapi.",
				       "'%.*s' is not a SASL mechanism", (int)len, text);
		if (!mech->no_anonymous)
			return sc_fail(site->ctx, SPICECFG_USAGE, "Omit it.", "the mechanism %s lets anybody in without a password",
				       mech->name);
		if (saslauthd && mech->needs_secret)
			return sc_fail(site->ctx, SPICECFG_USAGE, "Use plain, or --backend sasldb.",
				       "saslauthd can't answer the challenges of %s", mech->name);
		if (list.len)
			sc_buf_addc(&list, ' ');
		for (size_t i = 0; i < len; i++)
			sc_buf_addc(&list, (char)tolower((unsigned char)text[i]));
	}
	if (!list.len)
		return sc_fail(site->ctx, SPICECFG_USAGE,
			       "Name at least one: without a list, every installed mechanism is offered, ANONYMOUS included.",
			       "the list of mechanisms is empty");
	*out = sc_arena_strndup(site->memory, list.data, list.len);
	return *out ? SPICECFG_OK : sc_fail_memory(site->ctx);
}

static enum spicecfg_status read_backend(const struct sc_sasl_site *site, const char *word, const struct sc_saslconf *old, bool *saslauthd)
{
	*saslauthd = sc_sasl_is_saslauthd(old);
	if (!word)
		return SPICECFG_OK;
	*saslauthd = strcmp(word, "saslauthd") == 0;
	if (*saslauthd || strcmp(word, "sasldb") == 0)
		return SPICECFG_OK;
	return sc_fail(site->ctx, SPICECFG_USAGE, "Use sasldb or saslauthd.", "'%s' is not a backend", word);
}

/*
 * Whether the old list of mechanisms suits the backend, so that it can stay. A challenge mechanism with saslauthd does harm: clients choose
 * it first, the accounts are refused, and users of an old sasldb still get in. A list that lets anybody in never stays.
 */
static bool list_serves(const char *list, bool saslauthd)
{
	struct sc_mechanism_input input = {list, saslauthd, true, NULL, NULL};
	bool serves = false;

	for (const char *at = list; at && *at;) {
		size_t len = strcspn(at, " \t");
		enum sc_mechanism_outcome outcome = sc_mechanism_judge(&input, at, len, NULL);

		/* distributions ship gssapi alone: it stays only together with a mechanism for passwords */
		if (outcome == SC_MECH_OFFERED && strncasecmp(at, "gss", 3) != 0)
			serves = true;
		if (outcome == SC_MECH_USELESS || outcome == SC_MECH_ANYBODY)
			return false;
		at += len;
		at += strspn(at, " \t");
	}
	return serves;
}

static enum spicecfg_status edit_keys(const struct sc_sasl_site *site, const struct spicecfg_sasl_request *request,
				      struct sc_saslconf *conf, bool saslauthd)
{
	const char *list = sc_saslconf_get(conf, "mech_list", NULL), *database = request->sasldb ? request->sasldb : site->db.path;
	const char *method = saslauthd ? "saslauthd" : "auxprop";
	enum spicecfg_status status = SPICECFG_OK;

	if (request->mechanisms)
		status = read_mechanisms(site, request->mechanisms, saslauthd, &list);
	else if (!list_serves(list, saslauthd))
		list = saslauthd ? "plain" : "scram-sha-256 plain";
	if (!status)
		status = sc_saslconf_set(site->ctx, conf, "mech_list", list);
	/* auxprop is libsasl2's default: a file without it stays so */
	if (!status && (saslauthd || sc_saslconf_get(conf, "pwcheck_method", NULL)))
		status = sc_saslconf_set(site->ctx, conf, "pwcheck_method", method);
	if (!status && saslauthd && (request->backend || !sc_saslconf_get(conf, "saslauthd_path", NULL)))
		status = sc_saslconf_set(site->ctx, conf, "saslauthd_path", site->saslauthd.mux);
	if (!status && !saslauthd && sc_saslconf_get(conf, "auxprop_plugin", NULL))
		status = sc_saslconf_set(site->ctx, conf, "auxprop_plugin", "sasldb");
	if (!status && !saslauthd)
		status = sc_saslconf_set(site->ctx, conf, "sasldb_path", database);
	return status;
}

enum spicecfg_status sc_sasl_conf_edit(const struct sc_sasl_site *site, const struct spicecfg_sasl_request *request,
				       struct sc_saslconf **out, bool *saslauthd)
{
	SC_SASLCONF *old = NULL;
	SC_SASLCONF *conf = NULL;
	SC_BUF path = SC_BUF_INIT;
	enum spicecfg_status status = SPICECFG_OK;

	*out = NULL;
	if (site->scope.conf.exists)
		status = sc_saslconf_parse(site->ctx, site->scope.conf.path, site->scope.conf.data, site->scope.conf.len, &old);
	if (!status)
		status = read_backend(site, request->backend, old, saslauthd);
	if (!status && request->sasldb &&
	    (*saslauthd || request->sasldb[0] != '/' || !sc_path_normal(request->sasldb, &path) || !sc_sasl_name_is_sound(request->sasldb)))
		status = sc_fail(site->ctx, SPICECFG_USAGE, "Give an absolute path without '..', with the backend sasldb.",
				 "'%s' can't be used as the user database", request->sasldb);
	if (!status && old) {
		conf = old;
		old = NULL;
	} else if (!status) {
		const char *template = *saslauthd ? site->templates.saslauthd : site->templates.sasldb;

		status = sc_saslconf_parse(site->ctx, site->scope.conf.path, template, strlen(template), &conf);
	}
	if (!status)
		status = edit_keys(site, request, conf, *saslauthd);
	if (status)
		return status;
	*out = conf;
	conf = NULL;
	return SPICECFG_OK;
}

/* A change for each setting that differs. */
static enum spicecfg_status add_settings(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const struct sc_saslconf *conf)
{
	static const char *const keys[] = {"mech_list", "pwcheck_method", "auxprop_plugin", "sasldb_path", "saslauthd_path"};
	SC_SASLCONF *old = NULL;
	enum spicecfg_status status = SPICECFG_OK;

	if (site->scope.conf.exists)
		status = sc_saslconf_parse(plan->ctx, site->scope.conf.path, site->scope.conf.data, site->scope.conf.len, &old);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys) && !status; i++) {
		const char *from = old ? sc_saslconf_get(old, keys[i], NULL) : NULL, *to = sc_saslconf_get(conf, keys[i], NULL);
		const struct spicecfg_change change = {site->scope.conf.path, keys[i], from, to, SPICECFG_EFFECT_NEXT_START};

		if (from ? !to || strcmp(from, to) != 0 : to != NULL)
			status = sc_plan_change(plan, &change);
	}
	return status;
}

static enum spicecfg_status put_conf(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const struct sc_saslconf *conf)
{
	const struct sc_buf *bytes = sc_saslconf_bytes(conf);
	const struct sc_put put = {
	    .found = &site->scope.conf,
	    .data = sc_buf_text(bytes),
	    .len = bytes->len,
	    .owned = true,
	    .uid = 0,
	    .gid = site->qemu.gid,
	    .mode = 0640,
	    .untold = true,
	    .effects = SPICECFG_EFFECT_NEXT_START,
	};
	enum spicecfg_status status = sc_plan_put(plan, &put);

	return status ? status : add_settings(plan, site, conf);
}

enum spicecfg_status sc_plan_sasl_conf(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const struct sc_saslconf *conf)
{
	size_t last = 0;
	bool own = site->vm.target != NULL;
	enum spicecfg_status status = SPICECFG_OK;

	if (sc_guard_same_file(site->scope.conf.path, site->host.qemuconf.path))
		return sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){site->scope.conf.path, 0, 0},
				  "Give SASL another directory: spice_sasl_dir in qemu.conf, or SASL_CONF_PATH of the VM.",
				  "is libvirt's qemu.conf, so it can't be the SASL file too");
	while (site->scope.parents[last].path && site->scope.parents[last + 1].path)
		last++;
	/* The directories below libvirt-spice belong to spicecfg, /etc/sasl2 to the distribution. */
	for (size_t i = 0; !status && site->scope.parents[i].path; i++) {
		const struct sc_found *dir = &site->scope.parents[i];
		/* A directory of the VM elsewhere may be shared with other programs. */
		bool ours = own && (sc_path_below(dir->path, SC_SASL_OWN_BASE) || (i == last && !dir->exists));

		if (ours)
			status = sc_plan_dir(plan, dir, 0, site->qemu.gid, 0750);
		else if (!dir->exists)
			status = sc_plan_dir(plan, dir, 0, 0, 0755);
	}
	if (!status)
		status = put_conf(plan, site, conf);
	return status;
}

static enum spicecfg_status add_member(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const struct sc_found *found,
				       bool secret)
{
	SC_BUF text = SC_BUF_INIT;

	if (!found->exists)
		return SPICECFG_OK;
	sc_buf_add(&text, found->data, found->len);
	bool there = sc_group_add(&text, "sasl", site->qemu.user);
	if (text.failed)
		return sc_fail_memory(plan->ctx);
	const struct sc_put put = {.found = found,
				   .data = text.data,
				   .len = text.len,
				   .secret = secret,
				   .key = "members of sasl",
				   .to = site->qemu.user,
				   .effects = SPICECFG_EFFECT_NEXT_START};
	return there ? sc_plan_put(plan, &put) : SPICECFG_OK;
}

static bool is_debian(const struct sc_saslauthd *daemon)
{
	return strncmp(daemon->file.path, "/etc/default/", 13) == 0;
}

/* Removes the cache from the file and adds the change; *changed: it had one. */
static enum spicecfg_status uncache(struct spicecfg_plan *plan, const struct sc_saslauthd *daemon, struct sc_sysconfig *conf, bool *changed)
{
	struct sc_saslauthd_says says;

	sc_saslauthd_read(conf, is_debian(daemon), plan->memory, &says);
	*changed = says.caches;
	enum spicecfg_status status =
	    says.unclear
		? sc_plan_note(
		      plan, "%s:%u: can't determine whether saslauthd has a cache (-c): write its options without variables and commands",
		      daemon->file.path, says.unclear)
		: SPICECFG_OK;
	if (status || !says.caches)
		return status;
	const struct spicecfg_change change = {daemon->file.path, "cache (-c)", "on", NULL, SPICECFG_EFFECT_DAEMON_RESTART};
	status = sc_saslauthd_uncache(plan->ctx, conf, is_debian(daemon));
	return status ? status : sc_plan_change(plan, &change);
}

enum spicecfg_status sc_plan_uncache(struct spicecfg_plan *plan, const struct sc_sasl_site *site, bool *changed)
{
	const struct sc_saslauthd *daemon = &site->saslauthd;
	SC_SYSCONFIG *conf = NULL;

	*changed = false;
	if (!daemon->file.path)
		return SPICECFG_OK;
	enum spicecfg_status status =
	    sc_sysconfig_parse(plan->ctx, daemon->file.path, daemon->file.data ? daemon->file.data : "", daemon->file.len, &conf);
	if (!status)
		status = uncache(plan, daemon, conf, changed);
	if (status || !*changed)
		return status;
	const struct sc_buf *bytes = sc_sysconfig_bytes(conf);
	const struct sc_put put = {.found = &daemon->file,
				   .data = sc_buf_text(bytes),
				   .len = bytes->len,
				   .untold = true,
				   .effects = SPICECFG_EFFECT_DAEMON_RESTART};
	return sc_plan_put(plan, &put);
}

enum spicecfg_status sc_plan_saslauthd(struct spicecfg_plan *plan, const struct sc_sasl_site *site)
{
	const struct sc_saslauthd *daemon = &site->saslauthd;
	SC_SYSCONFIG *conf = NULL;
	bool uncached = false;
	enum spicecfg_status status;

	if (!daemon->file.path)
		return sc_plan_note(plan, "saslauthd is not installed: install %s",
				    site->host.family == SC_DISTRO_DEBIAN ? "sasl2-bin"
				    : site->host.family == SC_DISTRO_SUSE ? "cyrus-sasl-saslauthd"
									  : "cyrus-sasl");
	status = sc_sysconfig_parse(plan->ctx, daemon->file.path, daemon->file.data, daemon->file.len, &conf);
	if (status)
		return status;
	const char *from = sc_sysconfig_get(conf, daemon->mech_key, NULL);
	from = from ? sc_arena_strdup(plan->memory, from) : NULL;
	/* Kerberos, LDAP and other mechanisms of saslauthd stay as the administrator configured them. */
	if (!from || !*from)
		status = sc_sysconfig_set(plan->ctx, conf, daemon->mech_key, "pam");
	if (!status && daemon->threads_key && !sc_sysconfig_get(conf, daemon->threads_key, NULL))
		status = sc_sysconfig_set(plan->ctx, conf, daemon->threads_key, "5");
	if (!status && site->host.family == SC_DISTRO_DEBIAN && sc_sysconfig_get(conf, "START", NULL))
		status = sc_sysconfig_set(plan->ctx, conf, "START", "yes");
	if (!status)
		status = uncache(plan, daemon, conf, &uncached);
	const struct sc_buf *bytes = sc_sysconfig_bytes(conf);
	const struct sc_put put = {.found = &daemon->file,
				   .data = sc_buf_text(bytes),
				   .len = bytes->len,
				   .key = daemon->mech_key,
				   .from = from,
				   .to = "pam",
				   .untold = uncached && from && *from,
				   .effects = SPICECFG_EFFECT_DAEMON_RESTART};
	if (!status)
		status = sc_plan_put(plan, &put);
	if (!status && from && *from && strcmp(from, "pam") != 0)
		status = sc_plan_note(plan, "saslauthd uses %s, not PAM (%s in %s)", from, daemon->mech_key, daemon->file.path);
	if (!status && site->qemu.needs_group)
		status = sc_plan_lock_accounts(plan);
	if (!status && site->qemu.needs_group)
		status = add_member(plan, site, &site->qemu.group_file, false);
	if (!status && site->qemu.needs_group)
		status = add_member(plan, site, &site->qemu.gshadow_file, true);
	return status;
}

enum spicecfg_status sc_plan_spice_sasl(struct spicecfg_plan *plan, const struct sc_sasl_site *site, bool on)
{
	const struct sc_qemuconf_value value = {.kind = SC_QEMUCONF_INT, .number = on};
	SC_QEMUCONF *conf = NULL;
	SC_BUF old_shown = SC_BUF_INIT;
	SC_BUF new_shown = SC_BUF_INIT;
	size_t len = 0;

	if (site->host.spice_sasl == on)
		return SPICECFG_OK;
	enum spicecfg_status status = sc_qemuconf_parse(
	    plan->ctx, site->host.qemuconf.path, site->host.qemuconf.data ? site->host.qemuconf.data : "", site->host.qemuconf.len, &conf);
	if (status)
		return status;
	sc_qemuconf_mask(conf, sc_qemuconf_key_secret, &old_shown);
	status = sc_qemuconf_set(plan->ctx, conf, "spice_sasl", &value);
	if (status)
		return status;
	sc_qemuconf_mask(conf, sc_qemuconf_key_secret, &new_shown);
	if (old_shown.failed || new_shown.failed)
		return sc_fail_memory(plan->ctx);
	struct sc_put put = {
	    .found = &site->host.qemuconf,
	    .data = sc_qemuconf_bytes(conf, &len),
	    .old_shown = sc_arena_strdup(plan->memory, sc_buf_text(&old_shown)),
	    .new_shown = sc_arena_strdup(plan->memory, sc_buf_text(&new_shown)),
	    .key = "spice_sasl",
	    .from = on ? "0" : "1",
	    .to = on ? "1" : "0",
	    .effects = SPICECFG_EFFECT_DAEMON_RESTART | SPICECFG_EFFECT_NEXT_START,
	};
	put.len = len;
	if (!put.old_shown || !put.new_shown)
		return sc_fail_memory(plan->ctx);
	status = sc_plan_put(plan, &put);
	if (!status && on)
		status = sc_plan_judge_qemuconf(plan, site->host.qemuconf.path);
	return status ? status
		      : sc_plan_note(plan, "libvirt's QEMU daemon (libvirtd or virtqemud) reads qemu.conf when it starts: restart it, then "
					   "stop and start the VMs");
}

struct tally {
	size_t offered;
	const char *package;
};

static void count(void *opaque, const char *name, size_t len, const struct sc_mechanism *mechanism, enum sc_mechanism_outcome outcome)
{
	struct tally *tally = opaque;

	(void)name;
	(void)len;
	(void)mechanism;
	tally->offered += outcome == SC_MECH_OFFERED;
}

enum spicecfg_status sc_plan_sasl_notes(struct spicecfg_plan *plan, const struct sc_sasl_site *site, const struct sc_saslconf *conf)
{
	struct sc_mechanism_input input = {sc_saslconf_get(conf, "mech_list", NULL), sc_sasl_is_saslauthd(conf), site->vm.tls, NULL, NULL};
	struct tally tally = {0};

	sc_mechanism_each(&input, count, &tally);
	if (tally.offered)
		return SPICECFG_OK;
	if (site->vm.target && !(site->vm.tls_wanted && !site->host.spice_tls))
		return sc_plan_note(plan,
				    "'%s' has no TLS channel, and spice-server offers none of %s without TLS: `spicecfg set-listen TARGET "
				    "address ADDRESS --tls-port auto`",
				    site->vm.target, input.mech_list);
	return site->host.spice_tls ? SPICECFG_OK
				    : sc_plan_note(plan,
						   "spice_tls is off, and spice-server offers none of %s without TLS: `spicecfg pki init`, "
						   "`spicecfg host set spice_tls=1`",
						   input.mech_list);
}
