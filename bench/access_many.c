/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The access lookup with many VMs and users, in memory: access_many VMS USERS prints milliseconds and the peak of memory. A third of the
 * VMs each asks a shared user database, PAM with a list, and the ACL of a socket.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "access/access.h"
#include "model/accounts.h"
#include "model/door.h"
#include "model/sasl.h"

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void *need(void *pointer)
{
	if (!pointer)
		abort();
	return pointer;
}

static int by_account(const void *a, const void *b)
{
	return strcmp(((const struct sc_account_fact *)a)->name, ((const struct sc_account_fact *)b)->name);
}

static void make_accounts(struct sc_host *host, size_t n)
{
	struct sc_account_fact *accounts = need(sc_arena_alloc(host->memory, n * sizeof(*accounts)));

	for (size_t i = 0; i < n; i++) {
		unsigned *gid = need(sc_arena_alloc(host->memory, sizeof(*gid)));

		*gid = 2000 + (unsigned)i;
		accounts[i] = (struct sc_account_fact){.name = need(sc_arena_printf(host->memory, "user%zu", i)),
						       .uid = *gid,
						       .gid = *gid,
						       .groups = gid,
						       .n_groups = 1,
						       .shell = "/bin/sh",
						       .password = SC_TRUE,
						       .aged = SC_TRUE,
						       .changed = 1,
						       .max = -1,
						       .inactive = -1,
						       .expires = -1};
	}
	qsort(accounts, n, sizeof(*accounts), by_account);
	host->logins.accounts = accounts;
	host->logins.n_accounts = n;
	host->logins.complete = SC_TRUE;
	host->account = (struct sc_host_account){false, SC_TRUE, 64055, 64055, "libvirt-qemu", NULL, NULL};
}

static void make_pam(struct sc_host *host, size_t n)
{
	static struct sc_pam_rule_fact auth = {"spice", 1, 0, "required", "pam_unix.so", "", NULL};
	static struct sc_pam_rule_fact account[] = {
	    {"spice", 2, 0, "required", "pam_listfile.so", "item=user sense=allow file=/list onerr=fail", NULL},
	    {"spice", 3, 0, "required", "pam_unix.so", "", NULL}};
	struct sc_pam_fact *pam = need(sc_arena_alloc(host->memory, sizeof(*pam)));
	struct sc_pam_list_fact *list = need(sc_arena_alloc(host->memory, sizeof(*list)));
	SC_BUF text = SC_BUF_INIT;

	for (size_t i = 0; i < n; i++)
		sc_buf_addf(&text, "user%zu\n", i);
	*list = (struct sc_pam_list_fact){
	    .path = "/list", .exists = SC_TRUE, .text = sc_arena_strndup(host->memory, text.data, text.len), .len = text.len};
	if (!sc_pam_list_sort(list, host->memory) || !sc_host_pam_list_add(host, list))
		abort();
	*pam = (struct sc_pam_fact){
	    .path = "/etc/pam.d/spice", .exists = SC_TRUE, .auth = {&auth, 1, false, false}, .account = {account, 2, false, false}};
	host->logins.pam = pam;
	host->logins.n_pam = 1;
}

static int by_login(const void *a, const void *b)
{
	return strcmp(((const struct sc_sasl_user *)a)->user, ((const struct sc_sasl_user *)b)->user);
}

static void make_sasl(struct sc_host *host, size_t n)
{
	static const char *const plugins[] = {"plain", "scram"};
	struct sc_sasl_fact *facts = need(sc_arena_alloc(host->memory, 2 * sizeof(*facts)));
	struct sc_sasl_user *users = need(sc_arena_alloc(host->memory, n * sizeof(*users)));

	for (size_t i = 0; i < n; i++)
		users[i] = (struct sc_sasl_user){need(sc_arena_printf(host->memory, "user%zu", i)), "host.example"};
	qsort(users, n, sizeof(*users), by_login);
	facts[0] = (struct sc_sasl_fact){.directory = "/db",
					 .deep = true,
					 .state = SC_SASL_FILE_OK,
					 .file = "/db/qemu.conf",
					 .reads = SC_TRUE,
					 .mech_list = "scram-sha-256 plain",
					 .method = "auxprop",
					 .database = "/db/passwd.db",
					 .db_state = SC_SASL_DB_OK,
					 .db_reads = SC_TRUE,
					 .users = (long)n,
					 .entries = users};
	facts[1] = (struct sc_sasl_fact){.directory = "/pam",
					 .deep = true,
					 .state = SC_SASL_FILE_OK,
					 .file = "/pam/qemu.conf",
					 .reads = SC_TRUE,
					 .mech_list = "plain",
					 .method = "saslauthd",
					 .mux = "/run/saslauthd/mux",
					 .mux_reads = SC_TRUE,
					 .starts = SC_TRUE,
					 .backend = "pam",
					 .joins = SC_FALSE,
					 .caches = SC_FALSE,
					 .pam = "/etc/pam.d/spice",
					 .users = -1};
	host->sasl.facts = facts;
	host->sasl.n_facts = 2;
	host->sasl.plugins = plugins;
	host->sasl.n_plugins = 2;
	host->firewall.loads = SC_FALSE;
}

/* Sixty accounts of each socket's ACL: as many as fit. */
static void make_doors(struct sc_host *host, size_t vms, size_t users)
{
	struct sc_door_part *upper = need(sc_arena_alloc(host->memory, sizeof(*upper)));

	*upper = (struct sc_door_part){.path = "/s"};
	sc_acl_from_mode(&upper->access, 0755);
	host->logins.doors = need(sc_arena_alloc(host->memory, vms * sizeof(*host->logins.doors)));
	for (size_t i = 2; i < vms; i += 3) {
		struct sc_door_part *part = need(sc_arena_alloc(host->memory, sizeof(*part)));
		const struct sc_door_part **above = need(sc_arena_alloc(host->memory, 2 * sizeof(*above)));

		*part = (struct sc_door_part){.path = need(sc_arena_printf(host->memory, "/s/%zu", i)), .gid = 64055};
		sc_acl_from_mode(&part->access, 0770);
		for (unsigned j = 0; j < 58 && j < users; j++) {
			struct sc_grant grant = {false, 2000 + (unsigned)((i + j) % users)};

			if (!sc_acl_grant(&part->access, SC_ACL_DIRECTORY, grant) || !sc_acl_grant(&part->standing, SC_ACL_STANDING, grant))
				abort();
		}
		above[0] = upper;
		above[1] = part;
		host->logins.doors[host->logins.n_doors++] = (struct sc_door_fact){
		    .path = need(sc_arena_printf(host->memory, "/s/%zu/spice.socket", i)), .above = above, .n_above = 2};
	}
}

static struct sc_domain *make_vm(struct spicecfg_ctx *ctx, size_t i)
{
	static const char *const consoles[] = {"<graphics type='spice' tlsPort='5901' listen='0.0.0.0' defaultMode='secure'/>",
					       "<graphics type='spice' tlsPort='5901' listen='0.0.0.0' defaultMode='secure'/>",
					       "<graphics type='spice'><listen type='socket' socket='/s/%zu/spice.socket'/></graphics>"};
	static const char *const directories[] = {"/db", "/pam", "/db"};
	SC_BUF text = SC_BUF_INIT;
	SC_BUF console = SC_BUF_INIT;
	struct sc_xml *doc = NULL;
	struct sc_domain *domain = NULL;

	if (i % 3 == 2)
		sc_buf_addf(&console, "<graphics type='spice'><listen type='socket' socket='/s/%zu/spice.socket'/></graphics>", i);
	else
		sc_buf_adds(&console, consoles[i % 3]);
	sc_buf_addf(&text,
		    "<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>vm%zu</name><devices>%s</devices>"
		    "<qemu:commandline>%s<qemu:env name='SASL_CONF_PATH' value='%s'/></qemu:commandline></domain>",
		    i, sc_buf_text(&console), i % 3 == 2 ? "" : "<qemu:arg value='-spice'/><qemu:arg value='sasl=on'/>",
		    directories[i % 3]);
	if (sc_xml_parse(ctx, "vm.xml", sc_buf_text(&text), text.len, &doc) || sc_domain_read(ctx, doc, &domain))
		abort();
	return domain;
}

static size_t ask_all(const struct sc_access_tree *tree)
{
	const struct sc_access_vm *vm;
	struct sc_access_question question = {.instant = 86400LL * 20000};
	size_t allowed = 0;

	for (size_t i = 0; (vm = sc_access_vm_at(tree, i)); i++) {
		question.vm = vm;
		for (size_t j = 0; sc_access_subject_at(vm, j, &question.subject); j++)
			for (size_t k = 0; sc_access_way_at(vm, k, &question.way); k++)
				allowed += sc_access_lookup(tree, &question, NULL, NULL) == SC_ACCESS_ALLOW;
	}
	return allowed;
}

int main(int argc, char **argv)
{
	size_t vms = argc > 2 ? strtoul(argv[1], NULL, 10) : 1000, users = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000;
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct sc_host *host = need(sc_host_new(ctx));
	struct sc_domain **domains = need(calloc(vms, sizeof(*domains)));
	struct rusage usage;

	sc_host_forget(host);
	make_accounts(host, users);
	make_pam(host, users);
	make_sasl(host, users);
	make_doors(host, vms, users);
	for (size_t i = 0; i < vms; i++)
		domains[i] = make_vm(ctx, i);
	double start = now();
	SC_ACCESS_TREE *tree = need(sc_access_new(host)), *after = need(sc_access_new(host));
	for (size_t i = 0; i < vms; i++)
		if (!sc_access_add(tree, domains[i], NULL) || !sc_access_add(after, domains[i], NULL))
			abort();
	double built = now();
	size_t allowed = ask_all(tree);
	double asked = now();
	size_t lost = sc_access_lost(tree, after, 86400LL * 20000, NULL, NULL);
	double compared = now();
	getrusage(RUSAGE_SELF, &usage);
	printf("%zu VMs, %zu users: two trees %.0f ms, %zu allowed in %.0f ms, compared in %.0f ms (%zu lost), %ld MiB\n", vms, users,
	       built - start, allowed, asked - built, compared - asked, lost, usage.ru_maxrss / 1024);
	return lost != 0;
}
