/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords in files that other accounts can read. */
#include "rules/host/exposure.h"

#include <string.h>

#include "base/fix.h"
#include "model/guard.h"
#include "rules/rule.h"
#include "rules/tables.h"

#define MESSAGE "%s can read '%s', and the password in it"

/* For libvirt, only root needs to read definitions and qemu.conf: clearing the group's bits breaks nothing. */
#define GROUPS "chmod go-r -- %s"
#define OTHERS "chmod o-r -- %s"

static void fix(struct sc_findings *out, const struct sc_exposure *exposure)
{
	if (exposure->groups)
		sc_find_fix(out, GROUPS, exposure->path);
	else
		sc_find_fix(out, OTHERS, exposure->path);
	if (exposure->outside)
		sc_find_fix_outside(out);
}

/* True where the options "a=1,b=2" give name a value. */
static bool has_option(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = text, *comma;; at = comma + 1) {
		if (strncmp(at, name, len) == 0 && at[len] == '=' && at[len + 1] && at[len + 1] != ',')
			return true;
		if (!(comma = strchr(at, ',')))
			return false;
	}
}

static bool holds_password(const struct sc_domain *domain, size_t index)
{
	const char *word = domain->args[index].value, *before = index ? domain->args[index - 1].value : NULL;

	if (!word || !before)
		return false;
	if (strcmp(before, "-spice") == 0 || strcmp(before, "--spice") == 0)
		return has_option(word, "password");
	return sc_object_option(before) && strstr(word, "secret") && (has_option(word, "data") || strstr(word, "\"data\""));
}

/* The first element that contains a password; *attr: its attribute. NULL: none does. */
static const struct sc_xml_node *holder_of(const struct sc_domain *domain, const char **attr)
{
	*attr = "passwd";
	for (size_t i = 0; i < domain->n_graphics; i++)
		if (domain->graphics[i].passwd && *domain->graphics[i].passwd)
			return domain->graphics[i].node;
	*attr = "value";
	for (size_t i = 0; i < domain->n_args; i++)
		if (holds_password(domain, i))
			return domain->args[i].node;
	return NULL;
}

bool sc_exposure_matters(const struct sc_domain *domain)
{
	const char *attr;

	return holder_of(domain, &attr);
}

static void find_in_conf(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_exposure *exposure = &in->host->conf.exposure;
	const struct sc_conf_entry *entry = sc_host_conf_password(in->host);

	if (!exposure->reader || !entry)
		return;
	sc_find_at(out, rule, (struct sc_where){in->host->conf.file, entry->line, entry->column}, MESSAGE, exposure->reader,
		   exposure->path);
	fix(out, exposure);
}

static void password_readable(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_exposure *exposure = in->exposure;
	const char *attr;

	if (!in->host_told)
		find_in_conf(rule, in, out);
	if (!in->domain || !exposure || !exposure->reader)
		return;
	const struct sc_xml_node *node = holder_of(in->domain, &attr);
	if (!node)
		return;
	sc_find(out, rule, SC_HOST, node, attr, MESSAGE, exposure->reader, exposure->path);
	fix(out, exposure);
}

const struct sc_rule sc_rules_exposure[] = {
    {.id = "password-readable",
     .level = SPICECFG_LEVEL_WARNING,
     .cls = SPICECFG_CLASS_SECURITY,
     .needs = SC_HAS_GRAPHICS | SC_HAS_ARGS | SC_OF_HOST,
     .title = "A file with a password that others can read",
     .text = "Anybody who can read a definition or qemu.conf can read the console's password in it. The file's mode, its ACL and the "
	     "directories on the way to it are taken into account; its owner and root may read it. libvirt keeps its own definitions with "
	     "mode 0600 in a directory that only root can open.",
     .source =
	 "docs/threat-model.md; libvirt util/virxml.c virXMLSaveFile (mode 0600), libvirt.spec.in (0700 of /etc/libvirt/qemu); acl(5)",
     .fix = "chmod o-r -- FILE",
     .check = password_readable},
    {.id = NULL},
};

bool sc_exposure_finding(const struct sc_exposure *exposure, struct sc_arena *memory, struct spicecfg_finding *out)
{
	const struct sc_rule *rule = &sc_rules_exposure[0];
	const struct spicecfg_fix *fix =
	    exposure->groups ? sc_fix_command(memory, GROUPS, exposure->path) : sc_fix_command(memory, OTHERS, exposure->path);

	*out = (struct spicecfg_finding){.rule = rule->id,
					 .level = rule->level,
					 .cls = rule->cls,
					 .message = sc_arena_printf(memory, MESSAGE, exposure->reader, exposure->path),
					 .file = exposure->path,
					 .fix = exposure->outside ? sc_fix_outside(memory, fix) : fix};
	return out->message && out->fix;
}
