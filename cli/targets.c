/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs over several TARGETs. */
#include <string.h>

#include "error.h"
#include "verb.h"

static void add_error_result(struct cli *cli, const char *label)
{
	json_t *results = cli->results ? cli->results : json_object_get(cli->json_doc, "results");

	if (!cli->json || !results)
		return;
	json_t *result = json_pack("{s:o}", "target", cli_json_text(label));

	if (cli->results)
		json_object_set_new(result, "changed", json_false());
	json_object_set_new(result, "error", cli_error_json(cli));
	json_array_append_new(results, result);
}

/* A target that was not begun has no result of its own. */
static enum spicecfg_status not_reached(struct cli *cli, size_t done)
{
	return cli_fail(cli, SPICECFG_INTERRUPTED, NULL, "interrupted after %zu target%s", done, done == 1 ? "" : "s");
}

enum spicecfg_status cli_each_target(struct cli *cli, char *const *words, cli_target_fn one)
{
	enum spicecfg_status worst = SPICECFG_OK;

	for (size_t i = 0; words[i] && worst != SPICECFG_INTERRUPTED && !(worst && cli->batch); i++) {
		cli->target = words[i];
		cli->n_done = i;
		enum spicecfg_status status = *cli->interrupted ? not_reached(cli, i) : one(cli);

		if (status && cli->many && !cli->batch && status != SPICECFG_INTERRUPTED && spicecfg_ctx_error(cli->ctx)) {
			const char *label = strncmp(words[i], "domain:", 7) == 0 ? words[i] + 7 : words[i];

			cli_error_print(cli, label, words[i]);
			add_error_result(cli, label);
			spicecfg_ctx_clear_error(cli->ctx);
		}
		if (status > worst)
			worst = status;
	}
	cli->target = NULL;
	return worst;
}

enum spicecfg_status cli_each_named(struct cli *cli, cli_target_fn one)
{
	const char *match = cli_get(cli, "match");
	char **names = NULL;

	if (cli->n_args && (cli->target || match || cli_has(cli, "all")))
		return cli_usage(cli, "a TARGET can't be used together with --vm, --all or --match");
	(void)cli_results(cli);
	if (cli->target)
		return one(cli);
	enum spicecfg_status status = cli->n_args ? SPICECFG_OK : spicecfg_vm_list(cli->ctx, match, &names);
	if (status)
		return status;
	char *const *words = cli->n_args ? cli->args : names;
	cli->many = words[0] && words[1];
	status = cli_each_target(cli, words, one);
	spicecfg_names_free(names);
	return status;
}
