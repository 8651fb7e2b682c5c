/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * "lock-accounts": held from the commit's preparation to its end, for steps that write /etc/group and /etc/gshadow. "add-group": NAME, GID;
 * reads both files under that lock, so that no other update is lost, and writes them like a FILE step.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doc/group.h"
#include "system/commit/action.h"
#include "system/commit/commit.h"
#include "system/os/accounts.h"
#include "system/os/file.h"

enum { SIZE_MAX_BYTES = 16 * 1024 * 1024, N_FILES = 2 };

struct made {
	bool locked;
	struct sc_buf old[N_FILES], new[N_FILES];
	struct sc_step steps[N_FILES];
	size_t n; /* steps that have begun */
};

static enum spicecfg_status lock(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run, bool *stale)
{
	(void)action;
	(void)stale;
	enum spicecfg_status status = sc_accounts_lock(ctx);
	*run = status ? NULL : ctx;
	return status;
}

static void unlock(struct spicecfg_ctx *ctx, void *run)
{
	if (run)
		sc_accounts_unlock(ctx);
}

static enum spicecfg_status nothing(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run)
{
	(void)ctx;
	(void)action;
	(void)run;
	return SPICECFG_OK;
}

/* A step that adds the line to one of the files; a missing file is not created. */
static enum spicecfg_status add_line(struct spicecfg_ctx *ctx, struct made *made, const char *path, const char *line)
{
	struct sc_file_id id;
	size_t i = made->n;
	enum spicecfg_status status = sc_file_read(ctx, path, false, true, SIZE_MAX_BYTES, &made->old[i], &id);

	if (status || !id.exists)
		return status;
	sc_buf_add(&made->new[i], made->old[i].data, made->old[i].len);
	sc_group_make(&made->new[i], line);
	if (made->new[i].failed)
		return sc_fail_memory(ctx);
	made->steps[made->n++] = (struct sc_step){
	    .type = SC_STEP_FILE,
	    .document = path,
	    .path = path,
	    .old = sc_buf_text(&made->old[i]),
	    .old_len = made->old[i].len,
	    .new = sc_buf_text(&made->new[i]),
	    .new_len = made->new[i].len,
	    .secret = true,
	};
	return SPICECFG_OK;
}

static enum spicecfg_status prepare_files(struct spicecfg_ctx *ctx, const struct sc_action *action, struct made *made, bool *stale)
{
	const char *name = action->arg[0];
	SC_BUF line = SC_BUF_INIT;
	SC_BUF shadow = SC_BUF_INIT;

	sc_buf_addf(&line, "%s:x:%s:", name, action->arg[1]);
	sc_buf_addf(&shadow, "%s:!::", name);
	if (line.failed || shadow.failed)
		return sc_fail_memory(ctx);
	enum spicecfg_status status = add_line(ctx, made, "/etc/group", sc_buf_text(&line));
	if (!status && made->n == 0)
		status = sc_fail(ctx, SPICECFG_SYSTEM, NULL, "/etc/group is missing");
	if (!status && sc_group_taken(&made->old[0], name, action->arg[1])) {
		*stale = true;
		return sc_fail(ctx, SPICECFG_SYSTEM, "Try again.",
			       "somebody else created the group '%s', or one with its number, meanwhile", name);
	}
	if (!status)
		status = add_line(ctx, made, "/etc/gshadow", sc_buf_text(&shadow));
	for (size_t i = 0; i < made->n && !status; i++)
		status = sc_step_file_ops.prepare(ctx, &made->steps[i], stale);
	return status;
}

static enum spicecfg_status prepare(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run, bool *stale)
{
	struct made *made = calloc(1, sizeof(*made));

	*run = made;
	if (!made)
		return sc_fail_memory(ctx);
	enum spicecfg_status status = sc_accounts_lock(ctx);
	made->locked = !status;
	return status ? status : prepare_files(ctx, action, made, stale);
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run)
{
	struct made *made = *run;
	enum spicecfg_status status = SPICECFG_OK;

	(void)action;
	for (size_t i = 0; i < made->n && !status; i++)
		status = sc_step_file_ops.apply(ctx, &made->steps[i]);
	return status;
}

static bool undo(struct spicecfg_ctx *ctx, const struct sc_action *action, void *run)
{
	struct made *made = run;
	bool restored = true;

	(void)action;
	for (size_t i = made->n; i-- > 0;) {
		sc_step_file_ops.undo(ctx, &made->steps[i]);
		restored = restored && !made->steps[i].unrestored;
	}
	return restored;
}

static void finish(struct spicecfg_ctx *ctx, void *run)
{
	struct made *made = run;

	if (!made)
		return;
	for (size_t i = made->n; i-- > 0;)
		sc_step_file_ops.finish(ctx, &made->steps[i]);
	for (size_t i = 0; i < N_FILES; i++) {
		sc_buf_free(&made->old[i]);
		sc_buf_free(&made->new[i]);
	}
	if (made->locked)
		sc_accounts_unlock(ctx);
	free(made);
}

const struct sc_action_ops sc_action_add_group = {.name = "add-group", .prepare = prepare, .apply = apply, .undo = undo, .finish = finish};
const struct sc_action_ops sc_action_lock_accounts = {.name = "lock-accounts", .prepare = lock, .apply = nothing, .finish = unlock};
