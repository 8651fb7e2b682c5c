/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of a PAM service that limit who gets in or when, and that a new file must not lose. */
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "plan/pam.h"

#define ALLOW_LINE "# @ALLOW@\n"

static bool is_one_of(const struct sc_pam_entry *entry, const char *const *modules)
{
	while (*modules && !sc_pam_is_module(entry, *modules))
		modules++;
	return *modules;
}

static bool is_judged(const struct sc_pam_entry *entry)
{
	return entry->type == SC_PAM_AUTH || entry->type == SC_PAM_ACCOUNT || entry->type == SC_PAM_ANY;
}

static bool is_include(const struct sc_pam_entry *entry)
{
	return entry->type == SC_PAM_ANY || strcasecmp(entry->control, "include") == 0 || strcasecmp(entry->control, "substack") == 0;
}

static bool must(const struct sc_pam_entry *entry)
{
	return strcasecmp(entry->control, "required") == 0 || strcasecmp(entry->control, "requisite") == 0;
}

/* Modules whose rules limit who gets in, or when, or ask for a second secret. */
static bool limits(const struct sc_pam_entry *entry)
{
	static const char *const modules[] = {
	    "pam_succeed_if.so",
	    "pam_listfile.so",
	    "pam_time.so",
	    "pam_access.so",
	    "pam_wheel.so",
	    "pam_shells.so",
	    "pam_exec.so",
	    "pam_script.so",
	    "pam_faillock.so",
	    "pam_tally2.so",
	    "pam_oath.so",
	    "pam_u2f.so",
	    "pam_yubico.so",
	    "pam_duo.so",
	    "pam_google_authenticator.so",
	    NULL,
	};

	return is_one_of(entry, modules);
}

/* What the templates include; any other service may have limits. */
static bool is_host_service(const char *file)
{
	static const char *const files[] = {"common-auth",    "common-account", "common-password",
					    "common-session", "system-auth",    "password-auth"};
	const char *slash = strrchr(file, '/');

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (strcmp(slash ? slash + 1 : file, files[i]) == 0)
			return true;
	return false;
}

static bool has_rule(const struct sc_pam *pam, const struct sc_pam_entry *rule)
{
	const struct sc_pam_entry *entry;

	for (size_t i = 0; pam && (entry = sc_pam_entry_at(pam, i)); i++)
		if (entry->type == rule->type && strcmp(entry->control, rule->control) == 0 && strcmp(entry->module, rule->module) == 0 &&
		    strcmp(entry->args, rule->args) == 0)
			return true;
	return false;
}

/* The entries of the list; without one, of none. */
static struct sc_pam_list list_of(const struct sc_pam *pam, struct sc_arena *memory)
{
	struct sc_pam_list list = {SIZE_MAX, 0};

	sc_pam_find_list(pam, memory, &list);
	return list;
}

static bool is_in(const struct sc_pam_list *list, size_t index)
{
	return index >= list->first && index <= list->deny;
}

const struct sc_pam_entry *sc_pam_lost_limit(const struct sc_pam *old, const struct sc_pam *other, struct sc_arena *memory)
{
	const struct sc_pam_entry *entry;
	const struct sc_pam_list list = list_of(old, memory);

	for (size_t i = 0; (entry = sc_pam_entry_at(old, i)); i++)
		if (is_judged(entry) && (entry->error || limits(entry)) && !is_in(&list, i) && !has_rule(other, entry))
			return entry;
	return NULL;
}

/* A limit, or the refusal of those whom no rule before it admitted, that only works with the rules around it. */
static bool is_fixed_in_place(const struct sc_pam_entry *entry)
{
	if (entry->error || is_include(entry))
		return !entry->error && !is_host_service(entry->module);
	if (entry->type == SC_PAM_ACCOUNT && sc_pam_is_module(entry, "pam_deny.so"))
		return true;
	return limits(entry) && !must(entry) && strcasecmp(entry->control, "optional") != 0;
}

static void put_limits(const struct sc_pam *old, enum sc_pam_type type, const struct sc_pam *present, struct sc_arena *memory,
		       struct sc_buf *out)
{
	const struct sc_pam_entry *entry;
	const struct sc_pam_list list = list_of(old, memory);

	for (size_t i = 0; (entry = sc_pam_entry_at(old, i)); i++)
		if (entry->type == type && !entry->error && must(entry) && limits(entry) && !is_in(&list, i) && !has_rule(present, entry))
			sc_buf_addf(out, "%s%-9s %-11s %s%s%s\n", entry->quiet ? "-" : "", sc_pam_type_name(type), entry->control,
				    entry->module, *entry->args ? " " : "", entry->args);
}

/* The offset of the rules that ask for a password: the first of type auth that is not pam_nologin's. */
static size_t auth_at(const struct sc_pam *pam)
{
	const struct sc_pam_entry *entry;

	for (size_t i = 0; (entry = sc_pam_entry_at(pam, i)); i++)
		if ((entry->type == SC_PAM_AUTH || entry->type == SC_PAM_ANY) && !sc_pam_is_module(entry, "pam_nologin.so"))
			return entry->start;
	return sc_pam_bytes(pam)->len;
}

enum spicecfg_status sc_pam_keep_limits(struct spicecfg_ctx *ctx, const struct sc_pam *old, const char *template, struct sc_arena *memory,
					struct sc_buf *out)
{
	const struct sc_pam_entry *entry;
	const struct sc_pam_list list = list_of(old, memory);
	SC_PAM *pam = NULL;
	enum spicecfg_status status = sc_pam_parse(ctx, "template", template, strlen(template), &pam);

	if (status)
		return status;
	for (size_t i = 0; (entry = sc_pam_entry_at(old, i)); i++)
		if (is_judged(entry) && is_fixed_in_place(entry) && !is_in(&list, i) && !has_rule(pam, entry))
			return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){sc_pam_name(old), entry->line, 1},
					  "Correct the file by hand, or remove this rule from it first.",
					  "this rule limits who gets in together with those around it, and a new file can't keep it");
	const char *allow = strstr(template, ALLOW_LINE);
	size_t auth = auth_at(pam), account = allow ? (size_t)(allow - template) : strlen(template);
	if (auth > account)
		auth = account;
	sc_buf_add(out, template, auth);
	put_limits(old, SC_PAM_AUTH, pam, memory, out);
	sc_buf_add(out, template + auth, account - auth);
	put_limits(old, SC_PAM_ACCOUNT, pam, memory, out);
	sc_buf_adds(out, template + account);
	return out->failed ? sc_fail_memory(ctx) : SPICECFG_OK;
}

/* A rule whose loss lets nobody in: what the templates have as well, and the limits that a new file keeps. */
static bool is_safe(const struct sc_pam_entry *entry)
{
	static const char *const plain[] = {
	    "pam_unix.so", "pam_permit.so", "pam_nologin.so", "pam_env.so", "pam_warn.so", "pam_faildelay.so", NULL};
	bool harmless = strcasecmp(entry->control, "optional") == 0 || sc_pam_is_module(entry, "pam_deny.so");

	if (entry->error)
		return is_one_of(entry, plain);
	return !is_fixed_in_place(entry) && (is_include(entry) || limits(entry) || harmless || is_one_of(entry, plain));
}

bool sc_pam_replaceable(const struct sc_pam *pam, struct sc_arena *memory)
{
	const struct sc_pam_entry *entry;
	const struct sc_pam_list list = list_of(pam, memory);
	size_t asking = 0, unknown = 0;

	for (size_t i = 0; (entry = sc_pam_entry_at(pam, i)); i++) {
		bool auth = entry->type == SC_PAM_AUTH && !entry->error && !is_include(entry) && !limits(entry);

		if (!is_judged(entry) || is_in(&list, i))
			continue;
		asking += entry->type != SC_PAM_ACCOUNT && (is_include(entry) || sc_pam_is_module(entry, "pam_unix.so"));
		/* alone, it is what asks for the password; beside another, it may be a second secret */
		if (auth && !is_safe(entry))
			unknown++;
		else if (!is_safe(entry))
			return false;
	}
	return !unknown || (unknown == 1 && !asking);
}
