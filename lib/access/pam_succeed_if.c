/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The conditions of pam_succeed_if (modules/pam_succeed_if/pam_succeed_if.c, evaluate). */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access/access_impl.h"
#include "access/pam_words.h"

enum { SUCCESS = 1 << SC_PAM_SUCCESS, FAILURE = 1 << SC_PAM_AUTH_ERR, ERROR = 1 << SC_PAM_SERVICE_ERR };

enum sc_known sc_access_is_in(const struct sc_host *host, const struct sc_access_person *person, const char *name)
{
	const struct sc_group_fact *group = sc_host_group_of(host, name);

	if (person->group && strcmp(person->group, name) == 0)
		return SC_TRUE;
	if (!group)
		return host->logins.complete == SC_TRUE ? SC_FALSE : SC_UNKNOWN;
	if (person->account)
		return sc_account_in(person->account, group->gid) ? SC_TRUE : SC_FALSE;
	return person->name && host->logins.complete != SC_TRUE ? SC_UNKNOWN : SC_FALSE;
}

static unsigned result_of(bool holds)
{
	return holds ? SUCCESS : FAILURE;
}

static bool is_one_of(const char *word, const char *a, const char *b)
{
	return strcasecmp(word, a) == 0 || strcasecmp(word, b) == 0;
}

static unsigned compare_numbers(const char *left, const char *op, const char *right)
{
	char *left_end, *right_end;

	errno = 0;
	long long l = strtoll(left, &left_end, 0), r = strtoll(right, &right_end, 0);
	if (*left_end || *right_end || errno)
		return ERROR;
	if (is_one_of(op, "<", "lt"))
		return result_of(l < r);
	if (is_one_of(op, "<=", "le"))
		return result_of(l <= r);
	if (is_one_of(op, ">", "gt"))
		return result_of(l > r);
	if (is_one_of(op, ">=", "ge"))
		return result_of(l >= r);
	if (strcasecmp(op, "eq") == 0)
		return result_of(l == r);
	return result_of(l != r);
}

static bool is_number_op(const char *op)
{
	static const char *const ops[] = {"<", "lt", "<=", "le", ">", "gt", ">=", "ge", "eq", "ne"};

	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		if (strcasecmp(op, ops[i]) == 0)
			return true;
	return false;
}

/* "a:b:c"; a word of the list is compared as a whole. */
static bool in_words(const char *word, const char *words)
{
	size_t len = strlen(word);

	while (*words) {
		size_t n = strcspn(words, ":");

		if (n == len && memcmp(words, word, n) == 0)
			return true;
		words += n + (words[n] == ':');
	}
	return false;
}

static enum sc_known in_groups(const struct sc_host *host, const struct sc_access_person *person, const char *words)
{
	enum sc_known any = SC_FALSE;
	char name[SC_ACCESS_WORD_MAX];

	while (*words && any != SC_TRUE) {
		size_t len = strcspn(words, ":");

		memcpy(name, words, len);
		name[len] = '\0';
		enum sc_known found = sc_access_is_in(host, person, name);
		any = found == SC_FALSE ? any : found;
		words += len + (words[len] == ':');
	}
	return any;
}

/* What a condition is about; 0: *text is set to it. text NULL: a name that no rule names. */
static unsigned resolve(const struct sc_host *host, const struct sc_access_person *person, const char *field, char number[32],
			const char **text)
{
	const struct sc_account_fact *account = person->account;
	const bool home = is_one_of(field, "home", "dir") || strcasecmp(field, "homedir") == 0;

	*text = "";
	if (is_one_of(field, "user", "name") || strcasecmp(field, "login") == 0) {
		*text = person->name;
		return 0;
	}
	if (strcasecmp(field, "service") == 0)
		*text = "spice";
	if (is_one_of(field, "service", "rhost") || strcasecmp(field, "tty") == 0)
		return 0;
	if (!home && !is_one_of(field, "uid", "gid") && strcasecmp(field, "shell") != 0)
		return strcasecmp(field, "ruser") == 0 ? SC_PAM_ANY : ERROR;
	if (!account)
		return person->name && host->logins.complete == SC_TRUE ? 1 << SC_PAM_USER_UNKNOWN : SC_PAM_ANY;
	*text = home ? account->home : account->shell;
	if (is_one_of(field, "uid", "gid")) {
		snprintf(number, 32, "%u", *field == 'u' || *field == 'U' ? account->uid : account->gid);
		*text = number;
	}
	return *text ? 0 : SC_PAM_ANY;
}

static unsigned compare(const char *left, const char *op, const char *right)
{
	if (!left) /* it is none of the names that are written somewhere */
		return strcmp(op, "=") == 0 || strcasecmp(op, "in") == 0       ? FAILURE
		       : strcmp(op, "!=") == 0 || strcasecmp(op, "notin") == 0 ? SUCCESS
									       : SC_PAM_ANY;
	if (is_number_op(op))
		return compare_numbers(left, op, right);
	if (strcmp(op, "=") == 0 || strcmp(op, "!=") == 0)
		return result_of((strcmp(left, right) == 0) == (*op == '='));
	if (is_one_of(op, "=~", "glob") || is_one_of(op, "!~", "noglob"))
		return result_of((fnmatch(right, left, 0) == 0) == is_one_of(op, "=~", "glob"));
	if (is_one_of(op, "in", "notin"))
		return result_of(in_words(left, right) == (strcasecmp(op, "in") == 0));
	return is_one_of(op, "innetgr", "notinnetgr") ? SC_PAM_ANY : ERROR;
}

static unsigned evaluate(const struct sc_host *host, const struct sc_access_person *person, const struct sc_access_condition *condition)
{
	const char *left;
	char number[32];
	unsigned results = resolve(host, person, condition->field, number, &left);

	if (results || !is_one_of(condition->op, "ingroup", "notingroup"))
		return results ? results : compare(left, condition->op, condition->value);
	enum sc_known member = in_groups(host, person, condition->value);
	if (member == SC_UNKNOWN)
		return SUCCESS | FAILURE;
	return result_of((member == SC_TRUE) == (strcasecmp(condition->op, "ingroup") == 0));
}

unsigned sc_access_succeed_if(const struct sc_host *host, const char *args, const struct sc_access_person *person,
			      struct sc_pam_reason *reason)
{
	struct sc_access_condition condition;
	unsigned results = SUCCESS, ends = 0;

	/* it ends at the first condition that does not hold; one that may hold leads on as well */
	while (results & SUCCESS && sc_access_condition_next(&args, &condition)) {
		results = condition.complete ? evaluate(host, person, &condition) : ERROR;
		ends |= results & ~(unsigned)SUCCESS;
	}
	if (results & SUCCESS && condition.foreign)
		ends = SC_PAM_ANY;
	results = ends | (results & SUCCESS);
	if (results & SUCCESS && results != SUCCESS)
		reason->why = "a condition of pam_succeed_if that is not evaluated";
	return results;
}
