/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the files of the lookup. */
#ifndef SC_ACCESS_ACCESS_IMPL_H
#define SC_ACCESS_ACCESS_IMPL_H

#include "access/access.h"
#include "base/table.h"
#include "model/accounts.h"
#include "model/door.h"
#include "model/sasl.h"

enum { SC_ACCESS_WAYS_MAX = 12, SC_ACCESS_TICKET_MAX = 59 /* spice-server server/reds.cpp copies as many bytes of what a client sends */ };

/* The accounts and groups that a PAM service lets in by name, and all accounts with a password. */
struct sc_access_names {
	struct sc_subject *list;
	size_t n;
	enum sc_access unasked; /* whether it lets some account in whatever the password */
};

struct sc_access_vm {
	const char *name, *uuid, *file;
	const struct sc_domain *domain;
	const struct sc_console *console;    /* the Spice console; NULL: none */
	const struct sc_sasl_fact *sasl;     /* NULL: not examined */
	const char *pam_path;                /* of the service that its saslauthd uses; NULL: none, or unknown */
	const struct sc_pam_fact *pam;       /* NULL: unknown */
	const struct sc_access_names *names; /* of the PAM service */
	const struct sc_door_fact *door;     /* NULL: unknown, or no socket */
	struct sc_access_names doors;        /* whom the ACLs of the socket name */
	uint64_t ticket;                     /* a digest that tells two tickets apart; 0: none */
	struct sc_way ways[SC_ACCESS_WAYS_MAX];
	size_t n_ways;
};

struct sc_access_tree {
	struct sc_arena *memory;
	const struct sc_host *host;
	struct sc_access_vm **vms;
	size_t n_vms;
	struct sc_table words;    /* UUIDs and names; value: struct sc_access_vm */
	struct sc_table services; /* paths of PAM services; value: struct sc_access_names */
};

/* A question on its way through the lookup. */
struct sc_access_look {
	const struct sc_host *host;
	const struct sc_access_vm *vm;
	const struct sc_access_question *question;
	sc_access_fact_fn fn; /* NULL: nobody listens */
	void *opaque;
};

/* Whether a VM names the subject. */
bool sc_access_has_subject(const struct sc_access_vm *vm, const struct sc_subject *subject);
/* Compares an entry of a user database with a subject, for bsearch(). */
int sc_access_by_login(const void *subject, const void *entry);

/* Verdicts are ordered: both parts must allow, or one of several has to. */
static inline enum sc_access sc_access_both(enum sc_access a, enum sc_access b)
{
	return a < b ? a : b;
}
static inline enum sc_access sc_access_either(enum sc_access a, enum sc_access b)
{
	return a > b ? a : b;
}

/* Reports a fact, and returns its answer. */
enum sc_access sc_access_say(const struct sc_access_look *look, const struct sc_access_fact *fact);
/* The same for a fact that stands in the VM's definition, at that node (NULL: none). */
enum sc_access sc_access_say_vm(const struct sc_access_look *look, const char *what, const char *value, const struct sc_xml_node *node,
				enum sc_access answer);

/* The first part of a way: whether the subject reaches the console by the reach of the question. */
enum sc_access sc_access_reach(const struct sc_access_look *look);

/* Whether the host's packet filter lets the subject connect to the console's ports. */
enum sc_access sc_access_filter(const struct sc_access_look *look);

/* The second part, on a channel with or without TLS: whether the console lets the subject in. */
enum sc_access sc_access_ticket(const struct sc_access_look *look);
enum sc_access sc_access_nobody_asked(const struct sc_access_look *look, bool tls);
enum sc_access sc_access_sasldb(const struct sc_access_look *look, bool tls);
enum sc_access sc_access_saslauthd(const struct sc_access_look *look, bool tls);

/* Somebody who asks PAM. */
struct sc_access_person {
	const struct sc_account_fact *account; /* NULL: only what follows is known */
	const char *name;                      /* NULL: it is none of those that rules name */
	const char *group;                     /* the only group that is known; NULL: none */
	bool password;                         /* it knows the password of the account */
};

/* Whether a service lets the person in, as saslauthd asks: the auth stack, then the account stack. */
enum sc_access sc_access_pam(const struct sc_access_look *look, const struct sc_pam_fact *pam, const struct sc_access_person *person);

/* The results of a PAM module that decide differently (security/_pam_types.h). */
enum sc_pam_result {
	SC_PAM_SUCCESS,
	SC_PAM_AUTH_ERR,
	SC_PAM_USER_UNKNOWN,
	SC_PAM_ACCT_EXPIRED,
	SC_PAM_NEW_AUTHTOK_REQD,
	SC_PAM_SERVICE_ERR,
	SC_PAM_PERM_DENIED,
	SC_PAM_ABORT,
	SC_PAM_MODULE_UNKNOWN,
	SC_PAM_IGNORE,
	SC_PAM_RESULTS
};
/* A set of results: bit 1 << result. Several: which one can't be determined. */
enum { SC_PAM_ANY = (1 << SC_PAM_RESULTS) - 1 };

/*
 * The results that the module of a rule can have for a person, at the instant of the question. *why is set to what can't be determined, a
 * phrase, or NULL; *list to the file and *line to the line that matched, or NULL and 0.
 */
struct sc_pam_reason {
	const char *why, *list;
	unsigned line;
};
unsigned sc_access_module(const struct sc_access_look *look, const struct sc_pam_rule_fact *rule, bool auth,
			  const struct sc_access_person *person, struct sc_pam_reason *reason);

/* The same for the arguments of a pam_access, and of a pam_time. */
unsigned sc_access_pam_access(const struct sc_host *host, const char *args, const struct sc_access_person *person,
			      struct sc_pam_reason *reason);
unsigned sc_access_pam_time(const struct sc_access_look *look, const char *args, const struct sc_access_person *person,
			    struct sc_pam_reason *reason);

/* The same for the arguments of a pam_succeed_if. */
unsigned sc_access_succeed_if(const struct sc_host *host, const char *args, const struct sc_access_person *person,
			      struct sc_pam_reason *reason);
/* Whether the person is in the group. One without a name stands for the accounts that no rule names. */
enum sc_known sc_access_is_in(const struct sc_host *host, const struct sc_access_person *person, const char *group);

/* Adds the accounts and groups that a service names to out, in memory. Returns false when memory runs out. */
bool sc_access_pam_names(const struct sc_host *host, const struct sc_pam_fact *pam, struct sc_arena *memory, struct sc_access_names *out);
/* Adds a subject, after which the list has to be sorted. Returns false when memory runs out, or the name is NULL. */
bool sc_access_name_add(struct sc_access_names *names, struct sc_arena *memory, struct sc_subject subject);
/* Sorts a list; each subject remains once. */
void sc_access_names_sort(struct sc_access_names *names);
/* Whether a sorted list has the account or group. */
bool sc_access_names_have(const struct sc_access_names *names, const struct sc_subject *subject);

#endif
