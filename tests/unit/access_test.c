/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who can open a console: the lookup over hosts made of words (tests/access/world.h), and what a change takes from whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../access/world.h"

#define OPEN "<graphics type='spice' port='5900' autoport='no' listen='0.0.0.0'/>"
#define LOCAL "<graphics type='spice' port='5900' autoport='no' listen='127.0.0.1'/>"
#define TLS "<graphics type='spice' tlsPort='5901' autoport='no' listen='0.0.0.0' defaultMode='secure'/>"
#define BOTH "<graphics type='spice' port='5900' tlsPort='5901' autoport='no' listen='0.0.0.0'/>"
#define TICKET(more) "<graphics type='spice' port='5900' autoport='no' listen='0.0.0.0' passwd='sesame'" more "/>"
#define SOCKET "<graphics type='spice'><listen type='socket' socket='/s/vm/spice.socket'/></graphics>"
#define LONG59 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffffffff"

#define DENY SC_ACCESS_DENY
#define UNKNOWN SC_ACCESS_UNKNOWN
#define ALLOW SC_ACCESS_ALLOW

struct row {
	const char *console, *words, *way, *subject;
	enum sc_access want;
};

static const struct row rows[] = {
    /* nobody is asked */
    {OPEN, "", "network none", "anybody", ALLOW},
    {OPEN, "", "loopback none", "user:anne", ALLOW},
    {OPEN, "", "network ticket", "holder", DENY}, /* it has no such way */
    {OPEN, "", "ssh key", "user:anne", UNKNOWN},
    {OPEN, "", "libvirt libvirt", "user:anne", UNKNOWN},
    {LOCAL, "", "network none", "anybody", DENY},
    {LOCAL, "", "loopback none", "anybody", ALLOW},
    {"<graphics type='spice' port='5900' listen='::1'/>", "", "network none", "anybody", DENY},
    {"<graphics type='spice' port='5900' listen='::'/>", "", "network none", "anybody", ALLOW},
    {"<graphics type='spice' port='5900' listen='somewhere'/>", "", "network none", "anybody", UNKNOWN},
    {"<graphics type='spice'><listen type='network' network='lan'/></graphics>", "", "network none", "anybody", DENY},
    {"<graphics type='spice' autoport='yes'><listen type='network' network='lan'/></graphics>", "", "network none", "anybody", UNKNOWN},
    {"<graphics type='spice'><listen type='none'/></graphics>", "", "network none", "anybody", DENY},
    {"<graphics type='vnc' port='5900' listen='0.0.0.0'/>", "", "network none", "anybody", DENY}, /* only Spice is judged */
    {"<graphics type='spice' port='x' listen='0.0.0.0'/>", "", "network none", "anybody", DENY},
    {OPEN, "conf:unread", "network none", "anybody", UNKNOWN},
    {LOCAL, "conf:unread", "network none", "anybody", UNKNOWN},
    {"", "conf:unread", "network none", "anybody", UNKNOWN},
    /* the packet filter */
    {OPEN, "filter:yes", "network none", "anybody", UNKNOWN},
    {OPEN, "filter:unknown", "network none", "anybody", UNKNOWN},
    {OPEN, "filter:yes open:5900-5910", "network none", "anybody", ALLOW},
    {OPEN, "filter:yes open:5900-5910", "loopback none", "anybody", UNKNOWN},
    {"<graphics type='spice' autoport='yes' listen='0.0.0.0'/>", "filter:yes open:5900-5910", "network none", "anybody", UNKNOWN},
    {LOCAL, "filter:yes", "network none", "anybody", DENY},
    /* the main and the display channel */
    {"<graphics type='spice' port='5900' listen='0.0.0.0' defaultMode='secure'/>", "", "network none", "anybody", DENY},
    {"<graphics type='spice' port='5900' listen='0.0.0.0'><channel name='display' mode='secure'/></graphics>", "", "network none",
     "anybody", DENY},
    {"<graphics type='spice' port='5900' listen='0.0.0.0'><channel name='inputs' mode='secure'/></graphics>", "", "network none", "anybody",
     ALLOW},
    {"<graphics type='spice' port='5900' tlsPort='5901' listen='0.0.0.0'><channel name='display' mode='secure'/></graphics>", "",
     "network none", "anybody", ALLOW},
    /* tickets */
    {TICKET(""), "", "network ticket", "holder", ALLOW},
    {TICKET(""), "", "network ticket", "anybody", DENY},
    {TICKET(""), "", "network ticket", "login:anne@host.example", DENY},
    {TICKET(""), "", "network none", "anybody", DENY},
    {TICKET(" passwdValidTo='2024-10-04T10:00:00'"), "", "network ticket", "holder", ALLOW},
    {TICKET(" passwdValidTo='2024-10-04T09:59:59'"), "", "network ticket", "holder", DENY},
    {TICKET(" passwdValidTo='2024-10-04T10:00:01'"), "", "network ticket", "holder", ALLOW},
    {TICKET(" passwdValidTo='tomorrow'"), "", "network ticket", "holder", UNKNOWN},
    {"<graphics type='spice' port='5900' listen='0.0.0.0' passwd=''/>", "", "network ticket", "holder", DENY},
    {"<graphics type='spice' port='5900' listen='0.0.0.0' passwd='" LONG59 "'/>", "", "network ticket", "holder", ALLOW},
    {"<graphics type='spice' port='5900' listen='0.0.0.0' passwd='" LONG59 "0'/>", "", "network ticket", "holder", DENY},
    {"<graphics type='spice' passwd='x'><listen type='socket' socket='/s/vm/spice.socket'/></graphics>", "", "socket ticket", "user:bob",
     ALLOW},
    {"<graphics type='spice' passwd='x'><listen type='socket' socket='/s/vm/spice.socket'/></graphics>", "", "socket ticket", "user:anne",
     DENY},
    {"<graphics type='spice' passwd='x'><listen type='socket' socket='/s/vm/spice.socket'/></graphics>", "", "socket ticket", "holder",
     ALLOW},
    {"<graphics type='spice' passwd='x'><listen type='socket' socket='/s/vm/spice.socket'/></graphics>", "door:nobody", "socket ticket",
     "holder", DENY},
    /* the user database */
    {TLS, "conf:sasl", "network sasldb", "login:anne@host.example", ALLOW},
    {TLS, "conf:sasl", "network sasldb", "login:anne@other", ALLOW},
    {TLS, "conf:sasl", "network sasldb", "login:anne@nowhere", DENY},
    {TLS, "conf:sasl", "network sasldb", "login:zoe@host.example", DENY},
    {TLS, "conf:sasl", "network sasldb", "user:anne", DENY},
    {TLS, "conf:sasl", "network sasldb", "anybody", DENY},
    {TLS, "conf:sasl", "network none", "anybody", DENY},
    {TLS, "conf:sasl", "network ticket", "holder", DENY},
    {OPEN, "conf:sasl", "network sasldb", "login:anne@host.example", DENY}, /* neither plain nor scram without TLS */
    {OPEN, "conf:sasl mech:digest-md5", "network sasldb", "login:anne@host.example", ALLOW},
    {BOTH, "conf:sasl", "network sasldb", "login:anne@host.example", ALLOW},
    {TLS, "conf:sasl mech:plain", "network sasldb", "login:anne@host.example", ALLOW},
    {TLS, "conf:sasl mech:plain method:saslauthd", "network sasldb", "login:anne@host.example", DENY},
    {TLS, "conf:sasl mech:plain,scram-sha-256", "network none", "anybody", DENY},
    {TLS, "conf:sasl mech:anonymous", "network none", "anybody", ALLOW},
    {OPEN, "conf:sasl mech:anonymous", "network none", "anybody", DENY},
    {TLS, "conf:sasl mech:gssapi", "network sasldb", "login:anne@host.example", DENY},
    {TLS, "conf:sasl mech:plain;scram", "network sasldb", "login:anne@host.example", DENY},
    {TLS, "conf:sasl file:missing", "network none", "anybody", ALLOW},
    {TLS, "conf:sasl file:missing", "network sasldb", "login:anne@host.example", ALLOW},
    {TLS, "conf:sasl file:unreadable", "network none", "anybody", ALLOW},
    {TLS, "conf:sasl file:broken", "network none", "anybody", DENY},
    {TLS, "conf:sasl file:unknown", "network none", "anybody", UNKNOWN},
    {TLS, "conf:sasl file:unknown", "network sasldb", "login:anne@host.example", UNKNOWN},
    {TLS, "conf:sasl reads:unknown", "network sasldb", "login:anne@host.example", UNKNOWN},
    {TLS, "conf:sasl dbreads:unknown", "network sasldb", "login:anne@host.example", UNKNOWN},
    {TLS, "conf:sasl db:missing", "network sasldb", "login:anne@host.example", DENY},
    {TLS, "conf:sasl db:unreadable", "network sasldb", "login:anne@host.example", DENY},
    {TLS, "conf:sasl db:damaged", "network sasldb", "login:anne@host.example", DENY},
    {TLS, "conf:sasl db:unknown", "network sasldb", "login:anne@host.example", UNKNOWN},
    {TLS, "conf:sasl sasl:unknown", "network sasldb", "login:anne@host.example", UNKNOWN},
    {TLS, "conf:sasl plugins:unknown", "network sasldb", "login:anne@host.example", UNKNOWN},
    {TLS, "conf:sasl plugins:unknown mech:anonymous", "network none", "anybody", UNKNOWN},
    {TLS, "conf:sasl method:alwaystrue", "network none", "anybody", ALLOW},
    {SOCKET, "conf:sasl mech:digest-md5", "socket sasldb", "login:anne@host.example", ALLOW},
    {SOCKET, "conf:sasl", "socket sasldb", "login:anne@host.example", DENY},
    /* saslauthd and PAM */
    {TLS, "conf:sasl method:saslauthd", "network pam", "user:anne", ALLOW},
    {TLS, "conf:sasl method:saslauthd", "network pam", "user:carl", DENY}, /* locked */
    {TLS, "conf:sasl method:saslauthd", "network pam", "user:dora", DENY}, /* expired today */
    {TLS, "conf:sasl method:saslauthd", "network pam", "user:zoe", DENY},
    {TLS, "conf:sasl method:saslauthd accounts:unknown", "network pam", "user:zoe", UNKNOWN},
    {TLS, "conf:sasl method:saslauthd shadow:unknown", "network pam", "user:anne", UNKNOWN},
    {TLS, "conf:sasl method:saslauthd", "network pam", "login:anne@host.example", DENY},
    {TLS, "conf:sasl method:saslauthd", "network pam", "group:consoles", ALLOW},
    {OPEN, "conf:sasl method:saslauthd", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd mech:scram-sha-256", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:auxprop", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd daemon:off", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd daemon:closed", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd daemon:unknown", "network pam", "user:anne", UNKNOWN},
    {TLS, "conf:sasl method:saslauthd backend:shadow", "network pam", "user:anne", ALLOW},
    {TLS, "conf:sasl method:saslauthd backend:shadow", "network pam", "user:carl", DENY},  /* locked */
    {TLS, "conf:sasl method:saslauthd backend:shadow", "network pam", "user:dora", ALLOW}, /* the day of its expiry counts here */
    {TLS, "conf:sasl method:saslauthd backend:shadow", "network pam", "user:zoe", DENY},
    {TLS, "conf:sasl method:saslauthd backend:shadow accounts:unknown", "network pam", "user:zoe", UNKNOWN},
    {TLS, "conf:sasl method:saslauthd backend:shadow shadow:unknown", "network pam", "user:anne", UNKNOWN},
    {TLS, "conf:sasl method:saslauthd backend:shadow", "network pam", "group:consoles", UNKNOWN},
    {TLS, "conf:sasl method:saslauthd backend:ldap", "network pam", "user:anne", UNKNOWN},
    {TLS, "conf:sasl method:saslauthd cache:yes", "network pam", "user:anne", ALLOW},
    {TLS, "conf:sasl method:saslauthd joins:yes", "network pam", "user:anne", UNKNOWN},
    {TLS, "conf:sasl method:saslauthd cache:yes pam:closed", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd cache:unknown", "network pam", "user:anne", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:unknown", "network pam", "user:anne", UNKNOWN},
    {TLS, "conf:sasl method:saslauthd pam:debian", "network pam", "user:anne", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:debian", "network pam", "user:carl", DENY},
    {TLS, "conf:sasl method:saslauthd pam:list", "network pam", "user:anne", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:list", "network pam", "user:bob", DENY},
    {TLS, "conf:sasl method:saslauthd pam:list", "network pam", "user:carl", DENY},
    {TLS, "conf:sasl method:saslauthd pam:list", "network pam", "group:consoles", DENY},
    {TLS, "conf:sasl method:saslauthd pam:groups", "network pam", "user:bob", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:groups", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd pam:groups", "network pam", "group:consoles", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:denied", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd pam:denied", "network pam", "user:bob", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:missing", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd pam:missing-open", "network pam", "user:bob", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:unread", "network pam", "user:anne", UNKNOWN},
    {TLS, "conf:sasl method:saslauthd pam:unsafe", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd pam:ours", "network pam", "user:anne", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:ours", "network pam", "user:bob", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:ours", "network pam", "user:dora", DENY},
    {TLS, "conf:sasl method:saslauthd pam:open", "network none", "anybody", ALLOW}, /* bob's name is enough */
    {TLS, "conf:sasl method:saslauthd pam:skipped", "network pam", "user:anne", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:closed", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd pam:time", "network pam", "user:anne", UNKNOWN},
    {TLS, "conf:sasl method:saslauthd pam:time", "network pam", "user:carl", DENY},
    {TLS, "conf:sasl method:saslauthd pam:time-after", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd pam:jump", "network pam", "user:anne", DENY}, /* too far */
    {TLS, "conf:sasl method:saslauthd pam:empty", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd pam:nologin", "network pam", "user:anne", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:nologin nologin:yes", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd pam:nologin nologin:unknown", "network pam", "user:anne", UNKNOWN},
    {TLS, "conf:sasl method:saslauthd pam:uid", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd pam:uid", "network pam", "user:bob", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:words", "network pam", "user:bob", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:words", "network pam", "user:anne", DENY},
    {TLS, "conf:sasl method:saslauthd pam:glob", "network pam", "user:anne", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:glob", "network pam", "user:bob", DENY},
    {TLS, "conf:sasl method:saslauthd pam:substack", "network pam", "user:carl", DENY},
    {TLS, "conf:sasl method:saslauthd pam:substack", "network pam", "user:anne", ALLOW},
    {TLS, "conf:sasl method:saslauthd pam:broken", "network pam", "user:anne", UNKNOWN},
    /* sockets */
    {SOCKET, "", "socket acl", "group:consoles", ALLOW},
    {SOCKET, "", "socket acl", "user:bob", ALLOW},
    {SOCKET, "", "socket acl", "user:anne", DENY},
    {SOCKET, "", "socket acl", "anybody", DENY},
    {SOCKET, "", "socket acl", "group:libvirt-qemu", ALLOW}, /* that of the directory */
    {SOCKET, "", "network none", "anybody", DENY},
    {SOCKET, "door:user", "socket acl", "user:anne", ALLOW},
    {SOCKET, "door:user", "socket acl", "user:bob", DENY},
    {SOCKET, "door:nobody", "socket acl", "user:bob", DENY},
    {SOCKET, "door:half", "socket acl", "user:bob", DENY},
    {SOCKET, "door:no-default", "socket acl", "user:bob", DENY},
    {SOCKET, "door:read", "socket acl", "user:bob", DENY},
    {SOCKET, "door:world", "socket acl", "anybody", DENY}, /* bind() does not ask for it */
    {SOCKET, "door:upper", "socket acl", "user:bob", DENY},
    {SOCKET, "door:barred", "socket acl", "user:anne", DENY},
    {SOCKET, "door:missing", "socket acl", "user:bob", DENY},
    {SOCKET, "door:unread", "socket acl", "user:bob", UNKNOWN},
    {SOCKET, "door:unknown", "socket acl", "user:bob", UNKNOWN},
    {SOCKET, "qemu:unknown", "socket acl", "user:bob", UNKNOWN},
    {SOCKET, "", "socket acl", "user:zoe", DENY},
    {SOCKET, "accounts:unknown", "socket acl", "user:zoe", UNKNOWN},
    {"<graphics type='spice'><listen type='socket'/></graphics>", "", "socket acl", "user:bob", DENY},
    {"<graphics type='spice'><listen type='socket'/></graphics>", "", "socket acl", "group:libvirt-qemu", ALLOW},
};

static int find(const char *word, size_t len, const char *(*name)(int))
{
	for (int i = 0; i < 7; i++)
		if (strlen(name(i)) == len && strncmp(word, name(i), len) == 0)
			return i;
	fail_msg("'%s' is not a way", word);
	return 0;
}

static const char *reach_name(int value)
{
	return value < 5 ? sc_reach_name((enum sc_reach)value) : "";
}

static const char *via_name(int value)
{
	return sc_via_name((enum sc_via)value);
}

static struct sc_way way_of(const char *words)
{
	size_t len = strcspn(words, " ");

	return (struct sc_way){(enum sc_reach)find(words, len, reach_name),
			       (enum sc_via)find(words + len + 1, strlen(words + len + 1), via_name)};
}

/* The name is in text, which it changes. */
static struct sc_subject subject_of(char *text)
{
	char *name = strchr(text, ':'), *at = strchr(text, '@');

	if (!name)
		return (struct sc_subject){strcmp(text, "holder") == 0 ? SC_WHO_HOLDER : SC_WHO_ANYBODY, NULL, NULL};
	if (at)
		*at = '\0';
	return (struct sc_subject){*text == 'u' ? SC_WHO_USER : *text == 'g' ? SC_WHO_GROUP : SC_WHO_LOGIN, name + 1, at ? at + 1 : NULL};
}

struct facts {
	size_t n, unknown;
};

static void count(void *opaque, const struct sc_access_fact *fact)
{
	struct facts *facts = opaque;

	assert_non_null(fact->what);
	/* never a secret */
	assert_true(!fact->value || !strstr(fact->value, "sesame"));
	facts->n++;
	facts->unknown += fact->answer == SC_ACCESS_UNKNOWN;
}

static void verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		struct world world;
		struct facts facts = {0, 0};
		char subject[64];

		world_make(&world, row->console, row->words);
		world_grow(&world);
		snprintf(subject, sizeof(subject), "%s", row->subject);
		const struct sc_access_question question = {.vm = sc_access_vm_find(world.tree, "vm"),
							    .subject = subject_of(subject),
							    .way = way_of(row->way),
							    .instant = WORLD_NOW};
		enum sc_access got = sc_access_lookup(world.tree, &question, count, &facts);
		if (got != row->want)
			print_error("row %zu, %s, '%s', %s, %s: %s, not %s\n", i, row->console, row->words, row->way, row->subject,
				    sc_access_name(got), sc_access_name(row->want));
		assert_true(facts.n > 0);
		if (got == SC_ACCESS_UNKNOWN && facts.unknown == 0)
			fail_msg("row %zu: nothing says what is unknown", i);
		world_free(&world);
	}
}

/* Without an instant, whatever depends on one is unknown. */
static void an_unknown_instant(void **state)
{
	(void)state;
	struct world world;

	world_make(&world, TICKET(" passwdValidTo='2024-10-04T10:00:00'"), "");
	world_grow(&world);
	const struct sc_access_question question = {.vm = sc_access_vm_find(world.tree, "vm"),
						    .subject = {SC_WHO_HOLDER, NULL, NULL},
						    .way = {SC_REACH_NETWORK, SC_VIA_TICKET},
						    .instant = 0};
	assert_int_equal(sc_access_lookup(world.tree, &question, NULL, NULL), SC_ACCESS_UNKNOWN);
	world_free(&world);
}

/* What a change of the host or the VM takes and gives: one line for each difference. */
struct change {
	const char *before, *before_words, *after, *after_words, *want;
};

#define PAM "conf:sasl method:saslauthd "

static const struct change changes[] = {
    {OPEN, "", OPEN, "", ""},
    {OPEN, "", LOCAL, "", ""}, /* anybody is not a named subject */
    {TLS, "conf:sasl", TLS, "conf:sasl", ""},
    {TLS, "conf:sasl", TLS, "conf:sasl mech:scram-sha-1", ""},
    {TLS, "conf:sasl", TLS, "conf:sasl mech:gssapi",
     "login:anne@host.example remote loses;login:anne@host.example here loses;login:anne@other remote loses;login:anne@other here loses;"
     "login:bob@host.example remote loses;login:bob@host.example here loses;"},
    {TLS, "conf:sasl db:missing", TLS, "conf:sasl",
     "login:anne@host.example remote gains;login:anne@host.example here gains;login:anne@other remote gains;login:anne@other here gains;"
     "login:bob@host.example remote gains;login:bob@host.example here gains;"},
    {TLS, "conf:sasl", TLS, "conf:sasl db:unknown",
     "login:anne@host.example remote may lose;login:anne@host.example here may lose;login:anne@other remote may lose;"
     "login:anne@other here may lose;login:bob@host.example remote may lose;login:bob@host.example here may lose;"},
    {TLS, "conf:sasl db:unknown", TLS, "conf:sasl db:unknown", ""}, /* the same is unknown as before */
    {TLS, "conf:sasl", OPEN, "", ""},                               /* open to everybody, them too */
    {TLS, PAM "pam:ours", TLS, PAM "pam:ours", ""},
    {TLS, PAM "pam:ours", TLS, PAM "pam:list",
     "user:bob remote loses;user:bob here loses;group:consoles remote loses;group:consoles here loses;"},
    {TLS, PAM "pam:list", TLS, PAM "pam:closed", "user:anne remote loses;user:anne here loses;"},
    {TLS, PAM "pam:closed", TLS, PAM "pam:list", "user:anne remote gains;user:anne here gains;"},
    {TLS, PAM "pam:list", TLS, PAM "pam:list daemon:off", "user:anne remote loses;user:anne here loses;"},
    {TLS, PAM "pam:list", TLS, PAM "pam:unread",
     "user:anne remote may lose;user:anne here may lose;user:bob remote may gain;user:bob here may gain;user:dora remote may gain;"
     "user:dora here may gain;"},
    {TICKET(""), "", TICKET(""), "", ""},
    {TICKET(""), "", "<graphics type='spice' port='5901' autoport='no' listen='0.0.0.0' passwd='sesame'/>", "", ""},
    {TICKET(""), "", "<graphics type='spice' port='5900' autoport='no' listen='127.0.0.1' passwd='sesame'/>", "", "holder remote loses;"},
    {TICKET(""), "", "<graphics type='spice' port='5900' autoport='no' listen='0.0.0.0' passwd='other'/>", "",
     "holder remote loses;holder here loses;holder remote gains;holder here gains;"},
    {TICKET(""), "", TICKET(" passwdValidTo='2020-01-01T00:00:00'"), "", "holder remote loses;holder here loses;"},
    {TICKET(""), "", OPEN, "", ""},
    {TICKET(""), "", TLS, "conf:sasl",
     "holder remote loses;holder here loses;login:anne@host.example remote gains;login:anne@host.example here gains;"
     "login:anne@other remote gains;login:anne@other here gains;login:bob@host.example remote gains;login:bob@host.example here gains;"},
    {SOCKET, "", SOCKET, "", ""},
    {SOCKET, "door:both", SOCKET, "door:group", ""}, /* bob is in the group */
    {SOCKET, "door:user", SOCKET, "door:group", "user:anne here loses;group:consoles here gains;"},
    {SOCKET, "", SOCKET, "door:no-default", "group:consoles here loses;"},
    {SOCKET, "", SOCKET, "door:unknown", "group:consoles here may lose;"},
    {SOCKET, "", LOCAL, "", ""},
    {SOCKET, "", "<graphics type='spice' passwd='x'><listen type='socket' socket='/s/vm/spice.socket'/></graphics>", "",
     "group:consoles here loses;"},
    {SOCKET, "", SOCKET, "filter:yes", ""},
    {TICKET(""), "conf:unread", TICKET(""), "conf:unread", ""}, /* nothing changes */
    {TICKET(""), "conf:unread", LOCAL, "conf:unread", "holder remote may lose;holder here may lose;"},
};

static void describe(void *opaque, const struct sc_access_difference *difference)
{
	static const char *const words[] = {"loses", "may lose", "gains", "may gain"};
	struct sc_arena *memory = sc_arena_new();

	assert_non_null(memory);
	sc_buf_addf(opaque, "%s %s %s;", sc_subject_name(&difference->subject, memory), difference->remote ? "remote" : "here",
		    words[difference->change]);
	assert_true(difference->change == SC_ACCESS_LOSES || difference->change == SC_ACCESS_GAINS || difference->unread);
	sc_arena_free(memory);
}

static void losses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		const struct change *change = &changes[i];
		struct world before, after;
		SC_BUF text = SC_BUF_INIT;
		size_t want = 0;

		world_make(&before, change->before, change->before_words);
		world_make(&after, change->after, change->after_words);
		world_grow(&before);
		world_grow(&after);
		size_t lost = sc_access_lost(before.tree, after.tree, WORLD_NOW, describe, &text);
		if (strcmp(sc_buf_text(&text), change->want) != 0)
			print_error("change %zu: %s\nnot %s\n", i, sc_buf_text(&text), change->want);
		for (const char *at = change->want; (at = strstr(at, "lose")); at++)
			want++;
		assert_int_equal(lost, want);
		world_free(&before);
		world_free(&after);
	}
}

/* A VM that only one of the trees has. */
static void a_vm_goes(void **state)
{
	(void)state;
	struct world world;
	SC_BUF text = SC_BUF_INIT;

	world_make(&world, TICKET(""), "");
	world_grow(&world);
	SC_ACCESS_TREE *empty = sc_access_new(world.host);
	assert_int_equal(sc_access_lost(world.tree, empty, WORLD_NOW, describe, &text), 2);
	assert_string_equal(sc_buf_text(&text), "holder remote loses;holder here loses;");
	sc_buf_free(&text);
	text = (struct sc_buf)SC_BUF_INIT;
	assert_int_equal(sc_access_lost(empty, world.tree, WORLD_NOW, describe, &text), 0);
	assert_string_equal(sc_buf_text(&text), "holder remote gains;holder here gains;");
	world_free(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(verdicts),
	    cmocka_unit_test(an_unknown_instant),
	    cmocka_unit_test(losses),
	    cmocka_unit_test(a_vm_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
