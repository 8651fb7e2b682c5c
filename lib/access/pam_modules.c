/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the modules of Linux-PAM answer. A module, or an option of it, that is not in here can have any result. */
#include <string.h>

#include "access/access_impl.h"
#include "access/pam_words.h"

enum { SUCCESS = 1 << SC_PAM_SUCCESS, FAILURE = 1 << SC_PAM_AUTH_ERR, NOTHING = 1 << SC_PAM_IGNORE, DAY = 86400 };

/* A rule that is about to be asked. */
struct ask {
	const struct sc_access_look *look;
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

static enum sc_known in_list(const struct ask *ask, const struct sc_pam_list_fact *list, const char *word)
{
	ask->reason->line = word ? sc_pam_list_find(list, word) : 0;
	return ask->reason->line ? SC_TRUE : SC_FALSE;
}

static enum sc_known in_groups(const struct ask *ask, const struct sc_pam_list_fact *list)
{
	enum sc_known any = SC_FALSE;
	char name[SC_ACCESS_WORD_MAX];

	for (size_t i = 0; i < list->n_lines && any != SC_TRUE; i++) {
		if (list->lines[i].len >= sizeof(name))
			return SC_UNKNOWN;
		memcpy(name, list->lines[i].text, list->lines[i].len);
		name[list->lines[i].len] = '\0';
		enum sc_known found = sc_access_is_in(ask->host, ask->person, name);
		if (found == SC_TRUE)
			ask->reason->line = list->lines[i].line;
		any = found == SC_FALSE ? any : found;
	}
	return any;
}

static unsigned search_list(const struct ask *ask, const struct sc_access_listfile *listfile, const struct sc_pam_list_fact *list)
{
	const struct sc_account_fact *account = ask->person->account;
	enum sc_known found;

	if (listfile->item == SC_LIST_GROUP)
		found = in_groups(ask, list);
	else if (listfile->item == SC_LIST_USER)
		found = in_list(ask, list, ask->person->name);
	else
		found = account ? in_list(ask, list, *account->shell ? account->shell : "/bin/sh") : SC_UNKNOWN;
	if (found == SC_UNKNOWN)
		return unclear(ask, "members of a group that could not be read", SUCCESS | FAILURE);
	ask->reason->list = found == SC_TRUE ? list->path : NULL;
	return (found == SC_TRUE) == listfile->allow ? SUCCESS : FAILURE;
}

static unsigned ask_listfile(const struct ask *ask)
{
	struct sc_access_listfile listfile;

	sc_access_listfile_read(ask->rule->args, &listfile);
	if (listfile.foreign)
		return unclear(ask, "options of pam_listfile that are not evaluated", SC_PAM_ANY);
	const unsigned onerr = listfile.onerr_succeed ? SUCCESS : 1 << SC_PAM_SERVICE_ERR;
	if (listfile.wrong)
		return onerr;
	if (listfile.item == SC_LIST_NOTHING)
		return listfile.allow ? FAILURE : SUCCESS;
	const struct sc_pam_list_fact *list = sc_host_pam_list(ask->host, listfile.file);
	if (!list || list->exists == SC_UNKNOWN)
		return unclear(ask, "a list that could not be read", SC_PAM_ANY);
	if (list->exists == SC_FALSE)
		return onerr;
	return list->unsafe ? FAILURE : search_list(ask, &listfile, list);
}

static unsigned ask_succeed_if(const struct ask *ask)
{
	return sc_access_succeed_if(ask->host, ask->rule->args, ask->person, ask->reason);
}

static unsigned ask_access(const struct ask *ask)
{
	const unsigned missing = exists(ask) == SC_FALSE ? 1 << SC_PAM_USER_UNKNOWN : 0;

	return missing ? missing : sc_access_pam_access(ask->host, ask->rule->args, ask->person, ask->reason);
}

/* It has no function for passwords. */
static unsigned ask_time(const struct ask *ask)
{
	return ask->auth ? 1 << SC_PAM_MODULE_UNKNOWN : sc_access_pam_time(ask->look, ask->rule->args, ask->person, ask->reason);
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

/* modules/pam_nologin: without its file it takes no part. */
static unsigned ask_nologin(const struct ask *ask)
{
	static const char *const files[] = {SC_PAM_NOLOGIN_RUN, SC_PAM_NOLOGIN};
	const struct sc_account_fact *account = ask->person->account;
	enum sc_known closed = SC_FALSE;

	if (*ask->rule->args)
		return unclear(ask, "options of pam_nologin that are not evaluated", SC_PAM_ANY);
	for (size_t i = 0; i < 2; i++) {
		const struct sc_pam_list_fact *file = sc_host_pam_list(ask->host, files[i]);

		if (!file || file->exists == SC_UNKNOWN)
			return unclear(ask, "a file that closes the host for logins", SC_PAM_ANY);
		closed = file->exists == SC_TRUE ? SC_TRUE : closed;
	}
	if (closed == SC_FALSE)
		return exists(ask) == SC_FALSE ? NOTHING | 1 << SC_PAM_USER_UNKNOWN : NOTHING;
	return account && account->uid == 0 ? SUCCESS : FAILURE | 1 << SC_PAM_USER_UNKNOWN;
}

/* It knows some accounts, and never asks for another password. */
static unsigned ask_cap(const struct ask *ask)
{
	(void)ask;
	return SUCCESS | FAILURE | NOTHING | 1 << SC_PAM_USER_UNKNOWN | 1 << SC_PAM_SERVICE_ERR;
}

static const struct {
	const char *module;
	unsigned (*ask)(const struct ask *ask);
} modules[] = {
    {"pam_unix", ask_unix},         {"pam_deny", ask_deny},         {"pam_permit", ask_permit},
    {"pam_rootok", ask_permit},     {"pam_listfile", ask_listfile}, {"pam_succeed_if", ask_succeed_if},
    {"pam_faildelay", ask_nothing}, {"pam_warn", ask_nothing},      {"pam_echo", ask_nothing},
    {"pam_access", ask_access},     {"pam_time", ask_time},         {"pam_env", ask_nothing},
    {"pam_cap", ask_cap},           {"pam_nologin", ask_nologin},
};

unsigned sc_access_module(const struct sc_access_look *look, const struct sc_pam_rule_fact *rule, bool auth,
			  const struct sc_access_person *person, struct sc_pam_reason *reason)
{
	const struct ask ask = {look, look->host, rule, person, reason, look->question->instant, auth};

	*reason = (struct sc_pam_reason){NULL, NULL, 0};
	for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++)
		if (sc_access_is_module(rule->module, modules[i].module))
			return modules[i].ask(&ask);
	return unclear(&ask, "a module of PAM that is not evaluated", SC_PAM_ANY);
}
