/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A policy file: the state that a host is to have. Pure: the sections and keys of the file are checked against the table of keys, and
 * become the requests that lib/system/run plans.
 */
#ifndef SC_PLAN_POLICY_H
#define SC_PLAN_POLICY_H

#include <spicecfg/vm.h>

#include "base/buf.h"
#include "doc/ini.h"

enum sc_policy_kind {
	SC_POLICY_HOST, /* [host] and [host.NAME] */
	SC_POLICY_PKI,
	SC_POLICY_SASL,
	SC_POLICY_PAM,
	SC_POLICY_VM,   /* [vm.LABEL] */
	SC_POLICY_USER, /* [user.LABEL] */
	SC_POLICY_ACCESS,
	SC_POLICY_KINDS,
};

/* A key: one row each in policy_keys.c, or made from the row of a setting of qemu.conf or of a VM. */
struct sc_policy_key {
	enum sc_policy_kind kind;
	const char *key;   /* "tls"; "channel.NAME" stands for eight keys */
	const char *takes; /* its values: "PATH"; without accept, the words themselves: "yes|no" */
	const char *help;  /* one line */
	const char *verb;  /* the verb, and its option or key, that does the same: "host set spice_tls" */
	/* Whether the value is valid; NULL: one of the words of takes, or (plain false) what the setting of that name takes. */
	bool (*accept)(const char *value);
	bool plain; /* a row of its own, not made from a setting */
};

/* The index-th key, in the order of the documentation; false after the last. */
bool sc_policy_key_at(size_t index, struct sc_policy_key *out);
/* The key of a section; false: it has none of that name. */
bool sc_policy_key_find(enum sc_policy_kind kind, const char *key, struct sc_policy_key *out);
/* "[host]", "[vm.NAME]". */
const char *sc_policy_kind_name(enum sc_policy_kind kind);
/* Keys that are known, but that a policy can't have. why: after "'KEY' "; fix: what to do. */
struct sc_policy_refused {
	enum sc_policy_kind kind;
	const char *key;
	enum spicecfg_status status;
	const char *why, *fix;
};
const struct sc_policy_refused *sc_policy_refused_find(enum sc_policy_kind kind, const char *key);

/* Values (policy_values.c). */
bool sc_policy_accept_hosts(const char *value);
bool sc_policy_accept_ips(const char *value);
bool sc_policy_accept_days(const char *value);
bool sc_policy_accept_path(const char *value);
bool sc_policy_accept_name(const char *value);
bool sc_policy_accept_uuid(const char *value);
bool sc_policy_accept_mechanisms(const char *value);
bool sc_policy_accept_service(const char *value);
bool sc_policy_accept_subjects(const char *value);
bool sc_policy_accept_password(const char *value);
bool sc_policy_accept_user_password(const char *value);
bool sc_policy_accept_user(const char *value);
/* The words of a list, separated by blanks or commas, NULL-terminated, in memory; NULL: memory is short. */
const char *const *sc_policy_words(struct sc_arena *memory, const char *value);

struct sc_policy_section {
	enum sc_policy_kind kind;
	const char *name;  /* "vm.kiosk" */
	const char *label; /* "kiosk"; NULL: [host], [pki], [sasl], [pam] */
	unsigned line, column;
	const struct sc_ini_entry *entries;
	size_t n_entries;
};

struct sc_policy {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	const char *file; /* for messages */
	struct sc_ini ini;
	struct sc_policy_section *sections; /* in the order of the file */
	size_t n_sections;
	const struct sc_policy_section *plain[SC_POLICY_KINDS]; /* [host], [pki], … without a label; NULL: there is none */
	const struct sc_policy_section *labelled_host;          /* the first [host.NAME] */
	const struct sc_policy_section **named;                 /* those with a key name, sorted by it */
	size_t n_named;
};

/*
 * Checks what was scanned (policy->ini) and fills the rest, in policy->memory. SPICECFG_INPUT, with file, line and column:
 * unknown sections and keys, values that a key does not take, settings that contradict each other. SPICECFG_USAGE: the policy asks for what
 * this version does not carry out ([access.LABEL] and its keys elsewhere).
 */
SPICECFG_CHECKED enum spicecfg_status sc_policy_read(struct sc_policy *policy);
/* The part of it that compares keys with each other. */
SPICECFG_CHECKED enum spicecfg_status sc_policy_check(const struct sc_policy *policy);

/* A key of a section, or of the only section of a kind; NULL: it is not set. */
const struct sc_ini_entry *sc_policy_entry(const struct sc_policy_section *section, const char *key);
const char *sc_policy_text(const struct sc_policy_section *section, const char *key);
/* The section of a kind without a label; NULL: there is none. */
const struct sc_policy_section *sc_policy_section_of(const struct sc_policy *policy, enum sc_policy_kind kind);
/* The places of a section, of a key and of its value. */
struct sc_where sc_policy_at(const struct sc_policy *policy, const struct sc_policy_section *section);
struct sc_where sc_policy_at_key(const struct sc_policy *policy, const struct sc_ini_entry *entry);
struct sc_where sc_policy_at_value(const struct sc_policy *policy, const struct sc_ini_entry *entry);

/* Puts the settings of a [vm.LABEL] into a request: all but its password, `allow`, and what says which VM it is. */
SPICECFG_CHECKED enum spicecfg_status sc_policy_settings(const struct sc_policy *policy, const struct sc_policy_section *section,
							 struct spicecfg_request *request);

/* Writing a policy (policy_write.c). A line of a section; omitted: it is written as a comment that says so. */
struct sc_policy_line {
	const char *key, *value;
	unsigned group; /* lines of one group depend on each other */
	bool omitted;
};
/* Whether a value can stand in a policy: it has no control characters, not both kinds of quotes, and fits into a line. */
bool sc_policy_can_write(const char *value);
/* Appends a section; with notes, omitted lines are written as comments. */
void sc_policy_write(struct sc_buf *out, const char *name, const struct sc_policy_line *lines, size_t n, bool notes);
/* A name for a section, "vm.NAME": of the characters that it may have; in memory, NULL: memory is short. */
const char *sc_policy_label(struct sc_arena *memory, const char *kind, const char *name);

/* What a host does about SASL, from [host] or the [host.NAME] that takes precedence. */
enum sc_policy_sasl { SC_POLICY_SASL_UNSAID, SC_POLICY_SASL_NO, SC_POLICY_SASL_GLOBAL, SC_POLICY_SASL_PER_VM };
enum sc_policy_sasl sc_policy_host_sasl(const char *text);

/* What becomes of the SASL of a VM. */
enum sc_policy_vm_sasl {
	SC_POLICY_VM_KEEPS,  /* nothing is said about it */
	SC_POLICY_VM_HOST,   /* the host's settings */
	SC_POLICY_VM_TICKET, /* none whatever the host's settings, since it has a password */
	SC_POLICY_VM_OWN,    /* its own users or its own saslauthd */
};
/* backend: set to that of SC_POLICY_VM_OWN, "sasldb" or "saslauthd". */
enum sc_policy_vm_sasl sc_policy_vm_sasl(const struct sc_policy *policy, const struct sc_policy_section *vm, enum sc_policy_sasl host,
					 const char **backend);
/* Whether the VM listens on a Unix socket or nowhere, where a policy's SASL does not reach it unless it says so itself. */
bool sc_policy_vm_is_local(const struct sc_policy_section *vm);
/* Whether the VM is to have a password. */
bool sc_policy_vm_has_password(const struct sc_policy_section *vm);

#endif
