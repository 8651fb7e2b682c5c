/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Policies: reads and checks the file, and plans its parts. */
#include "system/run/policy.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/grow.h"
#include "system/modules/ini.h"
#include "system/os/file.h"

/* About 10,000 VMs. */
enum { SIZE_MAX_BYTES = 1024 * 1024, SECRET_MAX = 4096 };

bool spicecfg_policy_key_get(size_t index, struct spicecfg_policy_key *out)
{
	struct sc_policy_key row;

	if (!sc_policy_key_at(index, &row))
		return false;
	const struct spicecfg_policy_key own = {sizeof(own), sc_policy_kind_name(row.kind), row.key, row.takes, row.help, row.verb,
						!row.plain};
	sc_ctx_give(out, &own, sizeof(own));
	return true;
}

static enum spicecfg_status parse(struct sc_policy *text, const char *file, const char *bytes, size_t len)
{
	text->file = sc_arena_strdup(text->memory, file);
	enum spicecfg_status status =
	    text->file ? sc_ini_scan(text->ctx, text->file, bytes, len, text->memory, &text->ini) : sc_fail_memory(text->ctx);

	return status ? status : sc_policy_read(text);
}

enum spicecfg_status sc_policy_parse(struct spicecfg_ctx *ctx, const char *file, const char *bytes, size_t len,
				     struct spicecfg_policy **out)
{
	struct spicecfg_policy *policy = calloc(1, sizeof(*policy));

	*out = NULL;
	if (!policy || !(policy->text.memory = sc_arena_new())) {
		free(policy);
		return sc_fail_memory(ctx);
	}
	policy->text.ctx = ctx;
	enum spicecfg_status status = parse(&policy->text, file, bytes, len);
	if (status)
		spicecfg_policy_free(policy);
	else
		*out = policy;
	return status;
}

enum spicecfg_status spicecfg_policy_open(struct spicecfg_ctx *ctx, const char *file, struct spicecfg_policy **out)
{
	sc_ctx_enter(ctx);
	const bool is_stdin = strcmp(file, "-") == 0;
	const char *name = is_stdin ? "stdin" : file;
	SC_BUF bytes = SC_BUF_INIT;
	enum spicecfg_status status = is_stdin ? sc_file_read_stream(ctx, name, STDIN_FILENO, SIZE_MAX_BYTES, &bytes)
					       : sc_file_read(ctx, file, true, false, SIZE_MAX_BYTES, &bytes, NULL);

	*out = NULL;
	if (!status)
		status = sc_policy_parse(ctx, name, sc_buf_text(&bytes), bytes.len, out);
	if (!status)
		status = sc_ini_verify(ctx, name, sc_buf_text(&bytes), bytes.len, &(*out)->text.ini);
	if (status) {
		spicecfg_policy_free(*out);
		*out = NULL;
	}
	return status;
}

void sc_policy_forget(struct spicecfg_policy *policy)
{
	for (size_t i = 0; i < policy->n_vms; i++)
		spicecfg_vm_free(policy->vms[i]);
	free((void *)policy->vms);
	policy->vms = NULL;
	policy->n_vms = 0;
	spicecfg_qemuconf_free(policy->conf);
	policy->conf = NULL;
	sc_rows_free(&policy->passwords);
	policy->passwords = (struct sc_rows){.items = NULL};
}

void spicecfg_policy_free(struct spicecfg_policy *policy)
{
	if (!policy)
		return;
	sc_policy_forget(policy);
	sc_arena_free(policy->text.memory);
	free(policy);
}

const char *spicecfg_policy_name(const struct spicecfg_policy *policy)
{
	return policy->text.file;
}

const struct spicecfg_policy_password *spicecfg_policy_password(const struct spicecfg_policy *policy, size_t index)
{
	return sc_rows_get(&policy->passwords, index, sizeof(struct spicecfg_policy_password));
}

enum spicecfg_status sc_policy_show_once(struct sc_policy_run *run, const struct sc_policy_section *section, const struct spicecfg_vm *vm,
					 const char *user, const char *text)
{
	struct sc_rows *rows = &run->policy->passwords;
	struct spicecfg_policy_password *own = sc_rows_add(rows, sizeof(*own));

	if (own)
		*own = (struct spicecfg_policy_password){.section = section->name,
							 .vm = sc_rows_text(rows, vm ? spicecfg_vm_label(vm) : NULL),
							 .user = sc_rows_text(rows, user),
							 .text = sc_rows_text(rows, text)};
	return rows->failed ? sc_fail_memory(run->plan->ctx) : SPICECFG_OK;
}

enum spicecfg_status sc_policy_open_vm(struct sc_policy_run *run, const char *target, struct spicecfg_vm **out)
{
	struct spicecfg_policy *policy = run->policy;

	for (size_t i = 0; i < policy->n_vms; i++)
		if (strcmp(spicecfg_vm_label(policy->vms[i]), target + strlen("domain:")) == 0) {
			*out = policy->vms[i];
			return SPICECFG_OK;
		}
	enum spicecfg_status status = spicecfg_vm_open(run->plan->ctx, target, false, out);
	struct spicecfg_vm **vms = status ? NULL : sc_grow((void *)policy->vms, policy->n_vms, sizeof(*vms));

	if (status)
		return status;
	if (!vms) {
		spicecfg_vm_free(*out);
		return sc_fail_memory(run->plan->ctx);
	}
	policy->vms = vms;
	vms[policy->n_vms++] = *out;
	return SPICECFG_OK;
}

enum spicecfg_status sc_policy_secret(const struct sc_policy_run *run, const struct sc_ini_entry *entry, struct sc_secret *out)
{
	struct spicecfg_ctx *ctx = run->plan->ctx;
	const struct sc_where where = sc_policy_at_value(&run->policy->text, entry);
	const char *file = entry->value + strlen("file:");
	SC_BUF bytes = SC_BUF_INIT;
	enum spicecfg_status status = sc_file_read(ctx, file, true, false, SECRET_MAX, &bytes, NULL);

	if (status) {
		const char *why = sc_arena_strdup(run->memory, ctx->error.message);

		sc_let_go(ctx);
		return why ? sc_fail_at(ctx, status, where, "Check the path; the password is the first line of the file.",
					"the file with the password, %s, can't be read: %s", file, why)
			   : sc_fail_memory(ctx);
	}
	const char *text = sc_buf_text(&bytes);
	size_t len = strcspn(text, "\n");
	if (len && text[len - 1] == '\r')
		len--;
	if (memchr(text, '\0', bytes.len) && strlen(text) < bytes.len)
		return sc_fail_at(ctx, SPICECFG_INPUT, where, NULL, "the password in %s contains a NUL byte", file);
	if (!len)
		return sc_fail_at(ctx, SPICECFG_INPUT, where, "Write the password on its first line.", "%s contains no password", file);
	return sc_secret_set(out, text, len) ? sc_fail_memory(ctx) : SPICECFG_OK;
}
