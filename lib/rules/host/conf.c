/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qemu.conf: values with which libvirt's QEMU driver does not start, and values without effect. */
#include <string.h>

#include "model/libvirt.h"
#include "rules/fixes.h"
#include "rules/tables.h"

static struct sc_where where_of(const struct sc_rule_input *in, const struct sc_conf_entry *entry)
{
	return (struct sc_where){in->host->conf.file, entry->line, entry->column};
}

static void fix_key(struct sc_findings *out, const struct sc_conf_entry *entry)
{
	sc_find_fix(out, "spicecfg host unset %s", entry->key);
}

static void conf_type(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	if (in->host->conf.unread && in->domain->n_graphics)
		sc_doubt(out, rule, "qemu.conf can't be read: %s", in->host->conf.unread);
	for (size_t i = 0; i < in->host->conf.count; i++) {
		const struct sc_conf_entry *entry = &in->host->conf.entries[i];
		enum sc_key_kind kind = sc_host_conf_kind(entry->key);

		if (kind == SC_KEY_BOOL && (entry->type != SC_CONF_INT || entry->number < 0 || entry->number > 1))
			sc_find_at(out, rule, where_of(in, entry), "%s must be 0 or 1", entry->key);
		else if (kind == SC_KEY_STRING && entry->type != SC_CONF_STRING)
			sc_find_at(out, rule, where_of(in, entry), "%s must be a string in quotes", entry->key);
		else if (kind == SC_KEY_NUMBER && (entry->type != SC_CONF_INT || entry->number < 0 || entry->number > 4294967295LL))
			sc_find_at(out, rule, where_of(in, entry), "%s must be a number", entry->key);
		else
			continue;
		fix_key(out, entry);
	}
}

static void conf_pending(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_qemu_conf *conf = &in->host->conf;

	if (!conf->pending || (in->domain && in->host_told))
		return;
	sc_find_at(out, rule, (struct sc_where){conf->file, 0, 0}, "%s was started before this file was changed, and has not read it",
		   conf->pending);
	if (conf->pending_script)
		sc_find_fix(out, "service %s restart", conf->pending);
	else if (conf->pending_systemd)
		sc_find_fix(out, "systemctl restart %s", conf->pending);
	else
		sc_find_fix(out, NULL);
}

/* A setting that 'host unset' does not know, because it is not of Spice. */
static void comment_out(const struct sc_rule_input *in, const struct sc_conf_entry *entry, struct sc_findings *out)
{
	if (in->host->conf.file && strcmp(in->host->conf.file, SC_QEMU_CONF) == 0)
		sc_find_fix(out, "sed -i '%us/^[^#]/#&/' -- " SC_QEMU_CONF, entry->line);
	else
		sc_find_fix(out, NULL);
	sc_find_fix_asks(out);
}

static void conf_account(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_conf_entry *user = sc_host_conf_find(in->host, "user"), *group = sc_host_conf_find(in->host, "group");

	if (user && in->host->account.no_user) {
		sc_find_at(out, rule, where_of(in, user), "QEMU is to run as user '%s', which this host does not have",
			   in->host->account.no_user);
		comment_out(in, user, out);
	}
	if (group && in->host->account.no_group) {
		sc_find_at(out, rule, where_of(in, group), "QEMU is to run as group '%s', which this host does not have",
			   in->host->account.no_group);
		comment_out(in, group, out);
	}
}

static void conf_cert_dir(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const keys[] = {"spice_tls_x509_cert_dir",   "default_tls_x509_cert_dir", "vnc_tls_x509_cert_dir",
					   "chardev_tls_x509_cert_dir", "migrate_tls_x509_cert_dir", "backup_tls_x509_cert_dir",
					   "vxhs_tls_x509_cert_dir",    "nbd_tls_x509_cert_dir"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct sc_conf_entry *entry = sc_host_conf_find(in->host, keys[i]);

		if (!entry || entry->type != SC_CONF_STRING)
			continue;
		enum sc_known exists = sc_host_certs(in->host, entry->text).exists;
		if (exists == SC_FALSE) {
			sc_find_at(out, rule, where_of(in, entry), "%s '%s' does not exist", entry->key, entry->text);
			fix_key(out, entry);
		} else if (exists == SC_UNKNOWN)
			sc_doubt(out, rule, "it is not known whether '%s' exists", entry->text);
	}
}

static void check_range(const struct sc_rule *rule, const struct sc_rule_input *in, const char *min_key, const char *max_key, long long low,
			long long min, long long max, struct sc_findings *out)
{
	const struct sc_conf_entry *min_entry = sc_host_conf_find(in->host, min_key);
	const struct sc_conf_entry *max_entry = sc_host_conf_find(in->host, max_key);

	if (min_entry && min < low)
		sc_find_at(out, rule, where_of(in, min_entry), "%s %lld is below %lld", min_key, min, low);
	else if (max_entry && max > 65535)
		sc_find_at(out, rule, where_of(in, max_entry), "%s %lld is above 65535", max_key, max);
	else if ((min_entry || max_entry) && min >= max)
		sc_find_at(out, rule, where_of(in, min_entry ? min_entry : max_entry), "the range %lld to %lld does not contain two ports",
			   min, max);
	else
		return;
	sc_find_fix(out, "spicecfg host unset %s", min_entry ? min_key : max_key);
	if (min_entry && max_entry)
		sc_find_fix_more(out, "%s", max_key);
}

static void conf_port_range(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_qemu_conf *conf = &in->host->conf;

	check_range(rule, in, "remote_display_port_min", "remote_display_port_max", 5900, conf->port_min, conf->port_max, out);
	check_range(rule, in, "remote_websocket_port_min", "remote_websocket_port_max", 5700, conf->websocket_min, conf->websocket_max,
		    out);
	check_range(rule, in, "migration_port_min", "migration_port_max", 1, conf->migration_min, conf->migration_max, out);
}

static void conf_no_verify(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_conf_entry *entry = sc_host_conf_find(in->host, "spice_tls_x509_verify");

	if (entry) {
		sc_find_at(out, rule, where_of(in, entry), "spice_tls_x509_verify does not exist: libvirt ignores it");
		fix_key(out, entry);
	}
	entry = sc_host_conf_find(in->host, "default_tls_x509_verify");
	if (entry && entry->type == SC_CONF_INT && entry->number == 1 && in->host->conf.spice_tls) {
		sc_find_at(out, rule, where_of(in, entry), "default_tls_x509_verify has no effect on Spice: clients need no certificate");
		fix_key(out, entry);
	}
}

static void conf_unknown_key(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->host->conf.count; i++) {
		const struct sc_conf_entry *entry = &in->host->conf.entries[i];

		if (strncmp(entry->key, "spice_", 6) == 0 && sc_host_conf_kind(entry->key) == SC_KEY_UNKNOWN &&
		    strcmp(entry->key, "spice_tls_x509_verify") != 0) {
			sc_find_at(out, rule, where_of(in, entry), "libvirt does not know the key '%s' and ignores it", entry->key);
			fix_key(out, entry);
		}
	}
}

static void conf_common_password(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_conf_entry *entry = sc_host_conf_find(in->host, "spice_password");
	const struct sc_console *console = in->launch->spice;

	if (!entry || !console || console->broken || !console->password || console->password_origin != SC_FROM_CONF || !*console->password)
		return;
	sc_find_at(out, rule, where_of(in, entry),
		   "spice_password opens this console and that of every other VM without a password of its own");
	/* with SASL, or without ticketing, QEMU refuses every password */
	if (console->sasl || !console->ticketing)
		sc_find_fix(out, "spicecfg host unset spice_password");
}

const struct sc_rule sc_rules_conf[] = {
    {"conf-type", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DOMAIN, "A value in qemu.conf that libvirt can't read",
     "Switches are 0 or 1 without quotes, strings are in quotes. With any other value the QEMU driver does not start: no VM can be seen or "
     "started.",
     "libvirt util/virconf.c virConfGetValueBool, virConfGetValueString; measured", "spicecfg host unset KEY", conf_type},
    {"conf-account", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DOMAIN, "An account in qemu.conf that does not exist",
     "user and group of qemu.conf name the account and group that QEMU runs as. Where the host has no such account, libvirt's QEMU driver "
     "does not start: no VM can be seen or started. Correct the name; without it, QEMU runs as the package's account.",
     "libvirt qemu/qemu_conf.c virQEMUDriverConfigLoadSecurityEntry; measured", "sed -i LINEs/^[^#]/#&/ -- FILE", conf_account},
    {"conf-cert-dir", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DOMAIN, "A certificate directory in qemu.conf that does not exist",
     "A certificate directory that is named must exist, even while TLS is off: without it the whole QEMU driver does not start.",
     "libvirt qemu/qemu_conf.c virQEMUDriverConfigValidate; measured", "spicecfg host unset spice_tls_x509_cert_dir", conf_cert_dir},
    {"conf-port-range", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DOMAIN, "A port range in qemu.conf without ports",
     "remote_display_port_min is at least 5900; the maximum is at most 65535 and above the minimum. Otherwise the QEMU driver does not "
     "start.",
     "libvirt qemu/qemu_conf.c virQEMUDriverConfigLoadRemoteDisplayEntry; measured",
     "spicecfg host unset remote_display_port_min remote_display_port_max", conf_port_range},
    {"conf-pending", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_GRAPHICS | SC_OF_HOST,
     "A qemu.conf that the daemon has not read",
     "libvirt's daemon reads qemu.conf when it is started: until it is restarted, VMs start with what was there before. What that was is "
     "not "
     "known, so the verdict of a VM that starts with one of the switches (TLS, SASL, sockets) and is refused without it is unknown. A "
     "restart "
     "does not stop running VMs.",
     "libvirt qemu/qemu_driver.c qemuStateInitialize; measured", "systemctl restart libvirtd", conf_pending},
    {"conf-verify", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "Client certificates are not required",
     "Spice does not check client certificates: default_tls_x509_verify = 1 has no effect on it, and spice_tls_x509_verify does not exist.",
     "A29; libvirt qemu/qemu_conf.c", "spicecfg host unset spice_tls_x509_verify", conf_no_verify},
    {"conf-unknown-key", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "A key in qemu.conf that does not exist",
     "libvirt ignores unknown keys: the setting has no effect.", "libvirt qemu/qemu_conf.c virQEMUDriverConfigLoadSPICEEntry",
     "spicecfg host unset KEY", conf_unknown_key},
    {"conf-common-password", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_SECURITY, SC_HAS_SPICE, "One password for all VMs",
     "spice_password in qemu.conf is the password of every VM that has none of its own, and never expires. Give each VM its own password.",
     "A28; libvirt qemu/qemu_process.c qemuProcessInitPasswords", "spicecfg set-password TARGET --generate", conf_common_password},
    {0},
};
