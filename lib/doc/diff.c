/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* E. W. Myers, An O(ND) Difference Algorithm and Its Variations, Algorithmica 1 (1986): the greedy algorithm, keeping its trace. */
#include "doc/diff.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* With more differing lines than this the middle is shown as replaced, because the trace grows quadratically. */
enum { DISTANCE_MAX = 1000, CONTEXT = 3 };

/* A run of whole lines of a text. Only the beginnings of lines are stored, so that a text of empty lines needs little memory. */
struct lines {
	const char *text; /* where the run begins */
	uint32_t *begin;  /* of each line; one more element: the end of the run */
	size_t count;
};

/* The part between the common beginning and the common end of both texts, and the context around it. */
struct window {
	size_t start, skipped;   /* bytes and lines before it */
	size_t old_end, new_end; /* in bytes */
	size_t before, after;    /* lines of context at its beginning and end */
};

/* The script, one character for each line: ' ' in both, '-' in the old text only, '+' in the new only. */
struct script {
	char *ops; /* in order */
	size_t count;
};

/* The beginning of the line after the one at `at`, or the end. */
static size_t line_after(const char *text, size_t len, size_t at)
{
	const char *newline = at < len ? memchr(text + at, '\n', len - at) : NULL;

	return newline ? (size_t)(newline - text) + 1 : len;
}

static size_t count_lines(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t at = 0; at < len; at = line_after(text, len, at))
		count++;
	return count;
}

static bool split(const char *text, size_t len, struct lines *out)
{
	size_t at = 0;

	out->text = text;
	out->count = count_lines(text, len);
	out->begin = len <= INT32_MAX ? malloc((out->count + 1) * sizeof(*out->begin)) : NULL;
	if (!out->begin)
		return false;
	for (size_t i = 0; i < out->count; i++, at = line_after(text, len, at))
		out->begin[i] = (uint32_t)at;
	out->begin[out->count] = (uint32_t)len;
	return true;
}

static const char *line_at(const struct lines *lines, size_t i, size_t *len)
{
	*len = lines->begin[i + 1] - lines->begin[i];
	return lines->text + lines->begin[i];
}

/* The lines of a run without its context. */
struct range {
	const struct lines *lines;
	size_t first, count;
};

static bool same(const struct lines *a, size_t i, const struct lines *b, size_t j)
{
	size_t a_len, b_len;
	const char *a_text = line_at(a, i, &a_len), *b_text = line_at(b, j, &b_len);

	return a_len == b_len && memcmp(a_text, b_text, a_len) == 0;
}

/* Fills ops[0 .. n+m) from its end, following the stored rows. Returns the number of elements used. */
static size_t backtrack(int32_t *const *rows, long distance, long n, long m, char *ops)
{
	size_t at = (size_t)(n + m);
	long x = n, y = m;

	for (long d = distance; d > 0; d--) {
		const int32_t *v = rows[d - 1] + d; /* row d-1 contains k from -d to d */
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

/* Computes the furthest reaching paths row by row, and keeps them for backtrack(). Returns the distance; -1: too far, -2: no memory. */
static long search(const struct range *a, const struct range *b, int32_t **rows)
{
	long n = (long)a->count, m = (long)b->count;

	for (long d = 0; d <= DISTANCE_MAX && d <= n + m; d++) {
		int32_t *v = calloc((size_t)(2 * d + 3), sizeof(*v));

		if (!v)
			return -2;
		rows[d] = v;
		v += d + 1;
		const int32_t *before = d ? rows[d - 1] + d : NULL;
		for (long k = -d; k <= d; k += 2) {
			long x = 0;

			if (d)
				x = k == -d || (k != d && before[k - 1] < before[k + 1]) ? before[k + 1] : before[k - 1] + 1;
			long y = x - k;
			while (x < n && y < m && same(a->lines, a->first + (size_t)x, b->lines, b->first + (size_t)y)) {
				x++;
				y++;
			}
			v[k] = (int32_t)x;
			if (x >= n && y >= m)
				return d;
		}
	}
	return -1;
}

static bool middle_script(const struct range *a, const struct range *b, char *ops, size_t *used)
{
	int32_t **rows = calloc(DISTANCE_MAX + 1, sizeof(*rows));
	long distance = rows ? search(a, b, rows) : -2;
	size_t n = a->count, m = b->count;

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

/* Puts deletions before additions within a run of changes, as usual in diffs. */
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

static bool make_script(const struct lines *a, const struct lines *b, const struct window *window, struct script *out)
{
	const struct range old = {a, window->before, a->count - window->before - window->after};
	const struct range new = {b, window->before, b->count - window->before - window->after};
	size_t used = 0;

	out->ops = malloc(a->count + b->count + 1);
	if (!out->ops)
		return false;
	memset(out->ops, ' ', window->before);
	if (!middle_script(&old, &new, out->ops + window->before, &used))
		return false;
	memset(out->ops + window->before + used, ' ', window->after);
	out->count = window->before + used + window->after;
	sort_runs(out);
	return true;
}

static void print_line(char op, const struct lines *lines, size_t i, struct sc_buf *out)
{
	size_t len;
	const char *text = line_at(lines, i, &len);

	sc_buf_addc(out, op);
	sc_buf_add(out, text, len);
	if (!len || text[len - 1] != '\n')
		sc_buf_adds(out, "\n\\ No newline at end of file\n");
}

static void print_range(char sign, size_t start, size_t count, struct sc_buf *out)
{
	/* an empty range is denoted by the line before it */
	sc_buf_addf(out, " %c%zu", sign, count ? start + 1 : start);
	if (count != 1)
		sc_buf_addf(out, ",%zu", count);
}

/* The end of the hunk that starts at begin. Changes closer than twice the context share a hunk. */
static size_t hunk_end(const struct script *script, size_t begin)
{
	size_t last = begin;

	for (size_t i = begin; i < script->count && i <= last + 2 * CONTEXT; i++)
		if (script->ops[i] != ' ')
			last = i;
	return last + 1 + CONTEXT < script->count ? last + 1 + CONTEXT : script->count;
}

/* skipped: number of lines before those of a and b. */
static void print_hunks(const struct script *script, const struct lines *a, const struct lines *b, size_t skipped, struct sc_buf *out)
{
	size_t at = 0, old = 0, new = 0; /* the lines of op number `at` in both texts */

	for (size_t i = 0; i < script->count; i++) {
		if (script->ops[i] == ' ')
			continue;
		size_t begin = i - at > CONTEXT ? i - CONTEXT : at;
		size_t end = hunk_end(script, i);
		size_t n_old = 0, n_new = 0;
		/* the lines between two hunks are the same in both */
		old += begin - at;
		new += begin - at;
		for (size_t j = begin; j < end; j++) {
			n_old += script->ops[j] != '+';
			n_new += script->ops[j] != '-';
		}
		sc_buf_adds(out, "@@");
		print_range('-', skipped + old, n_old, out);
		print_range('+', skipped + new, n_new, out);
		sc_buf_adds(out, " @@\n");
		for (size_t j = begin; j < end; j++) {
			bool added = script->ops[j] == '+';

			print_line(script->ops[j], added ? b : a, added ? new : old, out);
			old += script->ops[j] != '+';
			new += script->ops[j] != '-';
		}
		at = end;
		i = end - 1;
	}
}

/* Splits the shown text into the lines of the window. False when its number of lines differs: wrong ones would be printed. */
static bool shown_lines(const char *text, size_t len, const char *shown, size_t skipped, struct lines *real)
{
	size_t shown_len = strlen(shown), at = 0, end, count = real->count;

	if (count_lines(text, len) != count_lines(shown, shown_len))
		return false;
	while (skipped--)
		at = line_after(shown, shown_len, at);
	for (end = at; count; count--)
		end = line_after(shown, shown_len, end);
	free(real->begin);
	return split(shown + at, end - at, real);
}

static bool begins_line(const char *text, size_t start, size_t at)
{
	return at == start || text[at - 1] == '\n';
}

static size_t line_before(const char *text, size_t at)
{
	const char *newline = at > 1 ? memrchr(text, '\n', at - 1) : NULL;

	return newline ? (size_t)(newline - text) + 1 : 0;
}

/* Excludes the whole lines that both texts begin and end with, except for the context. */
static void find_window(const struct sc_diff *diff, struct window *out)
{
	const char *old = diff->old ? diff->old : "", *new = diff->new ? diff->new : "";
	size_t shorter = diff->old_len < diff->new_len ? diff->old_len : diff->new_len, head = 0, tail = 0;

	while (head < shorter && old[head] == new[head])
		head++;
	while (!begins_line(old, 0, head))
		head--;
	while (tail < shorter - head && old[diff->old_len - 1 - tail] == new[diff->new_len - 1 - tail])
		tail++;
	while (tail && !(begins_line(old, head, diff->old_len - tail) && begins_line(new, head, diff->new_len - tail)))
		tail--;
	*out = (struct window){.start = head, .old_end = diff->old_len - tail, .new_end = diff->new_len - tail};
	for (; out->before < CONTEXT && out->start; out->before++)
		out->start = line_before(old, out->start);
	for (; out->after < CONTEXT && out->old_end < diff->old_len; out->after++) {
		size_t end = line_after(old, diff->old_len, out->old_end);

		out->new_end += end - out->old_end;
		out->old_end = end;
	}
	out->skipped = count_lines(old, out->start);
}

static void print_name(const char *sign, const char *name, struct sc_buf *out)
{
	sc_buf_adds(out, sign);
	sc_text_add_line(name, out);
	sc_buf_addc(out, '\n');
}

void sc_diff(const struct sc_diff *diff, struct sc_buf *out)
{
	const char *old_text = diff->old ? diff->old : "", *new_text = diff->new ? diff->new : "";
	struct lines old = {0}, new = {0};
	struct script script = {0};
	struct window window;

	if (diff->old && diff->new && diff->old_len == diff->new_len &&memcmp(diff->old, diff->new, diff->old_len) == 0)
		return;
	find_window(diff, &window);
	bool done = split(old_text + window.start, window.old_end - window.start, &old) &&
		    split(new_text + window.start, window.new_end - window.start, &new) && make_script(&old, &new, &window, &script) &&
		    (!diff->old_shown || shown_lines(old_text, diff->old_len, diff->old_shown, window.skipped, &old)) &&
		    (!diff->new_shown || shown_lines(new_text, diff->new_len, diff->new_shown, window.skipped, &new));
	if (done) {
		print_name("--- ", diff->old ? diff->name : "/dev/null", out);
		print_name("+++ ", diff->new ? diff->name : "/dev/null", out);
		print_hunks(&script, &old, &new, window.skipped, out);
	} else {
		out->failed = true;
	}
	free(old.begin);
	free(new.begin);
	free(script.ops);
}
