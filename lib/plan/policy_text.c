/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the sections of a policy say, and where. */
#include <string.h>

#include "plan/policy.h"

struct sc_where sc_policy_at(const struct sc_policy *policy, const struct sc_policy_section *section)
{
	return (struct sc_where){policy->file, section->line, section->column};
}

struct sc_where sc_policy_at_key(const struct sc_policy *policy, const struct sc_ini_entry *entry)
{
	return (struct sc_where){policy->file, entry->line, entry->column};
}

struct sc_where sc_policy_at_value(const struct sc_policy *policy, const struct sc_ini_entry *entry)
{
	return (struct sc_where){policy->file, entry->line, entry->value_column};
}

const struct sc_ini_entry *sc_policy_entry(const struct sc_policy_section *section, const char *key)
{
	for (size_t i = 0; section && i < section->n_entries; i++)
		if (strcmp(section->entries[i].key, key) == 0)
			return &section->entries[i];
	return NULL;
}

const char *sc_policy_text(const struct sc_policy_section *section, const char *key)
{
	const struct sc_ini_entry *entry = sc_policy_entry(section, key);

	return entry ? entry->value : NULL;
}

const struct sc_policy_section *sc_policy_section_of(const struct sc_policy *policy, enum sc_policy_kind kind)
{
	return policy->plain[kind];
}
