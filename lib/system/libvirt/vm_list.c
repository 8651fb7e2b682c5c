/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* --all and --match: the domains of libvirt, or of the tree below a root. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/domain.h"
#include "model/libvirt.h"
#include "system/libvirt/virt.h"
#include "system/libvirt/vm_list.h"
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

static enum spicecfg_status list(struct spicecfg_ctx *ctx, const char *glob, char ***names)
{
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

enum spicecfg_status spicecfg_vm_list(struct spicecfg_ctx *ctx, const char *glob, char ***names)
{
	sc_ctx_enter(ctx);
	return list(ctx, glob, names);
}

void sc_vm_suggest(struct spicecfg_ctx *ctx, const char *word)
{
	/* the error that is recorded stays: a list that can't be read has nothing to add */
	struct spicecfg_ctx *other = spicecfg_ctx_new();
	char **names = NULL;
	const char *best = NULL;
	size_t length = strlen(word), nearest = length / 3 + 1;

	if (other && length < SPICECFG_DISTANCE_FAR && !spicecfg_ctx_set_root(other, ctx->root) && !spicecfg_ctx_set_uri(other, ctx->uri) &&
	    !list(other, NULL, &names)) {
		for (size_t i = 0; names[i]; i++) {
			const char *name = names[i] + strlen("domain:");
			size_t distance = spicecfg_text_distance(word, name);

			if (distance <= nearest && (!best || distance < nearest)) {
				best = name;
				nearest = distance;
			}
		}
	}
	if (best)
		sc_fail_fixf(ctx, "Did you mean '%s'? See '`spicecfg show`' for the domains.", best);
	spicecfg_names_free(names);
	spicecfg_ctx_free(other);
}

/* The UUID of a definition below the root; false: it has none, or can't be read. */
static bool read_uuid(struct spicecfg_ctx *ctx, const char *name, char uuid[SC_UUID_SIZE])
{
	SC_BUF path = SC_BUF_INIT;
	SC_BUF bytes = SC_BUF_INIT;
	struct sc_xml *doc = NULL;
	struct sc_domain *domain = NULL;

	sc_buf_addf(&path, SC_DOMAINS_DIR "/%s.xml", name);
	bool fine = !path.failed && !sc_file_read(ctx, path.data, false, false, SC_XML_SIZE_MAX, &bytes, NULL) &&
		    !sc_xml_parse(ctx, path.data, sc_buf_text(&bytes), bytes.len, &doc) && !sc_domain_read(ctx, doc, &domain) &&
		    domain->uuid;
	if (fine)
		memcpy(uuid, domain->uuid, SC_UUID_SIZE);
	sc_domain_free(domain);
	sc_xml_free(doc);
	return fine;
}

enum spicecfg_status sc_vm_name_of_uuid(struct spicecfg_ctx *ctx, const char *word, char **name)
{
	char wanted[SC_UUID_SIZE], uuid[SC_UUID_SIZE];
	char **names = NULL;

	*name = NULL;
	if (!sc_uuid_read(word, wanted))
		return SPICECFG_OK;
	enum spicecfg_status status = list(ctx, NULL, &names);
	for (size_t i = 0; !status && names[i] && !*name; i++) {
		const char *candidate = names[i] + strlen("domain:");

		/* one that can't be read is reported where it is named */
		bool found = read_uuid(ctx, candidate, uuid) && strcmp(uuid, wanted) == 0;
		sc_let_go(ctx);
		status = sc_settle(ctx);
		if (found && !(*name = strdup(candidate)))
			status = sc_fail_memory(ctx);
	}
	spicecfg_names_free(names);
	return status;
}
