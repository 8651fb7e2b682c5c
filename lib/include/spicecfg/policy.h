/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * A policy: a file that says to which state a host is to be brought. It is planned as one transaction, and planned again it changes
 * nothing.
 *
 * The file is an INI file with the sections [host], [host.NAME], [pki], [sasl], [pam], [vm.NAME] and [user.NAME]; spicecfg_policy_key_get()
 * lists their keys. It contains no passwords: those are in files of their own, which it names.
 */
#ifndef SPICECFG_POLICY_H
#define SPICECFG_POLICY_H

#include <spicecfg/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A key of a policy. The strings are static. */
struct spicecfg_policy_key {
	size_t size;         /* of this struct, set by the caller */
	const char *section; /* "[host]", "[vm.NAME]" */
	const char *key;     /* "tls"; "channel.NAME" stands for one key for each channel */
	const char *takes;   /* its values: "yes|no", "PATH..." */
	const char *help;    /* one line */
	const char *verb;    /* the verb, and its option or setting, that does the same: "host set spice_tls" */
	bool unsets;         /* takes the value "default" as well, which removes the setting */
};

/**
 * Returns a key by its position in the table.
 *
 * @param index which one, from 0
 * @param out set to the key; its size must be set before
 * @return false after the last key
 */
bool spicecfg_policy_key_get(size_t index, struct spicecfg_policy_key *out);

struct spicecfg_policy;

/**
 * Reads a policy and checks it by itself: nothing of the host is looked at.
 *
 * @param ctx the context
 * @param file the path, relative to the working directory even with a root; "-": stdin
 * @param out the policy, to be freed with spicecfg_policy_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_INPUT, with file, line and column, when the file can't be read, is malformed, or contradicts itself;
 * SPICECFG_USAGE when it asks for what this version does not carry out
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_policy_open(struct spicecfg_ctx *ctx, const char *file, struct spicecfg_policy **out);

/**
 * Frees a policy and wipes its passwords.
 *
 * @param policy the policy, or NULL
 */
void spicecfg_policy_free(struct spicecfg_policy *policy);

/**
 * Returns how reports refer to a policy.
 *
 * @param policy the policy
 * @return the path as it was given, or "stdin"; it belongs to policy
 */
const char *spicecfg_policy_name(const struct spicecfg_policy *policy);

/**
 * Plans what brings the host, or the tree below the root, to the state of a policy.
 *
 * @param plan the plan that it is added to; after a failure it may contain a part, and is to be freed
 * @param policy the policy, which must outlive the plan
 * @return SPICECFG_OK; SPICECFG_INPUT when a section matches no VM, when a file with a password can't be read, or as the calls for each
 * section; other results as those of the calls for each section
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_policy(struct spicecfg_plan *plan, struct spicecfg_policy *policy);

/** A password that the last spicecfg_plan_policy() has generated. */
struct spicecfg_policy_password {
	const char *section; /* "vm.kiosk", "user.anne" */
	const char *vm;      /* the name of the VM; NULL: of the host */
	const char *user;    /* the user of the sasldb; NULL: it is the password of the VM */
	const char *text;
};

/**
 * Returns a generated password, to be shown once.
 *
 * @param policy the policy
 * @param index which one, from 0
 * @return the password, which belongs to the policy and lives until it is planned again; NULL after the last
 */
const struct spicecfg_policy_password *spicecfg_policy_password(const struct spicecfg_policy *policy, size_t index);

/**
 * Writes the policy of what is configured. Applied, it changes nothing: each section is planned before it is written, and a line that would
 * change something becomes a comment. It contains no passwords: a VM or user that has one has password = generate, which keeps it.
 *
 * @param ctx the context
 * @param targets the VMs, NULL-terminated, as for spicecfg_vm_open(); NULL: the host and all its VMs
 * @param text the policy, to be freed with free(); NULL on failure
 * @return SPICECFG_OK; other results as those of the calls that read the parts
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_export(struct spicecfg_ctx *ctx, char *const *targets, char **text);

#ifdef __cplusplus
}
#endif
#endif
