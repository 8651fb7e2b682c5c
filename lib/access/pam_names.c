/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which accounts and groups the rules of a PAM service name. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access/access_impl.h"
#include "access/pam_words.h"

struct collect {
	const struct sc_host *host;
	struct sc_arena *memory;
	struct sc_access_names *names;
	bool fine;
};

static void add(struct collect *collect, bool group, const char *name, size_t len)
{
	const struct sc_subject subject = {group ? SC_WHO_GROUP : SC_WHO_USER, sc_arena_strndup(collect->memory, name, len), NULL};

	if (len && collect->fine)
		collect->fine = sc_access_name_add(collect->names, collect->memory, subject);
}

static void add_list(struct collect *collect, const struct sc_pam_rule_fact *rule)
{
	struct sc_access_listfile listfile;
	sc_access_listfile_read(rule->args, &listfile);
	const struct sc_pam_list_fact *list = listfile.item <= SC_LIST_GROUP ? sc_host_pam_list(collect->host, listfile.file) : NULL;

	for (size_t i = 0; list && !list->unsafe && listfile.allow && i < list->n_lines; i++)
		add(collect, listfile.item == SC_LIST_GROUP, list->lines[i].text, list->lines[i].len);
}

static void add_conditions(struct collect *collect, const struct sc_pam_rule_fact *rule)
{
	struct sc_access_condition condition;
	const char *args = rule->args;

	while (sc_access_condition_next(&args, &condition)) {
		bool group = strcasecmp(condition.op, "ingroup") == 0, several = group || strcasecmp(condition.op, "in") == 0;

		if (!condition.complete || strcmp(condition.field, "user") != 0 || (!several && strcmp(condition.op, "=") != 0))
			continue;
		for (const char *at = condition.value; *at;) {
			size_t len = several ? strcspn(at, ":") : strlen(at);

			add(collect, group, at, len);
			at += len + (at[len] == ':');
		}
	}
}

static void add_stack(struct collect *collect, const struct sc_pam_stack_fact *stack)
{
	for (size_t i = 0; i < stack->n; i++) {
		const struct sc_pam_rule_fact *rule = &stack->rules[i];

		if (rule->error)
			continue;
		if (sc_access_is_module(rule->module, "pam_listfile"))
			add_list(collect, rule);
		if (sc_access_is_module(rule->module, "pam_succeed_if"))
			add_conditions(collect, rule);
	}
}

enum { FIRST_PERSON = 1000 /* login.defs(5), UID_MIN */, NOBODY = 65534 };

bool sc_access_pam_names(const struct sc_host *host, const struct sc_pam_fact *pam, struct sc_arena *memory, struct sc_access_names *out)
{
	struct collect collect = {host, memory, out, true};

	add_stack(&collect, &pam->auth);
	add_stack(&collect, &pam->account);
	/* a service need not name those whom it lets in */
	for (size_t i = 0; i < host->logins.n_accounts; i++) {
		const struct sc_account_fact *account = &host->logins.accounts[i];
		bool person = account->uid >= FIRST_PERSON && account->uid != NOBODY;

		if (account->uid && (account->password == SC_TRUE || (account->password == SC_UNKNOWN && person)))
			add(&collect, false, account->name, strlen(account->name));
	}
	return collect.fine;
}
