/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/check/project.h"

#include <stdlib.h>
#include <string.h>

#include "system/check/check_host.h"
#include "system/modules/ini.h"

struct reader {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	struct sc_project *project;
	bool found; /* found instead of given: must be trusted by owner and mode */
};

static enum spicecfg_status refuse(struct reader *reader, const struct sc_ini_entry *entry, bool value, const char *fix, const char *what)
{
	struct sc_where where = {reader->project->file, entry->line, value ? entry->value_column : entry->column};

	return sc_fail_at(reader->ctx, SPICECFG_INPUT, where, fix, "'%s' %s", value ? entry->value : entry->key, what);
}

static enum spicecfg_status read_bool(struct reader *reader, const struct sc_ini_entry *entry, bool *out)
{
	if (strcmp(entry->value, "yes") != 0 && strcmp(entry->value, "no") != 0)
		return refuse(reader, entry, true, "Write yes or no.", "is neither yes nor no");
	*out = entry->value[0] == 'y';
	return SPICECFG_OK;
}

/* A path in the project file is relative to the file's directory. */
static enum spicecfg_status read_path(struct reader *reader, const struct sc_ini_entry *entry, const char **out)
{
	const char *slash = strrchr(reader->project->file, '/');
	int len = slash && entry->value[0] != '/' ? (int)(slash - reader->project->file) + 1 : 0;

	if (!*entry->value)
		return refuse(reader, entry, false, "Name a file, or remove the line.", "has no value");
	*out = sc_arena_printf(reader->memory, "%.*s%s", len, reader->project->file, entry->value);
	if (!*out)
		return sc_fail_memory(reader->ctx);
	const char *why = sc_project_refusal(reader->memory, *out, reader->found);
	return why ? refuse(reader, entry, true, "Name a regular file that nobody but you and root may write to.", why) : SPICECFG_OK;
}

static enum spicecfg_status read_check(struct reader *reader, const struct sc_ini_entry *entry)
{
	struct sc_project *project = reader->project;
	const char *key = entry->key;

	if (strcmp(key, "no-host") == 0)
		return read_bool(reader, entry, &project->no_host);
	if (strcmp(key, "same-host") == 0)
		return read_bool(reader, entry, &project->same_host);
	if (strcmp(key, "schema") == 0)
		return read_bool(reader, entry, &project->schema);
	if (strcmp(key, "baseline") == 0)
		return read_path(reader, entry, &project->baseline);
	if (strcmp(key, "qemu-conf") == 0)
		return read_path(reader, entry, &project->qemu_conf);
	if (strcmp(key, "host-facts") == 0)
		return read_path(reader, entry, &project->host_facts);
	if (strcmp(key, "target") == 0) {
		project->versions = entry->value;
		return sc_check_knows_versions(entry->value)
			   ? SPICECFG_OK
			   : refuse(reader, entry, true, "Write it as libvirt=9.0,qemu=7.2; either of them may be omitted.",
				    "is not a list of versions");
	}
	if (strcmp(key, "fail-on") == 0) {
		if (!spicecfg_level_parse(entry->value, &project->fail_on) || project->fail_on == SPICECFG_LEVEL_OFF)
			return refuse(reader, entry, true, "Write error, warning or note.", "is not a level");
		return SPICECFG_OK;
	}
	if (strcmp(key, "jobs") == 0) {
		char *end;
		unsigned long jobs = strtoul(entry->value, &end, 10);

		if (entry->value[0] < '1' || entry->value[0] > '9' || *end || jobs > 1024)
			return refuse(reader, entry, true, "Write a number from 1 to 1024.", "is not a number of threads");
		project->jobs = (unsigned)jobs;
		return SPICECFG_OK;
	}
	return refuse(reader, entry, false, "Use fail-on, no-host, same-host, schema, baseline, qemu-conf, host-facts, target or jobs.",
		      "is not a key of [check]");
}

static enum spicecfg_status read_rule(struct reader *reader, const struct sc_ini_entry *entry)
{
	struct spicecfg_rule_level *row = &reader->project->rules[reader->project->n_rules];

	struct spicecfg_rule rule = {.size = sizeof(rule)};

	if (!spicecfg_rule_find(entry->key, &rule)) {
		const char *nearest = spicecfg_rule_nearest(entry->key);
		enum spicecfg_status status = refuse(reader, entry, false, "See 'spicecfg rules' for the rules.", "is not a rule");

		if (nearest)
			sc_fail_fixf(reader->ctx, "Did you mean '%s'?", nearest);
		return status;
	}
	if (!spicecfg_level_parse(entry->value, &row->level))
		return refuse(reader, entry, true, "Write error, warning, note or off.", "is not a level");
	row->rule = entry->key;
	reader->project->n_rules++;
	return SPICECFG_OK;
}

static enum spicecfg_status read_entries(struct reader *reader, const struct sc_ini *ini)
{
	struct sc_project *project = reader->project;

	for (size_t i = 0; i < ini->n_sections; i++)
		if (strcmp(ini->sections[i].name, "check") != 0 && strcmp(ini->sections[i].name, "rules") != 0)
			return sc_fail_at(reader->ctx, SPICECFG_INPUT, (struct sc_where){project->file, ini->sections[i].line, 1},
					  "Use [check] or [rules].", "unknown section [%s]", ini->sections[i].name);
	project->rules = sc_arena_alloc(reader->memory, (ini->count + 1) * sizeof(*project->rules));
	if (!project->rules)
		return sc_fail_memory(reader->ctx);
	for (size_t i = 0; i < ini->count; i++) {
		const struct sc_ini_entry *entry = &ini->entries[i];
		enum spicecfg_status status = strcmp(entry->section, "rules") == 0 ? read_rule(reader, entry) : read_check(reader, entry);

		if (status)
			return status;
	}
	return SPICECFG_OK;
}

enum spicecfg_status sc_project_read(struct spicecfg_ctx *ctx, const char *file, struct sc_arena *memory, struct sc_project *out)
{
	struct reader reader = {ctx, memory, out, !file};
	struct sc_ini ini;
	SC_BUF bytes = SC_BUF_INIT;

	*out = (struct sc_project){0};
	enum spicecfg_status status = sc_project_find(ctx, file, memory, &bytes, out);
	if (status || !out->file || out->ignored)
		return status;
	status = sc_ini_parse(ctx, out->file, sc_buf_text(&bytes), bytes.len, memory, &ini);
	return status ? status : read_entries(&reader, &ini);
}
