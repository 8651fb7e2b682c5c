/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/pam.h"

#include <stdint.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "doc/pamtime.h"

#include "base/table.h"

#define ALLOW_LINE "# @ALLOW@\n"

enum spicecfg_status sc_pam_fill(struct spicecfg_ctx *ctx, const char *template, const char *const *allow, struct sc_buf *out)
{
	const char *line = strstr(template, ALLOW_LINE);
	enum spicecfg_status status = SPICECFG_OK;

	if (!line)
		return sc_fail(ctx, SPICECFG_SYSTEM, "Reinstall spicecfg.",
			       "the template of the PAM service has no '@ALLOW@' line for accounts");
	sc_buf_add(out, template, (size_t)(line - template));
	if (allow)
		status = sc_pam_put_list(ctx, allow, out);
	sc_buf_adds(out, line + strlen(ALLOW_LINE));
	return status ? status : out->failed ? sc_fail_memory(ctx) : SPICECFG_OK;
}

struct state {
	const struct sc_pam_judge *judge;
	unsigned errors;
	unsigned rules;
	bool can_refuse;          /* some rule can say no */
	bool can_admit;           /* some rule can say yes before a sure refusal */
	bool refused;             /* a sure refusal came */
	struct sc_table reported; /* by the address of a line: a file may be included many times */
	struct sc_table read;     /* time files that were checked, by the address of their bytes: several rules may name the same file */
	bool delayed;             /* the delay was reported */
	bool asked;               /* a rule that must succeed asked for a password */
	bool bypassed;            /* a rule that lets in without one was reported */
	const struct sc_pam *skipping_in;
	const struct sc_pam_entry *skipping; /* the account rule that ends the stack for everybody; NULL: none */
};

static void report(struct state *state, const char *rule, bool error, const struct sc_pam *pam, unsigned line, const char *message)
{
	state->errors += error;
	state->judge->report(state->judge->opaque, rule, error, (struct sc_where){sc_pam_name(pam), line, line ? 1 : 0}, message);
}

static void report_entry(struct state *state, const char *rule, const struct sc_pam *pam, const struct sc_pam_entry *entry,
			 const char *message)
{
	struct sc_table_entry *reported =
	    sc_table_add_number(&state->reported, (long long)(uintptr_t)(sc_pam_bytes(pam)->data + entry->start));

	if (reported && reported->times++ && reported->value == entry->error)
		return;
	if (reported)
		reported->value = entry->error;
	report(state, rule, true, pam, entry->line, message);
}

/* The value of the last conffile= that has one; a copy in file. */
static bool conffile(const char *args, char *file, size_t size)
{
	SC_BUF arg = SC_BUF_INIT;

	snprintf(file, size, "/etc/security/time.conf");
	while (sc_pam_next_arg(&args, &arg)) {
		const char *text = sc_buf_text(&arg);

		if (arg.len <= 9 || strncmp(text, "conffile=", 9) != 0)
			continue;
		if (arg.failed || arg.len - 9 >= size)
			return false;
		snprintf(file, size, "%s", text + 9);
	}
	return true;
}

struct times {
	struct state *state;
	const char *file;
};

static void report_time(void *opaque, unsigned line, unsigned column, const char *message)
{
	struct times *times = opaque;

	times->state->errors++;
	times->state->judge->report(times->state->judge->opaque, "pam-time-line", true, (struct sc_where){times->file, line, column},
				    message);
}

static void judge_times(struct state *state, const struct sc_pam *pam, const struct sc_pam_entry *entry)
{
	const struct sc_pam_judge *judge = state->judge;
	char file[512], message[700];
	const struct sc_buf *text = judge->read && conffile(entry->args, file, sizeof(file)) ? judge->read(judge->opaque, file) : NULL;

	struct sc_table_entry *read = text ? sc_table_add_number(&state->read, (long long)(uintptr_t)text->data) : NULL;

	if (read && read->times++)
		return;
	if (text) {
		sc_pamtime_judge(text, judge->service ? judge->service : "spice", report_time, &(struct times){state, file});
	} else if (judge->read) {
		snprintf(message, sizeof(message), "pam_time can't read %s: everybody is let in at any time", file);
		report(state, "pam-time-file", true, pam, entry->line, message);
	}
}

struct place {
	struct state *state;
	const struct sc_pam *pam;
	const struct sc_pam_entry *entry;
};

static void report_list(void *opaque, const char *rule, const char *message)
{
	struct place *place = opaque;

	report(place->state, rule, strcmp(rule, "pam-list-lenient") != 0, place->pam, place->entry->line, message);
}

/* A rule whose success ends the stack. */
static bool ends(const struct sc_pam_entry *entry)
{
	return strcasecmp(entry->control, "sufficient") == 0 || strstr(entry->control, "success=done");
}

/* Modules that look at the account, the client or the host, but ask for nothing. */
static bool asks(const struct sc_pam_entry *entry)
{
	static const char *const others[] = {
	    "pam_permit.so", "pam_succeed_if.so", "pam_listfile.so", "pam_localuser.so", "pam_usertype.so", "pam_nologin.so",
	    "pam_env.so",    "pam_faildelay.so",  "pam_warn.so",     "pam_time.so",      "pam_access.so",   "pam_wheel.so",
	    "pam_shells.so", "pam_group.so",      "pam_faillock.so", "pam_tally2.so",    "pam_deny.so"};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (sc_pam_is_module(entry, others[i]))
			return false;
	return true;
}

/* Rules that let somebody in before a password was asked for, or before the account rules that limit who gets in. */
static void judge_shortcut(struct state *state, const struct sc_pam *pam, const struct sc_pam_entry *entry, bool must)
{
	static const char *const chosen[] = {"pam_succeed_if.so", "pam_listfile.so", "pam_localuser.so", "pam_usertype.so",
					     "pam_access.so"};
	bool all = sc_pam_is_module(entry, "pam_permit.so"), some = false;
	char message[256];

	for (size_t i = 0; i < sizeof(chosen) / sizeof(*chosen); i++)
		some = some || sc_pam_is_module(entry, chosen[i]);
	if (entry->type == SC_PAM_ACCOUNT && state->skipping) {
		report(state, "pam-skipped", true, state->skipping_in, state->skipping->line,
		       "this rule lets everybody pass, and those after it are skipped: no limit or lock of theirs applies");
		state->skipping = NULL;
	} else if (entry->type == SC_PAM_ACCOUNT && all && ends(entry) && !state->can_refuse) {
		state->skipping = entry;
		state->skipping_in = pam;
	} else if (entry->type == SC_PAM_AUTH && (all || some) && ends(entry) && !state->asked && !state->bypassed) {
		snprintf(message, sizeof(message), "%s before a password is asked for",
			 all ? "this rule lets everybody in" : "this rule lets in those whom it matches,");
		report(state, "pam-admits-all", true, pam, entry->line, message);
		state->bypassed = true;
	}
	state->asked = state->asked || (must && asks(entry));
}

static const struct sc_pam *load(void *opaque, const char *file)
{
	struct state *state = opaque;

	return state->judge->load(state->judge->opaque, file);
}

static void visit(void *opaque, const struct sc_pam *pam, const struct sc_pam_entry *entry, unsigned depth)
{
	struct state *state = opaque;
	char message[512];

	(void)depth;
	state->rules++;
	if (entry->error) {
		snprintf(message, sizeof(message), "%s: every login fails there", entry->error);
		report_entry(state, "pam-broken-line", pam, entry, message);
		state->refused = state->can_refuse = true;
		return;
	}
	if (state->judge->has_module && !entry->quiet && !state->judge->has_module(state->judge->opaque, entry->module)) {
		snprintf(message, sizeof(message), "the module %s is not installed: every login fails there", entry->module);
		report_entry(state, "pam-missing-module", pam, entry, message);
	}
	if (sc_pam_delays(entry) && !state->delayed) {
		snprintf(message, sizeof(message), "%s holds QEMU up for seconds after a wrong password%s", entry->module,
			 sc_pam_is_module(entry, "pam_unix.so") ? ": nodelay is missing" : "");
		report(state, "pam-nodelay", false, pam, entry->line, message);
		state->delayed = true;
	}
	if (entry->type == SC_PAM_ACCOUNT && sc_pam_is_module(entry, "pam_time.so"))
		judge_times(state, pam, entry);
	if (sc_pam_is_module(entry, "pam_listfile.so"))
		sc_pam_judge_listfile(entry, state->judge, report_list, &(struct place){state, pam, entry});
	bool must = strcasecmp(entry->control, "required") == 0 || strcasecmp(entry->control, "requisite") == 0;
	judge_shortcut(state, pam, entry, must);
	if (sc_pam_is_module(entry, "pam_deny.so")) {
		state->can_refuse = true;
		state->refused = state->refused || (must && !state->can_admit);
		return;
	}
	if (sc_pam_is_module(entry, "pam_permit.so"))
		return;
	/* nologin, loginuid and the like do not identify anybody */
	if (sc_pam_is_module(entry, "pam_nologin.so") || sc_pam_is_module(entry, "pam_env.so") ||
	    sc_pam_is_module(entry, "pam_faildelay.so") || sc_pam_is_module(entry, "pam_warn.so"))
		return;
	state->can_refuse = true;
	state->can_admit = state->can_admit || entry->control[0] == '[' || strcasecmp(entry->control, "sufficient") == 0;
}

unsigned sc_pam_judge(const struct sc_pam *pam, const struct sc_pam_judge *judge)
{
	static const enum sc_pam_type types[] = {SC_PAM_AUTH, SC_PAM_ACCOUNT};
	unsigned errors = 0;

	for (size_t i = 0; i < 2; i++) {
		struct state state = {.judge = judge};
		const struct sc_pam_walk walk = {.load = load, .visit = visit, .opaque = &state};
		char message[256];

		sc_pam_walk(pam, types[i], &walk);
		if (!state.rules) {
			snprintf(message, sizeof(message), "there is no rule of type %s: libpam uses the service 'other' instead",
				 sc_pam_type_name(types[i]));
			report(&state, "pam-no-rule", true, pam, 0, message);
		} else if (types[i] == SC_PAM_AUTH && !state.can_refuse && !state.bypassed) {
			report(&state, "pam-admits-all", true, pam, 0, "no rule asks for a password: everybody gets in");
		} else if (state.refused && !state.errors) {
			snprintf(message, sizeof(message), "the %s rules refuse everybody", sc_pam_type_name(types[i]));
			report(&state, "pam-admits-nobody", false, pam, 0, message);
		}
		errors += state.errors;
		sc_table_free(&state.reported);
		sc_table_free(&state.read);
	}
	return errors;
}
