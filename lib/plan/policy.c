/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sections and keys of a policy, each against its row. */
#include "plan/policy.h"

#include <spicecfg/host.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/vm.h"

/* The names of sections: what is before the dot, and whether a label follows. */
static const struct {
	const char *name;
	enum sc_policy_kind kind;
	bool labels, alone; /* may have a label; may be without one */
} kinds[] = {
    {"host", SC_POLICY_HOST, true, true},      {"pki", SC_POLICY_PKI, false, true}, {"sasl", SC_POLICY_SASL, false, true},
    {"pam", SC_POLICY_PAM, false, true},       {"vm", SC_POLICY_VM, true, false},   {"user", SC_POLICY_USER, true, false},
    {"access", SC_POLICY_ACCESS, true, false},
};

enum { N_KINDS = sizeof(kinds) / sizeof(*kinds) };

static enum spicecfg_status fail_section(const struct sc_policy *policy, const struct sc_policy_section *section)
{
	const char *nearest = NULL;
	unsigned best = 3;
	size_t len = strcspn(section->name, ".");
	char name[16] = "";

	if (len < sizeof(name))
		memcpy(name, section->name, len);
	for (size_t i = 0; *name && i < N_KINDS; i++)
		if (spicecfg_text_distance(name, kinds[i].name) < best) {
			best = spicecfg_text_distance(name, kinds[i].name);
			nearest = sc_policy_kind_name(kinds[i].kind);
		}
	enum spicecfg_status status =
	    sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at(policy, section),
		       "Use [host], [host.NAME], [pki], [sasl], [pam], [vm.NAME] or [user.NAME].", "unknown section [%s]", section->name);
	if (nearest)
		sc_fail_fixf(policy->ctx, "Did you mean %s?", nearest);
	return status;
}

static enum spicecfg_status read_name(struct sc_policy *policy, struct sc_policy_section *section)
{
	const char *dot = strchr(section->name, '.');
	size_t len = dot ? (size_t)(dot - section->name) : strlen(section->name), i = 0;

	while (i < N_KINDS && sc_text_compare_word(section->name, len, kinds[i].name) != 0)
		i++;
	if (i == N_KINDS)
		return fail_section(policy, section);
	section->kind = kinds[i].kind;
	section->label = dot ? dot + 1 : NULL;
	if (section->kind == SC_POLICY_ACCESS)
		return sc_fail_at(policy->ctx, SPICECFG_USAGE, sc_policy_at(policy, section),
				  "Remove the section; grant access with the verbs pam, user and acl.",
				  "[%s] is a grant of access, which this version of apply does not make", section->name);
	if (dot && !kinds[i].labels)
		return sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at(policy, section), "Omit the dot and what follows it.",
				  "there is only one section %s, not [%s]", sc_policy_kind_name(section->kind), section->name);
	if (dot ? !dot[1] : !kinds[i].alone)
		return sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at(policy, section),
				  "Write a name of your choice behind a dot, such as [vm.web] or [user.kiosk].", "[%s] has no name",
				  section->name);
	return SPICECFG_OK;
}

/* The entries of a section stand together, because no section comes twice. */
static enum spicecfg_status read_sections(struct sc_policy *policy)
{
	const struct sc_ini *ini = &policy->ini;
	size_t at = 0;

	policy->sections = sc_arena_alloc(policy->memory, (ini->n_sections + 1) * sizeof(*policy->sections));
	if (!policy->sections)
		return sc_fail_memory(policy->ctx);
	for (size_t i = 0; i < ini->n_sections; i++) {
		struct sc_policy_section *section = &policy->sections[policy->n_sections++];

		*section = (struct sc_policy_section){.name = ini->sections[i].name,
						      .line = ini->sections[i].line,
						      .column = ini->sections[i].column,
						      .entries = &ini->entries[at]};
		while (at < ini->count && strcmp(ini->entries[at].section, section->name) == 0)
			at++;
		section->n_entries = (size_t)(&ini->entries[at] - section->entries);
		enum spicecfg_status status = read_name(policy, section);
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(sc_policy_text(*(const struct sc_policy_section *const *)a, "name"),
		      sc_policy_text(*(const struct sc_policy_section *const *)b, "name"));
}

/* What the checks look for again and again: a policy may have tens of thousands of sections. */
static enum spicecfg_status index_sections(struct sc_policy *policy)
{
	policy->named = sc_arena_alloc(policy->memory, (policy->n_sections + 1) * sizeof(*policy->named));
	if (!policy->named)
		return sc_fail_memory(policy->ctx);
	for (size_t i = 0; i < policy->n_sections; i++) {
		const struct sc_policy_section *section = &policy->sections[i];

		if (!section->label)
			policy->plain[section->kind] = section;
		else if (section->kind == SC_POLICY_HOST && !policy->labelled_host)
			policy->labelled_host = section;
		else if (section->kind == SC_POLICY_VM && sc_policy_entry(section, "name"))
			policy->named[policy->n_named++] = section;
	}
	if (policy->n_named)
		qsort(policy->named, policy->n_named, sizeof(*policy->named), by_name);
	return SPICECFG_OK;
}

/* The most similar key of the section; NULL: none is. */
static const char *nearest_key(enum sc_policy_kind kind, const char *key, struct sc_policy_key *best)
{
	struct sc_policy_key row;
	unsigned distance = (unsigned)strlen(key) / 3 + 2;
	bool found = false;

	for (size_t i = 0; sc_policy_key_at(i, &row); i++) {
		unsigned d = row.kind == kind ? spicecfg_text_distance(key, row.key) : SPICECFG_DISTANCE_FAR;

		if (d < distance) {
			distance = d;
			*best = row;
			found = true;
		}
	}
	return found ? best->key : NULL;
}

static enum spicecfg_status fail_key(const struct sc_policy *policy, const struct sc_policy_section *section,
				     const struct sc_ini_entry *entry)
{
	struct spicecfg_ctx *ctx = policy->ctx;
	const struct sc_policy_refused *refused = sc_policy_refused_find(section->kind, entry->key);
	struct sc_policy_key row;

	if (refused)
		return sc_fail_at(ctx, refused->status, sc_policy_at_key(policy, entry), refused->fix, "'%s' %s", entry->key, refused->why);
	enum spicecfg_status status =
	    sc_fail_at(ctx, SPICECFG_INPUT, sc_policy_at_key(policy, entry), "See '`spicecfg explain policy:KEY`' and spicecfg-policy(5).",
		       "'%s' is not a key of %s", entry->key, sc_policy_kind_name(section->kind));
	for (unsigned kind = 0; kind < SC_POLICY_KINDS; kind++)
		if (sc_policy_key_find(kind, entry->key, &row)) {
			sc_fail_fixf(ctx, "It is a key of %s.", sc_policy_kind_name(kind));
			return status;
		}
	const char *near = nearest_key(section->kind, entry->key, &row);
	if (near)
		sc_fail_fixf(ctx, "Did you mean '%s'?", near);
	return status;
}

/* The value is not repeated where it may be a password. */
static enum spicecfg_status fail_value(const struct sc_policy *policy, const struct sc_policy_key *row, const struct sc_ini_entry *entry)
{
	const bool secret = strcmp(entry->key, "password") == 0;
	enum spicecfg_status status = sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at_value(policy, entry), NULL,
						 secret ? "'%s' does not take this value, which is not shown because it may be a password"
							: "'%s' does not take the value '%s'",
						 entry->key, entry->value);

	if (row->accept)
		sc_fail_fixf(policy->ctx, "Write %s: %s.", row->takes, row->help);
	else
		sc_fail_fixf(policy->ctx, "Use %s.", row->takes);
	return status;
}

/* As the verbs check it. */
static enum spicecfg_status check_setting(const struct sc_policy *policy, const struct sc_policy_section *section,
					  const struct sc_policy_key *row, const struct sc_ini_entry *entry)
{
	struct spicecfg_ctx *ctx = policy->ctx;
	struct spicecfg_request *request = NULL;
	enum spicecfg_status status;

	if (section->kind == SC_POLICY_HOST) {
		status = spicecfg_qemuconf_edit_check(ctx, &(struct spicecfg_qemuconf_edit){entry->key, entry->value});
	} else {
		status = spicecfg_request_new(ctx, &request);
		if (!status)
			status = spicecfg_request_set(request, entry->key, entry->value);
		spicecfg_request_free(request);
	}
	if (status && !ctx->error.fix)
		sc_fail_fixf(ctx, "Write %s: %s.", row->takes, row->help);
	return status ? sc_fail_place(ctx, SPICECFG_INPUT, sc_policy_at_value(policy, entry)) : SPICECFG_OK;
}

static enum spicecfg_status check_entry(const struct sc_policy *policy, const struct sc_policy_section *section,
					const struct sc_ini_entry *entry)
{
	struct sc_policy_key row;

	if (!sc_policy_key_find(section->kind, entry->key, &row))
		return fail_key(policy, section, entry);
	if (!*entry->value)
		return sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at_key(policy, entry), "Write a value, or remove the line.",
				  "'%s' has no value", entry->key);
	if (!row.plain)
		return check_setting(policy, section, &row, entry);
	if (row.accept ? row.accept(entry->value) : sc_is_word_of(row.takes, entry->value))
		return SPICECFG_OK;
	return fail_value(policy, &row, entry);
}

enum spicecfg_status sc_policy_read(struct sc_policy *policy)
{
	enum spicecfg_status status = read_sections(policy);

	if (!status)
		status = index_sections(policy);
	for (size_t i = 0; i < policy->n_sections && !status; i++)
		for (size_t j = 0; j < policy->sections[i].n_entries && !status; j++)
			status = check_entry(policy, &policy->sections[i], &policy->sections[i].entries[j]);
	return status ? status : sc_policy_check(policy);
}

enum spicecfg_status sc_policy_settings(const struct sc_policy *policy, const struct sc_policy_section *section,
					struct spicecfg_request *request)
{
	for (size_t i = 0; i < section->n_entries; i++) {
		const struct sc_ini_entry *entry = &section->entries[i];
		struct sc_policy_key row;

		if (!sc_policy_key_find(SC_POLICY_VM, entry->key, &row) || row.plain)
			continue;
		enum spicecfg_status status = spicecfg_request_set(request, entry->key, entry->value);
		if (status)
			return sc_fail_place(policy->ctx, status, sc_policy_at_value(policy, entry));
	}
	return SPICECFG_OK;
}
