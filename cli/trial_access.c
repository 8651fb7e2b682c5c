/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "trial_access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* VMS: that are compared for a fix of the host; NAMES: subjects that are named. */
enum { VMS = 16, NAMES = 5 };

/* Whether a change can be one of access: not heads or memory, nor a certificate. */
static bool touches(const struct spicecfg_plan *plan)
{
	const struct spicecfg_change *change;

	for (size_t i = 0; (change = spicecfg_plan_change(plan, i)); i++) {
		const size_t len = strlen(change->document);

		if (*change->document == '/' && !(len > 4 && strcmp(change->document + len - 4, ".pem") == 0))
			return true;
		if (strstr(change->path, "/graphics") || strstr(change->path, "qemu:commandline"))
			return true;
	}
	return false;
}

struct losers {
	char *names[NAMES];
	size_t n;
	bool more;
};

/* Once, even if it loses the console on the host and from other machines, or those of several VMs. */
static void add(struct losers *losers, const char *name)
{
	for (size_t i = 0; i < losers->n; i++)
		if (strcmp(losers->names[i], name) == 0)
			return;
	if (losers->n == NAMES)
		losers->more = true;
	else if ((losers->names[losers->n] = strdup(name)))
		losers->n++;
}

/* What could not be compared may be lost. */
static void compare(struct spicecfg_ctx *ctx, struct spicecfg_plan *plan, const char *name, struct losers *losers)
{
	struct spicecfg_access_changes *changes = NULL;
	const struct spicecfg_access_change *change;
	char *word = NULL;

	if (asprintf(&word, "domain:%s", name) < 0)
		return;
	if (spicecfg_plan_access(plan, word, &changes)) {
		spicecfg_ctx_clear_error(ctx);
		add(losers, "somebody, perhaps (who has it could not be read)");
	}
	for (size_t i = 0; changes && (change = spicecfg_access_change(changes, i)); i++)
		if (!change->gains)
			add(losers, change->subject);
	spicecfg_access_changes_free(changes);
	free(word);
}

/* The findings of a target are neighbours. */
static bool is_first(const struct cli_checked *checked, size_t index)
{
	const char *target = checked->items[index].target;

	return (!index || strcmp(checked->items[index - 1].target, target) != 0) && strcmp(target, "host") != 0;
}

static char *join(struct losers *losers)
{
	char *text = NULL;
	size_t size;
	FILE *out = losers->n ? open_memstream(&text, &size) : NULL;

	for (size_t i = 0; i < losers->n; i++) {
		if (out)
			fprintf(out, "%s%s", i ? ", " : "", losers->names[i]);
		free(losers->names[i]);
	}
	if (out && losers->more)
		fputs(" and others", out);
	if (!out || fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

char *cli_losers(struct spicecfg_ctx *ctx, struct spicecfg_plan *plan, const char *target, const struct cli_checked *checked)
{
	struct losers losers = {.n = 0};
	const bool host = target && strcmp(target, "host") == 0;
	size_t n = 0;

	if (!target || !touches(plan))
		return NULL;
	if (!host)
		compare(ctx, plan, target, &losers);
	for (size_t i = 0; host && i < checked->n && n < VMS; i++)
		if (is_first(checked, i)) {
			compare(ctx, plan, checked->items[i].target, &losers);
			n++;
		}
	return join(&losers);
}
