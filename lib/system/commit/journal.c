/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "doc/mask.h"
#include "system/commit/history.h"
#include "system/commit/journal_fields.h"
#include "system/os/clock.h"
#include "system/os/file.h"
#include "system/os/place.h"

/* A tree's journal may be written by whoever made the tree: it says nothing about files outside. */
static bool is_journaled(const struct spicecfg_plan *plan, const struct sc_step *step)
{
	return !sc_step_is_idle(step) && !(plan->ctx->root && step->outside);
}

bool sc_journal_needed(const struct spicecfg_plan *plan)
{
	size_t plain = 0, others = 0;

	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct sc_step *step = &plan->steps[i];

		if (!is_journaled(plan, step) || step->type == SC_STEP_LIVE || step->type == SC_STEP_ACTION)
			continue;
		if (step->type == SC_STEP_FILE && step->outside)
			plain++;
		else
			others++;
	}
	return others || plain > 1;
}

static enum spicecfg_status fail_errno(const struct sc_journal *journal)
{
	struct spicecfg_ctx *ctx = journal->plan->ctx;

	return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "the journal in %s can't be written: %s; nothing was changed", sc_state_name(ctx),
		       strerror(errno));
}

enum spicecfg_status sc_journal_open(struct spicecfg_plan *plan, struct sc_journal *journal)
{
	*journal = (struct sc_journal){.plan = plan, .state = {-1, -1, -1}, .dir = -1};
	if (!sc_journal_needed(plan))
		return SPICECFG_OK;
	enum spicecfg_status status = sc_tx_enter(plan->ctx, true, LOCK_SH, &journal->state);
	if (status && plan->ctx->root)
		sc_state_remove(plan->ctx);
	return status;
}

/* One with "..": where its directory really is. */
static const char *real_path(struct spicecfg_plan *plan, const struct sc_step *step)
{
	char parent[PATH_MAX];
	const char *name;
	int fd;

	if (sc_place_open(plan->ctx, step->path, step->outside, &name, &fd) != SPICECFG_OK)
		return NULL;
	const struct spicecfg_ctx top = {.root = NULL};
	bool fine = sc_file_real(step->outside ? &top : plan->ctx, fd, parent);
	close(fd);
	return fine ? sc_arena_printf(plan->memory, "%s/%s", strcmp(parent, "/") == 0 ? "" : parent, name) : NULL;
}

/* The path as the plan file has it: absolute and normal. */
static const char *absolute(struct spicecfg_plan *plan, const struct sc_step *step)
{
	SC_BUF full = SC_BUF_INIT;
	char here[PATH_MAX] = "";

	if (*step->path != '/' && !getcwd(here, sizeof(here)))
		return NULL;
	const char *text = *step->path == '/' ? step->path : sc_arena_printf(plan->memory, "%s/%s", here, step->path);
	if (text && !sc_path_normal(text, &full))
		return real_path(plan, step);
	return text && !full.failed ? sc_arena_strdup(plan->memory, sc_buf_text(&full)) : NULL;
}

/* The file of a definition, for a recovery before the daemon is up. */
static int put_definition(int before, const char *name, const struct sc_step *step, struct sc_tx_step *tx)
{
	char file[SC_TX_NAME];
	SC_BUF bytes = SC_BUF_INIT;
	int fd = step->type == SC_STEP_DEFINE && tx->path ? open(tx->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
	int result = fd < 0 ? 0 : sc_tx_get_from(fd, SC_TX_PLAN_MAX, &bytes);

	if (fd < 0)
		tx->path = step->type == SC_STEP_DEFINE ? NULL : tx->path;
	snprintf(file, sizeof(file), "%.8s" SC_TX_FILE, name);
	return fd < 0 || result < 0 ? result : sc_tx_put(before, file, sc_buf_text(&bytes), bytes.len);
}

/* Puts what is kept of a document that contains a password beside its image. */
static int put_masked(int before, const char *name, const struct sc_step *step, struct sc_tx_step *tx, const char *image)
{
	char masked[SC_TX_NAME];
	SC_BUF shown = SC_BUF_INIT;

	if (step->secret)
		return 0;
	if (step->xml)
		sc_mask_xml(image, tx->before.len, &shown);
	else
		sc_mask_text(image, tx->before.len, &shown);
	tx->masked = shown.failed || shown.len != tx->before.len || memcmp(sc_buf_text(&shown), image, shown.len) != 0;
	if (!tx->masked)
		return 0;
	snprintf(masked, sizeof(masked), "%.8s" SC_TX_MASKED, name);
	return shown.failed ? -1 : sc_tx_put(before, masked, sc_buf_text(&shown), shown.len);
}

static int put_image(struct sc_journal *journal, int *before, const struct sc_step *step, const char *image)
{
	struct sc_tx_step *tx = &journal->tx.steps[journal->tx.n_steps];
	char name[SC_TX_NAME];

	if (*before < 0 && mkdirat(journal->dir, SC_TX_BEFORE, 0700) == 0)
		*before = openat(journal->dir, SC_TX_BEFORE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*before < 0)
		return -1;
	sc_tx_image(journal->tx.n_steps, name);
	if (sc_tx_put(*before, name, image, tx->before.len) < 0 || put_definition(*before, name, step, tx) < 0)
		return -1;
	/* the history of a tree is not kept */
	return journal->plan->ctx->root ? 0 : put_masked(*before, name, step, tx, image);
}

static enum spicecfg_status add_step(struct sc_journal *journal, const struct sc_step_ops *ops, struct sc_step *step, int *before)
{
	struct spicecfg_plan *plan = journal->plan;
	struct sc_tx_step *tx = &journal->tx.steps[journal->tx.n_steps];
	const char *image = NULL;

	*tx = (struct sc_tx_step){.type = step->type, .outside = step->outside, .no_links = step->no_links, .secret = step->secret};
	tx->document = step->document ? step->document : step->path ? step->path : sc_tx_step_name(step->type);
	if (step->path && !(tx->path = absolute(plan, step)))
		return fail_errno(journal);
	enum spicecfg_status status = ops->describe ? ops->describe(plan->ctx, step, plan->memory, tx, &image) : SPICECFG_OK;
	if (status)
		return status;
	if (image && put_image(journal, before, step, image) < 0)
		return fail_errno(journal);
	journal->tx.n_steps++;
	return SPICECFG_OK;
}

static enum spicecfg_status add_steps(struct sc_journal *journal, const struct sc_step_ops *const ops[SC_STEP_TYPES])
{
	struct spicecfg_plan *plan = journal->plan;
	enum spicecfg_status status = SPICECFG_OK;
	int before = -1;

	for (size_t i = 0; i < plan->n_steps && !status; i++)
		if (is_journaled(plan, &plan->steps[i]))
			status = add_step(journal, ops[plan->steps[i].type], &plan->steps[i], &before);
	if (before >= 0) {
		if (!status && fsync(before) < 0)
			status = fail_errno(journal);
		close(before);
	}
	return status;
}

enum spicecfg_status sc_journal_arm(struct sc_journal *journal, const struct sc_step_ops *const ops[SC_STEP_TYPES])
{
	struct spicecfg_plan *plan = journal->plan;
	SC_BUF text = SC_BUF_INIT;

	if (journal->state.tx < 0)
		return SPICECFG_OK;
	journal->tx = (struct sc_tx){.id = journal->id, .begun = sc_clock_now(plan->ctx)};
	journal->tx.steps = sc_arena_alloc(plan->memory, (plan->n_steps + 1) * sizeof(*journal->tx.steps));
	if (!journal->tx.steps)
		return sc_fail_memory(plan->ctx);
	journal->dir = sc_tx_make(plan->ctx, journal->state.tx, journal->id);
	if (journal->dir < 0)
		return fail_errno(journal);
	enum spicecfg_status status = add_steps(journal, ops);
	if (!status && !plan->ctx->root)
		status = sc_history_record(plan, &journal->tx, journal->dir);
	sc_tx_write(&journal->tx, &text);
	if (!status && !text.failed && (text.len > SC_TX_PLAN_MAX || journal->tx.n_steps > SC_TX_STEPS_MAX))
		status =
		    sc_fail(plan->ctx, SPICECFG_SYSTEM, "Split it.", "too many changes at once: a journal has at most %d steps and %d MiB",
			    SC_TX_STEPS_MAX, SC_TX_PLAN_MAX >> 20);
	if (!status && text.failed)
		status = sc_fail_memory(plan->ctx);
	if (!status && (sc_tx_put(journal->dir, SC_TX_PLAN, sc_buf_text(&text), text.len) < 0 || fsync(journal->dir) < 0 ||
			fsync(journal->state.tx) < 0))
		status = fail_errno(journal);
	journal->armed = !status;
	return status;
}

void sc_journal_seen(struct sc_journal *journal, const struct sc_step_ops *const ops[SC_STEP_TYPES])
{
	const struct spicecfg_plan *plan = journal->plan;
	char name[SC_TX_NAME], file[SC_TX_NAME];
	size_t number = 0;

	for (size_t i = 0; i < plan->n_steps && journal->armed; i++) {
		const struct sc_step_ops *row = ops[plan->steps[i].type];
		const char *digest = row->seen ? row->seen(&plan->steps[i]) : NULL;

		snprintf(file, sizeof(file), "%.8s" SC_TX_SEEN, sc_tx_image(number, name));
		/* without it, what is there counts as the transaction's */
		if (digest && sc_tx_note(journal->dir, file, digest) < 0)
			sc_log(plan->ctx, SPICECFG_LOG_DEBUG, "%s can't be written: %s", file, strerror(errno));
		number += is_journaled(plan, &plan->steps[i]);
	}
}

/* A commit that could not be made durable is taken back, so that all is undone. */
static void reopen(struct sc_journal *journal)
{
	const struct sc_state *state = &journal->state;
	char done[SC_TX_NAME];

	snprintf(done, sizeof(done), "%s" SC_TX_DONE, journal->id);
	int result = journal->plan->ctx->root ? renameat(state->tx, done, state->tx, journal->id)
					      : renameat(state->history, journal->id, state->tx, journal->id);
	journal->committed = result < 0;
}

enum spicecfg_status sc_journal_commit(struct sc_journal *journal)
{
	const struct sc_state *state = &journal->state;
	char done[SC_TX_NAME];

	if (!journal->armed)
		return SPICECFG_OK;
	snprintf(done, sizeof(done), "%s" SC_TX_DONE, journal->id);
	/* where only one of the two names is durable, it is that in the history: recovery looks there first */
	int result = journal->plan->ctx->root ? renameat(state->tx, journal->id, state->tx, done)
					      : renameat(state->tx, journal->id, state->history, journal->id);
	if (result < 0)
		return sc_fail(journal->plan->ctx, SPICECFG_SYSTEM, NULL, "the journal in %s can't be closed: %s",
			       sc_state_name(journal->plan->ctx), strerror(errno));
	journal->committed = true;
	if (fsync(journal->plan->ctx->root ? state->tx : state->history) == 0)
		return SPICECFG_OK;
	(void)fail_errno(journal);
	reopen(journal);
	return SPICECFG_SYSTEM;
}

static bool is_any_left(const struct spicecfg_plan *plan)
{
	bool left = false;

	for (size_t i = 0; i < plan->n_steps; i++)
		left |= plan->steps[i].left;
	return left;
}

void sc_journal_close(struct sc_journal *journal, bool restored)
{
	struct spicecfg_ctx *ctx = journal->plan->ctx;
	const struct sc_state *state = &journal->state;
	char done[SC_TX_NAME];
	int result = 0;

	snprintf(done, sizeof(done), "%s" SC_TX_DONE, journal->id);
	if (journal->dir >= 0 && is_any_left(journal->plan))
		result = 0; /* the plan names what a recovery is to remove */
	else if (journal->dir >= 0 && journal->committed)
		result = ctx->root ? sc_tx_remove(state->tx, done) : sc_history_clean(journal->dir, &journal->tx);
	else if (journal->dir >= 0 && !journal->armed)
		result = sc_tx_remove(state->tx, journal->id);
	else if (journal->dir >= 0 && restored)
		result = sc_tx_drop(state->tx, journal->id);
	if (result < 0)
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s: what is left of transaction %s can't be removed: %s; the next change tries again",
		       sc_state_name(ctx), journal->id, strerror(errno));
	if (journal->dir >= 0 && journal->committed && !ctx->root)
		sc_history_prune(state->history);
	if (journal->dir >= 0)
		close(journal->dir);
	bool used = state->tx >= 0;
	sc_state_close(&journal->state);
	if (used && ctx->root)
		sc_state_remove(ctx);
	journal->dir = -1;
}
