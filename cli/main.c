/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frame: options, targets, errors, exit code. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"
#include "error.h"
#include "format/format.h"
#include "help.h"
#include "recovery.h"
#include "run.h"
#include "say.h"
#include "settings.h"
#include "verbs.h"

static volatile sig_atomic_t interrupted;
static volatile sig_atomic_t only_reads; /* the running verb changes nothing */

enum { PATIENCE = 2 }; /* seconds after which a verb that only reads is ended where it hangs: libvirt's calls have no timeout */

static void on_alarm(int signal)
{
	static const char text[] = "spicecfg: interrupted\n";

	(void)signal;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(SPICECFG_INTERRUPTED);
	_exit(SPICECFG_INTERRUPTED);
}

static void on_signal(int signal)
{
	(void)signal;
	if (only_reads && !interrupted)
		alarm(PATIENCE);
	interrupted = 1;
}

static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	action.sa_handler = on_alarm;
	sigaction(SIGALRM, &action, NULL);
	/* A failed write is reported; the signal would end the program halfway through a change. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

static void log_line(void *opaque, enum spicecfg_log_level level, const char *line)
{
	const struct cli *cli = opaque;

	if (level == SPICECFG_LOG_WARNING)
		cli_warn(cli, "%s", line);
	else if (cli->verbose >= (level == SPICECFG_LOG_INFO ? 1 : 2))
		cli_say(stderr, "spicecfg: %s", line);
}

static bool want_color(const struct cli *cli)
{
	const char *when = cli_get(cli, "color");
	const char *no_color = getenv("NO_COLOR");

	if (when && strcmp(when, "always") == 0)
		return true;
	if (when && strcmp(when, "never") == 0)
		return false;
	return !(no_color && *no_color) && isatty(STDOUT_FILENO);
}

static enum spicecfg_status apply_choices(struct cli *cli)
{
	const char *format = cli_get(cli, "format"), *color = cli_get(cli, "color"), *wait = cli_get(cli, "wait-lock");
	int64_t milliseconds;

	cli->json = format && strcmp(format, "json") == 0;
	/* Verbs with formats of their own have an option of the same name and check it themselves. */
	bool own = false;
	for (const struct cli_option *option = cli->verb->options; option && option->name; option++)
		own |= strcmp(option->name, "format") == 0;
	if (format && !own && !cli->json && strcmp(format, "text") != 0)
		return cli_usage(cli, "'%s' is not a format of this verb: use text or json", format);
	if (color && strcmp(color, "auto") != 0 && strcmp(color, "always") != 0 && strcmp(color, "never") != 0)
		return cli_usage(cli, "--color takes auto, always or never, not '%s'", color);
	cli->color = want_color(cli);
	if (!wait)
		return SPICECFG_OK;
	if (!cli_duration(wait, &milliseconds))
		return cli_usage(cli, "'%s' is not a duration such as 90s, 10m or 2h30m", wait);
	spicecfg_ctx_set_lock_wait(cli->ctx, milliseconds);
	cli->wait_ms = milliseconds;
	return SPICECFG_OK;
}

static enum spicecfg_status apply_globals(struct cli *cli)
{
	enum spicecfg_status status;
	struct stat st;

	cli->uri = cli_get(cli, "connect");
	cli->root = cli_get(cli, "root");
	cli->output = cli_get(cli, "output");
	cli->dry_run = cli_has(cli, "dry-run");
	cli->diff = cli_has(cli, "diff");
	cli->detailed_exitcode = cli_has(cli, "detailed-exitcode");
	cli->force = cli_has(cli, "force");
	cli->quiet = cli_has(cli, "quiet");
	while (cli_get_nth(cli, "verbose", (size_t)cli->verbose))
		cli->verbose++;
	if ((status = apply_choices(cli)))
		return status;
	if (cli->root && cli->uri)
		return cli_usage(cli, "--root and --connect can't be used together: with --root no daemon is contacted");
	if (cli->root && (stat(cli->root, &st) != 0 || !S_ISDIR(st.st_mode)))
		return cli_fail(cli, SPICECFG_INPUT, "Check the path.", "--root takes a directory, not '%s'", cli->root);
	if (cli->output && strcmp(cli->output, "-") == 0)
		return cli_usage(cli, "--output needs the name of a file, not '-'");
	spicecfg_ctx_set_force(cli->ctx, cli->force);
	spicecfg_ctx_set_log(cli->ctx, log_line, cli);
	if ((status = spicecfg_ctx_set_root(cli->ctx, cli->root)))
		return status;
	spicecfg_ctx_set_record(cli->ctx, cli->verb->name, cli_get(cli, "message"));
	return spicecfg_ctx_set_uri(cli->ctx, cli->uri);
}

static enum spicecfg_status run(struct cli *cli)
{
	enum spicecfg_status status = apply_globals(cli);

	if (status)
		return status;
	only_reads = !(cli->verb->flags & CLI_CHANGES) && !cli_has(cli, "fix");
	if (cli_has(cli, "help")) {
		cli_help_verb(stdout, cli->verb);
		return SPICECFG_OK;
	}
	if (cli->output && !(cli->verb->flags & (CLI_CHANGES | CLI_OUTPUT)))
		return cli_usage(cli, "'%s' edits no document: redirect its report instead of using --output", cli->verb->name);
	if (cli->json && cli->verb->flags & CLI_CHANGES)
		cli->results = json_array();
	if (cli->json)
		cli->json_doc = json_pack("{s:i, s:s}", "version", CLI_JSON_VERSION, "verb", cli->verb->name);
	if (cli->verb->flags & CLI_HOST && spicecfg_ctx_is_remote(cli->ctx))
		return cli_usage(cli, "'%s' works on this host's own files, but the URI names another host: run it there", cli->verb->name);
	status = cli_recover_first(cli);
	return status ? status : cli_run(cli);
}

static void print_json(struct cli *cli, enum spicecfg_status status)
{
	json_t *error = cli_error_json(cli);

	if (error && !(cli->results && json_array_size(cli->results))) {
		json_object_clear(cli->json_doc);
		json_object_update_new(cli->json_doc, json_pack("{s:i, s:s?, s:o}", "version", CLI_JSON_VERSION, "verb",
								cli->verb ? cli->verb->name : NULL, "error", error));
	} else if (cli->results) {
		json_decref(error);
		cli_results_print(cli, true);
		return;
	} else {
		json_decref(error);
	}
	(void)status;
	if (json_object_size(cli->json_doc) <= 2 && !cli->results)
		return; /* a verb that printed its own document */
	cli_say_json(cli->reports, cli->json_doc, 0);
	cli_say_own(cli->reports, "\n");
}

/* Whether JSON was asked for, when the options could not be parsed. */
static bool asks_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--format=json") == 0 ||
		    (strcmp(argv[i], "--format") == 0 && i + 1 < argc && strcmp(argv[i + 1], "json") == 0))
			return true;
	return false;
}

/* True where stdout is a pipe that nobody reads any more, as with `| head`. */
static bool reader_left(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO};

	return poll(&out, 1, 0) == 1 && out.revents & POLLERR && !(out.revents & POLLNVAL);
}

static int finish(struct cli *cli, enum spicecfg_status status)
{
	int code = (int)status;

	if (status && spicecfg_ctx_error(cli->ctx)) {
		cli_error_print(cli, cli->target, cli->target);
		if (interrupted)
			code = SPICECFG_INTERRUPTED;
	}
	if (cli->json && !cli->json_doc && status)
		cli->json_doc = json_object();
	if (cli->json && cli->json_doc)
		print_json(cli, status);
	if (!status && cli->detailed_exitcode && cli->changed)
		code = 10;
	errno = 0;
	if ((fflush(stdout) != 0 || ferror(stdout)) && code != SPICECFG_INTERRUPTED && !(code && reader_left())) {
		int why = errno ? errno : cli_say_lost();

		if (!reader_left() && !cli->output_failed)
			cli_say(stderr, "spicecfg: the report can't be written%s%s%s\n  Redirect it to where it can be written.",
				cli->changed && !cli->dry_run ? " completely; the changes were made" : "", why ? ": " : "",
				why ? strerror(why) : "");
		code = SPICECFG_SYSTEM;
	}
	return code;
}

/* No opened file may become stdin, stdout or stderr: reports would go into it. A closed one is opened in the wrong direction, so that
 * using it still fails. */
static void close_standard_holes(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(SPICECFG_SYSTEM);
}

int main(int argc, char **argv)
{
	struct cli cli = {.reports = stdout, .wait_ms = 10000, .interrupted = &interrupted};
	struct cli_verb_table table;
	const struct rlimit no_core = {0, 0};

	/* Passwords may be in memory: no core file, not even by the system's handler, and no access by other processes of the account. */
	(void)setrlimit(RLIMIT_CORE, &no_core);
	(void)prctl(PR_SET_DUMPABLE, 0);
	catch_signals();
	close_standard_holes();
	cli.ctx = spicecfg_ctx_new();
	if (!cli_verb_table_make(cli_verbs, &table) || !cli.ctx) {
		cli_say(stderr, "spicecfg: out of memory");
		return SPICECFG_SYSTEM;
	}
	cli.verbs = table.verbs;
	spicecfg_ctx_set_interrupt(cli.ctx, &interrupted);
	enum spicecfg_status status = cli_args_parse(&cli, argc, argv);
	int code;
	if (!status && cli_has(&cli, "version")) {
		cli_say(stdout, "spicecfg %s", spicecfg_version());
		code = finish(&cli, SPICECFG_OK);
	} else if (!status && !cli.verb) {
		bool asked = cli_has(&cli, "help");

		cli_help_overview(asked ? stdout : stderr, cli.verbs);
		code = finish(&cli, asked ? SPICECFG_OK : SPICECFG_USAGE);
	} else {
		if (!status)
			status = run(&cli);
		else
			cli.json = asks_json(argc, argv);
		code = finish(&cli, status);
	}
	json_decref(cli.results);
	json_decref(cli.json_doc);
	cli_args_free(&cli);
	cli_verb_table_free(&table);
	spicecfg_ctx_free(cli.ctx);
	return code;
}
