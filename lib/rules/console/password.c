/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords of a console. No message contains one. */
#include <stdlib.h>
#include <string.h>

#include "rules/fixes.h"
#include "rules/tables.h"

/* spice-protocol SPICE_MAX_PASSWORD_LENGTH is 60, and the buffer has 60 bytes: 60 are accepted, but only 59 are kept. */
enum { TICKET_MAX = 60, TICKET_USABLE = 59, VNC_MAX = 8 };

/* Six numbers as strtol reads them, each followed by its separator. */
static bool read_date(const char *text, long *fields)
{
	static const char separators[] = "--T::";

	for (int i = 0; i < 6; i++) {
		char *end;

		fields[i] = strtol(text, &end, 10);
		if (end == text || fields[i] > 2147483647L || fields[i] < -2147483648L || *end != separators[i])
			return false;
		text = end + 1;
	}
	return true;
}

static void expiry_format(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];
		long fields[6];

		if (!graphics->passwd || !graphics->valid_to || read_date(graphics->valid_to, fields))
			continue;
		sc_find(out, rule, SC_ALWAYS, graphics->node, "passwdValidTo", "passwdValidTo '%s' is not YYYY-MM-DDTHH:MM:SS",
			graphics->valid_to);
		if (graphics->kind != SC_GRAPHICS_SPICE)
			sc_find_fix(out, "spicecfg set TARGET 'PATH=default'");
		sc_find_fix_asks(out);
	}
}

static void connected_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const words[] = {"default", "fail", "disconnect", "keep", NULL};

	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (!graphics->passwd || !graphics->connected || sc_word_find(words, graphics->connected) > 0)
			continue;
		sc_find(out, rule, SC_ALWAYS, graphics->node, "connected", "connected is '%s', not keep, disconnect or fail",
			graphics->connected);
		if (graphics->kind == SC_GRAPHICS_SPICE)
			sc_find_fix_word(out, words, graphics->connected);
	}
}

static void vnc_connected(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const words[] = {"fail", "disconnect", NULL};

	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->kind == SC_GRAPHICS_VNC && graphics->passwd && graphics->connected &&
		    sc_word_find(words, graphics->connected) >= 0)
			sc_find(out, rule, SC_ALWAYS, graphics->node, "connected", "VNC accepts only connected='keep', not '%s'",
				graphics->connected);
	}
}

static void vnc_password_long(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (graphics->kind == SC_GRAPHICS_VNC && graphics->passwd && strlen(graphics->passwd) > VNC_MAX)
			sc_find(out, rule, SC_ALWAYS, graphics->node, "passwd",
				"the VNC password has %zu bytes, but VNC accepts at most %d", strlen(graphics->passwd), (int)VNC_MAX);
	}
}

static void report_length(const struct sc_rule *rule, const struct sc_console *console, struct sc_findings *out, int limit)
{
	bool own = console->password_origin == SC_FROM_XML;

	sc_find(out, rule, own ? SC_ALWAYS : SC_HOST, console->node, own ? "passwd" : NULL,
		"the password%s has %zu bytes, but only %d are usable", own ? "" : " (spice_password in qemu.conf)",
		strlen(console->password), limit);
}

static void password_long(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = in->launch->spice;

	if (console && !console->broken && console->password && strlen(console->password) > TICKET_MAX)
		report_length(rule, console, out, TICKET_USABLE);
}

static void password_cut(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = in->launch->spice;

	if (console && !console->broken && console->password && strlen(console->password) == TICKET_MAX)
		report_length(rule, console, out, TICKET_USABLE);
}

static void password_with_sasl(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = in->launch->spice;

	if (!console || console->broken || !console->password || (!console->sasl && console->ticketing))
		return;
	bool own = console->password_origin == SC_FROM_XML;
	/* else qemu.conf decides about SASL */
	bool always = own && (!console->sasl || sc_spice_args_find(&in->launch->args, "sasl"));
	sc_find(out, rule,
		always ? SC_ALWAYS
		: own  ? SC_OWN_HOST
		       : SC_HOST,
		console->node, own ? "passwd" : NULL, "%s is set%s, but %s: QEMU refuses the password", own ? "passwd" : "spice_password",
		own ? "" : " in qemu.conf", console->sasl ? "SASL authenticates" : "ticketing is off in qemu:commandline");
	if (!own)
		sc_find_fix(out, "spicecfg host unset spice_password");
	else if (!console->sasl)
		sc_find_fix_arg(out, in->domain, sc_spice_args_find(&in->launch->args, "disable-ticketing")->node);
}

static void expiry_without_password(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];

		if (!graphics->passwd && graphics->valid_to)
			sc_find(out, rule, SC_ALWAYS, graphics->node, "passwdValidTo", "passwdValidTo is ignored without passwd");
	}
}

static bool is_real_date(const long *f)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (f[0] < 1 || f[0] > 9999 || f[1] < 1 || f[1] > 12 || f[2] < 1 || f[3] < 0 || f[3] > 23 || f[4] < 0 || f[4] > 59 || f[5] < 0 ||
	    f[5] > 59)
		return false;
	bool leap = f[1] == 2 && f[0] % 4 == 0 && (f[0] % 100 != 0 || f[0] % 400 == 0);
	return f[2] <= days[f[1] - 1] + leap;
}

/* Seconds since 1970, UTC. */
static int64_t seconds_of(const long *f)
{
	int64_t year = f[0] - (f[1] <= 2);
	int64_t era = year / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (f[1] + (f[1] > 2 ? -3 : 9)) + 2) / 5 + f[2] - 1;
	int64_t days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;

	return ((days * 24 + f[3]) * 60 + f[4]) * 60 + f[5];
}

/* The expiry that spicecfg gives a VM which only live tickets open: no password ever had it by itself. */
static bool waits_for_tickets(const struct sc_graphics *graphics)
{
	return graphics->kind == SC_GRAPHICS_SPICE && strcmp(graphics->valid_to, "1970-01-01T00:00:00") == 0;
}

static void password_expired(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];
		long fields[6];

		if (!graphics->passwd || !graphics->valid_to || !read_date(graphics->valid_to, fields) || waits_for_tickets(graphics))
			continue;
		if (!is_real_date(fields))
			sc_find(out, rule, SC_ALWAYS, graphics->node, "passwdValidTo",
				"passwdValidTo '%s' is not a valid date: libvirt treats the password as expired", graphics->valid_to);
		else if (in->now && seconds_of(fields) <= in->now)
			sc_find(out, rule, SC_ALWAYS, graphics->node, "passwdValidTo", "the password expired at %s (UTC)",
				graphics->valid_to);
		else
			continue;
		if (graphics->kind != SC_GRAPHICS_SPICE) {
			sc_find_fix(out, "spicecfg set TARGET 'PATH=default'");
			sc_find_fix_asks(out);
		}
	}
}

static void password_empty(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	const struct sc_console *console = in->launch->spice;

	if (!console || console->broken || !console->password || *console->password)
		return;
	bool own = console->password_origin == SC_FROM_XML;
	sc_find(out, rule, own ? SC_ALWAYS : SC_HOST, console->node, own ? "passwd" : NULL, "the password%s is empty: nobody can log in",
		own ? "" : " (spice_password in qemu.conf)");
}

const struct sc_rule sc_rules_password[] = {
    {"expiry-format", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "passwdValidTo in the wrong format",
     "passwdValidTo has the form YYYY-MM-DDTHH:MM:SS, in UTC and without a time zone.",
     "libvirt conf/domain_conf.c virDomainGraphicsAuthDefParseXML; measured", "spicecfg set TARGET valid-for=10h", expiry_format},
    {"connected-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "Unknown connected setting",
     "connected says what happens to a connected client when the password is changed: keep, disconnect or fail.",
     "libvirt conf/domain_conf.c virDomainGraphicsAuthDefParseXML; measured", "spicecfg set TARGET 'PATH=default'", connected_word},
    {"vnc-connected", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VNC, "A connected setting that VNC does not support",
     "VNC accepts only connected='keep'.", "libvirt conf/domain_conf.c virDomainGraphicsAuthDefParseXML; measured",
     "spicecfg set TARGET 'PATH=keep'", vnc_connected},
    {"vnc-password-long", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VNC | SC_SPAN(SC_SPAN_VNC_PASSWORD),
     "A VNC password of more than 8 bytes",
     "VNC's authentication uses 8 bytes; libvirt refuses longer passwords. Shorten it where it is set (virsh edit, or the file): spicecfg "
     "sets passwords of Spice consoles only.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVNCGraphics", NULL, vnc_password_long},
    {"password-long", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "A password of more than 60 bytes",
     "spice-server refuses the password when libvirt sets it, after QEMU has started: the VM does not come up.",
     "spice-server server/reds.cpp spice_server_set_ticket; measured", "spicecfg set-password TARGET --generate", password_long},
    {"password-cut", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "A password of exactly 60 bytes",
     "The VM starts, but spice-server keeps only 59 bytes of the password: every login fails.",
     "spice-server server/reds.cpp spice_server_set_ticket; measured", "spicecfg set-password TARGET --generate", password_cut},
    {"password-with-sasl", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "A password and SASL together",
     "With SASL on (spice_sasl in qemu.conf or -spice sasl=on), QEMU refuses set_password, even with listen type socket or none. Clear the "
     "password, or turn SASL off for this VM.",
     "A23; QEMU ui/spice-core.c qemu_spice_set_passwd; measured", "spicecfg clear-password TARGET", password_with_sasl},
    {"expiry-without-password", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_GRAPHICS, "An expiry date without a password",
     "libvirt reads passwdValidTo only together with passwd, and silently ignores it otherwise.",
     "libvirt conf/domain_conf.c virDomainGraphicsAuthDefParseXML; measured", "spicecfg set TARGET 'PATH=default'",
     expiry_without_password},
    {"password-expired", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_GRAPHICS, "An expired password",
     "The VM starts, but every login fails until a new password is set. A day or month that does not exist is treated as expired. The "
     "expiry 1970-01-01T00:00:00 is no finding: it is that of a VM that waits for live tickets.",
     "libvirt qemu/qemu_hotplug.c qemuDomainChangeGraphicsPasswords; measured", "spicecfg set-password TARGET --generate --valid-for 10h",
     password_expired},
    {"password-empty", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "An empty password",
     "libvirt expires an empty password at once: the VM starts, but every login fails.",
     "libvirt qemu/qemu_hotplug.c qemuDomainChangeGraphicsPasswords; measured", "spicecfg set-password TARGET --generate", password_empty},
    {0},
};
