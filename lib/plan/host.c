/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/host.h"

#include <string.h>

#include "base/fix.h"
#include "model/qemuconf_keys.h"
#include "rules/host/exposure.h"

/* virQEMUDriverConfigValidate */
const char *const sc_host_directory_keys[] = {"spice_tls_x509_cert_dir", "default_tls_x509_cert_dir", "vnc_tls_x509_cert_dir", NULL};

static bool unsets(const struct spicecfg_qemuconf_edit *edit)
{
	return !edit->value || strcmp(edit->value, "default") == 0;
}

/* Keys that spicecfg does not set, but that can keep libvirt's QEMU driver from coming up: check reports them, and they can be removed. */
static bool may_go(const char *key)
{
	for (const char *const *directory = sc_host_directory_keys; *directory; directory++)
		if (strcmp(key, *directory) == 0)
			return true;
	return strncmp(key, "spice_", 6) == 0 || strcmp(key, "vnc_tls") == 0 || strcmp(key, "vnc_allow_host_audio") == 0 ||
	       strncmp(key, "remote_websocket_port_", 22) == 0;
}

static enum spicecfg_status fail_key(struct spicecfg_ctx *ctx, const char *name)
{
	const char *nearest = sc_qemuconf_key_nearest(name);
	enum spicecfg_status status =
	    sc_fail(ctx, SPICECFG_USAGE, "See '`spicecfg host show`' for the Spice settings.",
		    sc_qemuconf_key(name) ? "'%s' is not a Spice setting" : "qemu.conf has no Spice setting '%s'", name);

	if (nearest)
		sc_fail_fixf(ctx, "Did you mean '%s'? See '`spicecfg host show`' for the Spice settings.", nearest);
	return status;
}

enum spicecfg_status spicecfg_qemuconf_edit_check(struct spicecfg_ctx *ctx, const struct spicecfg_qemuconf_edit *edit)
{
	sc_ctx_enter(ctx);

	const struct sc_qemuconf_key *key = sc_qemuconf_key(edit->key);
	struct sc_qemuconf_value value;

	/* A key that libvirt does not know can be removed from the file, but not added. */
	if ((!key || !key->settable) && unsets(edit) && !edit->value && may_go(edit->key))
		return SPICECFG_OK;
	if (!key || !key->settable)
		return fail_key(ctx, edit->key);
	if (unsets(edit))
		return SPICECFG_OK;
	const char *why = sc_qemuconf_key_value(key, edit->value, &value);
	if (why && key->type == SC_TYPE_PASSWORD)
		return sc_fail(ctx, SPICECFG_USAGE, NULL, "the password for %s is not valid: %s", key->name, why);
	return why ? sc_fail(ctx, SPICECFG_USAGE, NULL, "%s does not take '%s': %s", key->name, edit->value, why) : SPICECFG_OK;
}

/* The value of an entry as reports show it; in memory. */
static const char *shown(struct sc_arena *memory, const struct sc_qemuconf_entry *entry)
{
	SC_BUF text = SC_BUF_INIT;

	if (sc_qemuconf_key_secret(entry->key))
		return "***";
	if (entry->value.kind == SC_QEMUCONF_STRING)
		return entry->value.text;
	sc_qemuconf_format(&entry->value, '"', &text);
	return text.failed ? NULL : sc_arena_strdup(memory, sc_buf_text(&text));
}

static enum spicecfg_status note_shadowed(struct spicecfg_plan *plan, const struct sc_qemuconf *doc, const char *name)
{
	const struct sc_qemuconf_entry *first = sc_qemuconf_get(doc, name, NULL);
	const struct sc_qemuconf_entry *later = first ? sc_qemuconf_get(doc, name, first) : NULL;

	if (!later)
		return SPICECFG_OK;
	return sc_plan_note(plan, "%s is set more than once: line %u is in effect, line %u is not", name, first->line, later->line);
}

static enum spicecfg_status apply(struct spicecfg_plan *plan, struct sc_qemuconf *doc, const struct spicecfg_qemuconf_edit *edit,
				  unsigned effects)
{
	const struct sc_qemuconf_entry *old = sc_qemuconf_get(doc, edit->key, NULL);
	struct spicecfg_change change = {sc_qemuconf_name(doc), edit->key, NULL, NULL, effects};
	struct sc_qemuconf_value value;
	enum spicecfg_status status = spicecfg_qemuconf_edit_check(plan->ctx, edit);

	if (status)
		return status;
	if (old) {
		const char *from = shown(plan->memory, old);

		change.from = from ? sc_arena_strdup(plan->memory, from) : NULL;
		if (!change.from)
			return sc_fail_memory(plan->ctx);
	}
	if (unsets(edit)) {
		/* a name that neither libvirt nor the file knows is a slip */
		if (!old)
			return sc_qemuconf_key(edit->key) ? SPICECFG_OK : fail_key(plan->ctx, edit->key);
		status = sc_qemuconf_unset(plan->ctx, doc, edit->key);
		return status ? status : sc_plan_change(plan, &change);
	}
	(void)sc_qemuconf_key_value(sc_qemuconf_key(edit->key), edit->value, &value);
	bool same = old && sc_qemuconf_same(&old->value, &value);
	if (!same)
		status = sc_qemuconf_set(plan->ctx, doc, edit->key, &value);
	if (!status && !same) {
		change.to = shown(plan->memory, sc_qemuconf_get(doc, edit->key, NULL));
		status = change.to ? sc_plan_change(plan, &change) : sc_fail_memory(plan->ctx);
	}
	return status ? status : note_shadowed(plan, doc, edit->key);
}

enum spicecfg_status sc_plan_edit_qemuconf(struct spicecfg_plan *plan, struct sc_qemuconf *doc, const struct spicecfg_qemuconf_edit *edits,
					   size_t n_edits, unsigned effects)
{
	enum spicecfg_status status = SPICECFG_OK;

	for (size_t i = 0; i < n_edits && !status; i++) {
		for (size_t j = 0; j < i; j++)
			if (strcmp(edits[i].key, edits[j].key) == 0)
				return sc_fail(plan->ctx, SPICECFG_USAGE, "Name each setting once.", "'%s' is given twice", edits[i].key);
		status = apply(plan, doc, &edits[i], effects);
	}
	return status;
}

static bool is_edited(const struct sc_host_check *check, const char *key)
{
	for (size_t i = 0; i < check->n_edits; i++)
		if (strcmp(check->edits[i].key, key) == 0)
			return true;
	return false;
}

/* Adds a finding at a key of the new document. An error of class start makes the check refuse the plan. */
static enum spicecfg_status find(struct spicecfg_report *report, const struct sc_host_check *check, const char *rule,
				 enum spicecfg_level level, enum spicecfg_class cls, const struct sc_qemuconf_entry *entry,
				 const struct spicecfg_fix *fix, const char *format, ...) __attribute__((format(printf, 8, 9)));
static enum spicecfg_status find(struct spicecfg_report *report, const struct sc_host_check *check, const char *rule,
				 enum spicecfg_level level, enum spicecfg_class cls, const struct sc_qemuconf_entry *entry,
				 const struct spicecfg_fix *fix, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *message = sc_arena_vprintf(report->memory, format, args);
	va_end(args);
	if (!message)
		return sc_fail_memory(report->ctx);
	struct spicecfg_finding finding = {.rule = rule,
					   .level = level,
					   .cls = cls,
					   .message = message,
					   .path = entry->key,
					   .file = sc_qemuconf_name(check->doc),
					   .line = entry->value_line,
					   .column = entry->value_column,
					   .fix = fix};
	report->refused = report->refused || (level == SPICECFG_LEVEL_ERROR && cls == SPICECFG_CLASS_START);
	return sc_report_add(report, &finding);
}

static enum spicecfg_status check_types(const struct sc_host_check *check, struct spicecfg_report *report)
{
	for (const struct sc_qemuconf_key *key = sc_qemuconf_keys; key->name; key++) {
		const struct sc_qemuconf_entry *entry = sc_qemuconf_get(check->doc, key->name, NULL);
		const char *why = entry ? sc_qemuconf_key_refused(key, &entry->value) : NULL;
		enum spicecfg_status status = SPICECFG_OK;

		if (why)
			status = find(report, check, "conf-type", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, entry,
				      key->settable ? sc_fix_command(report->memory, "spicecfg host unset %s", key->name) : NULL,
				      "%s on line %u %s: libvirt's QEMU driver does not start", key->name, entry->line, why);
		else if (entry && key->useless && is_edited(check, key->name))
			status = find(report, check, "conf-verify", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, entry,
				      sc_fix_command(report->memory, "spicecfg host unset %s", key->name), "%s has no effect: %s",
				      key->name, key->useless);
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status check_ports(const struct sc_host_check *check, struct spicecfg_report *report)
{
	const struct sc_qemuconf_entry *min = sc_qemuconf_get(check->doc, "remote_display_port_min", NULL);
	const struct sc_qemuconf_entry *max = sc_qemuconf_get(check->doc, "remote_display_port_max", NULL);
	int64_t low = sc_qemuconf_number(check->doc, "remote_display_port_min", 5900);
	int64_t high = sc_qemuconf_number(check->doc, "remote_display_port_max", 65535);

	/* qemu_conf.c accepts a range of one port, virPortAllocatorRangeNew does not. */
	if (low >= 5900 && high <= 65535 && low < high)
		return SPICECFG_OK;
	return find(report, check, "conf-port-range", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, min ? min : max,
		    sc_fix_row(report->memory, NULL, "spicecfg host unset remote_display_port_min remote_display_port_max"),
		    "the ports %lld to %lld are not a range within 5900 to 65535: libvirt's QEMU driver does not start", (long long)low,
		    (long long)high);
}

static enum spicecfg_status check_directories(const struct sc_host_check *check, struct spicecfg_report *report)
{
	for (size_t i = 0; i < 4 && check->missing[i]; i++) {
		const struct sc_qemuconf_entry *entry = sc_qemuconf_get(check->doc, check->missing[i], NULL);
		enum spicecfg_status status =
		    !entry ? SPICECFG_OK
			   : find(report, check, "conf-cert-dir", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_START, entry,
				  sc_fix_row(report->memory, NULL, "spicecfg pki init"),
				  "%s '%s' does not exist: with it, libvirt's QEMU driver does not start", entry->key, entry->value.text);
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static enum spicecfg_status check_certificates(const struct sc_host_check *check, struct spicecfg_report *report)
{
	const struct sc_qemuconf_entry *tls = sc_qemuconf_get(check->doc, "spice_tls", NULL);

	if (!tls || !check->cert_missing || !sc_qemuconf_switch(check->doc, "spice_tls", false))
		return SPICECFG_OK;
	return find(report, check, "tls-certificate", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_START, tls,
		    sc_fix_row(report->memory, NULL, "spicecfg pki init && spicecfg pki issue"),
		    "spice_tls is on, but %s is missing in %s: VMs whose console has a TLS port do not start, and libvirt gives one to "
		    "each console with autoport",
		    check->cert_missing, check->cert_dir);
}

static enum spicecfg_status check_password(const struct sc_host_check *check, struct spicecfg_report *report)
{
	const struct sc_qemuconf_entry *password = sc_qemuconf_get(check->doc, "spice_password", NULL);

	if (!password)
		return SPICECFG_OK;
	if (sc_qemuconf_switch(check->doc, "spice_sasl", false))
		return find(report, check, "password-with-sasl", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, password,
			    sc_fix_row(report->memory, NULL, "spicecfg host unset spice_password"),
			    "spice_password and spice_sasl = 1 together: no VM with a Spice console starts");
	if (!is_edited(check, "spice_password"))
		return SPICECFG_OK;
	return find(report, check, "conf-common-password", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, password,
		    sc_fix_row(report->memory, NULL, "spicecfg set-password VM --generate"),
		    "spice_password opens every VM that has no password of its own, and never expires");
}

static enum spicecfg_status check_exposure(const struct sc_host_check *check, struct spicecfg_report *report)
{
	struct spicecfg_finding finding;

	if (!check->exposure.reader)
		return SPICECFG_OK;
	return sc_exposure_finding(&check->exposure, report->memory, &finding) ? sc_report_add(report, &finding)
									       : sc_fail_memory(report->ctx);
}

enum spicecfg_status sc_plan_check_qemuconf(const struct sc_host_check *check, struct spicecfg_report *report)
{
	enum spicecfg_status status = check_types(check, report);

	if (!status)
		status = check_ports(check, report);
	if (!status)
		status = check_directories(check, report);
	if (!status)
		status = check_certificates(check, report);
	if (!status)
		status = check_password(check, report);
	return status ? status : check_exposure(check, report);
}

static enum spicecfg_status check_text(struct spicecfg_plan *plan, struct spicecfg_report *report)
{
	const struct sc_step *step = sc_plan_step_of(plan, plan->now->document);
	SC_QEMUCONF *doc = NULL;

	if (!step || !step->new)
		return SPICECFG_OK;
	enum spicecfg_status status = sc_qemuconf_parse(plan->ctx, plan->now->label, step->new, step->new_len, &doc);
	const struct sc_host_check check = {.doc = doc};

	return status ? status : sc_plan_check_qemuconf(&check, report);
}

enum spicecfg_status sc_plan_judge_qemuconf(struct spicecfg_plan *plan, const char *document)
{
	struct sc_plan_row *now = plan->now, *row = sc_plan_row_of(plan, document);

	if (!row)
		return SPICECFG_SYSTEM;
	/* a call for qemu.conf has gathered more */
	if (!row->run) {
		row->run = check_text;
		row->label = row->document;
	}
	plan->now = now;
	return SPICECFG_OK;
}
