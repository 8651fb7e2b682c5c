/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans for the host's qemu.conf: the pure edit, with the facts and steps that it needs. */
#include <string.h>

#include "model/qemuconf_keys.h"
#include "plan/host.h"
#include "system/load/load.h"
#include "system/os/exposure.h"
#include "system/os/place.h"
#include "system/qemuconf/host_conf.h"

static enum spicecfg_status check_restart(const struct spicecfg_qemuconf *conf)
{
	if (conf->ctx->root)
		return sc_fail(conf->ctx, SPICECFG_USAGE, NULL,
			       "--restart-daemon and --root can't be used together: with --root no daemon is contacted");
	if (!conf->own)
		return sc_fail(conf->ctx, SPICECFG_USAGE, "Omit --restart-daemon.", "no daemon reads %s", conf->label);
	return SPICECFG_OK;
}

/* The directory of a session's file may be missing; libvirt makes it 0700 too. */
static enum spicecfg_status add_directories(struct spicecfg_plan *plan, const struct spicecfg_qemuconf *conf)
{
	enum spicecfg_status status = SPICECFG_OK;

	if (conf->exists || !conf->session)
		return SPICECFG_OK;
	for (char *slash = strchr(conf->path + 1, '/'); slash && !status; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (sc_host_missing(conf->ctx, conf->path)) {
			const struct sc_step step = {
			    .type = SC_STEP_MKDIR, .document = conf->path, .path = conf->path, .want = {.mode = true, .bits = 0700}};

			status = sc_plan_step(plan, &step);
		}
		*slash = '/';
	}
	return status;
}

static bool has_password(const struct sc_qemuconf *doc)
{
	static const char *const keys[] = {"spice_password", "vnc_password"};
	bool has = false;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		has |= *sc_qemuconf_text(doc, keys[i], "") != '\0';
	return has;
}

static enum spicecfg_status add_file(struct spicecfg_plan *plan, const struct spicecfg_qemuconf *conf)
{
	SC_BUF old_shown = SC_BUF_INIT;
	SC_BUF new_shown = SC_BUF_INIT;
	struct sc_step step = {
	    .type = SC_STEP_FILE,
	    .document = conf->label,
	    .path = conf->path,
	    .old = conf->exists ? sc_buf_text(&conf->bytes) : NULL,
	    .old_len = conf->bytes.len,
	    .outside = conf->outside,
	    .effects = SPICECFG_EFFECT_DAEMON_RESTART,
	};
	enum spicecfg_status status = sc_place_check(plan->ctx, conf->named, conf->outside);

	if (status)
		return status;
	step.new = sc_qemuconf_bytes(conf->edited, &step.new_len);
	sc_qemuconf_mask(conf->doc, sc_qemuconf_key_secret, &old_shown);
	sc_qemuconf_mask(conf->edited, sc_qemuconf_key_secret, &new_shown);
	if (old_shown.failed || new_shown.failed)
		return sc_fail_memory(plan->ctx);
	step.old_shown = sc_buf_text(&old_shown);
	step.new_shown = sc_buf_text(&new_shown);
	if (conf->exists)
		step.was = (struct sc_want){.mode = true, .bits = conf->mode};
	if (!conf->exists) {
		/* the mode that packages use, since it may contain a password one day */
		step.want = (struct sc_want){.mode = true, .bits = 0600};
	} else if (has_password(conf->edited) && conf->mode & 077 && sc_qemuconf_changed(conf->edited)) {
		step.want = (struct sc_want){.mode = true, .bits = conf->mode & 0700};
		status = sc_plan_note(plan, "%s contains a password: its mode becomes %04o", conf->label, (unsigned)(conf->mode & 0700));
	}
	return status ? status : sc_plan_step(plan, &step);
}

static enum spicecfg_status add_restart(struct spicecfg_plan *plan, const struct spicecfg_qemuconf *conf, bool restart)
{
	const struct sc_daemon *daemon = &conf->daemon;
	struct sc_action *action;

	if (!conf->own)
		return SPICECFG_OK;
	if (!restart && !plan->ctx->root && !daemon->pid)
		return sc_plan_note(plan, "%s is not running: it reads the file when it starts", daemon->name);
	if (!restart && daemon->systemd)
		return sc_plan_note(plan, "%s must be restarted: `systemctl restart %s`, or --restart-daemon", daemon->name, daemon->name);
	if (!restart && daemon->script)
		return sc_plan_note(plan, "%s must be restarted: `service %s restart`, or --restart-daemon", daemon->name, daemon->name);
	if (!restart)
		return sc_plan_note(plan, "%s must be restarted%s", daemon->name, plan->ctx->root ? ", if that host is running" : "");
	/* before anything is changed */
	if (daemon->pid && !daemon->systemd && !daemon->script)
		return sc_daemon_fail(plan->ctx, daemon);
	action = sc_arena_alloc(plan->memory, sizeof(*action));
	if (!action)
		return sc_fail_memory(plan->ctx);
	*action = (struct sc_action){"restart-daemon", {conf->session ? "session" : "system", NULL, NULL}};
	const struct sc_step step = {.type = SC_STEP_ACTION, .document = daemon->name, .action = action, .effects = SPICECFG_EFFECT_NOW};
	enum spicecfg_status status = sc_plan_step(plan, &step);
	return status
		   ? status
		   : sc_plan_note(
			 plan, daemon->pid || daemon->systemd ? "%s is restarted" : "%s is not running: it reads the file when it starts",
			 daemon->name);
}

/* The settings that calls of one plan have edited. */
struct asked {
	const struct spicecfg_qemuconf *conf;
	struct spicecfg_qemuconf_edit *edits;
	size_t n_edits;
};

/* Which of the files that QEMU loads for TLS is missing. */
static enum spicecfg_status find_certificates(struct spicecfg_plan *plan, const struct spicecfg_qemuconf *conf, struct sc_host_check *check)
{
	static const char *const files[] = {"ca-cert.pem", "server-cert.pem", "server-key.pem"};

	if (!conf->own)
		return SPICECFG_OK;
	check->cert_dir = sc_arena_strdup(plan->memory, sc_host_conf_certs(conf, check->doc));
	for (size_t i = 0; check->cert_dir && i < 3 && !check->cert_missing; i++) {
		char *path = sc_arena_printf(plan->memory, "%s/%s", check->cert_dir, files[i]);

		if (!path)
			return sc_fail_memory(plan->ctx);
		if (sc_host_missing(conf->ctx, path))
			check->cert_missing = files[i];
	}
	return check->cert_dir ? SPICECFG_OK : sc_fail_memory(plan->ctx);
}

static enum spicecfg_status gather(struct spicecfg_plan *plan, const struct spicecfg_qemuconf *conf, const struct sc_step *step,
				   struct sc_host_check *check)
{
	size_t n = 0;

	/* A file elsewhere may belong to another host, and so may its directories. */
	for (const char *const *key = sc_host_directory_keys; *key && conf->own; key++) {
		const char *directory = sc_qemuconf_text(check->doc, *key, NULL);

		if (directory && sc_host_missing(conf->ctx, directory))
			check->missing[n++] = *key;
	}
	/* A file that changes becomes accessible to its owner only. */
	if (step && step->old && has_password(check->doc) && !sc_step_edits(step)) {
		enum spicecfg_status status =
		    sc_exposure_look(plan->ctx, conf->outside ? conf->label : conf->path, conf->outside, plan->memory, &check->exposure);

		if (status)
			return status;
	}
	return find_certificates(plan, conf, check);
}

static enum spicecfg_status check_conf(struct spicecfg_plan *plan, struct spicecfg_report *report)
{
	const struct asked *asked = plan->now->data;
	const struct sc_step *step = sc_plan_step_of(plan, plan->now->document);
	struct sc_host_check check = {.edits = asked->edits, .n_edits = asked->n_edits};
	SC_QEMUCONF *doc = NULL;
	enum spicecfg_status status =
	    sc_qemuconf_parse(plan->ctx, plan->now->label, step && step->new ? step->new : "", step ? step->new_len : 0, &doc);

	check.doc = doc;
	if (!status)
		status = gather(plan, asked->conf, step, &check);
	return status ? status : sc_plan_check_qemuconf(&check, report);
}

static enum spicecfg_status add_check(struct spicecfg_plan *plan, const struct spicecfg_qemuconf *conf,
				      const struct spicecfg_qemuconf_edit *edits, size_t n_edits)
{
	struct sc_plan_row *row = sc_plan_row_of(plan, conf->label);
	const struct asked *before = row ? row->data : NULL;
	const size_t n_before = before ? before->n_edits : 0;
	struct asked *asked = sc_arena_alloc(plan->memory, sizeof(*asked));

	if (!row || !asked || !(asked->edits = sc_arena_alloc(plan->memory, (n_before + n_edits + 1) * sizeof(*edits))))
		return sc_fail_memory(plan->ctx);
	asked->conf = conf;
	for (size_t i = 0; i < n_before; i++)
		asked->edits[asked->n_edits++] = before->edits[i];
	for (size_t i = 0; i < n_edits; i++) {
		asked->edits[asked->n_edits].key = sc_arena_strdup(plan->memory, edits[i].key);
		if (!asked->edits[asked->n_edits++].key)
			return sc_fail_memory(plan->ctx);
	}
	row->run = check_conf;
	row->label = conf->label;
	row->data = asked;
	return SPICECFG_OK;
}

/* What earlier calls of the plan, for qemu.conf or for SASL, make of the file; what a plan that was dropped made of it is forgotten. */
static enum spicecfg_status refresh(struct spicecfg_qemuconf *conf)
{
	const bool stale = conf->ctx->stage || conf->planned;

	conf->planned = true;
	return stale ? sc_host_conf_read_file(conf) : SPICECFG_OK;
}

static enum spicecfg_status fill(struct spicecfg_plan *plan, struct spicecfg_qemuconf *conf, const struct spicecfg_qemuconf_edit *edits,
				 size_t n_edits, bool restart)
{
	unsigned effects = SPICECFG_EFFECT_NEXT_START | (restart ? 0 : SPICECFG_EFFECT_DAEMON_RESTART);
	enum spicecfg_status status = restart ? check_restart(conf) : SPICECFG_OK;

	if (!status)
		status = refresh(conf);
	if (!status)
		status = sc_plan_edit_qemuconf(plan, conf->edited, edits, n_edits, effects);
	if (!status)
		status = add_check(plan, conf, edits, n_edits);
	if (!status && sc_qemuconf_changed(conf->edited))
		status = add_directories(plan, conf);
	if (!status && (conf->exists || sc_qemuconf_changed(conf->edited)))
		status = add_file(plan, conf);
	/* An earlier edit may still need the restart. */
	bool waits = restart && conf->exists && conf->changed_ms > sc_daemon_started(&conf->daemon) && conf->daemon.pid;
	if (!status && (waits || sc_qemuconf_changed(conf->edited)))
		status = add_restart(plan, conf, restart);
	return status;
}

enum spicecfg_status spicecfg_plan_qemuconf(struct spicecfg_plan *plan, struct spicecfg_qemuconf *conf,
					    const struct spicecfg_qemuconf_edit *edits, size_t n_edits, bool restart)
{
	enum spicecfg_status status = sc_plan_enter_file(plan, conf->path, conf->outside, conf->label);

	return status ? status : sc_plan_leave(plan, fill(plan, conf, edits, n_edits, restart));
}
