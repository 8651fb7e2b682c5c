/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "preview.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "say.h"

/* An element or a document without a value is added or removed; another value is replaced. */
static char sign_of(const struct spicecfg_change *change)
{
	return !change->from ? '+' : !change->to ? '-' : '~';
}

static void count(const struct spicecfg_plan *plan, size_t counts[3])
{
	const struct spicecfg_change *change;

	for (size_t i = 0; (change = spicecfg_plan_change(plan, i)); i++)
		counts[strchr("+~-", sign_of(change)) - "+~-"]++;
}

bool cli_change_is_masked(const struct spicecfg_change *change)
{
	return change->from && change->to && strcmp(change->from, change->to) == 0;
}

static const char *name_of(const struct spicecfg_change *change)
{
	return change->document + (strncmp(change->document, "domain:", 7) == 0 ? 7 : 0);
}

static void print_change(const struct cli *cli, const struct spicecfg_change *change)
{
	const char sign = sign_of(change), *value = change->to ? change->to : change->from;

	if (cli_change_is_masked(change))
		cli_say(cli->reports, "  ~ %s: changed\n", change->path);
	else if (sign == '~')
		cli_say(cli->reports, "  ~ %s: %s -> %s\n", change->path, change->from, change->to);
	else if (*value)
		cli_say(cli->reports, "  %c %s: %s\n", sign, change->path, value);
	else
		cli_say(cli->reports, "  %c %s\n", sign, change->path);
}

/* A document that changes as a whole: its words say what happens to it. */
static void print_document(const struct cli *cli, const struct spicecfg_change *change)
{
	const char sign = sign_of(change);

	if (cli_change_is_masked(change))
		cli_say(cli->reports, "~ %s: changed\n", name_of(change));
	else if (sign == '~')
		cli_say(cli->reports, "~ %s: %s -> %s\n", name_of(change), change->from, change->to);
	else
		cli_say(cli->reports, "%c %s: %s\n", sign, name_of(change), change->to ? change->to : change->from);
}

/* All changes of a document stand together, where its first one is. */
static void print_group(const struct cli *cli, const struct spicecfg_plan *plan, size_t first)
{
	const char *document = spicecfg_plan_change(plan, first)->document;
	const struct spicecfg_change *change;
	bool named = false;

	for (size_t i = first; (change = spicecfg_plan_change(plan, i)); i++) {
		if (strcmp(change->document, document) != 0)
			continue;
		if (!*change->path) {
			print_document(cli, change);
		} else {
			if (!named)
				cli_say(cli->reports, "%s\n", name_of(change));
			print_change(cli, change);
		}
		named = true;
	}
}

static bool is_first(const struct spicecfg_plan *plan, size_t index)
{
	const char *document = spicecfg_plan_change(plan, index)->document;

	for (size_t i = index; i--;)
		if (strcmp(spicecfg_plan_change(plan, i)->document, document) == 0)
			return false;
	return true;
}

void cli_preview_changes(const struct cli *cli, const char *label, const struct spicecfg_plan *plan)
{
	static const char *const when[] = {"now", "when it is defined", "when the daemon restarts", "at the next start"};
	const struct spicecfg_change *change;
	size_t counts[3] = {0};
	unsigned effects = 0;

	if (cli->quiet)
		return;
	count(plan, counts);
	cli_say(cli->reports, "%s: %zu to add, %zu to change, %zu to remove\n", label, counts[0], counts[1], counts[2]);
	for (size_t i = 0; (change = spicecfg_plan_change(plan, i)); i++) {
		effects |= change->effects;
		if (is_first(plan, i))
			print_group(cli, plan, i);
	}
	for (unsigned i = 0; i < 4; i++)
		if (effects & 1U << i && !(i == 1 && effects & 8U))
			cli_say(cli->reports, "  takes effect %s\n", when[i]);
}

static void password_json(json_t *list, const struct spicecfg_policy_password *password)
{
	json_array_append_new(list,
			      json_pack("{s:o, s:o, s:o, s:s}", "section", cli_json_text(password->section), "vm",
					cli_json_text(password->vm), "user", cli_json_text(password->user), "password", password->text));
}

void cli_preview_passwords(struct cli *cli)
{
	const struct spicecfg_policy_password *password;
	json_t *list = cli->json && spicecfg_policy_password(cli->policy, 0) ? json_array() : NULL;

	for (size_t i = 0; (password = spicecfg_policy_password(cli->policy, i)); i++) {
		if (cli->json)
			password_json(list, password);
		else
			cli_say(cli->reports, "password of %s%s%s: %s", password->user ? password->user : "",
				password->user && password->vm ? " on " : "", password->vm ? password->vm : "", password->text);
	}
	if (list)
		json_object_set_new(json_array_get(cli->results, json_array_size(cli->results) - 1), "passwords", list);
}

/* A signal may come before the wait begins: it is looked for several times a second. */
static bool wait_for_line(const struct cli *cli)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	int ready = 0;

	while (!ready && !*cli->interrupted)
		ready = poll(&in, 1, 200);
	return ready > 0 && !*cli->interrupted;
}

enum spicecfg_status cli_preview_ask(struct cli *cli)
{
	char line[16] = "";

	cli_say(cli->reports, "Carry this out? Only 'yes' does:");
	enum spicecfg_status status = cli_flush(cli, cli->reports);
	if (status)
		return status;
	if (!wait_for_line(cli) || !fgets(line, sizeof(line), stdin) || strcmp(line, "yes\n") != 0)
		return cli_fail(cli, SPICECFG_INTERRUPTED, NULL, "not confirmed; nothing was changed");
	cli_preview_passwords(cli);
	return cli_flush(cli, cli->reports);
}
