/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stacks of a PAM service as Linux-PAM runs them (libpam/pam_dispatch.c, _pam_dispatch_aux). A module whose result can't be determined
 * has several: the set of all states that the stack can be in moves on, and the verdict holds only where all of them agree.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access/access_impl.h"

/* The impression of a stack, and whether its status is success. */
enum state { UNDECIDED, GOOD, NOT_SO_GOOD /* positive, with a status that is not success */, BAD, STATES };

enum { RULES_MAX = 256, JUMP_MAX = 255, JUMPS = 10 };

/* What a control does with a result; a number of JUMPS and more: it skips that number minus JUMPS rules. */
enum action { ACT_IGNORE, ACT_OK, ACT_DONE, ACT_BAD, ACT_DIE, ACT_RESET };

static const char *const result_names[SC_PAM_RESULTS] = {
    "success",     "auth_err",    "user_unknown", "acct_expired",   "new_authtok_reqd",
    "service_err", "perm_denied", "abort",        "module_unknown", "ignore",
};
static const char *const action_names[] = {"ignore", "ok", "done", "bad", "die", "reset", NULL};

static int action_of(const char *word, size_t len)
{
	for (int i = 0; action_names[i]; i++)
		if (strlen(action_names[i]) == len && strncmp(word, action_names[i], len) == 0)
			return i;
	long jump = len && len < 4 && isdigit((unsigned char)*word) ? strtol(word, NULL, 10) : 0;
	return jump > 0 && jump <= JUMP_MAX ? JUMPS + (int)jump : -1;
}

/* "[success=1 default=ignore]"; false: not understood. */
static bool read_brackets(const char *control, int actions[SC_PAM_RESULTS])
{
	int other = ACT_BAD;

	for (int i = 0; i < SC_PAM_RESULTS; i++)
		actions[i] = -1;
	for (const char *at = control + 1 + strspn(control + 1, " \t"); *at && *at != ']';) {
		size_t name = strcspn(at, "= \t]"), len;

		if (at[name] != '=')
			return false;
		const char *value = at + name + 1;
		len = strcspn(value, " \t]");
		int action = action_of(value, len);
		if (action < 0)
			return false;
		if (name == 7 && strncmp(at, "default", name) == 0)
			other = action;
		for (int i = 0; i < SC_PAM_RESULTS; i++)
			if (strlen(result_names[i]) == name && strncmp(at, result_names[i], name) == 0)
				actions[i] = action;
		at = value + len;
		at += strspn(at, " \t");
	}
	for (int i = 0; i < SC_PAM_RESULTS; i++)
		if (actions[i] < 0)
			actions[i] = other;
	return true;
}

static bool read_control(const char *control, int actions[SC_PAM_RESULTS])
{
	static const struct {
		const char *word;
		int success, ignore, other;
	} words[] = {{"required", ACT_OK, ACT_IGNORE, ACT_BAD},
		     {"requisite", ACT_OK, ACT_IGNORE, ACT_DIE},
		     {"sufficient", ACT_DONE, ACT_IGNORE, ACT_IGNORE},
		     {"optional", ACT_OK, ACT_IGNORE, ACT_IGNORE}};

	if (*control == '[')
		return read_brackets(control, actions);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcasecmp(control, words[i].word) != 0)
			continue;
		for (int j = 0; j < SC_PAM_RESULTS; j++)
			actions[j] = words[i].other;
		/* pam_handlers.c: a new password that is required counts as success here */
		actions[SC_PAM_SUCCESS] = actions[SC_PAM_NEW_AUTHTOK_REQD] = words[i].success;
		actions[SC_PAM_IGNORE] = words[i].ignore;
		return true;
	}
	return false;
}

/* A stack under evaluation: for each rule the set of states in which it can be reached, a bit per state; the last one is the end. */
struct run {
	const struct sc_pam_stack_fact *stack;
	unsigned char at[RULES_MAX + 1];
	bool unclear; /* something that this evaluation does not follow */
};

/* The rule after i within its own level, as after "done" and "die"; the end of the stack is stack->n. */
static size_t leave_level(const struct sc_pam_stack_fact *stack, size_t i)
{
	unsigned level = stack->rules[i].level;

	for (i++; i < stack->n && stack->rules[i].level >= level;)
		i++;
	return i;
}

/* Skips count rules, of which a whole substack is one; false: there are fewer. */
static bool skip(const struct sc_pam_stack_fact *stack, size_t *i, int count)
{
	unsigned level = stack->rules[*i].level;
	size_t at = *i;

	for (; count && at + 1 < stack->n && stack->rules[at + 1].level >= level; count--)
		for (at++; at + 1 < stack->n && stack->rules[at + 1].level > level;)
			at++;
	*i = at + 1;
	return count == 0;
}

static enum state after(enum state state, int action, enum sc_pam_result result)
{
	bool undecided = state == UNDECIDED || state == GOOD;

	if (action == ACT_OK || action == ACT_DONE)
		return !undecided ? state : result == SC_PAM_SUCCESS ? GOOD : NOT_SO_GOOD;
	return action == ACT_BAD || action == ACT_DIE ? BAD : state;
}

static void take(struct run *run, size_t i, enum state state, int action, enum sc_pam_result result)
{
	enum state next = after(state, action, result);
	size_t to = i + 1;

	if (action == ACT_RESET) {
		/* to the state at the beginning of the substack, which is not remembered */
		run->unclear |= run->stack->rules[i].level > 0;
		next = UNDECIDED;
	}
	if (action == ACT_DIE || (action == ACT_DONE && (next == GOOD || next == NOT_SO_GOOD)))
		to = leave_level(run->stack, i);
	if (action > JUMPS) {
		to = i;
		if (!skip(run->stack, &to, action - JUMPS))
			next = BAD;
	}
	run->at[to] |= (unsigned char)(1 << next);
}

static void say_rule(const struct sc_access_look *look, const struct sc_pam_rule_fact *rule, unsigned results,
		     const struct sc_pam_reason *reason)
{
	enum sc_access answer = results == 1 << SC_PAM_SUCCESS  ? SC_ACCESS_ALLOW
				: results & 1 << SC_PAM_SUCCESS ? SC_ACCESS_UNKNOWN
								: SC_ACCESS_DENY;
	struct sc_access_fact fact = {reason->why ? reason->why : "a rule of PAM", rule->module, rule->file, rule->line, answer};

	/* a rule that takes no part says nothing */
	if (results != 1 << SC_PAM_IGNORE)
		(void)sc_access_say(look, &fact);
	if (reason->list)
		(void)sc_access_say(
		    look, &(struct sc_access_fact){"a name in the list", rule->module, reason->list, reason->line, SC_ACCESS_ALLOW});
}

static void run_rule(struct run *run, const struct sc_access_look *look, size_t i, bool auth, const struct sc_access_person *person)
{
	const struct sc_pam_rule_fact *rule = &run->stack->rules[i];
	struct sc_pam_reason reason = {NULL, NULL, 0};
	int actions[SC_PAM_RESULTS];
	unsigned results = 1 << SC_PAM_SERVICE_ERR;

	/* the place where a substack begins */
	if (!rule->error && strcasecmp(rule->control, "substack") == 0) {
		run->at[i + 1] |= run->at[i];
		return;
	}
	/* libpam keeps a line that it can't use as a rule that always fails */
	if (rule->error || !read_control(rule->control, actions)) {
		reason.why = "a rule that libpam can't use";
		run->unclear |= !rule->error;
		results = rule->error ? results : SC_PAM_ANY;
		for (int j = 0; j < SC_PAM_RESULTS; j++)
			actions[j] = ACT_BAD;
	} else {
		results = sc_access_module(look, rule, auth, person, &reason);
	}
	say_rule(look, rule, results, &reason);
	for (int state = 0; state < STATES; state++)
		for (int result = 0; run->at[i] & 1 << state && result < SC_PAM_RESULTS; result++)
			if (results & 1U << result)
				take(run, i, (enum state)state, actions[result], (enum sc_pam_result)result);
}

static enum sc_access run_stack(const struct sc_access_look *look, const struct sc_pam_stack_fact *stack, bool auth,
				const struct sc_access_person *person)
{
	struct run run = {.stack = stack};

	if (stack->unclear || stack->n > RULES_MAX)
		return sc_access_say(
		    look, &(struct sc_access_fact){"rules of PAM that could not be read", NULL, look->vm->pam_path, 0, SC_ACCESS_UNKNOWN});
	run.at[0] = 1 << UNDECIDED;
	for (size_t i = 0; i < stack->n; i++)
		if (run.at[i])
			run_rule(&run, look, i, auth, person);
	unsigned end = run.at[stack->n];
	if (run.unclear)
		return SC_ACCESS_UNKNOWN;
	return end == 1 << GOOD ? SC_ACCESS_ALLOW : end & 1 << GOOD ? SC_ACCESS_UNKNOWN : SC_ACCESS_DENY;
}

enum sc_access sc_access_pam(const struct sc_access_look *look, const struct sc_pam_fact *pam, const struct sc_access_person *person)
{
	enum sc_access auth = run_stack(look, &pam->auth, true, person);

	return auth == SC_ACCESS_DENY ? auth : sc_access_both(auth, run_stack(look, &pam->account, false, person));
}
