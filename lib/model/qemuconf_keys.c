/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/qemuconf_keys.h"

#include <string.h>

#include "doc/mask_text.h"

/* spice-server's reds.cpp copies 59 bytes of a ticket: with a longer one the VM starts, but nobody can log in. */
enum { PASSWORD_MAX = 59, NAME_MAX_LEN = 40 };

const struct sc_qemuconf_key sc_qemuconf_keys[] = {
    {"spice_listen", SC_TYPE_ADDRESS, true, "127.0.0.1", "address of consoles whose <listen> has none", NULL},
    {"spice_tls", SC_TYPE_SWITCH, true, "0", "consoles can have TLS ports", NULL},
    {"spice_tls_x509_cert_dir", SC_TYPE_DIRECTORY, true, "/etc/pki/libvirt-spice if it exists, else default_tls_x509_cert_dir",
     "directory of ca-cert.pem, server-cert.pem and server-key.pem", NULL},
    {"spice_auto_unix_socket", SC_TYPE_SWITCH, true, "0", "consoles whose <listen> has no address use a Unix socket", NULL},
    {"spice_password", SC_TYPE_PASSWORD, true, "none", "password of all VMs without one of their own", NULL},
    {"spice_sasl", SC_TYPE_SWITCH, true, "0", "users log in through SASL", NULL},
    {"spice_sasl_dir", SC_TYPE_DIRECTORY, true, "/etc/sasl2, the default of libsasl2", "directory of the SASL file qemu.conf", NULL},
    {"default_tls_x509_cert_dir", SC_TYPE_DIRECTORY, true, "/etc/pki/qemu", "certificates of services without a directory of their own",
     NULL},
    {"remote_display_port_min", SC_TYPE_PORT, true, "5900", "first port that libvirt assigns to a console", NULL},
    {"remote_display_port_max", SC_TYPE_PORT, true, "65535", "last port that libvirt assigns to a console", NULL},
    {"default_tls_x509_verify", SC_TYPE_SWITCH, true, "0", "require client certificates, which Spice never does",
     "Spice never requests a client certificate"},
    {"spice_tls_x509_verify", SC_TYPE_SWITCH, true, "", "does not exist",
     "libvirt does not know this key and ignores it; Spice never requests a client certificate"},
    {"default_tls_x509_secret_uuid", SC_TYPE_TEXT, false, "none", "passphrase of the key, which Spice never uses", NULL},
    {"vnc_listen", SC_TYPE_ADDRESS, false, "127.0.0.1", "address of VNC consoles", NULL},
    {"vnc_auto_unix_socket", SC_TYPE_SWITCH, false, "0", "VNC on a Unix socket", NULL},
    {"vnc_tls", SC_TYPE_SWITCH, false, "0", "TLS for VNC", NULL},
    {"vnc_tls_x509_cert_dir", SC_TYPE_DIRECTORY, false, "/etc/pki/libvirt-vnc if it exists", "certificates for VNC", NULL},
    {"vnc_password", SC_TYPE_PASSWORD, false, "none", "password of VNC consoles", NULL},
    {"vnc_sasl", SC_TYPE_SWITCH, false, "0", "SASL for VNC", NULL},
    {"user", SC_TYPE_TEXT, false, "the package's default", "account that QEMU runs as; it must be able to read certificates and SASL files",
     NULL},
    {"group", SC_TYPE_TEXT, false, "the package's default", "group that QEMU runs as", NULL},
    {NULL, SC_TYPE_TEXT, false, NULL, NULL, NULL},
};

const struct sc_qemuconf_key *sc_qemuconf_key(const char *name)
{
	for (const struct sc_qemuconf_key *key = sc_qemuconf_keys; key->name; key++)
		if (strcmp(key->name, name) == 0)
			return key;
	return NULL;
}

const char *sc_qemuconf_key_nearest(const char *name)
{
	const char *nearest = NULL;
	size_t best = strlen(name) / 2 + 1;

	if (strlen(name) > NAME_MAX_LEN)
		return NULL;
	for (const struct sc_qemuconf_key *key = sc_qemuconf_keys; key->name; key++) {
		if (!key->settable || key->useless)
			continue;
		unsigned d = spicecfg_text_distance(name, key->name);
		/* "tls" means spice_tls */
		if (strncmp(key->name, "spice_", 6) == 0 && spicecfg_text_distance(name, key->name + 6) < d)
			d = spicecfg_text_distance(name, key->name + 6);
		if (d < best) {
			best = d;
			nearest = key->name;
		}
	}
	return nearest;
}

bool sc_qemuconf_key_secret(const char *name)
{
	const struct sc_piece word = {name, strlen(name)};
	const char *last = strrchr(name, '_');

	/* also with a typing error */
	return sc_mask_is_secret(word) || spicecfg_text_distance(last ? last + 1 : name, "password") <= 3;
}

static const char *switch_value(const char *text, struct sc_qemuconf_value *out)
{
	if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0)
		return "it takes 0 or 1";
	*out = (struct sc_qemuconf_value){.kind = SC_QEMUCONF_INT, .number = text[0] - '0'};
	return NULL;
}

static const char *port_value(const char *text, struct sc_qemuconf_value *out)
{
	int64_t number = 0;
	size_t len = strspn(text, "0123456789");

	if (!len || len > 5 || text[len])
		return "it takes a port from 5900 to 65535";
	for (; *text; text++)
		number = number * 10 + (*text - '0');
	*out = (struct sc_qemuconf_value){.kind = SC_QEMUCONF_INT, .number = number};
	/* virQEMUDriverConfigLoadRemoteDisplayEntry: QEMU_REMOTE_PORT_MIN, _MAX */
	return number < 5900 || number > 65535 ? "it takes a port from 5900 to 65535" : NULL;
}

static const char *string_value(enum sc_key_type type, const char *text)
{
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return "it can't contain control characters";
	if (type == SC_TYPE_ADDRESS && !*text)
		return "it takes an address, 0.0.0.0 or :: for all, or 'default' to unset it";
	if (type == SC_TYPE_ADDRESS && text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-_%")] != '\0')
		return "it takes an IP address or a host name, without quotes";
	if (type == SC_TYPE_DIRECTORY && *text != '/')
		return "it takes an absolute path, without quotes";
	if (type == SC_TYPE_PASSWORD && strlen(text) > PASSWORD_MAX)
		return "spice-server accepts passwords of at most 59 bytes";
	return NULL;
}

const char *sc_qemuconf_key_value(const struct sc_qemuconf_key *key, const char *text, struct sc_qemuconf_value *out)
{
	if (key->type == SC_TYPE_SWITCH)
		return switch_value(text, out);
	if (key->type == SC_TYPE_PORT)
		return port_value(text, out);
	*out = (struct sc_qemuconf_value){.kind = SC_QEMUCONF_STRING, .text = text};
	return string_value(key->type, text);
}

const char *sc_qemuconf_key_refused(const struct sc_qemuconf_key *key, const struct sc_qemuconf_value *value)
{
	bool number = value->kind == SC_QEMUCONF_INT && !value->negative && value->number >= 0;

	/* a key that libvirt does not read can have any value */
	if (strcmp(key->name, "spice_tls_x509_verify") == 0)
		return NULL;
	switch (key->type) {
	case SC_TYPE_SWITCH:
		return number && value->number <= 1 ? NULL : "must be 0 or 1, without quotes";
	case SC_TYPE_PORT:
		return number && value->number <= UINT32_MAX ? NULL : "must be a number, without quotes";
	default:
		return value->kind == SC_QEMUCONF_STRING ? NULL : "must be a string in quotes";
	}
}
