/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Contradictions within a policy, which no host could satisfy. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/table.h"
#include "base/text.h"
#include "plan/policy.h"

typedef enum spicecfg_status (*check_fn)(const struct sc_policy *policy, const struct sc_policy_section *section);

static enum spicecfg_status only_one(const struct sc_policy *policy, const struct sc_policy_section *section, const char *key,
				     const char *other)
{
	const struct sc_ini_entry *a = sc_policy_entry(section, key), *b = sc_policy_entry(section, other);

	if (!a || !b)
		return SPICECFG_OK;
	if (a->line > b->line) {
		const struct sc_ini_entry *first = b;

		b = a;
		a = first;
	}
	return sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at_key(policy, b), "Remove one of the two lines.",
			  "'%s' and '%s' on line %u exclude each other", b->key, a->key, a->line);
}

static enum spicecfg_status check_host(const struct sc_policy *policy, const struct sc_policy_section *section)
{
	enum spicecfg_status status = only_one(policy, section, "tls", "spice_tls");

	return status ? status : only_one(policy, section, "sasl", "spice_sasl");
}

enum sc_policy_sasl sc_policy_host_sasl(const char *text)
{
	return !text                         ? SC_POLICY_SASL_UNSAID
	       : strcmp(text, "no") == 0     ? SC_POLICY_SASL_NO
	       : strcmp(text, "global") == 0 ? SC_POLICY_SASL_GLOBAL
					     : SC_POLICY_SASL_PER_VM;
}

bool sc_policy_vm_is_local(const struct sc_policy_section *vm)
{
	const char *listen = sc_policy_text(vm, "listen");

	return listen && (sc_text_is(listen, "none") || sc_text_begins(listen, "socket"));
}

bool sc_policy_vm_has_password(const struct sc_policy_section *vm)
{
	const char *password = sc_policy_text(vm, "password");

	return password && strcmp(password, "none") != 0;
}

enum sc_policy_vm_sasl sc_policy_vm_sasl(const struct sc_policy *policy, const struct sc_policy_section *vm, enum sc_policy_sasl host,
					 const char **backend)
{
	const struct sc_policy_section *sasl = sc_policy_section_of(policy, SC_POLICY_SASL);
	const char *own = sc_policy_text(vm, "sasl"), *shared = sc_policy_text(sasl, "backend");
	const bool password = sc_policy_vm_has_password(vm);

	*backend = own && strcmp(own, "none") != 0 ? own : shared ? shared : "sasldb";
	if (own && strcmp(own, "none") != 0)
		return SC_POLICY_VM_OWN;
	if (!own && host == SC_POLICY_SASL_UNSAID)
		return SC_POLICY_VM_KEEPS;
	if (!own && host == SC_POLICY_SASL_PER_VM && !password && !sc_policy_vm_is_local(vm))
		return SC_POLICY_VM_OWN;
	/* with SASL off on the host, that is what the VM has anyway */
	bool off = host == SC_POLICY_SASL_NO || host == SC_POLICY_SASL_PER_VM;
	return !off && (own || password) ? SC_POLICY_VM_TICKET : SC_POLICY_VM_HOST;
}

static enum spicecfg_status check_identity(const struct sc_policy *policy, const struct sc_policy_section *section)
{
	enum spicecfg_status status = only_one(policy, section, "name", "uuid");

	if (!status)
		status = only_one(policy, section, "name", "match");
	if (!status)
		status = only_one(policy, section, "uuid", "match");
	if (status || sc_policy_entry(section, "name") || sc_policy_entry(section, "uuid") || sc_policy_entry(section, "match"))
		return status;
	return sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at(policy, section), "Add name, uuid or match.",
			  "[%s] does not say which VM it is about", section->name);
}

/* A key that has no effect, or can't be, without something else in the section. */
static enum spicecfg_status fail_needs(const struct sc_policy *policy, const struct sc_ini_entry *entry, const char *needs)
{
	enum spicecfg_status status =
	    sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at_key(policy, entry), NULL, "'%s' needs %s", entry->key, needs);

	sc_fail_fixf(policy->ctx, "Add %s, or remove the line.", needs);
	return status;
}

static enum spicecfg_status fail_against(const struct sc_policy *policy, const struct sc_ini_entry *entry, const struct sc_ini_entry *other,
					 const char *why)
{
	return sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at_value(policy, entry), "Change one of the two lines.",
			  "%s = %s contradicts %s = %s on line %u: %s", entry->key, entry->value, other->key, other->value, other->line,
			  why);
}

static bool is_port(const struct sc_ini_entry *entry)
{
	return entry && strcmp(entry->value, "none") != 0 && strcmp(entry->value, "default") != 0;
}

static bool is_fixed(const struct sc_ini_entry *entry)
{
	return is_port(entry) && strcmp(entry->value, "auto") != 0;
}

static enum spicecfg_status check_listen(const struct sc_policy *policy, const struct sc_policy_section *section)
{
	const struct sc_ini_entry *listen = sc_policy_entry(section, "listen"), *allow = sc_policy_entry(section, "allow"),
				  *group = sc_policy_entry(section, "create-group"), *port = sc_policy_entry(section, "port"),
				  *tls = sc_policy_entry(section, "tls-port"), *mode = sc_policy_entry(section, "mode");
	const bool is_socket = listen && sc_text_begins(listen->value, "socket"), local = sc_policy_vm_is_local(section);

	if (allow && !is_socket)
		return fail_needs(policy, allow, "listen = socket");
	if (group && !allow)
		return fail_needs(policy, group, "allow = group:NAME");
	if (local && is_port(port))
		return fail_against(policy, port, listen, "such a console has no port");
	if (local && is_port(tls))
		return fail_against(policy, tls, listen, "such a console has no port");
	if (local && mode && strcmp(mode->value, "secure") == 0)
		return fail_against(policy, mode, listen, "TLS is for network ports");
	if (mode && tls && strcmp(mode->value, "secure") == 0 && strcmp(tls->value, "none") == 0)
		return fail_against(policy, mode, tls, "secure channels need a TLS port");
	if (is_fixed(port) && is_fixed(tls) && strcmp(port->value, tls->value) == 0)
		return fail_against(policy, tls, port, "a port can be used only once");
	return SPICECFG_OK;
}

static enum spicecfg_status check_password(const struct sc_policy *policy, const struct sc_policy_section *section)
{
	const struct sc_ini_entry *password = sc_policy_entry(section, "password"), *sasl = sc_policy_entry(section, "sasl"),
				  *until = sc_policy_entry(section, "valid-until"), *connected = sc_policy_entry(section, "connected");
	const bool own = password && (strcmp(password->value, "generate") == 0 || sc_text_begins(password->value, "file:"));

	if (until && !own)
		return fail_needs(policy, until, "password = generate or password = file:/PATH");
	if (connected && !own)
		return fail_needs(policy, connected, "password = generate or password = file:/PATH");
	if (sasl && strcmp(sasl->value, "none") != 0 && sc_policy_vm_has_password(section))
		return fail_against(policy, sasl, password, "QEMU does not start with both");
	return SPICECFG_OK;
}

/* What contradicts [host]; a [host.NAME] may say something else, and is compared on its host. */
static enum spicecfg_status check_with_host(const struct sc_policy *policy, const struct sc_policy_section *section)
{
	const struct sc_policy_section *host = sc_policy_section_of(policy, SC_POLICY_HOST);
	const struct sc_ini_entry *tls = sc_policy_entry(host, "tls"), *sasl = sc_policy_entry(host, "sasl"),
				  *port = sc_policy_entry(section, "tls-port"), *mode = sc_policy_entry(section, "mode"),
				  *own = sc_policy_entry(section, "sasl");

	if (policy->labelled_host)
		return SPICECFG_OK;
	if (tls && strcmp(tls->value, "no") == 0 && is_fixed(port))
		return fail_against(policy, port, tls, "libvirt refuses a TLS port while TLS is off");
	if (tls && strcmp(tls->value, "no") == 0 && mode && strcmp(mode->value, "secure") == 0)
		return fail_against(policy, mode, tls, "secure channels need TLS");
	if (own && sasl && strcmp(own->value, "none") == 0 && strcmp(sasl->value, "global") == 0 && !sc_policy_vm_has_password(section))
		return fail_against(policy, own, sasl, "without SASL and without a password, anybody could open the console");
	return SPICECFG_OK;
}

static enum spicecfg_status check_vm(const struct sc_policy *policy, const struct sc_policy_section *section)
{
	static const check_fn checks[] = {check_identity, check_listen, check_password, check_with_host};
	const struct sc_ini_entry *match = sc_policy_entry(section, "match"), *port = sc_policy_entry(section, "port"),
				  *tls = sc_policy_entry(section, "tls-port");

	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		enum spicecfg_status status = checks[i](policy, section);
		if (status)
			return status;
	}
	if (!match || (!is_fixed(port) && !is_fixed(tls)))
		return SPICECFG_OK;
	return sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at_value(policy, is_fixed(port) ? port : tls),
			  "Use auto, or a section for each VM.", "one port can't be that of all VMs that match '%s'", match->value);
}

static enum spicecfg_status need_key(const struct sc_policy *policy, const struct sc_policy_section *section, const char *key)
{
	if (sc_policy_entry(section, key))
		return SPICECFG_OK;
	enum spicecfg_status status =
	    sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at(policy, section), NULL, "[%s] has no '%s'", section->name, key);
	sc_fail_fixf(policy->ctx, "Add a line '%s = …'.", key);
	return status;
}

static int compare_name(const void *name, const void *section)
{
	return strcmp(name, sc_policy_text(*(const struct sc_policy_section *const *)section, "name"));
}

static const struct sc_policy_section *vm_named(const struct sc_policy *policy, const char *name)
{
	const struct sc_policy_section *const *found =
	    policy->n_named ? bsearch(name, policy->named, policy->n_named, sizeof(*policy->named), compare_name) : NULL;

	return found ? *found : NULL;
}

static enum spicecfg_status check_user(const struct sc_policy *policy, const struct sc_policy_section *section)
{
	const struct sc_policy_section *host = sc_policy_section_of(policy, SC_POLICY_HOST);
	const struct sc_ini_entry *vm = sc_policy_entry(section, "vm"), *user = sc_policy_entry(section, "user"),
				  *sasl = sc_policy_entry(host, "sasl");
	enum spicecfg_status status = need_key(policy, section, "user");
	const char *backend;

	if (!status)
		status = need_key(policy, section, "password");
	if (status)
		return status;
	if (!vm && sasl && strcmp(sasl->value, "per-vm") == 0)
		return sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at_key(policy, user), "Add a line 'vm = NAME'.",
				  "'%s' is a user of the host, but with sasl = per-vm on line %u each VM has its own", user->value,
				  sasl->line);
	const struct sc_policy_section *named = vm ? vm_named(policy, vm->value) : NULL;
	enum sc_policy_vm_sasl has =
	    named ? sc_policy_vm_sasl(policy, named, sc_policy_host_sasl(sasl ? sasl->value : NULL), &backend) : SC_POLICY_VM_KEEPS;
	if (has == SC_POLICY_VM_KEEPS || (has == SC_POLICY_VM_OWN && strcmp(backend, "sasldb") == 0))
		return SPICECFG_OK;
	return sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at_value(policy, vm), "Set sasl = sasldb there, or remove this section.",
			  "'%s' has no users of its own by [%s] on line %u", vm->value, named->name, named->line);
}

static enum spicecfg_status check_sasl(const struct sc_policy *policy, const struct sc_policy_section *section)
{
	const struct sc_ini_entry *sasldb = sc_policy_entry(section, "sasldb");
	bool global = false, used = false;

	for (size_t i = 0; i < policy->n_sections; i++) {
		const struct sc_policy_section *other = &policy->sections[i];
		const char *sasl = sc_policy_text(other, "sasl");

		global |= other->kind == SC_POLICY_HOST && sasl && strcmp(sasl, "global") == 0;
		used |= sasl && !(other->kind == SC_POLICY_HOST ? strcmp(sasl, "no") == 0 : strcmp(sasl, "none") == 0);
	}
	if (!used)
		return sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at(policy, section),
				  "Add sasl = global or sasl = per-vm to [host], or sasl = sasldb to a [vm.NAME].",
				  "[sasl] has no effect: nothing in the policy uses SASL");
	if (sasldb && !global)
		return fail_needs(policy, sasldb, "sasl = global in [host]");
	return SPICECFG_OK;
}

/* What only one section can have. kind: in words. */
static enum spicecfg_status take(const struct sc_policy *policy, struct sc_table *seen, const char *kind,
				 const struct sc_policy_section *section, const struct sc_ini_entry *entry)
{
	if (!entry)
		return SPICECFG_OK;
	const char *text = sc_arena_printf(policy->memory, "%s %s", kind, entry->value);
	struct sc_table_entry *twin = text ? sc_table_add_text(seen, text) : NULL;
	if (!twin)
		return sc_fail_memory(policy->ctx);
	size_t before = twin->times;
	twin->times = before ? before : (size_t)(section - policy->sections) + 1;
	if (!before)
		return SPICECFG_OK;
	const struct sc_policy_section *first = &policy->sections[before - 1];
	return sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at_value(policy, entry), "Change or remove one of the two sections.",
			  "%s %s of [%s] is that of [%s] on line %u too", kind, entry->value, section->name, first->name, first->line);
}

static enum spicecfg_status check_twins(const struct sc_policy *policy, struct sc_table *seen)
{
	enum spicecfg_status status = SPICECFG_OK;

	for (size_t i = 0; i < policy->n_sections && !status; i++) {
		const struct sc_policy_section *section = &policy->sections[i];
		const struct sc_ini_entry *port = sc_policy_entry(section, "port"), *tls = sc_policy_entry(section, "tls-port");

		if (section->kind != SC_POLICY_VM)
			continue;
		status = take(policy, seen, "the name", section, sc_policy_entry(section, "name"));
		if (!status)
			status = take(policy, seen, "the UUID", section, sc_policy_entry(section, "uuid"));
		if (!status)
			status = take(policy, seen, "the pattern", section, sc_policy_entry(section, "match"));
		if (!status && is_fixed(port))
			status = take(policy, seen, "the port", section, port);
		if (!status && is_fixed(tls))
			status = take(policy, seen, "the port", section, tls);
	}
	return status;
}

static enum spicecfg_status check_user_twins(const struct sc_policy *policy, struct sc_table *seen)
{
	for (size_t i = 0; i < policy->n_sections; i++) {
		const struct sc_policy_section *section = &policy->sections[i];
		const char *vm = sc_policy_text(section, "vm");

		if (section->kind != SC_POLICY_USER)
			continue;
		/* the name of a user contains no blank */
		const char *text =
		    sc_arena_printf(policy->memory, "user %s%s%s", sc_policy_text(section, "user"), vm ? " " : "", vm ? vm : "");
		struct sc_table_entry *twin = text ? sc_table_add_text(seen, text) : NULL;
		if (!twin)
			return sc_fail_memory(policy->ctx);
		if (twin->times) {
			const struct sc_policy_section *first = &policy->sections[twin->times - 1];

			return sc_fail_at(policy->ctx, SPICECFG_INPUT, sc_policy_at(policy, section), "Remove one of the two sections.",
					  "[%s] is about the user of [%s] on line %u", section->name, first->name, first->line);
		}
		twin->times = i + 1;
	}
	return SPICECFG_OK;
}

enum spicecfg_status sc_policy_check(const struct sc_policy *policy)
{
	static const check_fn checks[SC_POLICY_KINDS] = {
	    [SC_POLICY_HOST] = check_host, [SC_POLICY_SASL] = check_sasl, [SC_POLICY_VM] = check_vm, [SC_POLICY_USER] = check_user};
	struct sc_table seen = SC_TABLE_INIT;
	enum spicecfg_status status = SPICECFG_OK;

	if (!policy->n_sections)
		return sc_fail_at(policy->ctx, SPICECFG_INPUT, (struct sc_where){policy->file, 1, 1},
				  "Name a policy file: see spicecfg-policy(5).", "the policy has no sections");
	for (size_t i = 0; i < policy->n_sections && !status; i++) {
		check_fn check = checks[policy->sections[i].kind];

		status = check ? check(policy, &policy->sections[i]) : SPICECFG_OK;
	}
	if (!status)
		status = check_twins(policy, &seen);
	if (!status)
		status = check_user_twins(policy, &seen);
	sc_table_free(&seen);
	return status;
}
