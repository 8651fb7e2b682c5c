/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/check/project.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "system/check/check_host.h"
#include "system/modules/ini.h"

struct reader {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	struct sc_project *project;
	bool found;   /* found instead of given: must be trusted by owner and mode */
	bool of_host; /* the host's own file */
};

static enum spicecfg_status refuse(struct reader *reader, const struct sc_ini_entry *entry, bool value, const char *fix, const char *what)
{
	struct sc_where where = {reader->project->file, entry->line, value ? entry->value_column : entry->column};

	return sc_fail_at(reader->ctx, SPICECFG_INPUT, where, fix, "'%s' %s", value ? entry->value : entry->key, what);
}

static enum spicecfg_status read_bool(struct reader *reader, const struct sc_ini_entry *entry, void *to)
{
	bool *out = to;

	if (strcmp(entry->value, "yes") != 0 && strcmp(entry->value, "no") != 0)
		return refuse(reader, entry, true, "Write yes or no.", "is neither yes nor no");
	*out = entry->value[0] == 'y';
	return SPICECFG_OK;
}

/* A path in the project file is relative to the file's directory. */
static enum spicecfg_status read_path(struct reader *reader, const struct sc_ini_entry *entry, void *to)
{
	const char **out = to;
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

static enum spicecfg_status read_level(struct reader *reader, const struct sc_ini_entry *entry, void *to)
{
	enum spicecfg_level *level = to;

	if (!spicecfg_level_parse(entry->value, level) || *level == SPICECFG_LEVEL_OFF)
		return refuse(reader, entry, true, "Write error, warning or note.", "is not a level");
	return SPICECFG_OK;
}

static enum spicecfg_status read_jobs(struct reader *reader, const struct sc_ini_entry *entry, void *to)
{
	unsigned *out = to;
	char *end;
	unsigned long jobs = strtoul(entry->value, &end, 10);

	if (entry->value[0] < '1' || entry->value[0] > '9' || *end || jobs > 1024)
		return refuse(reader, entry, true, "Write a number from 1 to 1024.", "is not a number of threads");
	*out = (unsigned)jobs;
	return SPICECFG_OK;
}

static enum spicecfg_status read_versions(struct reader *reader, const struct sc_ini_entry *entry, void *to)
{
	const char **out = to;

	if (!sc_check_knows_versions(entry->value))
		return refuse(reader, entry, true, "Write it as libvirt=9.0,qemu=7.2; either of them may be omitted.",
			      "is not a list of versions");
	*out = entry->value;
	return SPICECFG_OK;
}

/* A key of [check]. */
struct key {
	const char *name, *takes;
	bool of_host; /* also in the host's file */
	const char *help;
	enum spicecfg_status (*read)(struct reader *reader, const struct sc_ini_entry *entry, void *to);
	size_t at; /* of the member of struct sc_project that it fills */
};

#define TO(member) offsetof(struct sc_project, member)

static const struct key keys[] = {
    {"fail-on", "error|warning|note", true, "exit with 1 for findings of this level or above (default: error)", read_level, TO(fail_on)},
    {"schema", "yes|no", true, "also validate against libvirt's RELAX NG schema", read_bool, TO(schema)},
    {"no-host", "yes|no", false, "assume a healthy host with a stock qemu.conf", read_bool, TO(no_host)},
    {"same-host", "yes|no", false, "the files belong to one host: report conflicting ports, sockets and names", read_bool, TO(same_host)},
    {"baseline", "FILE", false, "ignore the findings listed in FILE, which must exist", read_path, TO(baseline)},
    {"qemu-conf", "FILE", false, "use FILE instead of the host's qemu.conf", read_path, TO(qemu_conf)},
    {"host-facts", "FILE", false, "check for the host described in FILE, unless no-host is yes", read_path, TO(host_facts)},
    {"release", "libvirt=X,qemu=Y", false, "versions to check for (default: the installed ones, else 9.0 and 7.2)", read_versions,
     TO(versions)},
    {"jobs", "N", false, "number of threads (default: one per processor)", read_jobs, TO(jobs)},
    {"target", NULL, false, NULL, read_versions, TO(versions)}, /* release in older files */
};

enum { N_KEYS = sizeof(keys) / sizeof(*keys) };

bool spicecfg_project_key_get(size_t index, struct spicecfg_project_key *out)
{
	struct spicecfg_project_key own = {sizeof(own),
					   "rules",
					   "RULE",
					   "error|warning|note|off",
					   "report the findings of a rule at this level; never changes the verdict",
					   true};

	if (index >= N_KEYS)
		return false;
	if (keys[index].help) /* else the last one, whose place the rules have */
		own = (struct spicecfg_project_key){sizeof(own),       "check",          keys[index].name,
						    keys[index].takes, keys[index].help, keys[index].of_host};
	sc_ctx_give(out, &own, sizeof(own));
	return true;
}

static enum spicecfg_status read_check(struct reader *reader, const struct sc_ini_entry *entry)
{
	for (size_t i = 0; i < N_KEYS; i++)
		if (strcmp(keys[i].name, entry->key) == 0 && (keys[i].of_host || !reader->of_host))
			return keys[i].read(reader, entry, (char *)reader->project + keys[i].at);
	if (reader->of_host)
		return refuse(reader, entry, false, "Use fail-on or schema; see spicecfg.conf(5).", "is not a key of [check]");
	return refuse(reader, entry, false, "Use fail-on, no-host, same-host, schema, baseline, qemu-conf, host-facts, release or jobs.",
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

static enum spicecfg_status parse(struct reader *reader, const struct sc_buf *bytes)
{
	struct sc_ini ini;
	enum spicecfg_status status =
	    sc_ini_parse(reader->ctx, reader->project->file, sc_buf_text(bytes), bytes->len, reader->memory, &ini);

	return status ? status : read_entries(reader, &ini);
}

enum spicecfg_status sc_project_read(struct spicecfg_ctx *ctx, const char *file, struct sc_arena *memory, struct sc_project *out)
{
	struct reader reader = {ctx, memory, out, !file, false};
	SC_BUF bytes = SC_BUF_INIT;

	*out = (struct sc_project){0};
	enum spicecfg_status status = sc_project_find(ctx, file, memory, &bytes, out);
	return status || !out->file || out->ignored ? status : parse(&reader, &bytes);
}

enum spicecfg_status sc_project_read_host(struct spicecfg_ctx *ctx, struct sc_arena *memory, struct sc_project *out)
{
	struct reader reader = {ctx, memory, out, true, true};
	SC_BUF bytes = SC_BUF_INIT;

	*out = (struct sc_project){0};
	enum spicecfg_status status = sc_project_find_host(ctx, memory, &bytes, out);
	return status || !out->file || out->ignored ? status : parse(&reader, &bytes);
}
