/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * The PAM service through which saslauthd checks logins to Spice consoles: the host's (/etc/pam.d/spice), or a VM's own
 * (/etc/spicecfg/pam/UUID).
 */
#ifndef SPICECFG_PAM_H
#define SPICECFG_PAM_H

#include <spicecfg/sasl.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A PAM service, and who may log in. */
struct spicecfg_pam_request {
	size_t size;              /* of this struct */
	const char *service;      /* name of the host's service; NULL: "spice" */
	const char *const *allow; /* "user:NAME" and "group:NAME", NULL-terminated; NULL: see each call */
};

/**
 * Plans a PAM service file, made from the template of the host's distribution (Debian, SUSE, RHEL). For a VM: its own service file, and
 * the systemd template unit of a saslauthd that uses it. A present file keeps its list of accounts and groups, and those of request.allow
 * are added. allow NULL: a new file admits everybody whom the host's rules admit, a VM's new file admits nobody.
 *
 * @param plan the plan that it is added to
 * @param vm the VM, which must outlive the plan; NULL: the host
 * @param request the service
 * @return SPICECFG_OK; SPICECFG_USAGE when the name of the service or a word of allow is invalid, or the definition is a file that claims
 * the identity of a VM of this host; SPICECFG_INPUT when the VM has no UUID, or files of the host can't be read; SPICECFG_FINDINGS, with an
 * error, when spicecfg did not write the file that exists, or the file has a limit, such as hours, that would be lost, and the context does
 * not force its replacement (with allow NULL, such a file of a VM stays, and a note says so); a forced new file keeps the limits that stand
 * alone, and SPICECFG_INPUT names one that can't be moved
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pam_install(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
								const struct spicecfg_pam_request *request);

/**
 * Plans to add accounts and groups to the list in a PAM service. A missing file is made as by spicecfg_plan_pam_install(); of a present one
 * only the list is changed.
 *
 * @param plan the plan that it is added to
 * @param vm the VM, which must outlive the plan; NULL: the host
 * @param request the service; allow must name an account or group
 * @return SPICECFG_OK, also when they are in the list already; SPICECFG_USAGE and SPICECFG_INPUT as for spicecfg_plan_pam_install();
 * SPICECFG_INPUT also when the file has no list that can be changed
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pam_allow(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
							      const struct spicecfg_pam_request *request);

/**
 * Plans to remove accounts and groups from the list in a PAM service. The list stays when it becomes empty, and admits nobody then. A note
 * says when an account still gets in as a member of a group.
 *
 * @param plan the plan that it is added to
 * @param vm the VM, which must outlive the plan; NULL: the host
 * @param request the service; allow names who is removed
 * @return as for spicecfg_plan_pam_allow(); SPICECFG_INPUT also when the host's file is missing; without its file, nobody gets in to a VM
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_pam_revoke(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
							       const struct spicecfg_pam_request *request);

/** A rule of a PAM service, in the order in which libpam runs the rules, with includes resolved. */
struct spicecfg_pam_rule {
	const char *type, *control, *module, *args; /* passwords in args are shown as *** */
	const char *file;                           /* where the rule is */
	unsigned line;                              /* 1-based */
	const char *error;                          /* what is wrong with the rule; NULL: nothing */
};

struct spicecfg_pam;

/**
 * Reads the rules of a PAM service.
 *
 * @param ctx the context
 * @param vm the VM; NULL: the host
 * @param service the name of the host's service; NULL: "spice"
 * @param out the rules, to be freed with spicecfg_pam_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_USAGE when the name of the service is invalid; SPICECFG_INPUT when the service file is missing or can't be
 * read, or the VM has no UUID
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_pam_show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *service,
							struct spicecfg_pam **out);

/**
 * Returns a rule by its position.
 *
 * @param pam the rules
 * @param index which one, from 0
 * @return the rule, which belongs to pam; NULL after the last
 */
const struct spicecfg_pam_rule *spicecfg_pam_rule(const struct spicecfg_pam *pam, size_t index);

/**
 * Frees the rules that spicecfg_pam_show() returned.
 *
 * @param pam the rules, or NULL
 */
void spicecfg_pam_free(struct spicecfg_pam *pam);

/**
 * Checks a PAM service with all its includes: invalid lines, missing files and modules, and stacks that admit everybody or nobody. Without
 * a root, libpam is started with the service as well.
 *
 * @param ctx the context
 * @param vm the VM; NULL: the host
 * @param service the name of the host's service; NULL: "spice"
 * @param out the findings (spicecfg_report_finding()), to be freed with spicecfg_report_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_FINDINGS, with the report, when a finding is an error; SPICECFG_USAGE and SPICECFG_INPUT as for
 * spicecfg_pam_show()
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_pam_check(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *service,
							 struct spicecfg_report **out);

/**
 * Tries a login through libpam, as saslauthd does it.
 *
 * @param ctx the context, without a root
 * @param vm the VM; NULL: the host
 * @param service the name of the host's service; NULL: "spice"
 * @param user the account
 * @param password the password, which need not be NUL-terminated
 * @param len its length in bytes
 * @param out how the login ended; its size must be set before
 * @return SPICECFG_OK when the login is admitted; SPICECFG_FINDINGS, with an error that says why, when it is not; SPICECFG_USAGE with a
 * root or for an invalid name of a service; SPICECFG_INPUT as for spicecfg_pam_show(); SPICECFG_SYSTEM when libpam can't be used
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_pam_test(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *service,
							const char *user, const char *password, size_t len, struct spicecfg_login *out);

#ifdef __cplusplus
}
#endif
#endif
