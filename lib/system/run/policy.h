/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the source files about policies share. */
#ifndef SC_SYSTEM_POLICY_H
#define SC_SYSTEM_POLICY_H

#include <spicecfg/host.h>
#include <spicecfg/policy.h>
#include <spicecfg/vm.h>

#include "base/rows.h"
#include "base/secret.h"
#include "plan/plan.h"
#include "plan/policy.h"

struct spicecfg_policy {
	struct sc_policy text;
	/* of the last plan */
	struct spicecfg_qemuconf *conf;
	struct spicecfg_vm **vms; /* opened; grown with sc_grow() */
	size_t n_vms;
	struct sc_rows passwords; /* struct spicecfg_policy_password */
};

/* What applies on this host: [host], and the section for its name. */
struct sc_policy_host {
	const struct sc_policy_section *common, *named; /* NULL: the policy has none */
};

/* The entry of a key, or of its other name (NULL: it has none), that takes precedence; NULL: not set. */
const struct sc_ini_entry *sc_policy_host_entry(const struct sc_policy_host *host, const char *key, const char *alias);

/* A plan that is being made. */
struct sc_policy_run {
	struct spicecfg_plan *plan;
	struct spicecfg_policy *policy;
	struct sc_policy_host host;
	enum sc_policy_sasl sasl; /* of the host */
	struct sc_arena *memory;  /* until the plan is made */
	struct sc_buf running;    /* names of the running VMs that keep old settings */
};

/* Parses and checks the bytes of a policy; file: in messages. */
SPICECFG_CHECKED enum spicecfg_status sc_policy_parse(struct spicecfg_ctx *ctx, const char *file, const char *bytes, size_t len,
						      struct spicecfg_policy **out);
/* Sets run->host and run->sasl: the section for the short or the full name of the host. */
SPICECFG_CHECKED enum spicecfg_status sc_policy_find_host(struct sc_policy_run *run);

/* What a definition says about the password of the console. */
struct sc_policy_password {
	bool has, expired;
};
SPICECFG_CHECKED enum spicecfg_status sc_policy_password_of(struct spicecfg_ctx *ctx, struct sc_arena *memory, const struct spicecfg_vm *vm,
							    struct sc_policy_password *out);

/* Plan the parts: certificates, qemu.conf, PAM and SASL of the host; VMs; users. */
SPICECFG_CHECKED enum spicecfg_status sc_policy_plan_host(struct sc_policy_run *run);
SPICECFG_CHECKED enum spicecfg_status sc_policy_plan_vms(struct sc_policy_run *run);
SPICECFG_CHECKED enum spicecfg_status sc_policy_plan_users(struct sc_policy_run *run);
SPICECFG_CHECKED enum spicecfg_status sc_policy_plan_vm(struct sc_policy_run *run, const struct sc_policy_section *section,
							struct spicecfg_vm *vm);

/* Frees what the last plan was made from, which is freed before. */
void sc_policy_forget(struct spicecfg_policy *policy);
/* An opened VM, which the policy keeps: the plan points into it. */
SPICECFG_CHECKED enum spicecfg_status sc_policy_open_vm(struct sc_policy_run *run, const char *target, struct spicecfg_vm **out);
/* The first line of the file of a value "file:/PATH". */
SPICECFG_CHECKED enum spicecfg_status sc_policy_secret(const struct sc_policy_run *run, const struct sc_ini_entry *entry,
						       struct sc_secret *out);
/* Remembers a generated password. user: NULL for that of the VM. */
SPICECFG_CHECKED enum spicecfg_status sc_policy_show_once(struct sc_policy_run *run, const struct sc_policy_section *section,
							  const struct spicecfg_vm *vm, const char *user, const char *text);
/* [pam] allow, NULL-terminated, or NULL. */
SPICECFG_CHECKED enum spicecfg_status sc_policy_pam_allow(const struct sc_policy_run *run, const char *const **out);

#endif
