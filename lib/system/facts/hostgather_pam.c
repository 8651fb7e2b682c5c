/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The PAM services that decide about logins to consoles: their rules with includes resolved, and the lists that modules read. */
#include <string.h>
#include <sys/stat.h>

#include "base/grow.h"
#include "model/accounts.h"
#include "plan/pam.h"
#include "system/facts/hostgather.h"
#include "system/facts/pam_files.h"
#include "system/os/look.h"

struct gather {
	struct spicecfg_ctx *ctx;
	struct sc_host *host;
	struct sc_pam_files *files;
	struct sc_pam_stack_fact *stack;
	unsigned level;
	bool failed; /* out of memory */
};

static const struct sc_pam *load(void *opaque, const char *name)
{
	struct gather *gather = opaque;
	const struct sc_pam *pam = sc_pam_files_load(gather->files, name);
	const char *path = *name == '/' ? name : sc_arena_printf(gather->host->memory, "/etc/pam.d/%s", name);

	/* one that is missing is a rule that fails; one that could not be read may say anything */
	gather->stack->unclear |= !pam && path && sc_look_exists(gather->ctx, path);
	return pam;
}

static const char *keep(struct gather *gather, const char *text)
{
	const char *copy = sc_arena_strdup(gather->host->memory, text);

	gather->failed |= text && !copy;
	return copy;
}

/* A list of names: once, however many rules name it. */
static void read_list(struct gather *gather, const char *path)
{
	struct sc_pam_list_fact list = {.path = keep(gather, path)};
	struct stat st;

	if (gather->failed || sc_host_pam_list(gather->host, path))
		return;
	enum sc_look look = sc_look_stat(gather->ctx, path, &st);
	list.exists = look == SC_LOOK_MISSING ? SC_FALSE : SC_UNKNOWN;
	/* pam_listfile does not follow a link (lstat); other modules do */
	list.unsafe = look == SC_LOOK_OK && (!S_ISREG(st.st_mode) || (st.st_mode & S_IWOTH));
	const bool readable = look == SC_LOOK_OK && (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode));
	const struct sc_buf *bytes = readable ? sc_pam_files_bytes(gather->files, path) : NULL;
	if (list.unsafe || bytes)
		list.exists = SC_TRUE;
	if (bytes) {
		list.text = sc_arena_strndup(gather->host->memory, bytes->data, bytes->len);
		list.len = list.text ? bytes->len : 0;
		gather->failed |= !list.text || !sc_pam_list_sort(&list, gather->host->memory);
	}
	struct sc_pam_list_fact *own = sc_arena_alloc(gather->host->memory, sizeof(*own));
	if (own)
		*own = list;
	gather->failed |= !own || !sc_host_pam_list_add(gather->host, own);
}

/* The files that an option of the rule names by an absolute path. */
static void read_lists(struct gather *gather, const char *args, const char *option)
{
	const size_t len = strlen(option);
	SC_BUF arg = SC_BUF_INIT;

	while (sc_pam_next_arg(&args, &arg))
		if (strncmp(sc_buf_text(&arg), option, len) == 0 && sc_buf_text(&arg)[len] == '/')
			read_list(gather, sc_buf_text(&arg) + len);
	gather->failed |= arg.failed;
}

static void add_rule(void *opaque, const struct sc_pam *pam, const struct sc_pam_entry *entry, unsigned depth)
{
	struct gather *gather = opaque;
	struct sc_pam_stack_fact *stack = gather->stack;
	struct sc_pam_rule_fact *rules = sc_arena_grow(gather->host->memory, stack->rules, stack->n, sizeof(*rules));

	(void)depth;
	gather->failed |= !rules;
	if (gather->failed)
		return;
	const char *file =
	    stack->n && strcmp(rules[stack->n - 1].file, sc_pam_name(pam)) == 0 ? rules[stack->n - 1].file : keep(gather, sc_pam_name(pam));
	stack->rules = rules;
	rules[stack->n++] = (struct sc_pam_rule_fact){file,
						      entry->line,
						      gather->level,
						      keep(gather, entry->control),
						      keep(gather, entry->module),
						      keep(gather, entry->args),
						      keep(gather, entry->error)};
	if (entry->error)
		return;
	if (sc_pam_is_module(entry, "pam_listfile.so"))
		read_lists(gather, entry->args, "file=");
	if (sc_pam_is_module(entry, "pam_time.so")) {
		read_lists(gather, entry->args, "conffile=");
		read_list(gather, SC_PAM_TIME_CONF);
		gather->failed |= sc_host_gather_zone(gather->ctx, gather->host) != SPICECFG_OK;
	}
	if (sc_pam_is_module(entry, "pam_access.so")) {
		read_lists(gather, entry->args, "accessfile=");
		read_list(gather, SC_PAM_ACCESS_CONF);
		read_list(gather, SC_PAM_ACCESS_DIRECTORY);
	}
	/* its own files, unless it names another */
	if (sc_pam_is_module(entry, "pam_nologin.so")) {
		read_list(gather, SC_PAM_NOLOGIN_RUN);
		read_list(gather, SC_PAM_NOLOGIN);
	}
}

static void mark_substack(void *opaque, const struct sc_pam *pam, const struct sc_pam_entry *entry, bool begins)
{
	struct gather *gather = opaque;

	if (begins)
		add_rule(opaque, pam, entry, 0);
	gather->level = begins ? gather->level + 1 : gather->level - 1;
}

/* Without rules of that type, libpam uses those of the service "other" (libpam/pam_dispatch.c, _pam_dispatch). */
static void read_stack(struct gather *gather, const struct sc_pam *pam, enum sc_pam_type type, struct sc_pam_stack_fact *stack)
{
	const struct sc_pam_walk walk = {.load = load, .visit = add_rule, .substack = mark_substack, .opaque = gather};

	gather->stack = stack;
	gather->level = 0;
	if (pam)
		sc_pam_walk(pam, type, &walk);
	if (stack->n || stack->unclear)
		return;
	stack->other = true;
	pam = load(gather, "other");
	if (pam)
		sc_pam_walk(pam, type, &walk);
}

enum spicecfg_status sc_host_gather_pam(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path)
{
	struct sc_pam_files files = {.ctx = ctx, .memory = host->memory};
	struct gather gather = {.ctx = ctx, .host = host, .files = &files};
	struct sc_pam_fact fact = {.path = path};
	static const char service[] = "/etc/pam.d/";
	const bool named = strncmp(path, service, sizeof(service) - 1) == 0;

	if (sc_host_pam(host, path))
		return SPICECFG_OK;
	fact.path = keep(&gather, path);
	gather.stack = &fact.auth;
	const struct sc_pam *pam = load(&gather, named ? path + sizeof(service) - 1 : path);
	fact.exists = pam ? SC_TRUE : fact.auth.unclear ? SC_UNKNOWN : SC_FALSE;
	fact.account.unclear = fact.auth.unclear;
	read_stack(&gather, pam, SC_PAM_AUTH, &fact.auth);
	read_stack(&gather, pam, SC_PAM_ACCOUNT, &fact.account);
	sc_pam_files_free(&files);
	struct sc_pam_fact *pams = sc_arena_grow(host->memory, host->logins.pam, host->logins.n_pam, sizeof(*pams));
	if (!pams || gather.failed)
		return sc_fail_memory(ctx);
	host->logins.pam = pams;
	pams[host->logins.n_pam++] = fact;
	return sc_settle(ctx);
}
