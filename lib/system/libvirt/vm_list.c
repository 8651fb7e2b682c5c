/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* --all and --match: the domains of libvirt, or of the tree below a root. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/libvirt.h"
#include "system/libvirt/virt.h"
#include "system/libvirt/vm.h"
#include "system/os/file.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void spicecfg_names_free(char **names)
{
	for (size_t i = 0; names && names[i]; i++)
		free(names[i]);
	free(names);
}

static enum spicecfg_status from_libvirt(struct spicecfg_ctx *ctx, char ***names)
{
	void *conn = sc_virt_connection(ctx, true);

	if (!conn)
		return SPICECFG_SYSTEM;
	const struct sc_virt_ops *ops = sc_virt(ctx);
	void **domains = ops->list(conn);
	if (!domains)
		return sc_fail(ctx, SPICECFG_SYSTEM, "See whether the daemon is well: its log says more.",
			       "the domains can't be listed: %s", ops->error());
	size_t count = 0;
	while (domains[count])
		count++;
	*names = calloc(count + 1, sizeof(**names));
	bool fine = *names;
	for (size_t i = 0; i < count && fine; i++)
		fine = ((*names)[i] = strdup(ops->name(domains[i])));
	sc_virt_keep(ctx, domains);
	return fine ? SPICECFG_OK : sc_fail_memory(ctx);
}

static enum spicecfg_status from_root(struct spicecfg_ctx *ctx, char ***names)
{
	struct sc_arena *arena = sc_arena_new();
	char **files = arena ? sc_file_list(ctx, SC_DOMAINS_DIR, arena) : NULL;
	size_t count = 0, kept = 0;

	if (!files) {
		int error = arena ? errno : ENOMEM;
		enum spicecfg_status status =
		    error == ENOMEM
			? sc_fail_memory(ctx)
			: sc_fail(ctx, SPICECFG_INPUT,
				  error == EACCES ? "Run it as a user who may read the directory." : "Give the root of a host's tree.",
				  "%s" SC_DOMAINS_DIR " can't be read: %s", ctx->root, strerror(error));
		sc_arena_free(arena);
		return status;
	}
	while (files[count])
		count++;
	*names = calloc(count + 1, sizeof(**names));
	bool fine = *names;
	for (size_t i = 0; fine && i < count; i++) {
		if (sc_text_ends(files[i], ".xml"))
			fine = ((*names)[kept++] = strndup(files[i], strlen(files[i]) - 4));
	}
	sc_arena_free(arena);
	return fine ? SPICECFG_OK : sc_fail_memory(ctx);
}

/* Keeps the names that match, as words that can't be mistaken for files. */
static enum spicecfg_status filter(struct spicecfg_ctx *ctx, const char *glob, char **names)
{
	size_t kept = 0, count = 0;

	while (names[count])
		count++;
	for (size_t i = 0; i < count; i++) {
		char *name = names[i], *word = NULL;

		names[i] = NULL;
		if ((!glob || fnmatch(glob, name, 0) == 0) && asprintf(&word, "domain:%s", name) < 0) {
			free(name);
			return sc_fail_memory(ctx);
		}
		free(name);
		if (word)
			names[kept++] = word;
	}
	if (!kept && glob)
		return sc_fail(ctx, SPICECFG_INPUT, "See '`spicecfg show`' for the domains.", "no domain matches '%s'", glob);
	qsort(names, kept, sizeof(*names), by_name);
	return SPICECFG_OK;
}

enum spicecfg_status spicecfg_vm_list(struct spicecfg_ctx *ctx, const char *glob, char ***names)
{
	sc_ctx_enter(ctx);
	*names = NULL;
	enum spicecfg_status status = ctx->root ? from_root(ctx, names) : from_libvirt(ctx, names);
	if (!status)
		status = filter(ctx, glob, *names);
	if (status) {
		spicecfg_names_free(*names);
		*names = NULL;
	}
	return status;
}
