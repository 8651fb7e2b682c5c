/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "trial_form.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cli_form_edits_vm(const char *verb)
{
	return strcmp(verb, "set") == 0 || strncmp(verb, "set-", 4) == 0 || strcmp(verb, "clear-password") == 0;
}

bool cli_form_may_be_refused(char **command)
{
	if (command[1] && cli_form_edits_vm(command[1]) && strcmp(command[1], "set-password") != 0)
		return false;
	while (*command && strcmp(*command, "--force") != 0)
		command++;
	return !*command;
}

static void put_form(FILE *out, const char *word, const char *target)
{
	const char *name = strchr(word, ':') ? strchr(word, ':') + 1 : word;

	if (strcmp(word, target) == 0 || strcmp(name, target) == 0) {
		fputs("\tTARGET", out);
		return;
	}
	fputc('\t', out);
	for (; *word; word++)
		if (*word < '0' || *word > '9')
			fputc(*word, out);
		else if (word[1] < '0' || word[1] > '9')
			fputc('0', out);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

uint64_t cli_form_rules(const struct spicecfg_check_result *result)
{
	const char **rules = calloc(result->n_findings + 1, sizeof(*rules));
	uint64_t sum = UINT64_C(14695981039346656037); /* FNV-1a */

	for (size_t i = 0; rules && i < result->n_findings; i++)
		rules[i] = result->findings[i].rule;
	if (rules)
		qsort((void *)rules, result->n_findings, sizeof(*rules), by_text);
	for (size_t i = 0; rules && i < result->n_findings; i++)
		for (const char *c = rules[i]; (!i || strcmp(rules[i - 1], rules[i]) != 0) && (c == rules[i] || c[-1]); c++)
			sum = (sum ^ (unsigned char)*c) * UINT64_C(1099511628211);
	free((void *)rules);
	return sum;
}

char *cli_form_key(const struct spicecfg_finding *finding, const char *target, uint64_t rules, char ***commands)
{
	char *key = NULL;
	size_t size;
	FILE *out = open_memstream(&key, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s %d %016" PRIx64, finding->rule, finding->level, rules);
	for (; *commands; commands++)
		for (char **word = *commands; *word; word++)
			put_form(out, *word, target);
	if (fclose(out) == 0)
		return key;
	free(key);
	return NULL;
}

const struct cli_form *cli_form_find(const struct cli_form *forms, const char *key, const char *target)
{
	while (forms && (strcmp(forms->key, key) != 0 || (forms->target && strcmp(forms->target, target) != 0)))
		forms = forms->next;
	return forms;
}

void cli_form_add(struct cli_form **forms, const char *key, const struct cli_form *outcome)
{
	struct cli_form *form = calloc(1, sizeof(*form) + strlen(key) + 1);

	if (!form)
		return;
	memcpy(form->key, key, strlen(key));
	form->failed = outcome->failed ? strdup(outcome->failed) : NULL;
	form->target = outcome->failed ? strdup(outcome->target) : NULL;
	form->loses = outcome->loses ? strdup(outcome->loses) : NULL;
	cli_writes_join(&form->writes, &outcome->writes);
	form->next = *forms;
	*forms = form;
}

void cli_form_free(struct cli_form *forms)
{
	while (forms) {
		struct cli_form *form = forms;

		forms = form->next;
		free(form->failed);
		free(form->target);
		free(form->loses);
		cli_writes_free(&form->writes);
		free(form);
	}
}
