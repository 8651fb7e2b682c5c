/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether the saslauthd that serves a socket has a cache: from its default files, systemd's units, and the arguments of the running one. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doc/lines.h"
#include "model/saslauthd.h"
#include "plan/sasl.h"
#include "system/facts/hostgather.h"
#include "system/facts/saslauthd.h"
#include "system/os/file.h"
#include "system/os/look.h"

enum { FILE_MAX = 1024 * 1024, WORDS_MAX = 65536 };

struct look {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	struct sc_sasl_fact *fact;
	const char *dir;  /* of the socket */
	const char *uuid; /* of the VM if the socket is that of a VM's own saslauthd; else NULL */
	bool host;        /* it is the host's own socket */
};

/* "/var/run" is "/run". */
static bool is_dir(const struct look *look, const char *dir)
{
	if (strncmp(dir, "/var/run/", 9) == 0)
		dir += 4;
	size_t len = strlen(dir);
	while (len > 1 && dir[len - 1] == '/')
		len--;
	return strlen(look->dir) == len && memcmp(look->dir, dir, len) == 0;
}

static void found(const struct look *look, const char *file, unsigned line)
{
	if (look->fact->caches == SC_TRUE)
		return;
	look->fact->caches = SC_TRUE;
	look->fact->cache_file = file;
	look->fact->cache_line = line;
}

/* Only running the file would show it: record "unknown", with the file as the reason. */
static void unclear(const struct look *look, const char *file, unsigned line)
{
	if (look->fact->caches == SC_TRUE || look->fact->cache_file)
		return;
	look->fact->caches = SC_UNKNOWN;
	look->fact->cache_file = file;
	look->fact->cache_line = line;
}

/* A unit or file of settings. One that names TZ anywhere, also for another daemon, leaves the zone of this one unknown. */
static bool read_text(const struct look *look, const char *path, struct sc_buf *text)
{
	if (sc_look_read(look->ctx, path, FILE_MAX, text) != SC_LOOK_OK)
		return false;
	look->fact->zoned |= strstr(sc_buf_text(text), "TZ=") != NULL;
	return true;
}

/* /etc/default/saslauthd and similar files for further daemons ("saslauthd-postfix"). */
static void look_into_defaults(const struct look *look, const char *directory)
{
	char **names = sc_look_list(look->ctx, directory, look->memory);

	for (; names && *names; names++) {
		const char *path = strncmp(*names, "saslauthd", 9) == 0 ? sc_arena_printf(look->memory, "%s/%s", directory, *names) : NULL;
		SC_SYSCONFIG *conf = NULL;
		SC_BUF text = SC_BUF_INIT;
		struct sc_saslauthd_says says;

		if (!path || strstr(*names, ".dpkg-") || !read_text(look, path, &text))
			continue;
		if (sc_sysconfig_parse(look->ctx, path, sc_buf_text(&text), text.len, &conf) != SPICECFG_OK) {
			sc_look_error(look->ctx, path);
			continue;
		}
		sc_saslauthd_read(conf, strcmp(directory, "/etc/default") == 0, look->memory, &says);
		bool ours = says.dir ? is_dir(look, says.dir) : look->host && !(*names)[9];
		if (ours && look->fact->caches == SC_UNKNOWN && !look->fact->cache_file)
			look->fact->caches = SC_FALSE;
		if (ours && says.caches)
			found(look, path, says.line);
		else if (says.unclear && (ours || (look->host && (!(*names)[9] || (says.dir && strpbrk(says.dir, "$`"))))))
			unclear(look, path, says.unclear);
	}
}

/* The arguments after the program saslauthd in a command, without quotes; NULL: it runs something else. */
static char *words_of(const struct look *look, const char *command)
{
	char *plain = sc_arena_strdup(look->memory, command);
	size_t len = 0;

	for (const char *c = command; plain && *c; c++)
		if (*c != '"' && *c != '\'')
			plain[len++] = *c;
	if (plain)
		plain[len] = '\0';
	for (char *at = plain; at && *at;) {
		size_t word = strcspn(at, " \t");
		size_t base = word;

		while (base && !strchr("/@:+!-", at[base - 1]))
			base--;
		if (word - base == 9 && strncmp(at + base, "saslauthd", 9) == 0)
			return at + word;
		at += word + strspn(at + word, " \t");
	}
	return NULL;
}

/* The last ExecStart of a unit and its drop-ins. */
struct unit {
	const char *words; /* NULL: it doesn't run saslauthd */
	const char *file;
	unsigned line;
	const char *sets_file; /* the last file that sets variables itself or from a file not read here; NULL: none */
	unsigned sets_line;
};

/* Whether the line sets variables for ExecStart other than by /etc/default/saslauthd and similar files. */
static bool sets_variables(const char *line)
{
	static const char key[] = "Environment", file[] = "EnvironmentFile";
	static const char *const read[] = {"/etc/default/saslauthd", "/etc/sysconfig/saslauthd"};

	if (strncmp(line, key, sizeof(key) - 1) != 0)
		return strncmp(line, "PassEnvironment", 15) == 0;
	const char *value = strchr(line, '=');
	if (!value)
		return false;
	value += 1 + strspn(value + 1, " \t");
	value += strncmp(line, file, sizeof(file) - 1) == 0 && *value == '-';
	for (size_t i = 0; strncmp(line, file, sizeof(file) - 1) == 0 && i < 2; i++)
		if (strncmp(value, read[i], strlen(read[i])) == 0)
			return false;
	return *value != '\0';
}

static void read_unit(const struct look *look, const char *path, struct unit *unit)
{
	SC_BUF text = SC_BUF_INIT;
	struct sc_line line = {0};

	if (!read_text(look, path, &text))
		return;
	while (sc_line_next(&text, &line)) {
		unsigned number = line.number;
		SC_BUF whole = SC_BUF_INIT;

		for (;;) {
			size_t end = line.end;
			bool more = end > line.start && text.data[end - 1] == '\\';

			sc_buf_add(&whole, text.data + line.start, end - line.start - more);
			sc_buf_addc(&whole, ' ');
			if (!more || !sc_line_next(&text, &line))
				break;
		}
		const char *at = sc_buf_text(&whole) + strspn(sc_buf_text(&whole), " \t");
		if (sets_variables(at)) {
			unit->sets_file = path;
			unit->sets_line = number;
		}
		if (strncmp(at, "ExecStart", 9) != 0 || at[9 + strspn(at + 9, " \t")] != '=')
			continue;
		const char *value = strchr(at, '=') + 1;
		/* an empty one resets earlier ones */
		const char *words = words_of(look, value);
		if (words || !value[strspn(value, " \t")]) {
			unit->words = words;
			unit->file = path;
			unit->line = number;
		}
	}
}

/* In the order of precedence (systemd.unit(5)). */
static const char *const unit_directories[] = {"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
					       "/usr/lib/systemd/system", "/lib/systemd/system"};
enum { N_UNIT_DIRECTORIES = sizeof(unit_directories) / sizeof(*unit_directories) };

/* Whether a unit's saslauthd is the one to check: by its -m, else by the unit's name. */
static bool serves(const struct look *look, const char *name, const char *words)
{
	static const char own[] = "spicecfg-saslauthd@";
	const char *dir = sc_saslauthd_dir(words, look->memory);

	if (dir && !strpbrk(dir, "$%"))
		return is_dir(look, dir);
	if (strncmp(name, own, sizeof(own) - 1) != 0)
		return look->host && strcmp(name, "saslauthd.service") == 0;
	name += sizeof(own) - 1;
	return look->uuid && (*name == '.' || (strncmp(name, look->uuid, strlen(look->uuid)) == 0 && name[strlen(look->uuid)] == '.'));
}

static void look_into_unit(const struct look *look, const char *name)
{
	struct unit unit = {0};
	const char *path;
	bool main = false;

	for (size_t i = 0; i < N_UNIT_DIRECTORIES && !main; i++) {
		path = sc_arena_printf(look->memory, "%s/%s", unit_directories[i], name);
		main = path && sc_look_exists(look->ctx, path);
		if (main)
			read_unit(look, path, &unit);
	}
	for (size_t i = N_UNIT_DIRECTORIES; i--;) {
		const char *directory = sc_arena_printf(look->memory, "%s/%s.d", unit_directories[i], name);
		char **names = sc_look_list(look->ctx, directory, look->memory);

		for (; names && *names; names++) {
			path = sc_arena_printf(look->memory, "%s/%s", directory, *names);
			if (path && strstr(*names, ".conf"))
				read_unit(look, path, &unit);
		}
	}
	if (!unit.words || !serves(look, name, unit.words))
		return;
	if (sc_saslauthd_caches(unit.words))
		found(look, unit.file, unit.line);
	else if (!sc_saslauthd_is_clear(unit.words))
		unclear(look, unit.file, unit.line);
	else if (strchr(unit.words, '$') && unit.sets_file)
		unclear(look, unit.sets_file, unit.sets_line);
}

/* All units of the administrator, and units of packages whose name contains saslauthd. */
static void look_into_units(const struct look *look)
{
	for (size_t i = 0; i < N_UNIT_DIRECTORIES; i++) {
		char **names = sc_look_list(look->ctx, unit_directories[i], look->memory);

		for (; names && *names; names++) {
			const char *end = strstr(*names, ".service");

			if (!end || (end[8] && strcmp(end + 8, ".d") != 0) || (i && !strstr(*names, "saslauthd")))
				continue;
			const char *name = sc_arena_strndup(look->memory, *names, (size_t)(end - *names) + 8);
			if (name)
				look_into_unit(look, name);
		}
	}
}

static void look_at_process(const struct look *look, const char *id, char *words)
{
	const char *path = sc_arena_printf(look->memory, "/proc/%s/cmdline", id);
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t len = fd < 0 ? -1 : read(fd, words, WORDS_MAX - 1);

	/* ignore a process that has ended */
	if (len < 0 && errno != ENOENT && errno != ESRCH)
		sc_look_failed(look->ctx, "/proc", strerror(errno));
	if (fd >= 0)
		close(fd);
	if (len <= 0)
		return;
	words[len] = '\0';
	const char *base = strrchr(words, '/');
	if (strcmp(base ? base + 1 : words, "saslauthd") != 0)
		return;
	if (len == WORDS_MAX - 1)
		sc_look_failed(look->ctx, path, "the command line is too long");
	for (ssize_t i = 0; i < len; i++)
		if (!words[i])
			words[i] = i + 1 < len ? ' ' : '\0';
	const char *rest = strchr(words, ' '), *dir = rest ? sc_saslauthd_dir(rest, look->memory) : NULL;
	if (rest && sc_saslauthd_caches(rest) && (dir ? is_dir(look, dir) : look->host))
		found(look, NULL, 0);
}

static void look_at_processes(const struct look *look)
{
	char **names = sc_look_list(look->ctx, "/proc", look->memory);
	char *words = malloc(WORDS_MAX);

	for (; words && names && *names; names++)
		if (isdigit((unsigned char)**names))
			look_at_process(look, *names, words);
	free(words);
}

void sc_host_gather_saslauthd(struct spicecfg_ctx *ctx, struct sc_host *host, struct sc_sasl_fact *fact)
{
	static const char own[] = SC_SASL_OWN_MUX "/";
	const char *slash = strrchr(fact->mux, '/'), *mux = sc_host_mux(ctx, host->memory);
	char *dir = slash ? sc_arena_strndup(host->memory, fact->mux, (size_t)(slash - fact->mux)) : NULL;
	struct look look = {ctx, host->memory, fact, dir, NULL, false};

	if (!dir)
		return;
	if (strncmp(dir, "/var/run/", 9) == 0)
		look.dir += 4;
	look.host = mux && strlen(mux) == strlen(look.dir) + 4 && strncmp(mux, look.dir, strlen(look.dir)) == 0;
	if (strncmp(fact->mux, own, sizeof(own) - 1) == 0)
		look.uuid = look.dir + sizeof(own) - 1;
	look_into_defaults(&look, "/etc/default");
	look_into_defaults(&look, "/etc/sysconfig");
	look_into_units(&look);
	if (!ctx->root)
		look_at_processes(&look);
}
