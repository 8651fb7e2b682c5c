/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The findings of a check about the PAM file that saslauthd uses for a console: the host's, or one VM's. */
#include <spicecfg/pam.h>
#include <string.h>

#include "base/fix.h"
#include "model/sasl.h"
#include "plan/sasl.h"
#include "system/check/check.h"
#include "system/libvirt/vm.h"
#include "system/login/pam_look.h"
#include "system/os/file.h"
#include "system/os/unread.h"

/* The file that is missing; NULL: it exists. libpam searches the vendor's directories too. */
static const char *missing(struct spicecfg_ctx *ctx, const struct spicecfg_vm *vm, struct sc_arena *memory)
{
	static const char *const files[] = {"/etc/pam.d/spice", "/usr/lib/pam.d/spice", "/usr/etc/pam.d/spice"};

	if (vm) {
		const char *path = vm->uuid ? sc_arena_printf(memory, SC_PAM_OWN_BASE "/%s", vm->uuid) : NULL;

		return path && !sc_file_may_exist(ctx, path) ? path : NULL;
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (sc_file_may_exist(ctx, files[i]))
			return NULL;
	return files[0];
}

void sc_check_pam(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct sc_arena *memory, sc_finding_fn fn, void *opaque)
{
	const char *path = missing(ctx, vm, memory);

	if (path) {
		const char *message = sc_arena_printf(memory,
						      vm ? "%s is missing: nobody gets in through this VM's saslauthd"
							 : "%s is missing: libpam uses the service 'other' for every login",
						      path);
		struct spicecfg_finding finding = {
		    .rule = "pam-file-missing",
		    .level = SPICECFG_LEVEL_WARNING,
		    .cls = SPICECFG_CLASS_EFFECT,
		    .message = message ? message : "out of memory",
		    .file = path,
		    .fix = sc_fix_row(memory, NULL, vm ? "spicecfg pam install --vm TARGET --allow user:NAME" : "spicecfg pam install"),
		};

		fn(opaque, &finding);
		return;
	}
	/* A file that the account can't read is not checked; that is reported. */
	enum spicecfg_status status = sc_pam_look(ctx, vm, NULL, fn, opaque);
	if (status && status != SPICECFG_FINDINGS)
		sc_unread_tell(ctx, "the PAM file", memory, fn, opaque);
}

bool sc_check_pam_of_vm(const struct sc_domain *domain, const struct sc_host *host)
{
	bool own;
	const char *directory = sc_sasl_directory(domain, host, &own);
	const struct sc_sasl_fact *fact = own ? sc_host_sasl(host, directory) : NULL;

	return fact && fact->state == SC_SASL_FILE_OK && sc_sasl_asks_saslauthd(fact) && fact->mux &&
	       strncmp(fact->mux, SC_SASL_OWN_MUX "/", strlen(SC_SASL_OWN_MUX "/")) == 0;
}
