/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lack of memory at any single allocation of a call ends the call with 'out of memory', or does not change its result: never a crash, and
 * never a result that lacks something. Usage: allocations ROOT, a tree with VMs, qemu.conf and a PAM service.
 */
#include <errno.h>
#include <spicecfg/spicecfg.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* glibc's own; those below replace them for all libraries of the program. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static long left; /* 0: none fails; n: the n-th from now on */

static bool fails(void)
{
	if (!left || --left)
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
	size_t bytes;

	return __builtin_mul_overflow(count, size, &bytes) || fails() ? NULL : __libc_realloc(old, bytes);
}

/* What a call returned. */
struct outcome {
	long left; /* > 0: the call has fewer allocations */
	enum spicecfg_status status;
	char error[256];
	size_t len;
	char rows[1 << 15];
};

static struct outcome outcome;

static void __attribute__((format(printf, 1, 2))) put(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(outcome.rows + outcome.len, sizeof(outcome.rows) - outcome.len, format, args);
	va_end(args);
	outcome.len += (size_t)n;
	if (outcome.len >= sizeof(outcome.rows))
		_exit(2);
}

static const char *text(const char *text)
{
	return text ? text : "-";
}

static void put_finding(const struct spicecfg_finding *row)
{
	put("%s %d %s %s:%u:%u\n", row->rule, (int)row->level, row->message, text(row->file), row->line, row->column);
}

static enum spicecfg_status read_conf(struct spicecfg_ctx *ctx)
{
	const struct spicecfg_qemuconf_setting *row;
	struct spicecfg_qemuconf *conf;
	enum spicecfg_status status = spicecfg_qemuconf_open(ctx, NULL, &conf);

	for (size_t i = 0; !status && (row = spicecfg_qemuconf_setting(conf, i)); i++)
		put("%s %s %u %s\n", row->key, row->value, row->line, text(row->problem));
	if (!status)
		spicecfg_qemuconf_free(conf);
	return status;
}

static enum spicecfg_status show_pam(struct spicecfg_ctx *ctx)
{
	const struct spicecfg_pam_rule *row;
	struct spicecfg_pam *pam;
	enum spicecfg_status status = spicecfg_pam_show(ctx, NULL, NULL, &pam);

	for (size_t i = 0; pam && (row = spicecfg_pam_rule(pam, i)); i++)
		put("%s %s %s %s %s:%u %s\n", row->type, row->control, row->module, row->args, row->file, row->line, text(row->error));
	spicecfg_pam_free(pam);
	return status;
}

static enum spicecfg_status check_pam(struct spicecfg_ctx *ctx)
{
	const struct spicecfg_finding *row;
	struct spicecfg_report *report;
	enum spicecfg_status status = spicecfg_pam_check(ctx, NULL, NULL, &report);

	for (size_t i = 0; report && (row = spicecfg_report_finding(report, i)); i++)
		put_finding(row);
	spicecfg_report_free(report);
	return status;
}

static enum spicecfg_status show_vm(struct spicecfg_ctx *ctx)
{
	const struct spicecfg_shown *row;
	struct spicecfg_view *view = NULL;
	struct spicecfg_vm *vm;
	enum spicecfg_status status = spicecfg_vm_open(ctx, "lab", true, &vm);

	if (!status)
		status = spicecfg_vm_show(ctx, vm, &view);
	for (size_t i = 0; view && (row = spicecfg_view_row(view, i)); i++)
		put("%s %s %s %s\n", row->key, row->value, row->origin, text(row->running));
	spicecfg_view_free(view);
	spicecfg_vm_free(vm);
	return status;
}

static void begin(void *opaque, enum spicecfg_level fail_on)
{
	(void)opaque;
	(void)fail_on;
}

static void put_result(void *opaque, const struct spicecfg_check_result *result)
{
	(void)opaque;
	put("%s %d %s\n", result->target, (int)result->verdict, text(result->doubt));
	for (size_t i = 0; i < result->n_findings; i++)
		put_finding(&result->findings[i]);
}

static enum spicecfg_status check(struct spicecfg_ctx *ctx)
{
	const struct spicecfg_check_options options = {.size = sizeof(options), .jobs = 1};
	const struct spicecfg_check_sink sink = {.size = sizeof(sink), .begin = begin, .result = put_result};
	struct spicecfg_check_summary summary = {.size = sizeof(summary)};

	return spicecfg_check_run(ctx, &options, &sink, &summary);
}

/* Prints the first row in which they differ. */
static void print_difference(const struct outcome *wanted, const struct outcome *got)
{
	const char *a = wanted->rows, *b = got->rows;
	size_t line = 0;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '\n')
			line = i + 1;
	printf("  wanted %.*s\n  got    %.*s\n", (int)strcspn(a + line, "\n"), a + line, (int)strcspn(b + line, "\n"), b + line);
}

static void call(const char *root, enum spicecfg_status (*one)(struct spicecfg_ctx *ctx), long at)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();

	if (!ctx || spicecfg_ctx_set_root(ctx, root))
		_exit(2);
	left = at;
	outcome.status = one(ctx);
	outcome.left = left;
	left = 0;
	const struct spicecfg_error *error = spicecfg_ctx_error(ctx);
	snprintf(outcome.error, sizeof(outcome.error), "%s", error ? error->message : "");
	spicecfg_ctx_free(ctx);
}

/* Calls in a process of its own. Returns false, with the reason printed, when it crashes. */
static bool run(const char *root, enum spicecfg_status (*one)(struct spicecfg_ctx *ctx), long at, struct outcome *out)
{
	int ends[2], state = 0;
	size_t len = 0;
	ssize_t n;

	if (pipe(ends) < 0)
		return false;
	pid_t child = fork();
	if (child == 0) {
		call(root, one, at);
		for (; len < sizeof(outcome); len += (size_t)n)
			if ((n = write(ends[1], (const char *)&outcome + len, sizeof(outcome) - len)) <= 0)
				_exit(3);
		_exit(0);
	}
	close(ends[1]);
	while (len < sizeof(*out) && (n = read(ends[0], (char *)out + len, sizeof(*out) - len)) > 0)
		len += (size_t)n;
	close(ends[0]);
	waitpid(child, &state, 0);
	if (len != sizeof(*out) || state)
		printf("# state %x\n", (unsigned)state);
	return len == sizeof(*out) && !state;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		enum spicecfg_status (*one)(struct spicecfg_ctx *ctx);
	} calls[] = {{"host show", read_conf}, {"pam show", show_pam}, {"pam check", check_pam}, {"show", show_vm}, {"check", check}};
	static struct outcome whole, now;
	size_t bad = 0;

	if (argc != 2)
		return 2;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		long at = 1;

		if (!run(argv[1], calls[i].one, 0, &whole) || whole.status > SPICECFG_FINDINGS || !whole.len)
			return printf("FAILED %s with enough memory: %s\n", calls[i].name, whole.error), 1;
		for (;; at++) {
			bool ran = run(argv[1], calls[i].one, at, &now);
			bool same = ran && now.status == whole.status && strcmp(now.rows, whole.rows) == 0;
			bool short_of = ran && now.status == SPICECFG_SYSTEM && strcmp(now.error, "out of memory") == 0;

			if (ran && now.left)
				break;
			if (same || short_of)
				continue;
			bad++;
			printf("FAILED %s without allocation %ld: %s\n", calls[i].name, at, ran ? now.error : "it crashes");
			if (ran)
				print_difference(&whole, &now);
		}
		printf("%s: %ld allocations\n", calls[i].name, at - 1);
	}
	return bad != 0;
}
