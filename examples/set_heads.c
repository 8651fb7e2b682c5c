/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sets the number of heads of the VM in a definition file, and prints every finding about the result:
 *
 *     set_heads FILE N
 *
 * Exit codes are the library's status values: 0 done, 1 refused because of findings, 2 usage, 3 input, 4 system.
 */
#include <spicecfg/spicecfg.h>
#include <stdio.h>
#include <stdlib.h>

static void print_finding(const struct spicecfg_finding *finding)
{
	char *fix = spicecfg_fix_text(finding->fix, NULL);

	printf("%s: %s [%s]%s\n", spicecfg_level_name(finding->level), finding->message, finding->rule,
	       finding->before ? " (as before)" : "");
	if (fix)
		printf("  %s\n", fix);
	free(fix);
}

/* Prints what would change and the findings about it, then commits. */
static enum spicecfg_status carry_out(struct spicecfg_plan *plan)
{
	struct spicecfg_report *report = NULL;
	const struct spicecfg_change *change;
	const struct spicecfg_finding *finding;

	for (size_t i = 0; (change = spicecfg_plan_change(plan, i)); i++)
		printf("%s: %s -> %s\n", change->path, change->from ? change->from : "(none)", change->to ? change->to : "(none)");
	enum spicecfg_status status = spicecfg_plan_check(plan, &report);
	for (size_t i = 0; report && (finding = spicecfg_report_finding(report, i)); i++)
		print_finding(finding);
	if (!status)
		status = spicecfg_plan_commit(plan, report, NULL);
	spicecfg_report_free(report);
	return status;
}

static enum spicecfg_status set_heads(struct spicecfg_ctx *ctx, const char *file, const char *heads)
{
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_request *request = NULL;
	struct spicecfg_plan *plan = NULL;

	enum spicecfg_status status = spicecfg_vm_open(ctx, file, false, &vm);
	if (!status)
		status = spicecfg_request_new(ctx, &request);
	if (!status)
		status = spicecfg_request_set(request, "heads", heads);
	if (!status)
		status = spicecfg_plan_new(ctx, &plan);
	if (!status)
		status = spicecfg_plan_vm(plan, vm, request);
	if (!status)
		status = carry_out(plan);
	spicecfg_plan_free(plan);
	spicecfg_request_free(request);
	spicecfg_vm_free(vm);
	return status;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: %s FILE N\n", argv[0]);
		return SPICECFG_USAGE;
	}
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	if (!ctx)
		return SPICECFG_SYSTEM;
	enum spicecfg_status status = set_heads(ctx, argv[1], argv[2]);
	const struct spicecfg_error *error = spicecfg_ctx_error(ctx);
	if (status && error)
		fprintf(stderr, "%s: %s%s%s\n", argv[0], error->file ? error->file : "", error->file ? ": " : "", error->message);
	spicecfg_ctx_free(ctx);
	return (int)status;
}
