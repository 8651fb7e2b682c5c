/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the modules of Linux-PAM answer. A module, or an option of it, that is not in here can have any result. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access/access_impl.h"
#include "access/pam_words.h"

enum { SUCCESS = 1 << SC_PAM_SUCCESS, FAILURE = 1 << SC_PAM_AUTH_ERR, NOTHING = 1 << SC_PAM_IGNORE, DAY = 86400 };

/* A rule that is about to be asked. */
struct ask {
	const struct sc_host *host;
	const struct sc_pam_rule_fact *rule;
	const struct sc_access_person *person;
	struct sc_pam_reason *reason;
	int64_t instant;
	bool auth;
};

static unsigned unclear(const struct ask *ask, const char *why, unsigned results)
{
	ask->reason->why = why;
	return results;
}

/* Without an entry among the accounts: a group's member exists, others may. */
static enum sc_known exists(const struct ask *ask)
{
	if (ask->person->account || ask->person->group)
		return SC_TRUE;
	return ask->person->name && ask->host->logins.complete == SC_TRUE ? SC_FALSE : SC_UNKNOWN;
}

/* modules/pam_unix: the account's password, its expiry dates. */
static unsigned ask_unix(const struct ask *ask)
{
	const struct sc_account_fact *account = ask->person->account;
	const long today = (long)(ask->instant / DAY);
	enum sc_known known = exists(ask);

	if (known == SC_FALSE)
		return 1 << SC_PAM_USER_UNKNOWN;
	if (!account && !ask->person->group)
		return ask->auth && !ask->person->password ? FAILURE | 1 << SC_PAM_USER_UNKNOWN
							   : unclear(ask, "an account that is not in /etc/passwd", SC_PAM_ANY);
	if (ask->auth && !ask->person->password)
		return FAILURE;
	if (!account) /* the member of a group with a password that is in order */
		return SUCCESS;
	if (ask->auth)
		return account->password == SC_TRUE    ? SUCCESS
		       : account->password == SC_FALSE ? FAILURE
						       : unclear(ask, "a password that could not be read", SUCCESS | FAILURE);
	if (account->aged != SC_TRUE)
		return unclear(ask, "an expiry date that could not be read",
			       SUCCESS | 1 << SC_PAM_ACCT_EXPIRED | 1 << SC_PAM_NEW_AUTHTOK_REQD);
	bool dated = account->expires >= 0 || (account->changed > 0 && account->max >= 0);
	if (dated && !ask->instant)
		return unclear(ask, "an expiry date", SUCCESS | 1 << SC_PAM_ACCT_EXPIRED | 1 << SC_PAM_NEW_AUTHTOK_REQD);
	if (account->expires >= 0 && today >= account->expires)
		return 1 << SC_PAM_ACCT_EXPIRED;
	if (account->changed == 0)
		return 1 << SC_PAM_NEW_AUTHTOK_REQD;
	bool old = account->changed > 0 && account->max >= 0 && today > account->changed + account->max;
	return old ? 1 << SC_PAM_NEW_AUTHTOK_REQD | 1 << SC_PAM_ACCT_EXPIRED : SUCCESS;
}

/* Whether the person is in the group. */
static enum sc_known is_in(const struct ask *ask, const char *name)
{
	const struct sc_group_fact *group = sc_host_group_of(ask->host, name);
	const struct sc_access_person *person = ask->person;

	if (person->group && strcmp(person->group, name) == 0)
		return SC_TRUE;
	if (!group)
		return ask->host->logins.complete == SC_TRUE ? SC_FALSE : SC_UNKNOWN;
	if (person->account)
		return sc_account_in(person->account, group->gid) ? SC_TRUE : SC_FALSE;
	/* a person without a name stands for the accounts that no rule names */
	return person->name ? SC_UNKNOWN : SC_FALSE;
}

static enum sc_known is_named(const struct ask *ask, const char *name)
{
	return ask->person->name && strcmp(ask->person->name, name) == 0 ? SC_TRUE : SC_FALSE;
}

static enum sc_known in_list(const struct ask *ask, const struct sc_pam_list_fact *list, bool groups)
{
	enum sc_known any = SC_FALSE;
	char name[256];

	if (!groups) {
		ask->reason->line = ask->person->name ? sc_pam_list_find(list, ask->person->name) : 0;
		return ask->reason->line ? SC_TRUE : SC_FALSE;
	}
	for (size_t i = 0; i < list->n_lines && any != SC_TRUE; i++) {
		if (list->lines[i].len >= sizeof(name))
			return SC_UNKNOWN;
		memcpy(name, list->lines[i].text, list->lines[i].len);
		name[list->lines[i].len] = '\0';
		enum sc_known found = is_in(ask, name);
		if (found == SC_TRUE)
			ask->reason->line = list->lines[i].line;
		any = found == SC_FALSE ? any : found;
	}
	return any;
}

/* modules/pam_listfile. */
static unsigned ask_listfile(const struct ask *ask)
{
	struct sc_access_listfile listfile;
	const struct sc_pam_list_fact *list;

	if (!sc_access_listfile_read(ask->rule->args, &listfile))
		return unclear(ask, "options of pam_listfile that are not evaluated", SC_PAM_ANY);
	list = sc_host_pam_list(ask->host, listfile.file);
	if (!list || list->exists == SC_UNKNOWN)
		return unclear(ask, "a list that could not be read", SC_PAM_ANY);
	if (list->exists == SC_FALSE)
		return listfile.onerr_succeed ? SUCCESS : 1 << SC_PAM_SERVICE_ERR;
	if (list->unsafe)
		return FAILURE;
	enum sc_known found = in_list(ask, list, listfile.groups);
	if (found == SC_UNKNOWN)
		return unclear(ask, "members of a group that could not be read", SUCCESS | FAILURE);
	ask->reason->list = found == SC_TRUE ? list->path : NULL;
	return (found == SC_TRUE) == listfile.allow ? SUCCESS : FAILURE;
}

static enum sc_known negate(enum sc_known fact)
{
	return fact == SC_UNKNOWN ? fact : fact == SC_TRUE ? SC_FALSE : SC_TRUE;
}

/* "a:b:c", as pam_succeed_if splits it. */
static enum sc_known in_words(const struct ask *ask, const char *words, enum sc_known (*is)(const struct ask *ask, const char *name))
{
	enum sc_known any = SC_FALSE;
	char name[256];

	while (*words && any != SC_TRUE) {
		size_t len = strcspn(words, ":");

		if (len >= sizeof(name))
			return SC_UNKNOWN;
		memcpy(name, words, len);
		name[len] = '\0';
		enum sc_known found = is(ask, name);
		any = found == SC_FALSE ? any : found;
		words += len + (words[len] == ':');
	}
	return any;
}

static enum sc_known compare_numbers(long long left, const char *op, const char *text)
{
	char *end;
	long long right = strtoll(text, &end, 10);
	static const char *const ops[] = {"lt", "le", "eq", "ge", "gt", "ne"};
	const bool holds[] = {left<right, left <= right, left == right, left >= right, left> right, left != right};

	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		if (strcasecmp(op, ops[i]) == 0)
			return *text && !*end ? (holds[i] ? SC_TRUE : SC_FALSE) : SC_UNKNOWN;
	return SC_UNKNOWN;
}

static enum sc_known compare_texts(const char *left, const char *op, const char *right)
{
	if (strcmp(op, "=") == 0 || strcmp(op, "!=") == 0)
		return (strcmp(left, right) == 0) == (*op == '=') ? SC_TRUE : SC_FALSE;
	if (strcmp(op, "=~") == 0 || strcmp(op, "!~") == 0)
		return (fnmatch(right, left, 0) == 0) == (*op == '=') ? SC_TRUE : SC_FALSE;
	return SC_UNKNOWN;
}

/* One condition of modules/pam_succeed_if. */
static enum sc_known holds(const struct ask *ask, const char *field, const char *op, const char *value)
{
	const struct sc_access_person *person = ask->person;

	if (strcmp(field, "service") == 0)
		return compare_texts("spice", op, value);
	if (strcmp(field, "user") == 0) {
		if (strcasecmp(op, "ingroup") == 0 || strcasecmp(op, "notingroup") == 0)
			return *op == 'i' || *op == 'I' ? in_words(ask, value, is_in) : negate(in_words(ask, value, is_in));
		if (strcasecmp(op, "in") == 0 || strcasecmp(op, "notin") == 0)
			return *op == 'i' || *op == 'I' ? in_words(ask, value, is_named) : negate(in_words(ask, value, is_named));
		if (person->name)
			return compare_texts(person->name, op, value);
		return strcmp(op, "=") == 0 ? SC_FALSE : strcmp(op, "!=") == 0 ? SC_TRUE : SC_UNKNOWN;
	}
	if (!person->account)
		return SC_UNKNOWN;
	if (strcmp(field, "uid") == 0)
		return compare_numbers(person->account->uid, op, value);
	if (strcmp(field, "gid") == 0)
		return compare_numbers(person->account->gid, op, value);
	if (strcmp(field, "shell") == 0 && person->account->shell)
		return compare_texts(person->account->shell, op, value);
	return SC_UNKNOWN;
}

static unsigned ask_succeed_if(const struct ask *ask)
{
	const char *args = ask->rule->args;
	struct sc_access_condition condition;
	enum sc_known all = SC_TRUE;
	size_t n = 0;

	for (; sc_access_condition_next(&args, &condition); n++) {
		enum sc_known one = condition.complete ? holds(ask, condition.field, condition.op, condition.value) : SC_UNKNOWN;

		/* the module ends at the first condition that does not hold */
		all = one;
		if (one != SC_TRUE)
			break;
	}
	if (condition.foreign || !n || all == SC_UNKNOWN)
		return unclear(ask, "a condition of pam_succeed_if that is not evaluated", SC_PAM_ANY);
	return all == SC_TRUE ? SUCCESS : exists(ask) == SC_TRUE ? FAILURE : FAILURE | 1 << SC_PAM_USER_UNKNOWN;
}

static unsigned ask_deny(const struct ask *ask)
{
	(void)ask;
	return FAILURE;
}

/* pam_permit; pam_rootok, because saslauthd runs as root. */
static unsigned ask_permit(const struct ask *ask)
{
	(void)ask;
	return SUCCESS;
}

static unsigned ask_nothing(const struct ask *ask)
{
	(void)ask;
	return NOTHING;
}

static const struct {
	const char *module;
	unsigned (*ask)(const struct ask *ask);
} modules[] = {
    {"pam_unix", ask_unix},         {"pam_deny", ask_deny},         {"pam_permit", ask_permit},
    {"pam_rootok", ask_permit},     {"pam_listfile", ask_listfile}, {"pam_succeed_if", ask_succeed_if},
    {"pam_faildelay", ask_nothing}, {"pam_warn", ask_nothing},      {"pam_echo", ask_nothing},
    {"pam_env", ask_nothing},
};

unsigned sc_access_module(const struct sc_host *host, const struct sc_pam_rule_fact *rule, bool auth, const struct sc_access_person *person,
			  int64_t instant, struct sc_pam_reason *reason)
{
	const struct ask ask = {host, rule, person, reason, instant, auth};

	*reason = (struct sc_pam_reason){NULL, NULL, 0};
	for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++)
		if (sc_access_is_module(rule->module, modules[i].module))
			return modules[i].ask(&ask);
	return unclear(&ask, "a module of PAM that is not evaluated", SC_PAM_ANY);
}
