/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/check/baseline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/grow.h"
#include "plan/plan.h"
#include "system/os/file.h"
#include "system/os/place.h"

#define MAGIC "# spicecfg baseline 1"
#define HEADER MAGIC ": known findings, as FILE, RULE, PATH\n"
enum { SIZE_MAX_BYTES = 256 * 1024 * 1024 };

struct row {
	const char *text; /* FILE TAB RULE TAB PATH */
	bool seen;        /* the finding's file was checked */
	bool used;
};

struct sc_baseline {
	struct sc_arena *memory;
	const char *file;
	const char *directory; /* of the file, absolute */
	char *cwd;
	bool fresh;
	struct sc_buf old; /* the bytes that it contained */
	bool existed;
	struct row *rows;
	size_t count;
	struct sc_buf key;
	size_t file_len; /* of key: the file name of the current result and its tab */
	bool failed;
};

/* Resolves ".", ".." and doubled slashes textually; path is absolute. */
static void normalize(char *path)
{
	char *out = path;

	for (const char *at = path; *at;) {
		const char *end = strchrnul(at + 1, '/');
		size_t len = (size_t)(end - at);

		if (len == 3 && memcmp(at, "/..", 3) == 0) {
			while (out > path && *--out != '/')
				;
		} else if (len > 1 && !(len == 2 && at[1] == '.')) {
			memmove(out, at, len);
			out += len;
		}
		at = end;
	}
	if (out == path)
		*out++ = '/';
	*out = '\0';
}

static char *absolute(const struct sc_baseline *baseline, const char *path)
{
	char *full = *path == '/' ? strdup(path) : NULL;

	if (*path != '/' && asprintf(&full, "%s/%s", baseline->cwd, path) < 0)
		return NULL;
	if (full)
		normalize(full);
	return full;
}

/* Appends text with control characters and percent signs encoded, and a leading hash, which would make the line a comment. */
static void put_encoded(struct sc_buf *out, const char *text)
{
	for (; text && *text; text++) {
		if (*text == '%' || (unsigned char)*text < ' ' || (*text == '#' && !out->len))
			sc_buf_addf(out, "%%%02X", (unsigned char)*text);
		else
			sc_buf_addc(out, *text);
	}
}

static void put_file(struct sc_baseline *baseline, const struct spicecfg_check_result *result)
{
	struct sc_buf *key = &baseline->key;

	if (!result->file || strcmp(result->file, "-") == 0) {
		sc_buf_adds(key, result->file ? "stdin:" : "domain:");
		put_encoded(key, result->file ? result->name : result->target);
		return;
	}
	char *full = absolute(baseline, result->file);
	size_t len = strlen(baseline->directory);
	if (!full)
		baseline->failed = true;
	else if (strncmp(full, baseline->directory, len) == 0 && full[len] == '/')
		put_encoded(key, full + len + 1);
	else
		put_encoded(key, full);
	free(full);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->text, ((const struct row *)b)->text);
}

static bool add_row(struct sc_baseline *baseline, const char *text)
{
	struct row *rows = sc_grow(baseline->rows, baseline->count, sizeof(*rows));

	if (!rows)
		return false;
	baseline->rows = rows;
	baseline->rows[baseline->count++] = (struct row){.text = text};
	return text != NULL;
}

static enum spicecfg_status read_rows(struct spicecfg_ctx *ctx, struct sc_baseline *baseline)
{
	unsigned line = 0;

	for (char *at = baseline->old.data, *next; at && *at; at = next) {
		next = strchr(at, '\n');
		size_t len = next ? (size_t)(next - at) : strlen(at);
		next = next ? next + 1 : at + len;
		line++;
		/* git can be configured to check text out with CRLF; a carriage return in a name would be encoded. */
		len -= len && at[len - 1] == '\r';
		if (!len || *at == '#')
			continue;
		const char *tab = memchr(at, '\t', len);
		if (!tab || !memchr(tab + 1, '\t', len - (size_t)(tab + 1 - at)))
			return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){baseline->file, line, 1},
					  "A line is FILE, RULE and PATH, separated by tabs. Write the baseline again.",
					  "this is not a line of a baseline");
		if (!add_row(baseline, sc_arena_strndup(baseline->memory, at, len)))
			return sc_fail_memory(ctx);
	}
	if (baseline->count)
		qsort(baseline->rows, baseline->count, sizeof(*baseline->rows), by_text);
	return SPICECFG_OK;
}

static enum spicecfg_status prepare(struct spicecfg_ctx *ctx, struct sc_baseline *baseline, const char *file, bool fresh)
{
	struct sc_file_id id;

	baseline->cwd = getcwd(NULL, 0);
	if (!baseline->cwd)
		return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "can't determine the working directory: %s", strerror(errno));
	baseline->file = sc_arena_strdup(baseline->memory, file);
	char *directory = absolute(baseline, file);
	char *slash = directory ? strrchr(directory, '/') : NULL;
	if (slash)
		*slash = '\0';
	baseline->directory = sc_arena_strdup(baseline->memory, directory);
	free(directory);
	if (!baseline->file || !baseline->directory)
		return sc_fail_memory(ctx);
	enum spicecfg_status status = SPICECFG_OK;
	if (fresh)
		status = sc_place_refuse_device(ctx, file, "Name a file.", "--write-baseline");
	if (!status && fresh)
		status = sc_place_check(ctx, file, true);
	if (!status && fresh)
		status = sc_place_refuse_foreign(ctx, file, file);
	if (!status)
		status = sc_file_read(ctx, file, true, true, SIZE_MAX_BYTES, &baseline->old, &id);
	if (status)
		return status;
	baseline->existed = id.exists;
	baseline->fresh = fresh || !id.exists;
	/* A file that is not a baseline is never overwritten; an empty one has nothing to lose. */
	if (strncmp(sc_buf_text(&baseline->old), MAGIC, strlen(MAGIC)) != 0 && id.exists && (baseline->old.len || !fresh))
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){file, 1, 1},
				  "Name another file; if it does not exist, it is created from the current findings.",
				  "this is not a baseline of spicecfg");
	return baseline->fresh ? SPICECFG_OK : read_rows(ctx, baseline);
}

enum spicecfg_status sc_baseline_open(struct spicecfg_ctx *ctx, const char *file, bool fresh, struct sc_baseline **out)
{
	struct sc_baseline *baseline = calloc(1, sizeof(*baseline));

	*out = NULL;
	if (!baseline || !(baseline->memory = sc_arena_new())) {
		free(baseline);
		return sc_fail_memory(ctx);
	}
	enum spicecfg_status status = prepare(ctx, baseline, file, fresh);
	if (status) {
		sc_baseline_free(baseline);
		return status;
	}
	*out = baseline;
	return SPICECFG_OK;
}

void sc_baseline_free(struct sc_baseline *baseline)
{
	if (!baseline)
		return;
	sc_arena_free(baseline->memory);
	sc_buf_free(&baseline->old);
	sc_buf_free(&baseline->key);
	free(baseline->rows);
	free(baseline->cwd);
	free(baseline);
}

bool sc_baseline_is_new(const struct sc_baseline *baseline)
{
	return baseline->fresh;
}

/* The first row that is not before key. */
static size_t lower_bound(const struct sc_baseline *baseline, const char *key)
{
	size_t low = 0, high = baseline->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(baseline->rows[middle].text, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void sc_baseline_enter(struct sc_baseline *baseline, const struct spicecfg_check_result *result)
{
	baseline->key.len = 0;
	put_file(baseline, result);
	sc_buf_addc(&baseline->key, '\t');
	baseline->file_len = baseline->key.len;
	baseline->failed |= baseline->key.failed;
	if (baseline->fresh || baseline->failed || result->error)
		return;
	for (size_t i = lower_bound(baseline, baseline->key.data);
	     i < baseline->count && strncmp(baseline->rows[i].text, baseline->key.data, baseline->file_len) == 0; i++)
		baseline->rows[i].seen = true;
}

bool sc_baseline_holds(struct sc_baseline *baseline, const struct spicecfg_check_result *result, const struct spicecfg_finding *finding)
{
	struct sc_buf *key = &baseline->key;

	(void)result;
	if (finding->count) /* a summary of findings, not a single one */
		return false;
	key->len = baseline->file_len;
	sc_buf_addf(key, "%s\t", finding->rule);
	put_encoded(key, finding->path);
	baseline->failed |= key->failed;
	if (baseline->failed)
		return false;
	if (baseline->fresh) {
		baseline->failed |= !add_row(baseline, sc_arena_strdup(baseline->memory, key->data));
		return false;
	}
	for (size_t i = lower_bound(baseline, key->data); i < baseline->count && strcmp(baseline->rows[i].text, key->data) == 0; i++) {
		if (baseline->rows[i].used)
			continue;
		baseline->rows[i].used = true;
		return true;
	}
	return false;
}

size_t sc_baseline_resolved(const struct sc_baseline *baseline)
{
	size_t count = 0;

	for (size_t i = 0; i < baseline->count; i++)
		count += baseline->rows[i].seen && !baseline->rows[i].used;
	return count;
}

static enum spicecfg_status commit(struct spicecfg_plan *plan, struct sc_baseline *baseline, const struct sc_buf *bytes)
{
	struct sc_step step = {.type = SC_STEP_FILE,
			       .document = baseline->file,
			       .path = baseline->file,
			       .old = baseline->existed ? sc_buf_text(&baseline->old) : NULL,
			       .old_len = baseline->old.len,
			       .new = sc_buf_text(bytes),
			       .new_len = bytes->len,
			       .outside = true};
	struct spicecfg_report *report = NULL;
	enum spicecfg_status status = sc_plan_step(plan, &step);

	if (!status)
		status = spicecfg_plan_check(plan, &report);
	if (!status)
		status = spicecfg_plan_commit(plan, report, NULL);
	spicecfg_report_free(report);
	return status;
}

enum spicecfg_status sc_baseline_write(struct spicecfg_ctx *ctx, struct sc_baseline *baseline)
{
	SC_BUF bytes = SC_BUF_INIT;
	struct spicecfg_plan *plan = NULL;

	if (baseline->count)
		qsort(baseline->rows, baseline->count, sizeof(*baseline->rows), by_text);
	sc_buf_adds(&bytes, HEADER);
	for (size_t i = 0; i < baseline->count; i++)
		sc_buf_addf(&bytes, "%s\n", baseline->rows[i].text);
	if (baseline->failed || bytes.failed)
		return sc_fail_memory(ctx);
	enum spicecfg_status status = sc_plan_new(ctx, &plan);
	if (!status)
		status = commit(plan, baseline, &bytes);
	spicecfg_plan_free(plan);
	return status;
}
