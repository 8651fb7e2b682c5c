/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first part of a way: a listener, or the socket's protection. */
#include <string.h>

#include "access/access_impl.h"
#include "model/address.h"

static enum sc_access reach_tcp(const struct sc_access_look *look)
{
	const struct sc_console *console = look->vm->console;
	bool network = look->question->way.reach == SC_REACH_NETWORK;
	const char *attr;
	const struct sc_xml_node *node = sc_console_address_node(console, &attr);

	if (!console->address)
		return sc_access_say_vm(look, "the address of the network is unknown", console->network, node, SC_ACCESS_UNKNOWN);
	struct sc_address address = sc_address_read(console->address);
	const char *what = "the console listens on", *value = *console->address ? console->address : "all addresses";
	if (address.kind == SC_ADDRESS_NONSENSE || address.kind == SC_ADDRESS_LINK)
		return sc_access_say_vm(look, "QEMU can't listen on", value, node, SC_ACCESS_DENY);
	if (sc_address_is_loopback(&address, console->address)) {
		enum sc_access local = sc_access_say_vm(look, what, value, node, network ? SC_ACCESS_DENY : SC_ACCESS_ALLOW);

		return network ? local : sc_access_both(local, sc_access_filter(look));
	}
	/* the resolver decides which addresses a name has */
	enum sc_access answer = address.kind == SC_ADDRESS_NAME ? SC_ACCESS_UNKNOWN : SC_ACCESS_ALLOW;
	answer = sc_access_say_vm(look, what, value, node, answer);
	return sc_access_both(answer, sc_access_filter(look));
}

/* A subject as the kernel sees it. */
struct caller {
	struct sc_acl_subject acl;
	gid_t gid;
};

/* ALLOW: *out is set. Anybody has neither a known number nor a group. */
static enum sc_access find_caller(const struct sc_access_look *look, const struct sc_subject *subject, struct caller *out)
{
	const struct sc_account_fact *account = subject->who == SC_WHO_USER ? sc_host_account_of(look->host, subject->name) : NULL;
	const struct sc_group_fact *group = subject->who == SC_WHO_GROUP ? sc_host_group_of(look->host, subject->name) : NULL;

	*out = (struct caller){.acl = {.uid = (uid_t)-1}};
	if (account)
		out->acl = (struct sc_acl_subject){account->uid, account->groups, account->n_groups};
	if (group) {
		out->gid = group->gid;
		out->acl = (struct sc_acl_subject){(uid_t)-1, &out->gid, 1};
	}
	if (account || group || (subject->who != SC_WHO_USER && subject->who != SC_WHO_GROUP))
		return SC_ACCESS_ALLOW;
	return look->host->logins.complete == SC_TRUE ? SC_ACCESS_DENY : SC_ACCESS_UNKNOWN;
}

static enum sc_access say_path(const struct sc_access_look *look, const char *what, const char *path, enum sc_access answer)
{
	return sc_access_say(look, &(struct sc_access_fact){what, path, path, 0, answer});
}

static enum sc_access say_part(const struct sc_access_look *look, const struct sc_acl_subject *who, const struct sc_door_part *part,
			       bool socket)
{
	bool allows = sc_acl_allows(&part->access, part->uid, part->gid, who, socket ? SC_ACL_W : SC_ACL_X);

	return say_path(look, socket ? "permissions of the socket" : "permissions of the directory", part->path,
			allows ? SC_ACCESS_ALLOW : SC_ACCESS_DENY);
}

/* The socket that the next start creates. */
static enum sc_access pass_next(const struct sc_access_look *look, const struct sc_door_fact *door, const struct sc_acl_subject *who)
{
	const struct sc_host_account *qemu = &look->host->account;
	struct sc_door_part made;

	if (door->missing)
		return say_path(look, "the directory is missing", door->missing, SC_ACCESS_DENY);
	if (qemu->known != SC_TRUE || !door->n_above)
		return say_path(look, "the account of QEMU is unknown", NULL, SC_ACCESS_UNKNOWN);
	sc_door_next(door->above[door->n_above - 1], qemu->uid, qemu->gid, &made);
	made.path = door->path;
	return say_part(look, who, &made, true);
}

static enum sc_access pass_door(const struct sc_access_look *look, const struct sc_door_fact *door, const struct sc_acl_subject *who)
{
	enum sc_access above = SC_ACCESS_ALLOW;

	for (size_t i = 0; i < door->n_above; i++)
		above = sc_access_both(above, say_part(look, who, door->above[i], false));
	if (door->unread)
		return sc_access_both(above, say_path(look, "permissions that could not be read", door->unread, SC_ACCESS_UNKNOWN));
	enum sc_access next = pass_next(look, door, who);
	if (door->socket)
		next = sc_access_either(next, say_part(look, who, door->socket, true));
	return sc_access_both(above, next);
}

/* The holder of a ticket, or a user of the database, may be any account: the one that gets furthest. */
static enum sc_access pass_as_any(const struct sc_access_look *look, const struct sc_door_fact *door)
{
	const struct sc_access_look silent = {look->host, look->vm, look->question, NULL, NULL};
	struct caller caller = {.acl = {.uid = (uid_t)-1}};
	enum sc_access best = pass_door(&silent, door, &caller.acl);

	/* whom its ACLs name is unknown then */
	if (door->unread || look->host->account.known != SC_TRUE)
		best = sc_access_either(best, SC_ACCESS_UNKNOWN);

	for (size_t i = 0; i < look->vm->doors.n && best != SC_ACCESS_ALLOW; i++) {
		enum sc_access found = find_caller(look, &look->vm->doors.list[i], &caller);

		best = sc_access_either(best, sc_access_both(found, pass_door(&silent, door, &caller.acl)));
	}
	return say_path(look, "accounts that the socket admits", door->path, best);
}

/* libvirt puts a socket without a path into a directory of QEMU's account and group, 0750 (qemu/qemu_process.c qemuProcessMakeDir). */
static enum sc_access pass_private(const struct sc_access_look *look, const struct caller *caller)
{
	const struct sc_host_account *qemu = &look->host->account;
	const struct sc_subject *subject = &look->question->subject;
	enum sc_access answer = SC_ACCESS_DENY;

	if (qemu->known != SC_TRUE || subject->who == SC_WHO_HOLDER || subject->who == SC_WHO_LOGIN)
		answer = SC_ACCESS_UNKNOWN;
	else if (caller->acl.uid == qemu->uid)
		answer = SC_ACCESS_ALLOW;
	for (size_t i = 0; i < caller->acl.n_groups && qemu->known == SC_TRUE; i++)
		if (caller->acl.groups[i] == qemu->gid)
			answer = SC_ACCESS_ALLOW;
	return say_path(look, "libvirt's own directory, which admits QEMU's group", NULL, answer);
}

enum { SOCKET_PATH_MAX = 107 /* bytes of sun_path; QEMU cuts a longer one */ };

static enum sc_access reach_socket(const struct sc_access_look *look)
{
	const struct sc_subject *subject = &look->question->subject;
	const struct sc_console *console = look->vm->console;
	struct caller caller;
	enum sc_access found = find_caller(look, subject, &caller);

	if (found != SC_ACCESS_ALLOW)
		return sc_access_say(look, &(struct sc_access_fact){found == SC_ACCESS_DENY ? "there is no such account or group"
											    : "accounts and groups that could not be read",
								    subject->name, NULL, 0, found});
	if (!console->socket)
		return pass_private(look, &caller);
	if (strlen(console->socket) > SOCKET_PATH_MAX)
		return sc_access_say_vm(look, "the path of the socket is too long", console->socket, console->node, SC_ACCESS_DENY);
	if (!look->vm->door)
		return sc_access_say_vm(look, "the permissions of the socket are unknown", console->socket, console->node,
					SC_ACCESS_UNKNOWN);
	if (subject->who == SC_WHO_HOLDER || subject->who == SC_WHO_LOGIN)
		return pass_as_any(look, look->vm->door);
	return pass_door(look, look->vm->door, &caller.acl);
}

enum sc_access sc_access_reach(const struct sc_access_look *look)
{
	return look->question->way.reach == SC_REACH_SOCKET ? reach_socket(look) : reach_tcp(look);
}
