/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "error.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static __attribute__((format(printf, 4, 0))) enum spicecfg_status record(struct cli *cli, enum spicecfg_status status, const char *mend,
									 const char *format, va_list args)
{
	char *message = NULL;

	if (vasprintf(&message, format, args) < 0)
		return spicecfg_ctx_fail(cli->ctx, SPICECFG_SYSTEM, "out of memory", NULL);
	(void)spicecfg_ctx_fail(cli->ctx, status, message, mend);
	free(message);
	return status;
}

enum spicecfg_status cli_fail(struct cli *cli, enum spicecfg_status status, const char *mend, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	status = record(cli, status, mend, format, args);
	va_end(args);
	return status;
}

enum spicecfg_status cli_usage(struct cli *cli, const char *format, ...)
{
	char mend[128];
	va_list args;

	if (cli->verb)
		snprintf(mend, sizeof(mend), "Try 'spicecfg help %s'.", cli->verb->name);
	else
		snprintf(mend, sizeof(mend), "Try 'spicecfg help'.");
	va_start(args, format);
	enum spicecfg_status status = record(cli, SPICECFG_USAGE, mend, format, args);
	va_end(args);
	return status;
}

/* Words that a shell takes as they are stay as they are. */
static void add_quoted(FILE *out, const char *word)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:+,@%-";

	if (*word && strspn(word, plain) == strlen(word)) {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, out);
	fputc('\'', out);
}

/* A name that would be taken for an option, in the form that says what it is. */
static void add_target(FILE *out, const char *word)
{
	if (word[0] == '-' && word[1])
		fputs(strlen(word) > 4 && strcmp(word + strlen(word) - 4, ".xml") == 0 ? "./"
		      : strchr(word, '/')                                              ? "file:"
										       : "domain:",
		      out);
	add_quoted(out, word);
}

/* Length of the verb that a command line of ours goes on with; 0: none, or one that looks at no host. */
static size_t verb_at(const char *text)
{
	static const char *const hostless[] = {"help", "rules", "explain"};
	size_t longest = 0;

	for (size_t i = 0; cli_verbs[i]; i++) {
		size_t len = strlen(cli_verbs[i]->name);

		if (len > longest && strncmp(text, cli_verbs[i]->name, len) == 0 && !isalnum((unsigned char)text[len]) && text[len] != '-')
			longest = len;
	}
	for (size_t i = 0; i < sizeof(hostless) / sizeof(hostless[0]); i++)
		if (longest == strlen(hostless[i]) && strncmp(text, hostless[i], longest) == 0)
			return 0;
	return longest;
}

/* The options without which a command would mean another host or another qemu.conf than this run. Options already there stay alone. */
static void add_command(FILE *out, const struct cli *cli, const char *verb, size_t len)
{
	const char *conf = cli_get(cli, "qemu-conf");
	bool takes_conf = strncmp(verb, "host set", len) == 0 || strncmp(verb, "host unset", len) == 0;

	if (cli->root || cli->uri) {
		fputs(cli->root ? "--root " : "-c ", out);
		add_quoted(out, cli->root ? cli->root : cli->uri);
		fputc(' ', out);
	}
	fprintf(out, "%.*s", (int)len, verb);
	if (conf && takes_conf) {
		fputs(" --qemu-conf ", out);
		add_quoted(out, conf);
	}
}

char *cli_command_text(const struct cli *cli, const char *text, const char *target)
{
	static const char program[] = "spicecfg ", place[] = "TARGET";
	char *result = NULL;
	size_t size, len;
	FILE *out = open_memstream(&result, &size);

	if (!out)
		return NULL;
	for (const char *at = text; *at;) {
		bool begins = at == text || !(isalnum((unsigned char)at[-1]) || strchr("/-._", at[-1]));

		if (begins && strncmp(at, program, strlen(program)) == 0 && (len = verb_at(at + strlen(program)))) {
			fputs(program, out);
			add_command(out, cli, at + strlen(program), len);
			at += strlen(program) + len;
		} else if (target && strncmp(at, place, strlen(place)) == 0) {
			add_target(out, target);
			at += strlen(place);
		} else {
			fputc(*at++, out);
		}
	}
	return fclose(out) == 0 ? result : NULL;
}

char *cli_fix_text(const struct cli *cli, const char *fix, const char *target)
{
	char *text = fix ? cli_command_text(cli, fix, target) : NULL, *result = NULL;
	size_t size;

	/* Another program knows no --root: it runs inside. */
	if (!text || !cli->root || strstr(fix, "spicecfg "))
		return text;
	FILE *out = open_memstream(&result, &size);
	if (out) {
		fputs("chroot ", out);
		add_quoted(out, cli->root);
		fputs(" sh -c ", out);
		add_quoted(out, text);
		if (fclose(out) != 0)
			result = NULL;
	}
	free(text);
	return result;
}

void cli_error_print(const struct cli *cli, const char *label)
{
	const struct spicecfg_error *error = spicecfg_ctx_error(cli->ctx);

	if (!error)
		return;
	fputs("spicecfg: ", stderr);
	if (error->file && error->line && error->column)
		fprintf(stderr, "%s:%u:%u: ", error->file, error->line, error->column);
	else if (error->file && error->line)
		fprintf(stderr, "%s:%u: ", error->file, error->line);
	else if (error->file)
		fprintf(stderr, "%s: ", error->file);
	else if (label && error->status != SPICECFG_USAGE)
		fprintf(stderr, "%s: ", label);
	fprintf(stderr, "%s\n", error->message);
	if (error->mend) {
		char *mend = cli_command_text(cli, error->mend, label);

		fprintf(stderr, "  %s\n", mend ? mend : error->mend);
		free(mend);
	}
}

/* Length of the UTF-8 character at p, 0 where there is none. */
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
	json_t *value = json_string(text);
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
	char *mend = error->mend ? cli_command_text(cli, error->mend, cli->target) : NULL;
	if (mend)
		json_object_set_new(json, "mend", cli_json_text(mend));
	free(mend);
	if (error->file)
		json_object_set_new(json, "file", cli_json_text(error->file));
	if (error->line)
		json_object_set_new(json, "line", json_integer(error->line));
	if (error->column)
		json_object_set_new(json, "column", json_integer(error->column));
	return json;
}
