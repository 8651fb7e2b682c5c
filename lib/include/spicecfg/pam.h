/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The PAM service that saslauthd asks for Spice consoles: the host's (/etc/pam.d/spice), or one VM's own (/etc/spicecfg/pam/UUID). */
#ifndef SPICECFG_PAM_H
#define SPICECFG_PAM_H

#include <spicecfg/sasl.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spicecfg_pam_request {
	size_t size;              /* of this struct */
	const char *service;      /* NULL: "spice" */
	const char *const *allow; /* "user:NAME" and "group:NAME", NULL-terminated; NULL: the host's: every account, a VM's: nobody */
};

/*
 * Plans the service file from the template that fits the host's family (Debian, SUSE, RHEL). For a VM: its own file, and the systemd
 * template unit whose saslauthd has that file bound over the service's. A file of somebody else's making is replaced only with force
 * (SPICECFG_FINDINGS).
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pam_install(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
								const struct spicecfg_pam_request *request);

/* A rule in the order in which libpam runs it, includes resolved. */
struct spicecfg_pam_rule {
	const char *type, *control, *module, *args;
	const char *file;
	unsigned line;
	const char *error; /* NULL: sound */
};
typedef void (*spicecfg_pam_fn)(void *opaque, const struct spicecfg_pam_rule *rule);
SPICECFG_CHECKED enum spicecfg_status spicecfg_pam_show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *service,
							spicecfg_pam_fn fn, void *opaque);

/*
 * Reads the service with all its includes, and has libpam start with it: findings for broken lines, missing files and modules, stacks that
 * admit everybody or nobody. SPICECFG_FINDINGS when one is an error. They live until fn returns.
 */
typedef void (*spicecfg_finding_fn)(void *opaque, const struct spicecfg_finding *finding);
SPICECFG_CHECKED enum spicecfg_status spicecfg_pam_check(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *service,
							 spicecfg_finding_fn fn, void *opaque);

/* A login through libpam, as saslauthd does it. SPICECFG_FINDINGS, with an error that says why, when it is not admitted. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_pam_test(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *service,
							const char *user, const char *password, size_t len, struct spicecfg_login *out);

#ifdef __cplusplus
}
#endif
#endif
