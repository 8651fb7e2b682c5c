/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text_group.h"

#include <stdlib.h>
#include <string.h>

#include "text_line.h"
#include "text_rows.h"

/* NAMES_WIDTH: bytes of names before "and N others". */
enum { NAMES_WIDTH = 56, FEW_MISSING = 3 };

bool cli_text_group_add(struct cli_report *report, const struct spicecfg_check_result *result)
{
	if (!report->groups)
		report->groups = cli_text_rows_new();
	if (!report->groups || report->groups->failed)
		return false;
	cli_text_rows_add(report->groups, result, report->color);
	return !report->groups->failed;
}

/* "a, b, c and 47 others". */
static void put_names(FILE *out, const struct cli_text_groups *groups, const size_t *domains, size_t count)
{
	size_t used = 0, i = 0;

	for (; i < count; i++) {
		const char *name = groups->domains[domains[i]].name;

		used += strlen(name) + 2;
		if (i && used > NAMES_WIDTH)
			break;
		fprintf(out, "%s%s", i == 0 ? "" : i + 1 == count ? " and " : ", ", name);
	}
	if (i < count)
		fprintf(out, " and %zu %s", count - i, count - i == 1 ? "other" : "others");
}

/* "all 50 domains but a and b", where those are few. */
static void put_missing(FILE *out, const struct cli_text_groups *groups, const size_t *domains, size_t count)
{
	size_t missing[FEW_MISSING], n = 0;

	for (size_t i = 0, next = 0; i < groups->n_domains; i++) {
		if (next < count && domains[next] == i)
			next++;
		else
			missing[n++] = i;
	}
	fprintf(out, "all %zu domains%s", groups->n_domains, n ? " but " : "");
	put_names(out, groups, missing, n);
}

/* Names for the head of a block, for free(); NULL: memory is short. */
static char *list_names(const struct cli_text_groups *groups, const size_t *domains, size_t count)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (count > FEW_MISSING && groups->n_domains - count <= FEW_MISSING)
		put_missing(out, groups, domains, count);
	else
		put_names(out, groups, domains, count);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static bool same_domains(const struct cli_text_row *a, const struct cli_text_row *b)
{
	return a->n_domains == b->n_domains && memcmp(a->domains, b->domains, a->n_domains * sizeof(*a->domains)) == 0;
}

/* The most severe rows first, then those of the most domains; rows of the same domains are neighbours by what print_block() does. */
static int by_weight(const void *a, const void *b)
{
	const struct cli_text_row *x = *(struct cli_text_row *const *)a, *y = *(struct cli_text_row *const *)b;

	if (x->level != y->level)
		return x->level > y->level ? -1 : 1;
	if (x->n_domains != y->n_domains)
		return x->n_domains > y->n_domains ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void print_row(const struct cli_report *report, const struct cli_text_row *row)
{
	const struct spicecfg_finding finding = {.rule = row->rule, .level = row->level, .message = row->message};

	fputs("  ", report->out);
	cli_text_message(report, &finding);
	if (row->alike) {
		fputs(" (", report->out);
		cli_put_plain(report->out, report->groups->domains[row->domains[0]].name);
		fputs("; others alike)", report->out);
	}
	fprintf(report->out, " [%s]\n%s", row->rule, row->fix);
}

/* Prints rows[first] and those behind it of the same domains, and takes them from the list. */
static void print_block(const struct cli_report *report, struct cli_text_row **rows, size_t first, size_t count)
{
	const struct cli_text_row *head = rows[first];
	char *names = list_names(report->groups, head->domains, head->n_domains);
	bool refused = false;

	for (size_t i = first; i < count; i++)
		refused |= rows[i] && rows[i]->cls == SPICECFG_CLASS_START && same_domains(head, rows[i]);
	for (size_t i = 0; i < head->n_domains; i++)
		report->groups->domains[head->domains[i]].said |= refused;
	if (names && refused) {
		cli_text_verdict(report, names, SPICECFG_VERDICT_REFUSED, NULL);
	} else if (names) {
		cli_text_head(report, names);
		fputc('\n', report->out);
	}
	for (size_t i = first; i < count; i++) {
		if (!rows[i] || !same_domains(head, rows[i]))
			continue;
		print_row(report, rows[i]);
		if (rows[i] != head)
			rows[i] = NULL;
	}
	rows[first] = NULL;
	free(names);
}

static void print_shared(const struct cli_report *report)
{
	const struct cli_text_groups *groups = report->groups;
	struct cli_text_row **rows = calloc(groups->n_rows + 1, sizeof(*rows));
	size_t count = 0;

	for (size_t i = 0; rows && i < groups->n_rows; i++)
		if (cli_text_row_shared(groups->rows[i]))
			rows[count++] = groups->rows[i];
	if (count)
		qsort((void *)rows, count, sizeof(*rows), by_weight);
	for (size_t i = 0; i < count; i++)
		if (rows[i])
			print_block(report, rows, i, count);
	free((void *)rows);
}

static bool same_verdict(const struct cli_text_domain *a, const struct cli_text_domain *b)
{
	return a->verdict == b->verdict && strcmp(a->doubt ? a->doubt : "", b->doubt ? b->doubt : "") == 0;
}

static bool is_silent(const struct cli_text_domain *domain)
{
	return domain->verdict == SPICECFG_VERDICT_STARTS || domain->own || domain->said;
}

/* The verdicts of those domains that nothing else is printed for. */
static void print_verdicts(const struct cli_report *report)
{
	struct cli_text_groups *groups = report->groups;
	size_t *alike = calloc(groups->n_domains + 1, sizeof(*alike));

	for (size_t i = 0; alike && i < groups->n_domains; i++) {
		struct cli_text_domain *domain = &groups->domains[i];
		size_t count = 0;

		if (is_silent(domain))
			continue;
		for (size_t j = i; j < groups->n_domains; j++)
			if (!is_silent(&groups->domains[j]) && same_verdict(domain, &groups->domains[j]))
				alike[count++] = j;
		char *names = list_names(groups, alike, count);
		if (names)
			cli_text_verdict(report, names, domain->verdict, domain->doubt);
		free(names);
		for (size_t j = 0; j < count; j++)
			groups->domains[alike[j]].said = true;
	}
	free(alike);
}

static int by_domain(const void *a, const void *b)
{
	const struct cli_text_own *x = a, *y = b;

	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* What no others share, in the order of domains; NULL: nothing, or memory is short. */
static struct cli_text_own *collect_own(struct cli_text_groups *groups, size_t *count)
{
	struct cli_text_own *all = calloc(groups->n_findings + 1, sizeof(*all));

	*count = 0;
	for (size_t i = 0; all && i < groups->n_rows; i++) {
		const struct cli_text_row *row = groups->rows[i];

		if (row->elsewhere || cli_text_row_shared(row))
			continue;
		for (size_t j = 0; j < row->n_own; j++) {
			all[(*count)++] = row->own[j];
			groups->domains[row->own[j].domain].own = true;
		}
	}
	if (*count)
		qsort(all, *count, sizeof(*all), by_domain);
	return all;
}

static void print_own(const struct cli_report *report, const struct cli_text_own *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct cli_text_domain *domain = &report->groups->domains[all[i].domain];

		if (!i || all[i].domain != all[i - 1].domain)
			cli_text_verdict(report, domain->name, domain->verdict, domain->doubt);
		fputs(all[i].text, report->out);
	}
}

static bool any_fix_of_first(const struct cli_text_groups *groups)
{
	for (size_t i = 0; i < groups->n_rows; i++)
		if (groups->rows[i]->names_fix && cli_text_row_shared(groups->rows[i]))
			return true;
	return false;
}

void cli_text_group_print(struct cli_report *report)
{
	struct cli_text_groups *groups = report->groups;
	size_t count;

	if (!groups)
		return;
	cli_text_rows_join(groups);
	struct cli_text_own *own = collect_own(groups, &count);
	if (groups->failed || !own)
		fputs("out of memory: not all findings are listed\n", report->out);
	print_shared(report);
	print_verdicts(report);
	print_own(report, own, count);
	if (any_fix_of_first(groups))
		fputs("Fixes for several domains are written for the first one; --verbose lists each domain.\n", report->out);
	free(own);
	cli_text_rows_free(groups);
	report->groups = NULL;
}
