/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/system/check/baseline.c
 * A baseline, or (first byte odd) findings: FILE, RULE and PATH separated by NULs. Promises: a line matches its finding once; findings that
 * are written are recognised when read, none is reported as fixed, and an additional one is not recognised.
 */
#include <fcntl.h>
#include <unistd.h>

#include "fuzz.h"
#include "system/check/baseline.h"

enum { FINDINGS_MAX = 8 };

static char directory[] = "/tmp/spicecfg-fuzz-XXXXXX";

static void remove_directory(void)
{
	(void)rmdir(directory);
}

/* The baseline; findings are about files next to it. */
static const char *file(void)
{
	static char path[64];

	if (!*path) {
		must(mkdtemp(directory) && atexit(remove_directory) == 0, "a directory");
		snprintf(path, sizeof(path), "%s/baseline", directory);
	}
	return path;
}

static struct spicecfg_check_result result_of(const char *name, struct sc_buf *path)
{
	path->len = 0;
	sc_buf_addf(path, "%s/%s", directory, name);
	return (struct spicecfg_check_result){.target = path->data, .file = path->data, .name = "vm"};
}

static void put(const char *bytes, size_t len)
{
	int fd = open(file(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd >= 0 && write(fd, bytes, len) == (ssize_t)len && close(fd) == 0, "the file is written");
}

/* Looks up the finding of the current line once more often than it occurs. */
static void ask(struct sc_baseline *baseline, const char *line, size_t len)
{
	const char *tab = memchr(line, '\t', len), *second = memchr(tab + 1, '\t', len - (size_t)(tab + 1 - line));
	char *name = strndup(line, (size_t)(tab - line)), *rule = strndup(tab + 1, (size_t)(second - tab - 1));
	char *path = strndup(second + 1, len - (size_t)(second + 1 - line));
	SC_BUF full = SC_BUF_INIT;
	struct spicecfg_check_result result = result_of(name, &full);
	struct spicecfg_finding finding = {.rule = rule, .path = path};

	sc_baseline_enter(baseline, &result);
	for (int i = 0; sc_baseline_holds(baseline, &result, &finding); i++)
		must(i < 4096, "a finding is recognised as often as it is listed");
	free(name);
	free(rule);
	free(path);
}

static void read_it(struct spicecfg_ctx *ctx, const char *bytes, size_t len)
{
	struct sc_baseline *baseline = NULL;

	put(bytes, len);
	enum spicecfg_status status = sc_baseline_open(ctx, file(), false, &baseline);
	if (status) {
		must_say_why(ctx, status, SPICECFG_INPUT);
		return;
	}
	must(!sc_baseline_is_new(baseline), "an existing file is not a new one");
	for (size_t at = 0, next; at < len && !memchr(bytes, '\0', len); at = next) {
		next = line_next(bytes, len, at);
		size_t end = next - (bytes[next - 1] == '\n');
		end -= end > at && bytes[end - 1] == '\r';
		if (end > at && bytes[at] != '#')
			ask(baseline, bytes + at, end - at);
	}
	sc_baseline_free(baseline);
}

struct pair {
	const char *file, *rule, *path;
};

static size_t split(char *text, size_t len, struct pair *out)
{
	size_t count = 0;
	char *at = text, *end = text + len;

	while (count < FINDINGS_MAX && at < end) {
		const char *words[3] = {"", "", ""};

		for (int i = 0; i < 3 && at < end; i++) {
			words[i] = at;
			at += strlen(at) + 1;
		}
		/* Rule names are spicecfg's own, and contain no such bytes. */
		if (strpbrk(words[1], "\t\n\r"))
			continue;
		out[count++] = (struct pair){words[0], words[1], words[2]};
	}
	return count;
}

static void write_it(struct spicecfg_ctx *ctx, const char *bytes, size_t len)
{
	struct pair pairs[FINDINGS_MAX];
	struct sc_baseline *baseline = NULL;
	SC_BUF text = SC_BUF_INIT, full = SC_BUF_INIT;

	sc_buf_add(&text, bytes, len);
	sc_buf_addc(&text, '\0');
	size_t count = split(text.data, len, pairs);
	must(!sc_baseline_open(ctx, file(), true, &baseline) && sc_baseline_is_new(baseline), "a new one is started");
	for (size_t i = 0; i < count; i++) {
		struct spicecfg_check_result result = result_of(pairs[i].file, &full);

		sc_baseline_enter(baseline, &result);
		must(!sc_baseline_holds(baseline, &result, &(struct spicecfg_finding){.rule = pairs[i].rule, .path = pairs[i].path}),
		     "a new one recognises nothing");
	}
	must(!sc_baseline_write(ctx, baseline), "it is written");
	sc_baseline_free(baseline);
	must(!sc_baseline_open(ctx, file(), false, &baseline), "what is written is read");
	for (size_t i = 0; i < count; i++) {
		struct spicecfg_check_result result = result_of(pairs[i].file, &full);

		sc_baseline_enter(baseline, &result);
		must(sc_baseline_holds(baseline, &result, &(struct spicecfg_finding){.rule = pairs[i].rule, .path = pairs[i].path}),
		     "what is written is recognised");
		must(!sc_baseline_holds(baseline, &result, &(struct spicecfg_finding){.rule = "another", .path = FUZZ_SECRET}),
		     "another is not recognised");
	}
	must(sc_baseline_resolved(baseline) == 0, "none is fixed");
	sc_baseline_free(baseline);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();

	(void)unlink(file());
	if (size && (data[0] & 1))
		write_it(ctx, (const char *)data + 1, size - 1);
	else
		read_it(ctx, (const char *)data + (size > 0), size - (size > 0));
	(void)unlink(file());
	spicecfg_ctx_free(ctx);
	return 0;
}
