/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table.h"

#include <dlfcn.h>
#include <libsmartcols.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "say.h"

/* The name that programs linked with it have had since its first release. */
#define SONAME "libsmartcols.so.1"

/* The functions used; the compiler checks each call with libsmartcols' own declaration. */
#define EACH_CALL(CALL)                                                                                                                    \
	CALL(scols_new_table)                                                                                                              \
	CALL(scols_unref_table)                                                                                                            \
	CALL(scols_table_new_column)                                                                                                       \
	CALL(scols_table_new_line)                                                                                                         \
	CALL(scols_line_set_data)                                                                                                          \
	CALL(scols_table_set_stream)                                                                                                       \
	CALL(scols_print_table)

struct calls {
#define MEMBER(name) __typeof__(name) *name;
	EACH_CALL(MEMBER)
};

struct cli_table {
	struct calls calls;
	struct libscols_table *table;
};

static const struct {
	const char *name;
	size_t at;
} names[] = {
#define ROW(name) {#name, offsetof(struct calls, name)},
    EACH_CALL(ROW)};

/* Returns the name that can't be found, or NULL. The library stays loaded. */
static const char *load(struct calls *calls)
{
	void *library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return SONAME;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		void *found = dlsym(library, names[i].name);

		if (!found)
			return names[i].name;
		memcpy((char *)calls + names[i].at, &found, sizeof(found));
	}
	return NULL;
}

struct cli_table *cli_table_new(struct cli *cli, const char *const *columns)
{
	struct cli_table *table = calloc(1, sizeof(*table));
	const char *missing = table ? load(&table->calls) : NULL;

	if (missing) {
		cli_fail(cli, SPICECFG_SYSTEM, "Install libsmartcols, or use --format json.", "%s, which prints tables, can't be loaded",
			 missing);
		free(table);
		return NULL;
	}
	/* For the width of characters; read here, because it costs several files, which most runs do not need. */
	setlocale(LC_CTYPE, "");
	if (table)
		table->table = table->calls.scols_new_table();
	for (; table && table->table && *columns; columns++)
		table->calls.scols_table_new_column(table->table, *columns, 0, 0);
	if (table && table->table)
		return table;
	cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	free(table);
	return NULL;
}

void cli_table_add(struct cli_table *table, const char *const *cells)
{
	struct libscols_line *line = table->calls.scols_table_new_line(table->table, NULL);

	for (size_t i = 0; line && cells[i]; i++) {
		char *clean = cli_clean(cells[i], i == 0);

		if (clean)
			table->calls.scols_line_set_data(line, i, clean);
		free(clean);
	}
}

/* libsmartcols does not notice a write that a signal interrupts, and lines would be missing. */
void cli_table_print(struct cli_table *table, FILE *out)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	table->calls.scols_table_set_stream(table->table, out);
	table->calls.scols_print_table(table->table);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void cli_table_free(struct cli_table *table)
{
	if (table)
		table->calls.scols_unref_table(table->table);
	free(table);
}
