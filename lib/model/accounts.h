/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accounts and groups of the host, and what decides about a password that PAM checks. Filled by lib/system/facts/hostgather_logins.c. */
#ifndef SC_MODEL_ACCOUNTS_H
#define SC_MODEL_ACCOUNTS_H

#include "model/host.h"

/* An account (passwd(5), shadow(5)). Days are since 1970; -1: not set. */
struct sc_account_fact {
	const char *name;
	unsigned uid, gid;
	const char *shell, *home;
	const unsigned *groups; /* its groups, with gid, sorted */
	size_t n_groups;
	enum sc_known password; /* it has one: neither empty nor locked */
	enum sc_known aged;     /* the dates below are known */
	long changed, max, inactive, expires;
};

struct sc_group_fact {
	const char *name;
	unsigned gid;
};

/* A rule of a PAM service, includes resolved. */
struct sc_pam_rule_fact {
	const char *file;
	unsigned line;
	unsigned level; /* of substacks: 0 is the service's own stack */
	const char *control, *module, *args;
	const char *error; /* why libpam can't use it; NULL: it can */
};

struct sc_pam_stack_fact {
	struct sc_pam_rule_fact *rules; /* in the order in which libpam runs them */
	size_t n;
	bool other;   /* the service has no rules of this type: these are those of the service "other" */
	bool unclear; /* a file of it could not be read, or the rules are too many */
};

/* A PAM service that saslauthd uses for consoles. */
struct sc_pam_fact {
	const char *path;     /* /etc/pam.d/spice, or that of a VM */
	enum sc_known exists; /* SC_UNKNOWN: it could not be read */
	struct sc_pam_stack_fact auth, account;
};

/* While one of these exists, pam_nologin admits only root; they are among the lists of a host. */
#define SC_PAM_NOLOGIN_RUN "/var/run/nologin"
#define SC_PAM_NOLOGIN "/etc/nologin"

/* The files of pam_time and pam_access, unless a rule names others. The directory's files follow that of pam_access. */
#define SC_PAM_TIME_CONF "/etc/security/time.conf"
#define SC_PAM_ACCESS_CONF "/etc/security/access.conf"
#define SC_PAM_ACCESS_DIRECTORY "/etc/security/access.d"

/* A file that a module of such a service is configured to read. */
struct sc_pam_list_fact {
	const char *path;
	enum sc_known exists; /* SC_UNKNOWN: it could not be read */
	bool unsafe;          /* it is not a regular file, or others can write it: pam_listfile refuses it */
	const char *text;     /* its bytes; NULL: none */
	size_t len;
	struct sc_pam_line {
		const char *text; /* len bytes, not terminated */
		size_t len;
		unsigned line;
	} * lines; /* sorted by text, for pam_listfile */
	size_t n_lines;
};

/* Return what is known, or NULL. Lists of accounts and groups are sorted by name, the others are short. */
const struct sc_account_fact *sc_host_account_of(const struct sc_host *host, const char *name);
const struct sc_group_fact *sc_host_group_of(const struct sc_host *host, const char *name);
const struct sc_pam_fact *sc_host_pam(const struct sc_host *host, const char *path);
const struct sc_pam_list_fact *sc_host_pam_list(const struct sc_host *host, const char *path);
/* Adds a list, which must outlive the host. Returns false when memory runs out. */
bool sc_host_pam_list_add(struct sc_host *host, const struct sc_pam_list_fact *list);

/* Returns true when the account is in the group of that number. */
bool sc_account_in(const struct sc_account_fact *account, unsigned gid);

/* Returns the line of a list that is exactly that word, the first one; 0: there is none. */
unsigned sc_pam_list_find(const struct sc_pam_list_fact *list, const char *word);
/*
 * Sets lines from text, sorted, in memory. Each ends at its first carriage return, as for the module (modules/pam_listfile/pam_listfile.c,
 * match_file; measured). Returns false when memory runs out.
 */
bool sc_pam_list_sort(struct sc_pam_list_fact *list, struct sc_arena *memory);

#endif
