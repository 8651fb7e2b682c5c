/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text_rows.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "text_line.h"

struct cli_text_groups *cli_text_rows_new(void)
{
	return calloc(1, sizeof(struct cli_text_groups));
}

static void row_free(struct cli_text_row *row)
{
	for (size_t i = 0; i < row->n_own; i++)
		free(row->own[i].text);
	free(row->own);
	free(row->domains);
	free(row->rule);
	free(row->message);
	free(row->fix);
	free(row);
}

static void keep(void *row)
{
	(void)row;
}

void cli_text_rows_free(struct cli_text_groups *groups)
{
	if (!groups)
		return;
	tdestroy(groups->tree, keep);
	for (size_t i = 0; i < groups->n_rows; i++)
		row_free(groups->rows[i]);
	for (size_t i = 0; i < groups->n_domains; i++) {
		free(groups->domains[i].name);
		free(groups->domains[i].doubt);
	}
	free((void *)groups->rows);
	free(groups->domains);
	free(groups);
}

/* Arrays double, starting with one element: grown where the count is a power of two. */
static bool grow(void *array, size_t count, size_t size)
{
	void **place = array;

	if (count & (count - 1))
		return true;
	void *more = reallocarray(*place, count ? 2 * count : 1, size);
	if (more)
		*place = more;
	return more;
}

static int compare(const void *a, const void *b)
{
	const struct cli_text_row *x = a, *y = b;

	if (x->level != y->level)
		return x->level > y->level ? -1 : 1;
	int order = strcmp(x->rule, y->rule);
	return order ? order : strcmp(x->message, y->message);
}

/* What print() writes, for free(); NULL: memory is short. */
typedef void (*print_fn)(const struct cli_report *report, const char *document, const struct spicecfg_finding *finding, bool excerpt);

static char *as_text(print_fn print, const char *document, const struct spicecfg_finding *finding, bool color, bool excerpt)
{
	char *text = NULL;
	size_t size = 0;
	struct cli_report report = {.out = open_memstream(&text, &size), .color = color};

	if (!report.out)
		return NULL;
	print(&report, document, finding, excerpt);
	if (fclose(report.out) == 0)
		return text;
	free(text);
	return NULL;
}

static void print_fix(const struct cli_report *report, const char *document, const struct spicecfg_finding *finding, bool excerpt)
{
	(void)document;
	(void)excerpt;
	cli_text_fix(report, finding);
}

static bool fix_names(const struct spicecfg_fix *fix, const char *domain)
{
	bool named = false;
	char *full;

	if (asprintf(&full, "domain:%s", domain) < 0)
		full = NULL;
	char *word = spicecfg_target_word(full);

	for (size_t i = 0; fix && word && i < fix->n_parts; i++)
		named |= fix->parts[i].text && strcmp(fix->parts[i].text, word) == 0;
	free(word);
	free(full);
	return named;
}

static struct cli_text_row *row_new(struct cli_text_groups *groups, const char *domain, const struct spicecfg_finding *finding, bool color)
{
	struct cli_text_row *row = calloc(1, sizeof(*row));

	if (!row)
		return NULL;
	*row = (struct cli_text_row){.rule = strdup(finding->rule),
				     .message = strdup(finding->message),
				     .level = finding->level,
				     .cls = finding->cls,
				     .order = groups->n_findings,
				     .fix = as_text(print_fix, domain, finding, color, false),
				     .names_fix = fix_names(finding->fix, domain)};
	if (row->rule && row->message && row->fix && grow(&groups->rows, groups->n_rows, sizeof(*groups->rows)) &&
	    tsearch(row, &groups->tree, compare)) {
		groups->rows[groups->n_rows++] = row;
		return row;
	}
	row_free(row);
	return NULL;
}

static bool row_take(struct cli_text_row *row, size_t domain)
{
	if (row->n_domains && row->domains[row->n_domains - 1] == domain)
		return true;
	if (!grow(&row->domains, row->n_domains, sizeof(*row->domains)))
		return false;
	row->domains[row->n_domains++] = domain;
	if (row->n_domains < CLI_TEXT_SHARED)
		return true;
	/* printed once */
	for (size_t i = 0; i < row->n_own; i++)
		free(row->own[i].text);
	row->n_own = 0;
	return true;
}

static bool add_finding(struct cli_text_groups *groups, size_t domain, const struct spicecfg_finding *finding, bool color)
{
	const char *name = groups->domains[domain].name;
	const struct cli_text_row key = {.rule = (char *)finding->rule, .message = (char *)finding->message, .level = finding->level};
	struct cli_text_row *const *found = tfind(&key, &groups->tree, compare);
	struct cli_text_row *row = found ? *found : row_new(groups, name, finding, color);

	if (!row || !row_take(row, domain))
		return false;
	groups->n_findings++;
	if (row->n_domains >= CLI_TEXT_SHARED)
		return true;
	/* excerpts are for a look at one or two domains */
	char *text = as_text(cli_text_finding, name, finding, color, domain + 1 < CLI_TEXT_SHARED);
	if (!text || !grow(&row->own, row->n_own, sizeof(*row->own))) {
		free(text);
		return false;
	}
	row->own[row->n_own++] = (struct cli_text_own){domain, groups->n_findings, text};
	return true;
}

void cli_text_rows_add(struct cli_text_groups *groups, const struct spicecfg_check_result *result, bool color)
{
	const struct cli_text_domain domain = {
	    .name = strdup(result->target), .verdict = result->verdict, .doubt = result->doubt ? strdup(result->doubt) : NULL};

	groups->failed |=
	    !domain.name || (result->doubt && !domain.doubt) || !grow(&groups->domains, groups->n_domains, sizeof(*groups->domains));
	if (groups->failed) {
		free(domain.name);
		free(domain.doubt);
		return;
	}
	groups->domains[groups->n_domains++] = domain;
	for (size_t i = 0; i < result->n_findings && !groups->failed; i++)
		groups->failed = !add_finding(groups, groups->n_domains - 1, &result->findings[i], color);
}

bool cli_text_row_shared(const struct cli_text_row *row)
{
	return !row->elsewhere && (row->alike || row->n_domains >= CLI_TEXT_SHARED);
}

static int by_number(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The domains of rows[from, to) that are not shared already, ascending, each once; NULL: none, or memory is short. */
static size_t *domains_of(struct cli_text_groups *groups, struct cli_text_row *const *rows, size_t from, size_t to, size_t *kept)
{
	size_t *domains = NULL, count = 0;

	*kept = 0;
	for (size_t i = from; i < to; i++)
		for (size_t j = 0; j < rows[i]->n_domains && rows[i]->n_domains < CLI_TEXT_SHARED; j++) {
			groups->failed |= !grow(&domains, count, sizeof(*domains));
			if (groups->failed)
				return domains;
			domains[count++] = rows[i]->domains[j];
		}
	if (count)
		qsort(domains, count, sizeof(*domains), by_number);
	for (size_t i = 0; i < count; i++)
		if (!*kept || domains[*kept - 1] != domains[i])
			domains[(*kept)++] = domains[i];
	return domains;
}

/* Joins rows[from, to), which are of one rule. */
static void join(struct cli_text_groups *groups, struct cli_text_row *const *rows, size_t from, size_t to)
{
	struct cli_text_row *first = NULL;
	size_t count, *domains = domains_of(groups, rows, from, to, &count);

	if (count < CLI_TEXT_ALIKE) {
		free(domains);
		return;
	}
	for (size_t i = from; i < to; i++) {
		if (rows[i]->n_domains >= CLI_TEXT_SHARED)
			continue;
		rows[i]->elsewhere = true;
		if (!first || rows[i]->order < first->order)
			first = rows[i];
	}
	free(first->domains);
	first->domains = domains;
	first->n_domains = count;
	first->elsewhere = false;
	first->alike = true;
}

static int by_rule(const void *a, const void *b)
{
	return compare(*(struct cli_text_row *const *)a, *(struct cli_text_row *const *)b);
}

void cli_text_rows_join(struct cli_text_groups *groups)
{
	struct cli_text_row **sorted = calloc(groups->n_rows + 1, sizeof(*sorted));
	size_t end;

	groups->failed |= !sorted;
	if (!sorted)
		return;
	if (groups->n_rows)
		memcpy((void *)sorted, (void *)groups->rows, groups->n_rows * sizeof(*sorted));
	qsort((void *)sorted, groups->n_rows, sizeof(*sorted), by_rule);
	for (size_t from = 0; from < groups->n_rows; from = end) {
		for (end = from + 1; end < groups->n_rows && sorted[end]->level == sorted[from]->level &&
				     strcmp(sorted[end]->rule, sorted[from]->rule) == 0;)
			end++;
		join(groups, sorted, from, end);
	}
	free((void *)sorted);
}
