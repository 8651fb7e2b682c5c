/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "error.h"
#include "say.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "format/format.h"

static __attribute__((format(printf, 4, 0))) enum spicecfg_status record(struct cli *cli, enum spicecfg_status status, const char *fix,
									 const char *format, va_list args)
{
	char *message = NULL;

	if (vasprintf(&message, format, args) < 0)
		return spicecfg_ctx_fail(cli->ctx, SPICECFG_SYSTEM, "out of memory", NULL);
	(void)spicecfg_ctx_fail(cli->ctx, status, message, fix);
	free(message);
	return status;
}

enum spicecfg_status cli_fail(struct cli *cli, enum spicecfg_status status, const char *fix, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	status = record(cli, status, fix, format, args);
	va_end(args);
	return status;
}

enum spicecfg_status cli_usage(struct cli *cli, const char *format, ...)
{
	char fix[128];
	va_list args;

	if (cli->verb)
		snprintf(fix, sizeof(fix), "Try 'spicecfg help %s'.", cli->verb->name);
	else
		snprintf(fix, sizeof(fix), "Try 'spicecfg help'.");
	va_start(args, format);
	enum spicecfg_status status = record(cli, SPICECFG_USAGE, fix, format, args);
	va_end(args);
	return status;
}

/* What fixes are written for: this run and the TARGET word, which must outlive the result. */
static struct spicecfg_fix_place place_of(const struct cli *cli, const char *word)
{
	return (struct spicecfg_fix_place){
	    .size = sizeof(struct spicecfg_fix_place),
	    .target = word,
	    .root = cli->root,
	    .uri = cli->uri,
	    .qemu_conf = cli_get(cli, "qemu-conf"),
	    .pki_dir = cli_get(cli, "dir"),
	    .ca_dir = cli_get(cli, "ca-dir"),
	};
}

char *cli_fix_text(const struct cli *cli, const struct spicecfg_fix *fix, const char *target)
{
	char *word = spicecfg_target_word(target);
	const struct spicecfg_fix_place place = place_of(cli, word);
	char *text = target && !word ? NULL : spicecfg_fix_text(fix, &place);

	free(word);
	return text;
}

static json_t *commands_json(const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place)
{
	char ***commands = spicecfg_fix_argv(fix, place);
	json_t *list = json_array();

	for (size_t i = 0; commands && commands[i]; i++) {
		json_t *argv = json_array();

		for (size_t k = 0; commands[i][k]; k++)
			json_array_append_new(argv, cli_json_text(commands[i][k]));
		json_array_append_new(list, argv);
	}
	free(commands);
	return list;
}

void cli_fix_json(const struct cli *cli, const struct spicecfg_fix *fix, const char *target, json_t *into)
{
	bool command = spicecfg_fix_is_command(fix);
	char *word = spicecfg_target_word(target), *text = cli_fix_text(cli, fix, target);
	const struct spicecfg_fix_place place = place_of(cli, word);

	json_object_set_new(into, "fix", command && text ? cli_json_text(text) : json_null());
	json_object_set_new(into, "fix_commands", commands_json(fix, &place));
	json_object_set_new(into, "by_hand", !command && text ? cli_json_text(text) : json_null());
	free(text);
	free(word);
}

void cli_fix_print(FILE *out, const char *indent, const char *text)
{
	if (text)
		cli_say(out, "%s%s", indent, text);
}

/* Where the error is: the file that it names, or the line of a batch. */
static struct cli_line place_of_error(const struct cli *cli, const struct spicecfg_error *error)
{
	return error->file ? (struct cli_line){error->file, error->line, error->column} : cli->failed;
}

void cli_error_print(const struct cli *cli, const char *label, const char *target)
{
	const struct spicecfg_error *error = spicecfg_ctx_error(cli->ctx);

	if (!error)
		return;
	const struct cli_line at = place_of_error(cli, error);
	if (at.file && error->file && cli->failed.file)
		cli_say(stderr, "spicecfg: %s:%u: this line can't be planned, and nothing was changed:", cli->failed.file,
			cli->failed.line);
	if (at.line && at.column)
		cli_say(stderr, "spicecfg: %s:%u:%u: %s", at.file, at.line, at.column, error->message);
	else if (at.line)
		cli_say(stderr, "spicecfg: %s:%u: %s", at.file, at.line, error->message);
	else if (at.file || (label && error->status != SPICECFG_USAGE))
		cli_say(stderr, "spicecfg: %s: %s", at.file ? at.file : label, error->message);
	else
		cli_say(stderr, "spicecfg: %s", error->message);
	char *fix = cli_fix_text(cli, error->fix, target);
	cli_fix_print(stderr, "  ", fix);
	free(fix);
	for (size_t i = 0; error->unrestored && error->unrestored[i]; i++)
		cli_say(stderr, "spicecfg: the roll-back failed: %s is not in its old state", error->unrestored[i]);
}

/* Length of the UTF-8 character at p, 0 where the bytes are not UTF-8. */
static size_t character(const char *p)
{
	for (size_t len = 1; len <= 4 && strnlen(p, len) == len; len++) {
		json_t *one = json_stringn(p, len);

		json_decref(one);
		if (one)
			return len;
	}
	return 0;
}

json_t *cli_json_text(const char *text)
{
	json_t *value = text ? json_string(text) : json_null();
	char *clean = NULL;
	size_t size;

	if (value)
		return value;
	FILE *out = open_memstream(&clean, &size);
	if (!out)
		return NULL;
	while (*text) {
		size_t len = character(text);

		fprintf(out, "%.*s", len ? (int)len : 3, len ? text : "\xef\xbf\xbd");
		text += len ? len : 1;
	}
	value = fclose(out) == 0 ? json_string(clean) : NULL;
	free(clean);
	return value;
}

json_t *cli_error_json(const struct cli *cli)
{
	const struct spicecfg_error *error = spicecfg_ctx_error(cli->ctx);

	if (!error)
		return NULL;
	json_t *json = json_pack("{s:i, s:o}", "code", (int)error->status, "message", cli_json_text(error->message));
	cli_fix_json(cli, error->fix, cli->target, json);
	const struct cli_line at = place_of_error(cli, error);
	if (at.file)
		json_object_set_new(json, "file", cli_json_text(at.file));
	if (at.line)
		json_object_set_new(json, "line", json_integer(at.line));
	if (at.column)
		json_object_set_new(json, "column", json_integer(at.column));
	for (size_t i = 0; error->unrestored && error->unrestored[i]; i++) {
		if (!i)
			json_object_set_new(json, "incomplete", json_array());
		json_array_append_new(json_object_get(json, "incomplete"), cli_json_text(error->unrestored[i]));
	}
	return json;
}
