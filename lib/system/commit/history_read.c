/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads what history.c writes. */
#include <spicecfg/history.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/grow.h"
#include "system/commit/journal_plan.h"
#include "system/commit/tx_dir.h"
#include "system/os/file.h"

struct spicecfg_history {
	struct sc_arena *memory;
	struct spicecfg_history_row *rows;
	size_t n;
	bool failed; /* memory is short */
};

void spicecfg_history_free(struct spicecfg_history *history)
{
	if (!history)
		return;
	sc_arena_free(history->memory);
	free(history);
}

const struct spicecfg_history_row *spicecfg_history_row(const struct spicecfg_history *history, size_t index)
{
	return history && index < history->n ? &history->rows[index] : NULL;
}

static const char *copy(struct spicecfg_history *history, const char *text)
{
	const char *out = text ? sc_arena_strdup(history->memory, text) : NULL;

	history->failed |= text && !out;
	return out;
}

/* The documents of a transaction, or what its actions restarted; each once. */
static const char *const *list(struct spicecfg_history *history, const struct sc_tx *tx, bool actions)
{
	const char **out = sc_arena_alloc(history->memory, (tx->n_steps + 1) * sizeof(*out));
	size_t n = 0;

	history->failed |= !out;
	for (size_t i = 0; out && i < tx->n_steps; i++) {
		const struct sc_tx_step *step = &tx->steps[i];
		const char *name = step->type != SC_STEP_ACTION ? step->document : step->action[1];
		bool again = !name || actions != (step->type == SC_STEP_ACTION);

		for (size_t k = 0; k < n && !again; k++)
			again = strcmp(out[k], name) == 0;
		if (!again && !(out[n++] = copy(history, name)))
			return NULL;
	}
	return out;
}

static void add(struct spicecfg_history *history, const struct sc_tx *tx, bool whole)
{
	struct spicecfg_history_row *rows = sc_arena_grow(history->memory, history->rows, history->n, sizeof(*rows));

	history->failed |= !rows;
	if (!rows)
		return;
	history->rows = rows;
	rows[history->n++] = (struct spicecfg_history_row){
	    .id = copy(history, tx->id),
	    .time = tx->begun,
	    .uid = copy(history, tx->who.uid),
	    .login_uid = copy(history, tx->who.login_uid),
	    .sudo_user = copy(history, tx->who.sudo_user),
	    .verb = copy(history, tx->who.verb),
	    .message = copy(history, tx->who.message),
	    .documents = list(history, tx, false),
	    .restarts = list(history, tx, true),
	    .diff = whole ? copy(history, tx->who.diff) : NULL,
	};
}

static enum spicecfg_status fail_unread(struct spicecfg_ctx *ctx, const char *id, const char *why)
{
	return sc_fail(ctx, SPICECFG_INPUT, NULL, "transaction %s in the history can't be read: %s", id, why);
}

/* Each in memory of its own: a record may contain a long diff. */
static enum spicecfg_status read_one(struct spicecfg_ctx *ctx, const struct sc_state *state, const char *id, bool whole,
				     struct spicecfg_history *history)
{
	int dir = openat(state->history, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct sc_arena *memory = sc_arena_new();
	SC_BUF text = SC_BUF_INIT;
	struct sc_tx tx;
	enum spicecfg_status status = memory ? SPICECFG_OK : sc_fail_memory(ctx);

	if (!status && (dir < 0 || sc_tx_get(dir, SC_TX_RECORD, SC_TX_RECORD_MAX, &text) < 0))
		status = fail_unread(ctx, id, strerror(errno));
	if (dir >= 0)
		close(dir);
	enum sc_tx_verdict verdict = status ? SC_TX_TORN : sc_tx_read(sc_buf_text(&text), text.len, memory, &tx);
	if (!status && verdict == SC_TX_MEMORY)
		status = sc_fail_memory(ctx);
	else if (!status && verdict != SC_TX_VALID)
		status = fail_unread(ctx, id, verdict == SC_TX_NEWER ? "a later release wrote it" : "it is damaged");
	if (!status)
		add(history, &tx, whole);
	sc_arena_free(memory);
	return status ? status : history->failed ? sc_fail_memory(ctx) : SPICECFG_OK;
}

static int newest_first(const void *a, const void *b)
{
	return -strcmp(*(char *const *)a, *(char *const *)b);
}

/* One that can't be read, or that another process removes meanwhile, does not keep the others from being shown. */
static enum spicecfg_status read_all(struct spicecfg_ctx *ctx, const struct sc_state *state, struct spicecfg_history *history)
{
	int fd = openat(state->history, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char **names = fd < 0 ? NULL : sc_file_list_of(fd, history->memory);
	enum spicecfg_status status = SPICECFG_OK;
	size_t n = 0;

	while (names && names[n])
		n++;
	if (n)
		qsort(names, n, sizeof(*names), newest_first);
	for (size_t i = 0; i < n && !status; i++) {
		status = read_one(ctx, state, names[i], false, history);
		if (status != SPICECFG_INPUT)
			continue;
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s", ctx->error.message);
		sc_let_go(ctx);
		status = SPICECFG_OK;
	}
	return status;
}

static enum spicecfg_status read_history(struct spicecfg_ctx *ctx, const char *id, struct spicecfg_history *history)
{
	struct sc_state state;
	enum spicecfg_status status = sc_state_open(ctx, false, &state);

	if (status)
		return status;
	bool named = id && *id && *id != '.' && !strchr(id, '/');
	if (id && (!named || state.history < 0 || faccessat(state.history, id, F_OK, AT_SYMLINK_NOFOLLOW) < 0))
		status = sc_fail(ctx, SPICECFG_INPUT, "List them: `spicecfg history`", "there is no transaction %s in the history", id);
	else if (id)
		status = read_one(ctx, &state, id, true, history);
	else if (state.history >= 0)
		status = read_all(ctx, &state, history);
	sc_state_close(&state);
	return status;
}

enum spicecfg_status spicecfg_history(struct spicecfg_ctx *ctx, const char *id, struct spicecfg_history **out)
{
	sc_ctx_enter(ctx);
	*out = NULL;
	if (ctx->root)
		return sc_fail(ctx, SPICECFG_USAGE, "Omit --root.", "no history is kept in a tree");

	struct spicecfg_history *history = calloc(1, sizeof(*history));
	if (!history || !(history->memory = sc_arena_new())) {
		free(history);
		return sc_fail_memory(ctx);
	}
	enum spicecfg_status status = read_history(ctx, id, history);
	if (status)
		spicecfg_history_free(history);
	else
		*out = history;
	return status;
}
