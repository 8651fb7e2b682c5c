/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pam show, check and test. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <spicecfg/pam.h>

#include "base/fix.h"
#include "base/rows.h"
#include "base/table.h"
#include "doc/mask.h"
#include "plan/pam.h"
#include "system/facts/pam_files.h"
#include "system/login/pam_fix.h"
#include "system/login/pam_look.h"
#include "system/login/pam_service.h"
#include "system/login/sasl_plan.h"
#include "system/modules/pam.h"
#include "system/os/data.h"
#include "system/os/file.h"
#include "system/os/found.h"
#include "system/os/helper.h"
#include "system/os/look.h"
#include "system/os/unread.h"

enum spicecfg_status sc_pam_service(struct spicecfg_ctx *ctx, const char **service)
{
	if (!*service)
		*service = "spice";
	/* pam(8): the file has the service's name in lower case. */
	if (**service && strlen(*service) < 64 && strspn(*service, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(*service))
		return SPICECFG_OK;
	return sc_fail(ctx, SPICECFG_USAGE, "Omit --service: Spice uses the service 'spice'.", "'%s' is not a valid name of a PAM service",
		       *service);
}

/* A service with the documents that it includes. */
struct service {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	const char *path;
	const struct sc_pam *own;         /* the document at path; NULL: it is not open */
	const struct spicecfg_fix *fix;   /* of the service's own file; NULL: none */
	bool replaces;                    /* it replaces a file that spicecfg did not write, and its list */
	const struct spicecfg_fix *allow; /* of its list of accounts and groups, if that is empty; or NULL */
	struct sc_pam_files files;        /* in memory */
	struct sc_table modules;          /* times: 1 not found, 2 found */
	struct sc_rows *rows;             /* pam show */
	const char *file;                 /* of its last rule */
	sc_finding_fn report;
	void *opaque;
};

static const struct sc_pam *load(void *opaque, const char *file)
{
	return sc_pam_files_load(&((struct service *)opaque)->files, file);
}

static enum spicecfg_status open_service(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *name, struct service *service,
					 struct sc_pam **pam)
{
	enum spicecfg_status status = sc_pam_service(ctx, &name);

	*service = (struct service){.ctx = ctx};
	if (status)
		return status;
	service->memory = sc_arena_new();
	if (!service->memory)
		return sc_fail_memory(ctx);
	service->files = (struct sc_pam_files){.ctx = ctx, .memory = service->memory};
	if (vm && !vm->uuid)
		return sc_fail(ctx, SPICECFG_INPUT, NULL, "'%s' has no UUID, which its PAM file is named after", vm->label);
	service->path = vm ? sc_arena_printf(service->memory, SC_PAM_OWN_BASE "/%s", vm->uuid)
			   : sc_arena_printf(service->memory, "/etc/pam.d/%s", name);
	*pam = service->path ? sc_pam_files_own(&service->files, service->path) : NULL;
	service->own = *pam;
	if (*pam)
		return SPICECFG_OK;
	if (!spicecfg_ctx_error(ctx))
		return sc_fail_memory(ctx);
	struct stat st;
	if (sc_file_stat(ctx, service->path, &st) == 0 || errno != ENOENT)
		return spicecfg_ctx_error(ctx)->status;
	if (vm)
		sc_fail_fixf(ctx, "Create it: `spicecfg pam install --vm TARGET`");
	else if (strcmp(name, "spice") != 0)
		sc_fail_fixf(ctx, "Create it: `spicecfg pam install --service %s`", name);
	else
		sc_fail_fixf(ctx, "Create it: `spicecfg pam install`");
	return spicecfg_ctx_error(ctx)->status;
}

static void close_service(struct service *service)
{
	sc_pam_files_free(&service->files);
	sc_table_free(&service->modules);
	sc_arena_free(service->memory);
}

enum spicecfg_status sc_pam_install_text(struct spicecfg_plan *plan, const char *text, struct sc_buf *out)
{
	struct service service = {.ctx = plan->ctx, .memory = sc_arena_new()};

	service.files = (struct sc_pam_files){.ctx = plan->ctx, .memory = service.memory};
	enum spicecfg_status status = service.memory ? sc_pam_undelay(plan->ctx, text, load, &service, out) : sc_fail_memory(plan->ctx);

	close_service(&service);
	return status;
}

struct spicecfg_pam {
	struct sc_rows rows;
};

static void add_rule(void *opaque, const struct sc_pam *pam, const struct sc_pam_entry *entry, unsigned depth)
{
	struct service *service = opaque;
	struct sc_rows *rows = service->rows;
	struct spicecfg_pam_rule *rule = sc_rows_add(rows, sizeof(*rule));
	SC_BUF args = SC_BUF_INIT;

	(void)depth;
	sc_mask_text(entry->args, strlen(entry->args), &args);
	rows->failed |= args.failed;
	/* rules of one file follow each other: its name is kept once for them */
	if (!service->file || strcmp(service->file, sc_pam_name(pam)) != 0)
		service->file = sc_rows_text(rows, sc_pam_name(pam));
	if (rule)
		*rule = (struct spicecfg_pam_rule){
		    .type = sc_pam_type_name(entry->type),
		    .control = sc_rows_text(rows, entry->control),
		    .module = sc_rows_text(rows, entry->module),
		    .args = sc_rows_text(rows, sc_buf_text(&args)),
		    .file = service->file,
		    .line = entry->line,
		    .error = sc_rows_text(rows, entry->error),
		};
}

static enum spicecfg_status show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *name, struct sc_rows *rows)
{
	struct service service;
	struct sc_pam *pam = NULL;
	enum spicecfg_status status = open_service(ctx, vm, name, &service, &pam);

	service.rows = rows;
	const struct sc_pam_walk walk = {.load = load, .visit = add_rule, .opaque = &service};
	for (int type = SC_PAM_AUTH; !status && type < SC_PAM_ANY; type++)
		sc_pam_walk(pam, (enum sc_pam_type)type, &walk);
	close_service(&service);
	if (!status)
		status = sc_settle(ctx);
	return !status && rows->failed ? sc_fail_memory(ctx) : status;
}

enum spicecfg_status spicecfg_pam_show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *name, struct spicecfg_pam **out)
{
	sc_ctx_enter(ctx);
	struct spicecfg_pam *pam = calloc(1, sizeof(*pam));
	enum spicecfg_status status = pam ? show(ctx, vm, name, &pam->rows) : sc_fail_memory(ctx);

	*out = status ? NULL : pam;
	if (status)
		spicecfg_pam_free(pam);
	return status;
}

const struct spicecfg_pam_rule *spicecfg_pam_rule(const struct spicecfg_pam *pam, size_t index)
{
	return sc_rows_get(&pam->rows, index, sizeof(struct spicecfg_pam_rule));
}

void spicecfg_pam_free(struct spicecfg_pam *pam)
{
	if (pam)
		sc_rows_free(&pam->rows);
	free(pam);
}

/* Whether pam install fixes it: it also removes the delay of an included file, but does not write time restrictions. */
static bool is_fixed(const struct service *service, const char *rule, const char *file)
{
	if (strcmp(rule, "pam-nodelay") == 0)
		return true;
	return file && strcmp(file, service->path) == 0 && strncmp(rule, "pam-time", 8) != 0 && strncmp(rule, "pam-list", 8) != 0;
}

static void report_problem(void *opaque, const char *rule, bool error, struct sc_where where, const char *message)
{
	struct service *service = opaque;
	struct spicecfg_rule row = {
	    .size = sizeof(row), .level = error ? SPICECFG_LEVEL_ERROR : SPICECFG_LEVEL_WARNING, .cls = SPICECFG_CLASS_EFFECT};

	/* level and class are in the catalogue of rules */
	if (!spicecfg_rule_find(rule, &row))
		row.id = rule;
	struct spicecfg_finding finding = {
	    .rule = rule,
	    .level = row.level,
	    .cls = row.cls,
	    .message = message,
	    .path = "",
	    .file = where.file,
	    .line = where.line,
	    .column = where.column,
	    .fix = service->allow && strcmp(rule, "pam-admits-nobody") == 0 ? service->allow
		   : is_fixed(service, rule, where.file)                    ? service->fix
									    : NULL,
	};

	finding.ask = service->replaces && finding.fix == service->fix;
	/* the rule has no effect now; its file can't be guessed */
	if (strcmp(rule, "pam-time-file") == 0 && where.file && where.line) {
		finding.fix = sc_fix_command(service->memory, "sed -i '%us/^[^#]/#&/' -- %s", where.line, where.file);
		finding.ask = true;
	}
	/* what else decides who gets in stays as it is */
	if (!finding.fix && service->own && finding.file && strcmp(finding.file, service->path) == 0)
		finding.fix = sc_pam_fix(service->ctx, service->memory, service->own, rule, where.line, &finding.ask);
	service->report(service->opaque, &finding);
}

static const struct sc_buf *read_file(void *opaque, const char *path)
{
	return sc_pam_files_bytes(&((struct service *)opaque)->files, path);
}

/* What can't be examined is left to reading it. */
static enum sc_pam_writers writers_of(void *opaque, const char *path)
{
	struct service *service = opaque;
	struct stat st;

	if (sc_file_stat(service->ctx, path, &st) != 0 || !S_ISREG(st.st_mode))
		return SC_PAM_WRITERS_NONE;
	if (st.st_mode & S_IWOTH)
		return SC_PAM_WRITERS_ALL;
	return st.st_uid != 0 || (st.st_mode & S_IWGRP && st.st_gid != 0) ? SC_PAM_WRITERS_SOME : SC_PAM_WRITERS_NONE;
}

/* A module is a path, or a name in libpam's directory: LIBDIR/security, on Debian with the machine's triplet in LIBDIR. */
static bool find_module(struct service *service, const char *module)
{
	static const char *const libs[] = {"/usr/lib", "/usr/lib64", "/lib", "/lib64"};
	bool found = *module == '/' && sc_look_exists(service->ctx, module);

	for (size_t i = 0; *module != '/' && !found && i < sizeof(libs) / sizeof(*libs); i++) {
		const char *path = sc_arena_printf(service->memory, "%s/security/%s", libs[i], module);
		char **names = sc_look_list(service->ctx, libs[i], service->memory);

		found = path && sc_look_exists(service->ctx, path);
		for (; !found && names && *names; names++)
			found = strstr(*names, "-linux-") &&
				(path = sc_arena_printf(service->memory, "%s/%s/security/%s", libs[i], *names, module)) &&
				sc_look_exists(service->ctx, path);
	}
	return found;
}

/* Each is searched for once, since rules often name the same few modules. */
static bool has_module(void *opaque, const char *module)
{
	struct service *service = opaque;
	struct sc_table_entry *entry = sc_table_add_text(&service->modules, module);

	if (!entry)
		return find_module(service, module);
	if (!entry->times)
		entry->times = find_module(service, module) ? 2 : 1;
	return entry->times == 2;
}

/* Copies the VM's file into a directory under the service's name, as libpam needs it. */
static enum spicecfg_status copy_service(struct service *service, const struct sc_pam *pam, const char *name, struct sc_tempdir *dir)
{
	const struct sc_buf *bytes = sc_pam_bytes(pam);

	if (sc_tempdir_make_in(service->ctx, dir) != 0 || !sc_tempdir_write(dir, name, sc_buf_text(bytes), bytes->len))
		return sc_fail(service->ctx, SPICECFG_SYSTEM, "Free some space in /run or /tmp.",
			       "can't create a private directory for a copy of the PAM file");
	return SPICECFG_OK;
}

/* Starts libpam with the service; it silently accepts broken lines, so the file must be read as well. */
static enum spicecfg_status try_start(struct service *service, const struct sc_pam *pam, const char *name, bool own, unsigned *errors)
{
	struct spicecfg_ctx *ctx = service->ctx;
	SC_TEMPDIR dir = {.lock = -1};
	const struct sc_module_pam *ops = sc_pamauth(ctx);
	enum spicecfg_status status = ops ? SPICECFG_OK : SPICECFG_SYSTEM;
	struct sc_pam_login login = {.service = name, .user = "", .password = "", .only_start = true};
	const char *why = NULL;
	bool started;

	if (!status && own)
		status = copy_service(service, pam, name, &dir);
	login.confdir = own ? dir.path : NULL;
	if (!status)
		status = ops->login(ctx, &login, service->memory, &started, &why);
	if (status != SPICECFG_SYSTEM || !spicecfg_ctx_error(ctx))
		return status;
	report_problem(service, "pam-start", true, (struct sc_where){service->path, 0, 0}, spicecfg_ctx_error(ctx)->message);
	sc_let_go(ctx);
	++*errors;
	return SPICECFG_OK;
}

static const struct spicecfg_fix *name_service(const struct service *service, const struct spicecfg_fix *fix, const char *name, bool vm)
{
	if (name)
		fix = sc_fix_more(service->memory, fix, "--service %s", name);
	return vm ? sc_fix_more(service->memory, fix, "--vm TARGET") : fix;
}

/* Sets the command that writes the file again, which keeps its list, or adds somebody to a list that is empty. */
static enum spicecfg_status set_fix(struct service *service, const struct sc_pam *pam, const char *name, bool vm)
{
	const char *const *listed;
	bool ours = strstr(sc_buf_text(sc_pam_bytes(pam)), "spicecfg") != NULL;
	const struct spicecfg_fix *fix = name_service(service, sc_fix_command(service->memory, "spicecfg pam install"), name, vm);
	enum spicecfg_status status = sc_pam_listed(service->ctx, pam, service->memory, &listed);

	if (status)
		return status;
	if (vm && !listed)
		fix = sc_fix_more(service->memory, fix, "--allow user:NAME");
	if (!ours || sc_pam_lost_limit(pam, NULL, service->memory))
		fix = sc_fix_more(service->memory, fix, "--force");
	service->replaces = !ours;
	/* what else decides who gets in can only be changed by hand */
	service->fix = sc_pam_replaceable(pam, service->memory) ? fix : NULL;
	if (listed && !*listed)
		service->allow = name_service(service, sc_fix_command(service->memory, "spicecfg pam allow user:NAME"), name, vm);
	return SPICECFG_OK;
}

enum spicecfg_status sc_pam_look(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *name, sc_finding_fn fn, void *opaque)
{
	struct service service;
	struct sc_pam *pam = NULL;
	enum spicecfg_status status = open_service(ctx, vm, name, &service, &pam);
	unsigned errors = 0;
	struct sc_found found;

	service.report = fn;
	service.opaque = opaque;
	const struct sc_pam_judge judge = {load, has_module, read_file, writers_of, name ? name : "spice", report_problem, &service};
	if (!status)
		status = set_fix(&service, pam, name, vm != NULL);
	if (!status)
		errors = sc_pam_judge(pam, &judge);
	if (!status)
		status = sc_found_read(ctx, service.memory, service.path, &found);
	if (!status && (found.uid != 0 || (found.mode & 022))) {
		errors++;
		service.replaces = false;
		service.fix = sc_fix_command(service.memory, "chown root -- %s && chmod go-w -- %s", service.path, service.path);
		report_problem(&service, "pam-writable", true, (struct sc_where){service.path, 0, 0},
			       "accounts other than root can write to this file, which decides who gets in");
	}
	if (!status && !ctx->root)
		status = try_start(&service, pam, name ? name : "spice", vm != NULL, &errors);
	close_service(&service);
	if (!status)
		status = sc_settle(ctx);
	return status ? status : errors ? SPICECFG_FINDINGS : SPICECFG_OK;
}

enum spicecfg_status spicecfg_pam_test(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const char *name, const char *user,
				       const char *password, size_t len, struct spicecfg_login *out)
{
	sc_ctx_enter(ctx);
	struct spicecfg_login answer;
	struct service service;
	struct sc_pam *pam = NULL;
	SC_TEMPDIR dir = {.lock = -1};
	const char *why = NULL;

	enum spicecfg_status status = sc_ctx_take(ctx, &answer, sizeof(answer), out);
	if (status)
		return status;
	answer = (struct spicecfg_login){0};
	sc_ctx_give(out, &answer, sizeof(answer));
	if (ctx->root)
		return sc_fail(ctx, SPICECFG_USAGE, "Omit --root.", "a login can be tried only on the running host");
	status = open_service(ctx, vm, name, &service, &pam);
	if (!status && vm)
		status = copy_service(&service, pam, name ? name : "spice", &dir);
	const struct sc_module_pam *ops = status ? NULL : sc_pamauth(ctx);
	if (!status && !ops)
		status = SPICECFG_SYSTEM;
	if (!status) {
		const struct sc_pam_login login = {name ? name : "spice", vm ? dir.path : NULL, user, password, len, false};
		status = ops->login(ctx, &login, service.memory, &answer.admitted, &why);
	}
	snprintf(answer.by, sizeof(answer.by), "%.31s", name ? name : "spice");
	snprintf(answer.why, sizeof(answer.why), "%s", why ? why : "");
	close_service(&service);
	sc_ctx_give(out, &answer, sizeof(answer));
	return status || answer.admitted ? status : sc_login_refused(ctx, user, &answer);
}
