/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who can open which console, by which way, when, and why: one lookup over what is configured. Pure: the facts come from the model.
 *
 * A verdict has three values. ALLOW needs positive facts all the way; what could not be read, and what this layer does not evaluate yet,
 * is UNKNOWN and never becomes ALLOW. Callers test for SC_ACCESS_ALLOW, never for "not SC_ACCESS_DENY".
 */
#ifndef SC_ACCESS_ACCESS_H
#define SC_ACCESS_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/domain.h"
#include "model/host.h"
#include "model/launch.h"

enum sc_access { SC_ACCESS_DENY, SC_ACCESS_UNKNOWN, SC_ACCESS_ALLOW };

/* Where a client comes from. Ways by SSH and by libvirt are not evaluated yet: always unknown. */
enum sc_reach { SC_REACH_NETWORK, SC_REACH_LOOPBACK, SC_REACH_SOCKET, SC_REACH_SSH, SC_REACH_LIBVIRT };

/* What it is asked for. On a socket, SC_VIA_ACL is the socket's own protection alone; the others come in addition to it. */
enum sc_via { SC_VIA_NONE, SC_VIA_TICKET, SC_VIA_SASLDB, SC_VIA_PAM, SC_VIA_ACL, SC_VIA_KEY, SC_VIA_LIBVIRT };

/* Both parts must allow. */
struct sc_way {
	enum sc_reach reach;
	enum sc_via via;
};

/*
 * Who asks. Each is taken to know its own secret (a holder the ticket, a login or account its password) and nobody else's; on a socket that
 * asks for a ticket as well, an account is asked about as somebody who knows it.
 * ANYBODY has no secret and, on the host, no group: name is NULL. GROUP is an account that only that group admits.
 */
enum sc_who { SC_WHO_ANYBODY, SC_WHO_HOLDER, SC_WHO_USER, SC_WHO_GROUP, SC_WHO_LOGIN };

struct sc_subject {
	enum sc_who who;
	const char *name;
	const char *realm; /* of SC_WHO_LOGIN, else NULL */
};

/* A fact that the lookup looked at. The strings belong to the tree, the host or the domain, or are constants. */
struct sc_access_fact {
	const char *what;      /* a phrase: "the console listens on", "an entry of the user database"; sc_access_join() */
	const char *value;     /* what it is about: "0.0.0.0", "anne@host1"; NULL: nothing. Never a secret */
	const char *file;      /* where it stands; NULL: no particular place */
	unsigned line;         /* 0: unknown */
	enum sc_access answer; /* what this fact alone says: it matched (ALLOW), it keeps the subject out (DENY), or it could not be read */
};
typedef void (*sc_access_fact_fn)(void *opaque, const struct sc_access_fact *fact);

/*
 * What is configured on a host, for some of its VMs. It refers to the host and the domains, which must outlive it and must not change.
 * Lists in it are sorted, so that a lookup takes logarithmic time in the number of users and accounts.
 */
struct sc_access_tree;

/* Makes a tree without VMs, to be freed with sc_access_free(). NULL when memory runs out. */
struct sc_access_tree *sc_access_new(const struct sc_host *host);
void sc_access_free(struct sc_access_tree *tree);
static inline void sc_access_freep(struct sc_access_tree **tree)
{
	sc_access_free(*tree);
}
#define SC_ACCESS_TREE __attribute__((cleanup(sc_access_freep))) struct sc_access_tree

/*
 * Adds a VM. domain must outlive the tree. file: where its definition stands, for facts, copied; NULL: nowhere. A VM is known by its UUID,
 * else by its name: of two alike the first is kept. Returns false when memory runs out.
 */
bool sc_access_add(struct sc_access_tree *tree, const struct sc_domain *domain, const char *file);

/* The VMs, in the order in which they were added; NULL after the last. */
struct sc_access_vm;
const struct sc_access_vm *sc_access_vm_at(const struct sc_access_tree *tree, size_t index);
/* The VM of that UUID or name; NULL: it is not in the tree. */
const struct sc_access_vm *sc_access_vm_find(const struct sc_access_tree *tree, const char *word);
const char *sc_access_vm_name(const struct sc_access_vm *vm);

/* The ways that a VM's console has, by index; false after the last. Those that are not evaluated (SSH, libvirt) come last. */
bool sc_access_way_at(const struct sc_access_vm *vm, size_t index, struct sc_way *way);

/*
 * The named subjects of a VM: entries of its user database, accounts and groups of its PAM lists and of its socket's ACLs, the holder of
 * its ticket, each once, by index; false after the last. More subjects can have access (sc_access_lookup()), such as anybody.
 */
bool sc_access_subject_at(const struct sc_access_vm *vm, size_t index, struct sc_subject *subject);

/* One question. */
struct sc_access_question {
	const struct sc_access_vm *vm;
	struct sc_subject subject;
	struct sc_way way;
	int64_t instant;     /* seconds since 1970; 0: unknown, what depends on it is unknown */
	const char *source;  /* the address from which it connects over the network; NULL: any */
	const char *account; /* the local account that runs its client, by loopback; NULL: its own, else any */
};

/*
 * Whether the subject can open the console that way at that instant. fn, which can be NULL, gets each fact in the order in which it is
 * looked at, also those that do not decide. A way that the console does not have is DENY.
 */
enum sc_access sc_access_lookup(const struct sc_access_tree *tree, const struct sc_access_question *question, sc_access_fact_fn fn,
				void *opaque);

enum sc_access_change { SC_ACCESS_LOSES, SC_ACCESS_MAY_LOSE, SC_ACCESS_GAINS, SC_ACCESS_MAY_GAIN };

struct sc_access_difference {
	const struct sc_access_vm *vm; /* of the tree before or, for a VM that it does not have, of the tree after */
	struct sc_subject subject;
	bool remote;       /* from another machine; else on the host itself, by loopback or socket */
	struct sc_way way; /* one that it had (loses) or has (gains) */
	enum sc_access_change change;
	const char *unread; /* for MAY_…: what is unknown; NULL: it has no name */
};

/*
 * Compares two trees and calls fn for each named subject of either that has a console before and not after, or the other way round, from
 * another machine and on the host each by itself. A subject that keeps it by another way is no difference. The holder of a ticket that is
 * replaced loses it. A VM that only one tree has is judged as without any way in the other. Returns the number of calls with LOSES or
 * MAY_LOSE: 0: no named subject can lose a console. fn can be NULL.
 */
size_t sc_access_lost(const struct sc_access_tree *before, const struct sc_access_tree *after, int64_t instant,
		      void (*fn)(void *opaque, const struct sc_access_difference *difference), void *opaque);

/* Words of the command line: "network"…, "ticket"…; "user:anne", "login:anne@host1", "anybody", "holder" (in memory; NULL: it ran out). */
const char *sc_reach_name(enum sc_reach reach);
const char *sc_via_name(enum sc_via via);
const char *sc_access_name(enum sc_access verdict);
/* What stands between what and value of a fact: a blank where what ends with a preposition, else a colon and a blank. */
const char *sc_access_join(const struct sc_access_fact *fact);
const char *sc_subject_name(const struct sc_subject *subject, struct sc_arena *memory);

#endif
