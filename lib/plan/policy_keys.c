/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of a policy: rows of its own, and those of qemu.conf and of VMs. */
#include <string.h>

#include "base/text.h"
#include "model/qemuconf_keys.h"
#include "plan/policy.h"

static const struct sc_policy_key own_keys[] = {
    {SC_POLICY_HOST, "tls", "yes|no", "consoles can have TLS ports", "host set spice_tls", NULL, true},
    {SC_POLICY_HOST, "sasl", "no|global|per-vm",
     "who logs in through SASL: nobody, the users of the host on every VM, or each VM's own users. With per-vm, the default of a [vm.NAME] "
     "is "
     "the backend of [sasl], or none where it has a password or listens on a Unix socket",
     "sasl set, sasl off", NULL, true},
    {SC_POLICY_HOST, "restart-daemon", "yes|no",
     "restart libvirt's daemon when qemu.conf changes (default: no); below --root no daemon is restarted", "host set --restart-daemon",
     NULL, true},
    {SC_POLICY_PKI, "host", "NAME...", "names that clients connect to (default: the host's full and short name)", "pki issue --host",
     sc_policy_accept_hosts, true},
    {SC_POLICY_PKI, "ip", "ADDRESS...", "IP addresses that clients connect to", "pki issue --ip", sc_policy_accept_ips, true},
    {SC_POLICY_PKI, "days", "N", "validity of a new server certificate in days, 1 to 36500 (default: 730)", "pki issue --days",
     sc_policy_accept_days, true},
    {SC_POLICY_PKI, "key-type", "ec|rsa", "P-256 (default) or RSA with 3072 bits", "pki init --key-type, pki issue --key-type", NULL, true},
    {SC_POLICY_PKI, "name", "NAME", "the name of a new CA (default: Spice CA of HOST)", "pki init --name", sc_policy_accept_name, true},
    {SC_POLICY_PKI, "ca-dir", "/DIRECTORY", "where the host's own CA is kept (default: /etc/pki/spicecfg-ca)", "pki init --ca-dir",
     sc_policy_accept_path, true},
    {SC_POLICY_SASL, "backend", "sasldb|saslauthd", "what checks passwords (default: sasldb)", "sasl set --backend", NULL, true},
    {SC_POLICY_SASL, "mech", "MECHANISM...", "SASL mechanisms (default: those that suit the backend)", "sasl set --mech",
     sc_policy_accept_mechanisms, true},
    {SC_POLICY_SASL, "sasldb", "/PATH", "the user database of the host; only with sasl = global", "sasl set --sasldb",
     sc_policy_accept_path, true},
    {SC_POLICY_PAM, "service", "NAME", "the host's PAM service (default: spice)", "pam install --service", sc_policy_accept_service, true},
    {SC_POLICY_PAM, "allow", "user:U|group:G...",
     "who is let in, in addition to those who already are: by the host's service, and by that of each VM with a saslauthd of its own",
     "pam install --allow", sc_policy_accept_subjects, true},
    {SC_POLICY_VM, "name", "NAME", "the domain of that name", "TARGET", sc_policy_accept_name, true},
    {SC_POLICY_VM, "uuid", "UUID", "the domain with that UUID, instead of its name", "TARGET", sc_policy_accept_uuid, true},
    {SC_POLICY_VM, "match", "GLOB", "all domains whose names match, such as lab-*, instead of a name", "--match GLOB",
     sc_policy_accept_name, true},
    {SC_POLICY_VM, "allow", "user:U|group:G...", "who may open its socket, in addition to those who already may; only with listen = socket",
     "set-listen --allow", sc_policy_accept_subjects, true},
    {SC_POLICY_VM, "create-group", "yes|no", "create the missing groups of `allow`, as system groups", "set-listen --create-group", NULL,
     true},
    {SC_POLICY_VM, "password", "none|ticket|generate|file:/PATH",
     "none: the VM has no password; ticket: it starts with a random one that has expired, so that only live tickets open it; generate: a "
     "random one is made unless it has one, and shown once; file: the first line of a file, which is never below --root",
     "set-password", sc_policy_accept_password, true},
    {SC_POLICY_VM, "sasl", "none|sasldb|saslauthd", "SASL of this VM alone (default: see [host] sasl)", "sasl set --vm, sasl off --vm",
     NULL, true},
    {SC_POLICY_USER, "user", "USER[@REALM]", "the user of a sasldb", "user add", sc_policy_accept_user, true},
    {SC_POLICY_USER, "vm", "NAME", "the VM whose sasldb it is (default: the host's)", "user add --vm", sc_policy_accept_name, true},
    {SC_POLICY_USER, "password", "generate|file:/PATH",
     "generate: a random password is made unless the user exists, and shown once; file: the first line of a file, which is never below "
     "--root",
     "user add --password-file", sc_policy_accept_user_password, true},
};

#define OF_ACCESS "belongs to grants of access, which this version of apply does not make"
#define NO_ACCESS "Remove it; grant access with the verbs pam, user and acl."

static const struct sc_policy_refused refused[] = {
    {SC_POLICY_HOST, "spice_password", SPICECFG_INPUT, "is a password, which a policy can't contain",
     "Use '`spicecfg host set spice_password --password-file FILE`'."},
    {SC_POLICY_HOST, "zone", SPICECFG_USAGE, OF_ACCESS, "Remove it."},
    {SC_POLICY_VM, "at-end", SPICECFG_USAGE, OF_ACCESS, NO_ACCESS},
    {SC_POLICY_VM, "passwd", SPICECFG_INPUT, "is a password, which a policy can't contain", "Use password = file:/PATH."},
    {SC_POLICY_VM, "valid-for", SPICECFG_INPUT, "would give another expiry each time the policy is applied", "Use valid-until = TIME."},
    {SC_POLICY_PKI, "dir", SPICECFG_INPUT, "is not a key of [pki]: the directory is that of libvirt",
     "Set spice_tls_x509_cert_dir in [host]."},
    {SC_POLICY_PKI, "cert", SPICECFG_INPUT, "is not a key of [pki], which issues certificates from the host's own CA",
     "Use '`spicecfg pki import`' for a certificate of another CA, and remove [pki]."},
};

static const char *const kind_names[SC_POLICY_KINDS] = {"[host]", "[pki]", "[sasl]", "[pam]", "[vm.NAME]", "[user.NAME]", "[access.NAME]"};

enum { N_OWN = sizeof(own_keys) / sizeof(*own_keys), N_REFUSED = sizeof(refused) / sizeof(*refused) };

const char *sc_policy_kind_name(enum sc_policy_kind kind)
{
	return kind_names[kind];
}

const struct sc_policy_refused *sc_policy_refused_find(enum sc_policy_kind kind, const char *key)
{
	for (size_t i = 0; i < N_REFUSED; i++)
		if (refused[i].kind == kind && strcmp(refused[i].key, key) == 0)
			return &refused[i];
	return NULL;
}

static bool has_own(enum sc_policy_kind kind, const char *key)
{
	for (size_t i = 0; i < N_OWN; i++)
		if (own_keys[i].kind == kind && strcmp(own_keys[i].key, key) == 0)
			return true;
	return sc_policy_refused_find(kind, key);
}

/* The index-th key of qemu.conf that [host] takes. */
static bool host_key(size_t index, struct sc_policy_key *out)
{
	for (const struct sc_qemuconf_key *key = sc_qemuconf_keys; key->name; key++) {
		if (!key->settable || key->useless || has_own(SC_POLICY_HOST, key->name) || index--)
			continue;
		*out = (struct sc_policy_key){SC_POLICY_HOST,
					      key->name,
					      key->type == SC_TYPE_SWITCH      ? "0|1"
					      : key->type == SC_TYPE_PORT      ? "PORT"
					      : key->type == SC_TYPE_DIRECTORY ? "/DIRECTORY"
									       : "ADDRESS",
					      key->meaning,
					      "host set",
					      NULL,
					      false};
		return true;
	}
	return false;
}

/* The index-th setting that [vm.NAME] takes. A path can't be the key of an INI file. */
static bool vm_key(size_t index, struct sc_policy_key *out)
{
	struct spicecfg_setting setting = {.size = sizeof(setting)};

	for (size_t i = 0; spicecfg_setting_get(i, &setting); i++) {
		if (*setting.key == '/' || has_own(SC_POLICY_VM, setting.key) || index--)
			continue;
		*out = (struct sc_policy_key){SC_POLICY_VM, setting.key, setting.metavar, setting.help, setting.verb, NULL, false};
		return true;
	}
	return false;
}

/* The index-th key of a kind: rows of its own, then those of the table that it extends. */
static bool key_of(enum sc_policy_kind kind, size_t index, struct sc_policy_key *out)
{
	for (size_t i = 0; i < N_OWN; i++)
		if (own_keys[i].kind == kind && !index--) {
			*out = own_keys[i];
			return true;
		}
	return kind == SC_POLICY_HOST ? host_key(index, out) : kind == SC_POLICY_VM && vm_key(index, out);
}

bool sc_policy_key_at(size_t index, struct sc_policy_key *out)
{
	for (unsigned kind = 0; kind < SC_POLICY_KINDS; kind++) {
		size_t count = 0;

		while (count < index && key_of(kind, count, out))
			count++;
		if (count == index && key_of(kind, index, out))
			return true;
		index -= count;
	}
	return false;
}

/* The row "channel.NAME" has the key "channel.main". */
static bool has_key(const char *row, const char *key)
{
	size_t head = strcspn(row, ".");

	return strcmp(row, key) == 0 || (row[head] && strncmp(row, key, head + 1) == 0);
}

bool sc_policy_key_find(enum sc_policy_kind kind, const char *key, struct sc_policy_key *out)
{
	for (size_t i = 0; key_of(kind, i, out); i++)
		if (has_key(out->key, key))
			return true;
	return false;
}
