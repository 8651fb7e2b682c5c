/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guard of a VM's own SASL: QEMU must not start without its SASL file. */
#include <string.h>

#include "rules/login/sasl.h"
#include "rules/tables.h"

/* The SASL_CONF_PATH in effect where SASL authenticates at the domain's Spice console; NULL: none. */
static const struct sc_qemu_word *own_sasl(const struct sc_rule_input *in)
{
	const struct sc_console *console = in->launch->spice;

	return console && !console->broken && console->sasl ? in->domain->sasl_env : NULL;
}

/* Whether the guard keeps QEMU from starting without the file in effect. Of several directories, that is the one with the file. */
static bool keeps(const struct sc_guard *guard, const char *directories, const struct sc_sasl_fact *fact)
{
	if (!sc_guard_is_in(directories, guard->file))
		return false;
	return !strchr(directories, ':') || !fact || fact->state != SC_SASL_FILE_OK || sc_guard_same_file(fact->file, guard->file);
}

/* The guard that keeps QEMU from starting without its SASL file; NULL: none does. fact describes its directories, or is NULL. */
static const struct sc_guard *guard_of(const struct sc_rule_input *in, const struct sc_sasl_fact *fact)
{
	const struct sc_qemu_word *env = in->domain ? own_sasl(in) : NULL;

	for (size_t i = 0; env && i < in->launch->n_guards; i++)
		if (keeps(&in->launch->guards[i], in->domain->sasl_directories, fact))
			return &in->launch->guards[i];
	return NULL;
}

const struct sc_guard *sc_sasl_guard_ends(const struct sc_rule_input *in, const struct sc_sasl_fact *fact)
{
	bool unreadable = fact && (fact->state == SC_SASL_FILE_MISSING || fact->state == SC_SASL_FILE_UNREADABLE);

	return unreadable ? guard_of(in, fact) : NULL;
}

static void unguarded(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_qemu_word *env = own_sasl(in);
	const struct sc_sasl_fact *fact = env ? sc_host_sasl(in->host, in->domain->sasl_directories) : NULL;

	if (!env || guard_of(in, fact))
		return;
	if (in->launch->n_guards)
		sc_find(out, rule, SC_ALWAYS, in->launch->guards[0].node, "value",
			"the guard names '%s', but the SASL file is qemu.conf in '%s': where that is missing, anybody can log in",
			in->launch->guards[0].file, in->domain->sasl_directories);
	else
		sc_find(out, rule, SC_ALWAYS, env->node, env->value ? "value" : NULL,
			"QEMU starts even without the SASL file in '%s': where that is missing or not readable, anybody can log in",
			in->domain->sasl_directories);
}

static void guard_closed(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_qemu_word *env = own_sasl(in);
	const struct sc_guard *guard = env ? sc_sasl_guard_ends(in, sc_host_sasl(in->host, in->domain->sasl_directories)) : NULL;

	if (guard)
		sc_find(out, rule, SC_HOST, guard->node, "value", "QEMU can't read '%s', which its guard names: it does not start",
			guard->file);
}

const struct sc_rule sc_rules_guard[] = {
    {"sasl-unguarded", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "SASL of one VM without a guard",
     "Where the directory of SASL_CONF_PATH is missing, empty or closed to QEMU's account, as on a host that the VM moves to, libsasl2 "
     "uses its built-in defaults: with TLS, ANONYMOUS is offered, which lets anybody in, and the users of /etc/sasldb2 can log in. An "
     "-object that reads the SASL file keeps QEMU from starting there: 'sasl set --vm' adds it. A running VM has it from its next start "
     "on.",
     "A27; cyrus-sasl lib/server.c load_config; QEMU crypto, qcrypto_*_load_data; measured", "spicecfg sasl set --vm TARGET", unguarded},
    {"sasl-guard-file", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "The SASL file that a guard names can't be read",
     "The guard of a VM's own SASL, an -object that reads the SASL file, ends QEMU at its start where that file is missing or not readable "
     "by QEMU's account: without the file, anybody could log in.",
     "A27; QEMU crypto, qcrypto_*_load_data; measured", "spicecfg sasl set --vm TARGET", guard_closed},
    {0},
};
