/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dlfcn.h>
#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>

#include "system/modules/pam.h"
#include "system/os/helper.h"

enum { SECONDS = 60 /* pam_faildelay, directories */ };

typedef int start_confdir_fn(const char *service, const char *user, const struct pam_conv *conv, const char *confdir,
			     pam_handle_t **handle);

/* Answers like saslauthd's auth_pam.c: the user to an echoing prompt, the password to a hidden one. */
static int converse(int count, const struct pam_message **messages, struct pam_response **responses, void *opaque)
{
	const struct sc_pam_login *login = opaque;
	struct pam_response *answers = calloc((size_t)(count > 0 ? count : 1), sizeof(*answers));

	if (!answers)
		return PAM_CONV_ERR;
	for (int i = 0; i < count; i++) {
		if (messages[i]->msg_style == PAM_PROMPT_ECHO_ON)
			answers[i].resp = strdup(login->user);
		else if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
			answers[i].resp = strndup(login->password, login->password_len);
	}
	*responses = answers;
	return PAM_SUCCESS;
}

static enum spicecfg_status run(void *opaque, struct sc_buf *reply)
{
	const struct sc_pam_login *login = opaque;
	struct pam_conv conv = {converse, opaque};
	pam_handle_t *handle = NULL;
	const char *step = "pam_authenticate";
	int result;

	if (login->confdir) {
		/* Linux-PAM 1.4 and later. */
		start_confdir_fn *start_confdir;

		*(void **)&start_confdir = dlsym(RTLD_DEFAULT, "pam_start_confdir");
		void *self = start_confdir ? NULL : dlopen("libpam.so.0", RTLD_NOW | RTLD_NOLOAD);
		if (self)
			*(void **)&start_confdir = dlsym(self, "pam_start_confdir");
		if (!start_confdir) {
			sc_buf_adds(reply, "this libpam can't read service files from another directory (Linux-PAM 1.4 or later can)");
			return SPICECFG_SYSTEM;
		}
		result = start_confdir(login->service, login->user, &conv, login->confdir, &handle);
	} else {
		result = pam_start(login->service, login->user, &conv, &handle);
	}
	if (result != PAM_SUCCESS) {
		sc_buf_addf(reply, "libpam can't start: %s", pam_strerror(handle, result));
		return SPICECFG_SYSTEM;
	}
	if (login->only_start) {
		pam_end(handle, PAM_SUCCESS);
		return SPICECFG_OK;
	}
	result = pam_authenticate(handle, PAM_SILENT);
	if (result == PAM_SUCCESS) {
		step = "pam_acct_mgmt";
		result = pam_acct_mgmt(handle, PAM_SILENT);
	}
	if (result != PAM_SUCCESS)
		sc_buf_addf(reply, "%s: %s", step, pam_strerror(handle, result));
	pam_end(handle, result);
	return SPICECFG_OK;
}

static enum spicecfg_status login_by_pam(struct spicecfg_ctx *ctx, const struct sc_pam_login *login, struct sc_arena *arena, bool *admitted,
					 const char **why)
{
	SC_BUF reply = SC_BUF_INIT;
	struct sc_pam_login copy = *login;

	*admitted = false;
	*why = NULL;
	enum spicecfg_status status = sc_helper_run(ctx, "the PAM login", NULL, SECONDS, run, &copy, &reply);
	if (status != SPICECFG_OK)
		return status;
	*admitted = reply.len == 0;
	if (!*admitted && !(*why = sc_arena_strndup(arena, reply.data, reply.len)))
		return sc_fail_memory(ctx);
	return SPICECFG_OK;
}

extern const struct sc_module_pam sc_module_pam;

__attribute__((visibility("default"))) const struct sc_module_pam sc_module_pam = {.login = login_by_pam};
