/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A host with one VM for tests of the lookup, from words. All facts are known and in order, unless a word says otherwise:
 *
 *   mech:a,b  method:a,b            mech_list and pwcheck_method of the SASL file (without: plain scram-sha-256, auxprop)
 *   file:STATE  db:STATE            ok, missing, unreadable, broken or damaged, unknown; reads:unknown, dbreads:unknown: by QEMU
 *   sasl:unknown  plugins:unknown   not examined; plugins:a,b: these
 *   filter:yes  filter:unknown      the packet filter; open:FIRST-LAST: ports that it lets everybody reach
 *   daemon:off  daemon:unknown  daemon:closed  backend:WORD  cache:yes  cache:unknown  joins:yes
 *   pam:NAME                        rules of the service, by name from world_pam; pam:unknown: not examined
 *   accounts:unknown                others than those listed may exist; shadow:unknown
 *   nologin:yes  nologin:unknown    /etc/nologin exists
 *   qemu:unknown                    the account of QEMU
 *   conf:unread                     qemu.conf (conf:sasl: spice_sasl is on in it)
 *   door:NAME                       ACLs of the socket's directories, from world_doors; door:unknown
 */
#ifndef TESTS_ACCESS_WORLD_H
#define TESTS_ACCESS_WORLD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "access/access_impl.h"
#include "base/ctx.h"

enum { WORLD_QEMU = 64055, WORLD_CONSOLES = 500, WORLD_DAY = 20000, WORLD_NOW = WORLD_DAY * 86400 + 36000 };

struct world {
	struct spicecfg_ctx *ctx;
	struct sc_host *host;
	struct sc_xml *doc;
	struct sc_domain *domain;
	struct sc_access_tree *tree;
	struct sc_sasl_fact sasl;
	struct sc_pam_fact pam;
	struct sc_pam_list_fact lists[7];
	struct sc_door_fact door;
	struct sc_door_part parts[2];
	const struct sc_door_part *above[2];
};

/* Rules of PAM services: "auth control module args", control in brackets or a word. A rule of level 1 begins with ">". */
static const struct world_rules {
	const char *name;
	const char *rules[12];
} world_pam[] = {
    {"all", {"auth required pam_unix.so", "account required pam_unix.so"}},
    {"debian",
     {"auth [success=1 default=ignore] pam_unix.so nullok", "auth requisite pam_deny.so", "auth required pam_permit.so",
      "auth optional pam_cap.so", "account [success=1 new_authtok_reqd=done default=ignore] pam_unix.so", "account requisite pam_deny.so",
      "account required pam_permit.so"}},
    {"list",
     {"auth required pam_unix.so", "account required pam_listfile.so item=user sense=allow file=/list/users onerr=fail",
      "account required pam_unix.so"}},
    {"groups",
     {"auth required pam_unix.so", "account required pam_listfile.so item=group sense=allow file=/list/groups onerr=fail",
      "account required pam_unix.so"}},
    {"denied",
     {"auth required pam_unix.so", "account required pam_listfile.so item=user sense=deny file=/list/users onerr=succeed",
      "account required pam_unix.so"}},
    {"missing", {"auth required pam_unix.so", "account required pam_listfile.so item=user sense=allow file=/list/missing onerr=fail"}},
    {"missing-open",
     {"auth required pam_unix.so", "account required pam_listfile.so item=user sense=allow file=/list/missing onerr=succeed"}},
    {"unread", {"auth required pam_unix.so", "account required pam_listfile.so item=user sense=allow file=/list/unread onerr=fail"}},
    {"unsafe", {"auth required pam_unix.so", "account required pam_listfile.so item=user sense=allow file=/list/unsafe onerr=fail"}},
    {"ours",
     {"auth required pam_unix.so nodelay", "account [success=2 default=ignore] pam_succeed_if.so quiet user = anne",
      "account [success=1 default=ignore] pam_succeed_if.so quiet user ingroup consoles", "account requisite pam_deny.so",
      "account required pam_unix.so"}},
    {"open", {"auth sufficient pam_succeed_if.so user ingroup consoles", "auth required pam_unix.so", "account required pam_permit.so"}},
    {"skipped", {"auth required pam_unix.so", "account sufficient pam_permit.so", "account required pam_deny.so"}},
    {"closed", {"auth required pam_unix.so", "account required pam_deny.so"}},
    {"time", {"auth required pam_unix.so", "account required pam_time.so", "account required pam_unix.so"}},
    {"time-after", {"auth required pam_unix.so", "account requisite pam_deny.so", "account required pam_time.so"}},
    {"optional", {"auth required pam_unix.so", "account optional pam_foreign.so", "account required pam_permit.so"}},
    {"jump", {"auth [success=5 default=ignore] pam_unix.so", "auth required pam_permit.so", "account required pam_permit.so"}},
    {"nologin", {"auth requisite pam_nologin.so", "auth required pam_unix.so", "account required pam_permit.so"}},
    {"empty", {NULL}},
    {"uid", {"auth required pam_unix.so", "account required pam_succeed_if.so uid >= 1002"}},
    {"words", {"auth required pam_unix.so", "account required pam_succeed_if.so user in bob:carl quiet"}},
    {"glob", {"auth required pam_unix.so", "account required pam_succeed_if.so user =~ an*"}},
    {"substack",
     {"auth substack inner", ">auth sufficient pam_permit.so", ">auth required pam_deny.so", "auth required pam_unix.so",
      "account required pam_permit.so"}},
    {"broken", {"auth nonsense pam_unix.so", "account required pam_permit.so"}},
};

/* Directories of a socket: mode and ACL of /s, and of /s/vm with its default ACL; "u1001:7" and "g500:6" are named entries. */
static const struct world_doors {
	const char *name, *upper, *access, *standing;
	unsigned mode;
} world_doors[] = {
    {"group", "", "g500:1", "g500:6", 0770},
    {"user", "", "u1001:1", "u1001:6", 0770},
    {"nobody", "", "", "", 0770},
    {"half", "", "", "g500:6", 0770},
    {"no-default", "", "g500:1", "", 0770},
    {"read", "", "g500:1", "g500:4", 0770},
    {"world", "", "", "o:6", 0777},
    {"upper", "closed", "g500:1", "g500:6", 0770},
    {"both", "", "u1002:1,g500:1", "u1002:6,g500:6", 0770},
    {"barred", "", "u1001:0,g500:1", "u1001:0,g500:6", 0770},
};

static inline const char *world_word(const char *words, const char *key, char value[256])
{
	size_t len = strlen(key);

	for (const char *at = words; *at;) {
		size_t n = strcspn(at, " ");

		if (n > len && strncmp(at, key, len) == 0 && at[len] == ':') {
			snprintf(value, 256, "%.*s", (int)(n - len - 1), at + len + 1);
			return value;
		}
		at += n + strspn(at + n, " ");
	}
	return NULL;
}

static inline bool world_is(const char *words, const char *key, const char *value)
{
	char text[256];

	return world_word(words, key, text) && strcmp(text, value) == 0;
}

static inline void world_accounts(struct world *world, const char *words)
{
	static const unsigned anne[] = {1001}, bob[] = {500, 1002}, carl[] = {1003}, dora[] = {1004};
	static struct sc_group_fact groups[] = {{"consoles", WORLD_CONSOLES}, {"libvirt-qemu", WORLD_QEMU}};
	static struct sc_account_fact accounts[] = {
	    {"anne", 1001, 1001, "/bin/bash", "/home/anne", anne, 1, SC_TRUE, SC_TRUE, WORLD_DAY - 10, 99999, -1, -1},
	    {"bob", 1002, 1002, "/bin/bash", "/home/bob", bob, 2, SC_TRUE, SC_TRUE, WORLD_DAY - 10, -1, -1, -1},
	    {"carl", 1003, 1003, "/bin/bash", "/home/carl", carl, 1, SC_FALSE, SC_TRUE, WORLD_DAY - 10, -1, -1, -1},
	    {"dora", 1004, 1004, "/bin/bash", "/home/dora", dora, 1, SC_TRUE, SC_TRUE, WORLD_DAY - 10, -1, -1, WORLD_DAY},
	};
	struct sc_host_logins *logins = &world->host->logins;

	logins->accounts = sc_arena_alloc(world->host->memory, sizeof(accounts));
	memcpy(logins->accounts, accounts, sizeof(accounts));
	logins->n_accounts = sizeof(accounts) / sizeof(*accounts);
	logins->groups = groups;
	logins->n_groups = 2;
	logins->complete = world_is(words, "accounts", "unknown") ? SC_UNKNOWN : SC_TRUE;
	for (size_t i = 0; world_is(words, "shadow", "unknown") && i < logins->n_accounts; i++)
		logins->accounts[i].password = logins->accounts[i].aged = SC_UNKNOWN;
	world->host->account = (struct sc_host_account){
	    false, world_is(words, "qemu", "unknown") ? SC_UNKNOWN : SC_TRUE, WORLD_QEMU, WORLD_QEMU, "libvirt-qemu", NULL, NULL};
}

static inline void world_lists(struct world *world, const char *words)
{
	static const char users[] = "# the consoles\nanne\r\n\ncarl\nzoe\n", groups[] = "consoles\n";

	world->lists[0] = (struct sc_pam_list_fact){.path = "/list/users", .exists = SC_TRUE, .text = users, .len = sizeof(users) - 1};
	world->lists[1] = (struct sc_pam_list_fact){.path = "/list/groups", .exists = SC_TRUE, .text = groups, .len = sizeof(groups) - 1};
	world->lists[2] = (struct sc_pam_list_fact){.path = "/list/unread", .exists = SC_UNKNOWN};
	world->lists[3] = (struct sc_pam_list_fact){.path = "/list/unsafe", .exists = SC_TRUE, .unsafe = true};
	world->lists[4] = (struct sc_pam_list_fact){.path = "/list/missing", .exists = SC_FALSE};
	world->lists[5] = (struct sc_pam_list_fact){.path = SC_PAM_NOLOGIN_RUN, .exists = SC_FALSE};
	world->lists[6] = (struct sc_pam_list_fact){.path = SC_PAM_NOLOGIN,
						    .exists = world_is(words, "nologin", "yes")       ? SC_TRUE
							      : world_is(words, "nologin", "unknown") ? SC_UNKNOWN
												      : SC_FALSE};
	for (size_t i = 0; i < 7; i++)
		if (!sc_pam_list_sort(&world->lists[i], world->host->memory) || !sc_host_pam_list_add(world->host, &world->lists[i]))
			abort();
}

/* Adds a rule that is written as in world_pam. */
static inline void world_rule(struct world *world, const char *text, unsigned line)
{
	const bool inner = *text == '>', auth = strncmp(text + inner, "auth", 4) == 0;
	struct sc_pam_stack_fact *stack = auth ? &world->pam.auth : &world->pam.account;
	const char *control = strchr(text, ' ') + 1, *end = *control == '[' ? strchr(control, ']') + 1 : strchr(control, ' ');
	const char *module = end + 1, *args = module + strcspn(module, " ");
	struct sc_arena *memory = world->host->memory;

	if (!stack->rules)
		stack->rules = sc_arena_alloc(memory, 64 * sizeof(*stack->rules));
	if (stack->n < 64)
		stack->rules[stack->n++] = (struct sc_pam_rule_fact){"/etc/pam.d/spice",
								     line,
								     inner,
								     sc_arena_strndup(memory, control, (size_t)(end - control)),
								     sc_arena_strndup(memory, module, (size_t)(args - module)),
								     args + strspn(args, " "),
								     NULL};
}

static inline void world_service(struct world *world, const char *words)
{
	char name[256];

	world->pam = (struct sc_pam_fact){.path = "/etc/pam.d/spice", .exists = SC_TRUE};
	if (!world_word(words, "pam", name))
		strcpy(name, "all");
	for (size_t i = 0; i < sizeof(world_pam) / sizeof(*world_pam); i++)
		for (unsigned j = 0; strcmp(world_pam[i].name, name) == 0 && world_pam[i].rules[j]; j++)
			world_rule(world, world_pam[i].rules[j], j + 1);
	world->host->logins.pam = &world->pam;
	world->host->logins.n_pam = strcmp(name, "unknown") != 0;
}

/* "a,b" as "a b" in the host's memory. */
static inline const char *world_list(struct world *world, const char *text)
{
	char *copy = sc_arena_strdup(world->host->memory, text);

	for (char *at = copy; *at; at++)
		*at = *at == ',' ? ' ' : *at;
	return copy;
}

static inline void world_daemon(struct world *world, const char *words)
{
	struct sc_sasl_fact *sasl = &world->sasl;
	char value[256];

	sasl->mux = "/run/saslauthd/mux";
	sasl->mux_reads = world_is(words, "daemon", "closed") ? SC_FALSE : world_is(words, "daemon", "unknown") ? SC_UNKNOWN : SC_TRUE;
	sasl->starts = world_is(words, "daemon", "off") ? SC_FALSE : world_is(words, "daemon", "unknown") ? SC_UNKNOWN : SC_TRUE;
	sasl->backend = world_list(world, world_word(words, "backend", value) ? value : "pam");
	sasl->joins = world_is(words, "joins", "yes") ? SC_TRUE : SC_FALSE;
	sasl->caches = world_is(words, "cache", "yes") ? SC_TRUE : world_is(words, "cache", "unknown") ? SC_UNKNOWN : SC_FALSE;
	sasl->pam = "/etc/pam.d/spice";
}

static inline void world_sasl(struct world *world, const char *words)
{
	static const char *const plugins[] = {"anonymous", "crammd5", "digestmd5", "login", "ntlm", "plain", "scram"};
	static const char *const states[] = {"unknown", "ok", "missing", "unreadable", "broken"};
	static const char *const dbs[] = {"unknown", "ok", "missing", "unreadable", "damaged"};
	static const struct sc_sasl_user users[] = {{"anne", "host.example"}, {"anne", "other"}, {"bob", "host.example"}};
	struct sc_sasl_fact *sasl = &world->sasl;
	char value[256];

	*sasl = (struct sc_sasl_fact){.directory = "/etc/sasl2", .deep = true, .state = SC_SASL_FILE_OK, .file = "/etc/sasl2/qemu.conf"};
	sasl->mech_list = world_list(world, world_word(words, "mech", value) ? value : "plain,scram-sha-256");
	sasl->method = world_list(world, world_word(words, "method", value) ? value : "auxprop");
	sasl->reads = world_is(words, "reads", "unknown") ? SC_UNKNOWN : SC_TRUE;
	sasl->database = "/etc/sasldb2";
	sasl->db_state = SC_SASL_DB_OK;
	sasl->db_reads = world_is(words, "dbreads", "unknown") ? SC_UNKNOWN : SC_TRUE;
	sasl->entries = users;
	sasl->users = 3;
	for (int i = 0; i < 5; i++) {
		if (world_is(words, "file", states[i]))
			sasl->state = (enum sc_sasl_file)i;
		if (world_is(words, "db", dbs[i]))
			sasl->db_state = (enum sc_sasl_db)i;
	}
	if (strstr(sasl->method, "saslauthd"))
		world_daemon(world, words);
	world->host->sasl.facts = sasl;
	world->host->sasl.n_facts = !world_is(words, "sasl", "unknown");
	if (!world_is(words, "plugins", "unknown")) {
		world->host->sasl.plugins = plugins;
		world->host->sasl.n_plugins = world_is(words, "plugins", "none") ? 0 : sizeof(plugins) / sizeof(*plugins);
	}
}

static inline void world_acl(struct sc_acl *acl, unsigned mode, const char *entries)
{
	sc_acl_from_mode(acl, mode);
	while (*entries) {
		char *end;
		const char kind = *entries;
		unsigned id = (unsigned)strtoul(entries + 1, &end, 10), perms = (unsigned)(end[1] - '0');

		if (!sc_acl_put(acl,
				kind == 'u'   ? SC_ACL_USER
				: kind == 'g' ? SC_ACL_GROUP
					      : SC_ACL_OTHER,
				id, perms) ||
		    !sc_acl_put(acl, SC_ACL_MASK, 0, SC_ACL_RWX))
			abort();
		entries = end + 2 + (end[2] == ',');
	}
}

static inline void world_socket(struct world *world, const char *words)
{
	char name[256];
	const struct world_doors *doors = NULL;

	if (!world_word(words, "door", name))
		strcpy(name, "group");
	for (size_t i = 0; i < sizeof(world_doors) / sizeof(*world_doors); i++)
		if (strcmp(world_doors[i].name, name) == 0)
			doors = &world_doors[i];
	world->parts[0] = (struct sc_door_part){.path = "/s"};
	world->parts[1] = (struct sc_door_part){.path = "/s/vm", .gid = WORLD_QEMU};
	if (doors) {
		world_acl(&world->parts[0].access, strcmp(doors->upper, "closed") == 0 ? 0700 : 0755, "");
		world_acl(&world->parts[1].access, doors->mode, doors->access);
		if (*doors->standing)
			world_acl(&world->parts[1].standing, 0660, doors->standing);
	}
	world->above[0] = &world->parts[0];
	world->above[1] = &world->parts[1];
	world->door = (struct sc_door_fact){.path = "/s/vm/spice.socket", .above = world->above, .n_above = 2};
	if (strcmp(name, "missing") == 0) {
		world->door.missing = "/s/vm";
		world->door.n_above = 1;
		world_acl(&world->parts[0].access, 0755, "");
	}
	if (strcmp(name, "unread") == 0) {
		world->door.unread = "/s/vm";
		world->door.n_above = 1;
		world_acl(&world->parts[0].access, 0755, "");
	}
	world->host->logins.doors = &world->door;
	world->host->logins.n_doors = strcmp(name, "unknown") != 0;
}

static inline void world_filter(struct world *world, const char *words)
{
	static struct sc_port_range ranges[] = {{5900, 5910}};
	struct sc_host_firewall *firewall = &world->host->firewall;

	firewall->loads = world_is(words, "filter", "yes") ? SC_TRUE : world_is(words, "filter", "unknown") ? SC_UNKNOWN : SC_FALSE;
	if (world_is(words, "open", "5900-5910")) {
		firewall->open4 = firewall->open6 = ranges;
		firewall->n_open4 = firewall->n_open6 = 1;
	}
}

/* Makes the host and its VM. console: the definition's graphics. */
static inline void world_make(struct world *world, const char *console, const char *words)
{
	SC_BUF text = SC_BUF_INIT;

	*world = (struct world){.ctx = spicecfg_ctx_new()};
	world->host = world->ctx ? sc_host_new(world->ctx) : NULL;
	if (!world->host)
		abort();
	sc_host_forget(world->host);
	world->host->conf.spice_sasl = world_is(words, "conf", "sasl");
	world->host->conf.unread = world_is(words, "conf", "unread") ? "Permission denied" : NULL;
	sc_buf_addf(&text, "<domain type='kvm'>\n<name>vm</name>\n<devices>\n%s\n</devices>\n</domain>\n", console);
	if (sc_xml_parse(world->ctx, "vm.xml", sc_buf_text(&text), text.len, &world->doc) ||
	    sc_domain_read(world->ctx, world->doc, &world->domain))
		abort();
	world_accounts(world, words);
	world_lists(world, words);
	world_service(world, words);
	world_sasl(world, words);
	world_socket(world, words);
	world_filter(world, words);
}

/* Makes the tree once all facts are as wanted. */
static inline void world_grow(struct world *world)
{
	sc_access_free(world->tree);
	world->tree = sc_access_new(world->host);
	if (!world->tree || !sc_access_add(world->tree, world->domain, "/etc/libvirt/qemu/vm.xml"))
		abort();
}

static inline void world_free(struct world *world)
{
	sc_access_free(world->tree);
	sc_domain_free(world->domain);
	sc_xml_free(world->doc);
	sc_host_free(world->host);
	spicecfg_ctx_free(world->ctx);
}

#endif
