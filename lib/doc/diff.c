/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* E. W. Myers, An O(ND) Difference Algorithm and Its Variations, Algorithmica 1 (1986): the greedy algorithm with its trace kept. */
#include "doc/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Beyond this many differing lines the middle is shown as replaced: the trace grows with the square. */
enum { DISTANCE_MAX = 1000, CONTEXT = 3 };

struct line {
	const char *text;
	size_t len; /* with its newline */
};

struct lines {
	struct line *items;
	size_t count;
};

/* One line of the script: ' ' both, '-' old only, '+' new only. */
struct script {
	char *ops; /* in order */
	size_t count;
};

static bool split(const char *text, size_t len, struct lines *out)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += text[i] == '\n' || i + 1 == len;
	out->items = calloc(count ? count : 1, sizeof(*out->items));
	if (!out->items)
		return false;
	for (const char *at = text, *end = text + len; out->count < count; at += out->items[out->count++].len) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		out->items[out->count] = (struct line){at, (size_t)((newline ? newline + 1 : end) - at)};
	}
	return true;
}

static bool same(const struct line *a, const struct line *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* Fills ops[0 .. n+m) from the back along the kept rows; returns how many were used. */
static size_t backtrack(long *const *rows, long distance, long n, long m, char *ops)
{
	size_t at = (size_t)(n + m);
	long x = n, y = m;

	for (long d = distance; d > 0; d--) {
		const long *v = rows[d - 1] + d; /* row d-1 holds k in -d … d */
		long k = x - y;
		bool down = k == -d || (k != d && v[k - 1] < v[k + 1]);
		long from_k = down ? k + 1 : k - 1;
		long from_x = v[from_k], from_y = from_x - from_k;

		while (x > from_x && y > from_y) {
			ops[--at] = ' ';
			x--;
			y--;
		}
		ops[--at] = down ? '+' : '-';
		x = from_x;
		y = from_y;
	}
	while (x > 0 && y > 0) {
		ops[--at] = ' ';
		x--;
		y--;
	}
	return (size_t)(n + m) - at;
}

/* Furthest reaching paths row by row; rows[d] is kept for the way back. Returns the distance, -1 when too far, -2 without memory. */
static long search(const struct line *a, long n, const struct line *b, long m, long **rows)
{
	for (long d = 0; d <= DISTANCE_MAX && d <= n + m; d++) {
		long *v = calloc((size_t)(2 * d + 3), sizeof(*v));

		if (!v)
			return -2;
		rows[d] = v;
		v += d + 1;
		const long *before = d ? rows[d - 1] + d : NULL;
		for (long k = -d; k <= d; k += 2) {
			long x = 0;

			if (d)
				x = k == -d || (k != d && before[k - 1] < before[k + 1]) ? before[k + 1] : before[k - 1] + 1;
			long y = x - k;
			while (x < n && y < m && same(&a[x], &b[y])) {
				x++;
				y++;
			}
			v[k] = x;
			if (x >= n && y >= m)
				return d;
		}
	}
	return -1;
}

static bool middle_script(const struct line *a, size_t n, const struct line *b, size_t m, char *ops, size_t *used)
{
	long **rows = calloc(DISTANCE_MAX + 1, sizeof(*rows));
	long distance = rows ? search(a, (long)n, b, (long)m, rows) : -2;

	if (distance >= 0) {
		*used = backtrack(rows, distance, (long)n, (long)m, ops);
		memmove(ops, ops + (n + m - *used), *used);
	} else if (distance == -1) {
		memset(ops, '-', n);
		memset(ops + n, '+', m);
		*used = n + m;
	}
	for (size_t i = 0; rows && i <= DISTANCE_MAX; i++)
		free(rows[i]);
	free(rows);
	return distance != -2;
}

/* Deletions before additions within a run of changes, as people expect. */
static void sort_runs(struct script *script)
{
	for (size_t i = 0; i < script->count;) {
		size_t end = i, minus = 0;

		while (end < script->count && script->ops[end] != ' ')
			minus += script->ops[end++] == '-';
		memset(script->ops + i, '-', minus);
		memset(script->ops + i + minus, '+', end - i - minus);
		i = end + 1;
	}
}

static bool make_script(const struct lines *a, const struct lines *b, struct script *out)
{
	size_t head = 0, tail = 0, used = 0;

	while (head < a->count && head < b->count && same(&a->items[head], &b->items[head]))
		head++;
	while (tail < a->count - head && tail < b->count - head && same(&a->items[a->count - 1 - tail], &b->items[b->count - 1 - tail]))
		tail++;
	out->ops = malloc(a->count + b->count + 1);
	if (!out->ops)
		return false;
	memset(out->ops, ' ', head);
	if (!middle_script(a->items + head, a->count - head - tail, b->items + head, b->count - head - tail, out->ops + head, &used))
		return false;
	memset(out->ops + head + used, ' ', tail);
	out->count = head + used + tail;
	sort_runs(out);
	return true;
}

static void print_line(char op, const struct line *line, struct sc_buf *out)
{
	sc_buf_addc(out, op);
	sc_buf_add(out, line->text, line->len);
	if (!line->len || line->text[line->len - 1] != '\n')
		sc_buf_adds(out, "\n\\ No newline at end of file\n");
}

static void print_range(char sign, size_t start, size_t count, struct sc_buf *out)
{
	/* An empty range is named by the line before it. */
	sc_buf_addf(out, " %c%zu", sign, count ? start + 1 : start);
	if (count != 1)
		sc_buf_addf(out, ",%zu", count);
}

/* The end of the hunk that starts at begin: changes nearer than twice the context share one. */
static size_t hunk_end(const struct script *script, size_t begin)
{
	size_t last = begin;

	for (size_t i = begin; i < script->count && i <= last + 2 * CONTEXT; i++)
		if (script->ops[i] != ' ')
			last = i;
	return last + 1 + CONTEXT < script->count ? last + 1 + CONTEXT : script->count;
}

static void print_hunks(const struct script *script, const struct lines *a, const struct lines *b, struct sc_buf *out)
{
	size_t at = 0, old = 0, new = 0; /* where op number at stands in both */

	for (size_t i = 0; i < script->count; i++) {
		if (script->ops[i] == ' ')
			continue;
		size_t begin = i - at > CONTEXT ? i - CONTEXT : at;
		size_t end = hunk_end(script, i);
		size_t n_old = 0, n_new = 0;
		/* What lies between two hunks is the same in both. */
		old += begin - at;
		new += begin - at;
		for (size_t j = begin; j < end; j++) {
			n_old += script->ops[j] != '+';
			n_new += script->ops[j] != '-';
		}
		sc_buf_adds(out, "@@");
		print_range('-', old, n_old, out);
		print_range('+', new, n_new, out);
		sc_buf_adds(out, " @@\n");
		for (size_t j = begin; j < end; j++) {
			print_line(script->ops[j], script->ops[j] == '+' ? &b->items[new] : &a->items[old], out);
			old += script->ops[j] != '+';
			new += script->ops[j] != '-';
		}
		at = end;
		i = end - 1;
	}
}

static bool shown_lines(const struct lines *real, const char *shown, struct lines *out)
{
	if (!split(shown, strlen(shown), out))
		return false;
	/* A mask that loses a line would print the wrong ones: that is a mistake of the caller, never shown. */
	return out->count == real->count;
}

static void print_name(const char *sign, const char *name, struct sc_buf *out)
{
	sc_buf_adds(out, sign);
	sc_text_add_line(name, out);
	sc_buf_addc(out, '\n');
}

void sc_diff(const struct sc_diff *diff, struct sc_buf *out)
{
	struct lines old = {0}, new = {0}, old_shown = {0}, new_shown = {0};
	struct script script = {0};

	if (diff->old && diff->new && diff->old_len == diff->new_len &&memcmp(diff->old, diff->new, diff->old_len) == 0)
		return;
	bool done = split(diff->old ? diff->old : "", diff->old ? diff->old_len : 0, &old) &&
		    split(diff->new ? diff->new : "", diff->new ? diff->new_len : 0, &new) && make_script(&old, &new, &script) &&
		    (!diff->old_shown || shown_lines(&old, diff->old_shown, &old_shown)) &&
		    (!diff->new_shown || shown_lines(&new, diff->new_shown, &new_shown));
	if (done) {
		print_name("--- ", diff->old ? diff->name : "/dev/null", out);
		print_name("+++ ", diff->new ? diff->name : "/dev/null", out);
		print_hunks(&script, diff->old_shown ? &old_shown : &old, diff->new_shown ? &new_shown : &new, out);
	} else {
		out->failed = true;
	}
	free(old.items);
	free(new.items);
	free(old_shown.items);
	free(new_shown.items);
	free(script.ops);
}
