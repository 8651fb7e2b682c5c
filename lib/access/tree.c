/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree: what the lookup needs of each VM, put together once. */
#include <stdlib.h>
#include <string.h>

#include "access/access_impl.h"
#include "base/grow.h"

struct sc_access_tree *sc_access_new(const struct sc_host *host)
{
	struct sc_arena *memory = sc_arena_new();
	struct sc_access_tree *tree = memory ? sc_arena_alloc(memory, sizeof(*tree)) : NULL;

	if (!tree) {
		sc_arena_free(memory);
		return NULL;
	}
	*tree = (struct sc_access_tree){.memory = memory, .host = host, .words = SC_TABLE_INIT, .services = SC_TABLE_INIT};
	return tree;
}

void sc_access_free(struct sc_access_tree *tree)
{
	if (!tree)
		return;
	sc_table_free(&tree->words);
	sc_table_free(&tree->services);
	sc_arena_free(tree->memory);
}

/* FNV-1a: it only has to tell the tickets of one VM apart. */
static uint64_t digest_of(const char *text)
{
	uint64_t digest = 0xcbf29ce484222325;

	for (; *text; text++)
		digest = (digest ^ (unsigned char)*text) * 0x100000001b3;
	return digest ? digest : 1;
}

/* A service that lets somebody in whatever the password, such as one that begins with a sufficient pam_succeed_if. */
static enum sc_access find_unasked(const struct sc_access_tree *tree, const struct sc_access_vm *vm)
{
	const struct sc_access_question question = {.vm = vm};
	const struct sc_access_look look = {tree->host, vm, &question, NULL, NULL};
	const struct sc_access_person nobody = {NULL, NULL, NULL, false};
	enum sc_access best = vm->pam ? sc_access_pam(&look, vm->pam, &nobody) : SC_ACCESS_UNKNOWN;

	for (size_t i = 0; vm->pam && i < tree->host->logins.n_accounts && best != SC_ACCESS_ALLOW; i++) {
		const struct sc_account_fact *account = &tree->host->logins.accounts[i];
		const struct sc_access_person person = {account, account->name, NULL, false};

		if (account->uid)
			best = sc_access_either(best, sc_access_pam(&look, vm->pam, &person));
	}
	return best;
}

/* The names of a service are put together once, however many VMs use it. */
static bool add_service(struct sc_access_tree *tree, struct sc_access_vm *vm)
{
	struct sc_table_entry *entry = sc_table_add_text(&tree->services, vm->pam_path);

	if (!entry)
		return false;
	if (!entry->value) {
		struct sc_access_names *names = sc_arena_alloc(tree->memory, sizeof(*names));

		if (!names || (vm->pam && !sc_access_pam_names(tree->host, vm->pam, tree->memory, names)))
			return false;
		sc_access_names_sort(names);
		names->unasked = find_unasked(tree, vm);
		entry->value = names;
	}
	vm->names = entry->value;
	return true;
}

/* The account or group of an ID, or the number as text. */
static const char *name_of(const struct sc_access_tree *tree, bool group, unsigned id)
{
	const struct sc_host_logins *logins = &tree->host->logins;

	for (size_t i = 0; group && i < logins->n_groups; i++)
		if (logins->groups[i].gid == id)
			return logins->groups[i].name;
	for (size_t i = 0; !group && i < logins->n_accounts; i++)
		if (logins->accounts[i].uid == id)
			return logins->accounts[i].name;
	return sc_arena_printf(tree->memory, "%u", id);
}

/* Whom a socket with that protection names; its owner is QEMU's account, or root. */
static bool add_socket(struct sc_access_tree *tree, struct sc_access_vm *vm, const struct sc_door_part *socket)
{
	const struct sc_host *host = tree->host;
	bool fine = true;

	for (size_t i = 0; i < socket->access.n && fine; i++) {
		const struct sc_acl_entry *entry = &socket->access.entries[i];
		bool group = entry->tag == SC_ACL_GROUP, owning = entry->tag == SC_ACL_OWNING_GROUP;

		if ((entry->tag != SC_ACL_USER && !group && !owning) ||
		    !(sc_acl_effective(&socket->access, entry->tag, entry->id) & SC_ACL_W))
			continue;
		unsigned id = owning ? socket->gid : entry->id;
		if ((owning && (id == host->account.gid || id == 0)) || (entry->tag == SC_ACL_USER && (id == host->account.uid || id == 0)))
			continue;
		enum sc_who who = entry->tag == SC_ACL_USER ? SC_WHO_USER : SC_WHO_GROUP;
		fine = sc_access_name_add(&vm->doors, tree->memory, (struct sc_subject){who, name_of(tree, who == SC_WHO_GROUP, id), NULL});
	}
	return fine;
}

static bool add_door(struct sc_access_tree *tree, struct sc_access_vm *vm)
{
	const struct sc_host *host = tree->host;
	struct sc_door_part next;
	bool fine = true;

	vm->door = vm->console->socket ? sc_host_door(host, vm->console->socket) : NULL;
	if (!vm->door)
		return true;
	if (vm->door->n_above && !vm->door->missing && host->account.known == SC_TRUE) {
		sc_door_next(vm->door->above[vm->door->n_above - 1], host->account.uid, host->account.gid, &next);
		fine = add_socket(tree, vm, &next);
	}
	if (fine && vm->door->socket)
		fine = add_socket(tree, vm, vm->door->socket);
	/* with SASL as well: one list, each subject once */
	for (size_t i = 0; vm->names && i < vm->names->n && fine; i++)
		fine = sc_access_name_add(&vm->doors, tree->memory, vm->names->list[i]);
	vm->doors.unasked = vm->names ? vm->names->unasked : SC_ACCESS_DENY;
	if (vm->names)
		vm->names = &vm->doors;
	sc_access_names_sort(&vm->doors);
	return fine;
}

static void add_way(struct sc_access_vm *vm, enum sc_reach reach, enum sc_via via)
{
	vm->ways[vm->n_ways++] = (struct sc_way){reach, via};
}

/* What the console asks for, once it is reached. */
static void add_reach(struct sc_access_vm *vm, enum sc_reach reach)
{
	const struct sc_console *console = vm->console;

	if (console->sasl) {
		add_way(vm, reach, SC_VIA_NONE);
		add_way(vm, reach, SC_VIA_SASLDB);
		add_way(vm, reach, SC_VIA_PAM);
	} else if (console->ticketing) {
		add_way(vm, reach, SC_VIA_TICKET);
	} else {
		add_way(vm, reach, reach == SC_REACH_SOCKET ? SC_VIA_ACL : SC_VIA_NONE);
	}
}

static void add_ways(struct sc_access_vm *vm)
{
	const struct sc_console *console = vm->console;

	if (console && !console->broken && console->unix_socket) {
		add_reach(vm, SC_REACH_SOCKET);
	} else if (console && !console->broken && sc_console_on_tcp(console)) {
		add_reach(vm, SC_REACH_NETWORK);
		add_reach(vm, SC_REACH_LOOPBACK);
	}
	add_way(vm, SC_REACH_SSH, SC_VIA_KEY);
	add_way(vm, SC_REACH_LIBVIRT, SC_VIA_LIBVIRT);
}

static bool add_logins(struct sc_access_tree *tree, struct sc_access_vm *vm)
{
	bool own;

	vm->sasl = sc_host_sasl(tree->host, sc_sasl_directory(vm->domain, tree->host, &own));
	if (vm->sasl && !vm->sasl->deep)
		vm->sasl = NULL;
	vm->pam_path = vm->sasl ? vm->sasl->pam : NULL;
	vm->pam = vm->pam_path ? sc_host_pam(tree->host, vm->pam_path) : NULL;
	return !vm->pam_path || add_service(tree, vm);
}

bool sc_access_add(struct sc_access_tree *tree, const struct sc_domain *domain, const char *file)
{
	const char *key = domain->uuid ? domain->uuid : domain->name;
	struct sc_access_vm *vm = sc_arena_alloc(tree->memory, sizeof(*vm));
	struct sc_access_vm **vms = sc_arena_grow(tree->memory, tree->vms, tree->n_vms, sizeof(*vms));
	const struct sc_launch *launch = sc_launch_plan(domain, tree->host, tree->memory);
	const char *place = file ? sc_arena_strdup(tree->memory, file) : NULL;

	if (!vm || !vms || !launch || (file && !place))
		return false;
	tree->vms = vms;
	*vm = (struct sc_access_vm){.name = domain->name, .uuid = domain->uuid, .file = place, .domain = domain, .console = launch->spice};
	struct sc_table_entry *entry = sc_table_add_text(&tree->words, key);
	if (entry && entry->value)
		return true;
	struct sc_table_entry *named = entry ? sc_table_add_text(&tree->words, domain->name) : NULL;
	if (!entry || !named)
		return false;
	entry->value = vm;
	if (!named->value)
		named->value = vm;
	if (vm->console && vm->console->sasl && !add_logins(tree, vm))
		return false;
	if (vm->console && vm->console->unix_socket && !add_door(tree, vm))
		return false;
	if (vm->console && vm->console->ticketing && !vm->console->sasl && vm->console->password)
		vm->ticket = digest_of(vm->console->password);
	add_ways(vm);
	tree->vms[tree->n_vms++] = vm;
	return true;
}

const struct sc_access_vm *sc_access_vm_at(const struct sc_access_tree *tree, size_t index)
{
	return index < tree->n_vms ? tree->vms[index] : NULL;
}

const struct sc_access_vm *sc_access_vm_find(const struct sc_access_tree *tree, const char *word)
{
	const struct sc_table_entry *entry = sc_table_find_text(&tree->words, word);

	return entry ? entry->value : NULL;
}

const char *sc_access_vm_name(const struct sc_access_vm *vm)
{
	return vm->name;
}

bool sc_access_way_at(const struct sc_access_vm *vm, size_t index, struct sc_way *way)
{
	if (index >= vm->n_ways)
		return false;
	*way = vm->ways[index];
	return true;
}

bool sc_access_subject_at(const struct sc_access_vm *vm, size_t index, struct sc_subject *subject)
{
	size_t logins = vm->sasl && vm->sasl->entries ? (size_t)vm->sasl->users : 0;
	const struct sc_access_names *names = vm->names ? vm->names : &vm->doors;

	if (index < logins) {
		*subject = (struct sc_subject){SC_WHO_LOGIN, vm->sasl->entries[index].user, vm->sasl->entries[index].realm};
		return true;
	}
	index -= logins;
	if (index < names->n) {
		*subject = names->list[index];
		return true;
	}
	*subject = (struct sc_subject){SC_WHO_HOLDER, NULL, NULL};
	return index == names->n && vm->ticket;
}

bool sc_access_has_subject(const struct sc_access_vm *vm, const struct sc_subject *subject)
{
	const struct sc_access_names *names = vm->names ? vm->names : &vm->doors;
	const struct sc_sasl_fact *sasl = vm->sasl;

	if (subject->who == SC_WHO_HOLDER)
		return vm->ticket != 0;
	if (subject->who == SC_WHO_LOGIN)
		return sasl && sasl->entries && sasl->users > 0 &&
		       bsearch(subject, sasl->entries, (size_t)sasl->users, sizeof(*sasl->entries), sc_access_by_login);
	return sc_access_names_have(names, subject);
}
