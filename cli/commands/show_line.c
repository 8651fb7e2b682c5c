/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* show: one line a VM, where there are several. */
#include <string.h>

#include "error.h"
#include "show.h"
#include "table.h"

enum { CELL_MAX = 64 };

/* The value as it is in effect: of the running VM where it differs, without the remark behind it. */
static const char *cell(const struct spicecfg_view *view, const char *key, char text[CELL_MAX])
{
	const struct spicecfg_shown *row;

	for (size_t i = 0; (row = spicecfg_view_row(view, i)); i++) {
		const char *value = row->running ? row->running : row->value, *remark = strstr(value, " (");
		size_t len = remark ? (size_t)(remark - value) : strlen(value);

		if (strcmp(row->key, key) != 0 || !len)
			continue;
		if (len >= CELL_MAX)
			len = CELL_MAX - 1;
		memcpy(text, value, len);
		text[len] = '\0';
		return text;
	}
	return "-";
}

/* "0.0.0.0", "socket", "network default", "none". */
static const char *place(const char *listen)
{
	if (strncmp(listen, "address ", 8) == 0)
		return listen + 8;
	return strncmp(listen, "socket", 6) == 0 ? "socket" : listen;
}

static const char *authentication(const char *sasl, const char *password)
{
	if (strcmp(sasl, "on") == 0)
		return "SASL";
	return strcmp(password, "set") == 0 ? "password" : strcmp(password, "not visible") == 0 ? "?" : "none";
}

static void count(void *opaque, const struct spicecfg_check_result *result)
{
	size_t *counts = opaque;

	for (size_t i = 0; i < result->n_findings; i++)
		counts[result->findings[i].level]++;
	counts[SPICECFG_LEVEL_OFF] += result->error != NULL;
}

static void begin(void *opaque, enum spicecfg_level fail_on)
{
	(void)opaque;
	(void)fail_on;
}

/* "1 error, 2 warnings"; "?": it can't be checked. */
static const char *problems(struct cli *cli, char text[CELL_MAX])
{
	const char *const targets[] = {cli->target};
	const struct spicecfg_check_options options = {
	    .size = sizeof(options), .targets = targets, .n_targets = 1, .no_fixes = true, .no_project = true, .jobs = 1};
	struct spicecfg_check_summary summary = {.size = sizeof(summary)};
	size_t counts[SPICECFG_LEVEL_ERROR + 1] = {0};
	const struct spicecfg_check_sink sink = {.size = sizeof(sink), .begin = begin, .result = count, .opaque = counts};
	const enum spicecfg_status status = spicecfg_check_run(cli->ctx, &options, &sink, &summary);
	const size_t errors = counts[SPICECFG_LEVEL_ERROR], warnings = counts[SPICECFG_LEVEL_WARNING];

	spicecfg_ctx_clear_error(cli->ctx);
	if ((status && status != SPICECFG_FINDINGS) || counts[SPICECFG_LEVEL_OFF])
		return "?";
	if (!errors && !warnings)
		return "-";
	snprintf(text, CELL_MAX, "%zu error%s, %zu warning%s", errors, errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
	if (!errors)
		snprintf(text, CELL_MAX, "%zu warning%s", warnings, warnings == 1 ? "" : "s");
	else if (!warnings)
		snprintf(text, CELL_MAX, "%zu error%s", errors, errors == 1 ? "" : "s");
	return text;
}

void show_line(struct cli *cli, struct spicecfg_vm *vm, const struct spicecfg_view *view)
{
	char listen[CELL_MAX], port[CELL_MAX], tls[CELL_MAX], mode[CELL_MAX], sasl[CELL_MAX], password[CELL_MAX], heads[CELL_MAX],
	    found[CELL_MAX];
	const char *where = cell(view, "listen", listen);
	const bool spice = strcmp(where, "-") != 0;
	const char *login = authentication(cell(view, "sasl", sasl), cell(view, "password", password));

	cli_table_add(cli->table, (const char *const[]){spicecfg_vm_label(vm), spicecfg_vm_is_running(vm) ? "running" : "off",
							spice ? place(where) : "no Spice", cell(view, "port", port),
							cell(view, "tls-port", tls), spice ? cell(view, "mode", mode) : "-",
							spice ? login : "-", cell(view, "heads", heads), problems(cli, found), NULL});
}
