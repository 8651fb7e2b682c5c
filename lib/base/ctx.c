/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/ctx.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fix.h"
#include "config.h"

const char *spicecfg_version(void)
{
	return SPICECFG_VERSION;
}

struct spicecfg_ctx *spicecfg_ctx_new(void)
{
	struct spicecfg_ctx *ctx = calloc(1, sizeof(*ctx));

	if (!ctx)
		return NULL;
	xmlInitParser();
	ctx->lock_wait_ms = 10 * 1000;
	ctx->unread = sc_unread_new();
	if (ctx->unread)
		return ctx;
	free(ctx);
	return NULL;
}

void spicecfg_ctx_free(struct spicecfg_ctx *ctx)
{
	if (!ctx)
		return;
	if (ctx->connection_free)
		ctx->connection_free(ctx->connection);
	if (ctx->host_free)
		ctx->host_free(ctx->host);
	if (ctx->holds_free)
		ctx->holds_free(ctx->holds);
	if (ctx->swept_free)
		ctx->swept_free(ctx->swept);
	if (ctx->listed_free)
		ctx->listed_free(ctx->listed);
	if (ctx->asked_free)
		ctx->asked_free(ctx->asked);
	sc_unread_free(ctx->unread);
	sc_arena_free(ctx->error_memory);
	free(ctx->root);
	free(ctx->uri);
	free(ctx->verb);
	free(ctx->message);
	free(ctx);
}

const struct spicecfg_error *spicecfg_ctx_error(const struct spicecfg_ctx *ctx)
{
	return ctx->has_error ? &ctx->error : NULL;
}

const char *spicecfg_ctx_unread(const struct spicecfg_ctx *ctx, size_t index, const char **why)
{
	size_t n;
	const struct sc_unread_row *rows = sc_unread_rows(ctx->unread, &n);

	*why = index < n ? rows[index].why : NULL;
	return index < n ? rows[index].path : NULL;
}

void spicecfg_ctx_clear_error(struct spicecfg_ctx *ctx)
{
	sc_arena_free(ctx->error_memory);
	ctx->error_memory = NULL;
	ctx->has_error = ctx->lasting = false;
	ctx->error = (struct spicecfg_error){0};
}

void sc_ctx_enter(struct spicecfg_ctx *ctx)
{
	spicecfg_ctx_clear_error(ctx);
	ctx->used = true;
}

enum spicecfg_status sc_ctx_take(struct spicecfg_ctx *ctx, void *own, size_t size, const void *given)
{
	size_t has;

	memset(own, 0, size);
	memcpy(&has, given, sizeof(has));
	if (has < sizeof(has))
		return sc_fail(ctx, SPICECFG_USAGE, "Set it to the sizeof of the struct.",
			       "the size of the struct given to the call is not set");
	for (size_t i = size; i < has; i++)
		if (((const char *)given)[i])
			return sc_fail(ctx, SPICECFG_USAGE, "Update libspicecfg.",
				       "the struct given to the call has members that this version (%s) does not know", SPICECFG_VERSION);
	memcpy(own, given, has < size ? has : size);
	return SPICECFG_OK;
}

void sc_ctx_give(void *given, const void *own, size_t size)
{
	size_t has;

	memcpy(&has, given, sizeof(has));
	if (has > sizeof(has))
		memcpy((char *)given + sizeof(has), (const char *)own + sizeof(has), (has < size ? has : size) - sizeof(has));
}

/* Connections, facts of the host and paths in objects belong to the old root and URI: they must not change under them. */
static enum spicecfg_status replace(struct spicecfg_ctx *ctx, const char *what, char **place, const char *text)
{
	spicecfg_ctx_clear_error(ctx);
	if (ctx->used)
		return sc_fail(ctx, SPICECFG_USAGE, "Make another context.", "the %s of a context can't be changed after its first use",
			       what);
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		return sc_fail_memory(ctx);
	free(*place);
	*place = copy;
	return SPICECFG_OK;
}

enum spicecfg_status spicecfg_ctx_set_root(struct spicecfg_ctx *ctx, const char *dir)
{
	return replace(ctx, "root", &ctx->root, dir);
}

enum spicecfg_status spicecfg_ctx_set_uri(struct spicecfg_ctx *ctx, const char *uri)
{
	return replace(ctx, "URI", &ctx->uri, uri);
}

void spicecfg_ctx_set_record(struct spicecfg_ctx *ctx, const char *verb, const char *message)
{
	free(ctx->verb);
	free(ctx->message);
	ctx->verb = verb ? strdup(verb) : NULL;
	ctx->message = message ? strdup(message) : NULL;
}

void spicecfg_ctx_set_lock_wait(struct spicecfg_ctx *ctx, int64_t milliseconds)
{
	ctx->lock_wait_ms = milliseconds;
}

void spicecfg_ctx_set_force(struct spicecfg_ctx *ctx, bool force)
{
	ctx->force = force;
}

void spicecfg_ctx_set_clock(struct spicecfg_ctx *ctx, int64_t seconds)
{
	ctx->clock = seconds;
}

void spicecfg_ctx_set_interrupt(struct spicecfg_ctx *ctx, const volatile sig_atomic_t *flag)
{
	ctx->interrupt = flag;
}

void spicecfg_ctx_set_log(struct spicecfg_ctx *ctx, spicecfg_log_fn log, void *opaque)
{
	ctx->log = log;
	ctx->log_opaque = opaque;
}

static void __attribute__((format(printf, 5, 0)))
record(struct spicecfg_ctx *ctx, enum spicecfg_status status, struct sc_where where, const char *fix, const char *format, va_list args)
{
	if (ctx->has_error)
		return;
	ctx->has_error = true;
	ctx->lasting = status == SPICECFG_INTERRUPTED;
	ctx->error = (struct spicecfg_error){.status = status, .message = "out of memory", .line = where.line, .column = where.column};
	ctx->error_memory = sc_arena_new();
	if (!ctx->error_memory) {
		ctx->error.status = SPICECFG_SYSTEM;
		ctx->lasting = true;
		return;
	}
	char *message = sc_arena_vprintf(ctx->error_memory, format, args);
	if (message)
		ctx->error.message = message;
	ctx->error.fix = sc_fix_prose(ctx->error_memory, fix);
	ctx->error.file = sc_arena_strdup(ctx->error_memory, where.file);
}

enum spicecfg_status sc_fail(struct spicecfg_ctx *ctx, enum spicecfg_status status, const char *fix, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	record(ctx, status, (struct sc_where){0}, fix, format, args);
	va_end(args);
	return status;
}

enum spicecfg_status spicecfg_ctx_fail(struct spicecfg_ctx *ctx, enum spicecfg_status status, const char *message, const char *fix)
{
	return sc_fail(ctx, status, fix, "%s", message);
}

enum spicecfg_status sc_fail_at(struct spicecfg_ctx *ctx, enum spicecfg_status status, struct sc_where where, const char *fix,
				const char *format, ...)
{
	va_list args;

	va_start(args, format);
	record(ctx, status, where, fix, format, args);
	va_end(args);
	return status;
}

void sc_fail_fixf(struct spicecfg_ctx *ctx, const char *format, ...)
{
	va_list args;

	if (!ctx->error_memory)
		return;
	va_start(args, format);
	ctx->error.fix = sc_fix_vprose(ctx->error_memory, format, args);
	va_end(args);
}

void sc_fail_fix(struct spicecfg_ctx *ctx, const struct spicecfg_fix *fix)
{
	if (ctx->error_memory)
		ctx->error.fix = sc_fix_copy(ctx->error_memory, fix);
}

enum spicecfg_status sc_fail_place(struct spicecfg_ctx *ctx, enum spicecfg_status status, struct sc_where where)
{
	if (ctx->lasting || !ctx->has_error)
		return ctx->has_error ? ctx->error.status : status;
	if (!ctx->error.file) {
		ctx->error.file = sc_arena_strdup(ctx->error_memory, where.file);
		ctx->error.line = where.line;
		ctx->error.column = where.column;
	}
	return ctx->error.status = status;
}

enum spicecfg_status sc_fail_unrestored(struct spicecfg_ctx *ctx, const char *const *names)
{
	size_t n = 0;

	/* a commit that was cancelled has recorded an error already */
	(void)sc_fail(ctx, SPICECFG_SYSTEM, NULL, "the change failed");
	while (names[n])
		n++;
	const char **copies = ctx->error_memory ? sc_arena_alloc(ctx->error_memory, (n + 1) * sizeof(*copies)) : NULL;
	for (size_t i = 0; copies && i < n; i++) {
		copies[i] = sc_arena_strdup(ctx->error_memory, names[i]);
		if (!copies[i])
			copies[i] = "out of memory";
	}
	if (copies)
		copies[n] = NULL;
	ctx->error.unrestored = copies;
	return ctx->error.status = SPICECFG_SYSTEM;
}

enum spicecfg_status sc_fail_memory(struct spicecfg_ctx *ctx)
{
	/* it takes precedence over an error that was recorded before */
	sc_let_go(ctx);
	enum spicecfg_status status = sc_fail(ctx, SPICECFG_SYSTEM, NULL, "out of memory");

	ctx->lasting = true;
	return status;
}

void sc_let_go(struct spicecfg_ctx *ctx)
{
	if (!ctx->lasting)
		spicecfg_ctx_clear_error(ctx);
}

enum spicecfg_status sc_settle(struct spicecfg_ctx *ctx)
{
	enum spicecfg_status stopped = sc_unread_stopped(ctx->unread);

	if (ctx->has_error)
		return ctx->error.status;
	if (stopped == SPICECFG_INTERRUPTED)
		return sc_fail(ctx, stopped, NULL, "interrupted");
	return stopped ? sc_fail_memory(ctx) : SPICECFG_OK;
}

void sc_log(struct spicecfg_ctx *ctx, enum spicecfg_log_level level, const char *format, ...)
{
	char line[1024];
	va_list args;

	if (!ctx->log)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	ctx->log(ctx->log_opaque, level, line);
}

bool sc_interrupted(const struct spicecfg_ctx *ctx)
{
	return ctx->interrupt && *ctx->interrupt;
}
