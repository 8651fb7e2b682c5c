/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "system/commit/history.h"
#include "system/commit/recover_step.h"
#include "system/commit/recovery.h"
#include "system/commit/tx_dir.h"
#include "system/os/file.h"
#include "system/os/helper.h"
#include "system/os/lock.h"
#include "system/os/place.h"

struct recover {
	struct spicecfg_ctx *ctx;
	struct sc_state state;
	struct sc_arena *memory;
	struct spicecfg_recovery *found;
	bool only_look;
	const char **unrestored; /* NULL-terminated */
	size_t n_unrestored;
};

static enum spicecfg_status add_row(struct recover *recover, const char *id, enum spicecfg_recovered state, const struct sc_tx *tx,
				    const bool *keep)
{
	return sc_recovery_add(recover->found, id, state, tx, keep) ? SPICECFG_OK : sc_fail_memory(recover->ctx);
}

static enum spicecfg_status fail_errno(struct recover *recover, const char *id)
{
	return sc_fail(recover->ctx, SPICECFG_SYSTEM, NULL, "transaction %s in %s can't be ended: %s", id, sc_state_name(recover->ctx),
		       strerror(errno));
}

/* Whether a plan is about what its place says. That of a tree may be anybody's: nothing outside is touched because of it. */
static bool is_ours(const struct recover *recover, const char *name, const struct sc_tx *tx)
{
	size_t len = strlen(tx->id);
	bool ours = strncmp(name, tx->id, len) == 0 && (!name[len] || name[len] == '.');

	for (size_t i = 0; i < tx->n_steps && ours && recover->ctx->root; i++)
		ours = !tx->steps[i].outside && tx->steps[i].type != SC_STEP_DEFINE && tx->steps[i].type != SC_STEP_LIVE;
	return ours;
}

/* What can be read of a plan that is not armed does not matter: nothing was applied. But an armed one that can't be read now stays. */
static enum sc_tx_verdict read_plan(struct recover *recover, const char *name, int dir, struct sc_tx *tx)
{
	SC_BUF text = SC_BUF_INIT;

	if (sc_tx_get(dir, SC_TX_PLAN, SC_TX_PLAN_MAX, &text) < 0)
		return errno == ENOMEM ? SC_TX_MEMORY : errno == ENOENT ? SC_TX_TORN : SC_TX_UNREADABLE;
	enum sc_tx_verdict verdict = sc_tx_read(sc_buf_text(&text), text.len, recover->memory, tx);
	return verdict == SC_TX_VALID && !is_ours(recover, name, tx) ? SC_TX_NEWER : verdict;
}

/* SPICECFG_OK: the plan was read, or nothing depends on it. */
static enum spicecfg_status check_plan(struct recover *recover, const char *name, enum sc_tx_verdict verdict)
{
	const char *place = sc_state_name(recover->ctx);

	if (verdict == SC_TX_MEMORY)
		return sc_fail_memory(recover->ctx);
	if (verdict == SC_TX_UNREADABLE)
		return sc_fail(recover->ctx, SPICECFG_SYSTEM, NULL, "the plan of transaction %s in %s can't be read: %s", name, place,
			       strerror(errno));
	if (verdict == SC_TX_NEWER)
		return sc_fail(recover->ctx, SPICECFG_SYSTEM,
			       "Use the release of spicecfg that began it, or accept what is there with --accept.",
			       "transaction %s in %s can't be undone by this release of spicecfg", name, place);
	return SPICECFG_OK;
}

/* The documents are locked as during a commit: a change of one file has no journal, but these locks. */
static enum spicecfg_status lock_documents(struct recover *recover, const struct sc_tx *tx, struct sc_lock_key *keys,
					   struct sc_locks **locks)
{
	bool host = false;
	size_t n = 0;

	for (size_t i = 0; i < tx->n_steps; i++) {
		const struct sc_tx_step *step = &tx->steps[i];
		int fd = -1;

		host |= !recover->ctx->root && !step->outside;
		if (step->type == SC_STEP_DEFINE || step->type == SC_STEP_LIVE)
			sc_lock_key_definition(&keys[n++], step->uri, step->uuid, step->document);
		else if (step->path && sc_place_above(recover->ctx, step->path, step->outside, &fd) == SPICECFG_OK) {
			if (sc_lock_key_dir(&keys[n], fd, step->document))
				n++;
			keys[n - 1].dir = -1;
			close(fd);
		} else {
			/* it is reported when its step is undone */
			sc_let_go(recover->ctx);
		}
	}
	return sc_locks_take(recover->ctx, keys, n, host, locks);
}

static void add_unrestored(struct recover *recover, const struct sc_tx *tx, const bool *bad)
{
	const char **names = sc_arena_alloc(recover->memory, (recover->n_unrestored + tx->n_steps + 1) * sizeof(*names));
	size_t n = recover->n_unrestored;

	if (!names)
		return;
	if (n)
		memcpy(names, recover->unrestored, n * sizeof(*names));
	for (size_t i = 0; i < tx->n_steps; i++)
		if (bad[i])
			names[n++] = tx->steps[i].document;
	recover->unrestored = names;
	recover->n_unrestored = n;
}

/* Its ID, of a name in tx. */
static const char *plain(const char *name, char id[SC_TX_NAME])
{
	snprintf(id, SC_TX_NAME, "%.*s", (int)strcspn(name, "."), name);
	return id;
}

static enum spicecfg_status set_aside(struct recover *recover, const char *name, const char *suffix)
{
	char id[SC_TX_NAME], to[2 * SC_TX_NAME];

	snprintf(to, sizeof(to), "%s%s", plain(name, id), suffix);
	if (strcmp(name, to) == 0 || (renameat(recover->state.tx, name, recover->state.tx, to) == 0 && fsync(recover->state.tx) == 0))
		return SPICECFG_OK;
	return fail_errno(recover, id);
}

/* Closes a transaction that a document of somebody else is in. The images stay for whoever decides. */
static enum spicecfg_status close_conflict(struct recover *recover, const char *name)
{
	char id[SC_TX_NAME];
	enum spicecfg_status status = set_aside(recover, name, SC_TX_CONFLICT);

	if (status)
		return status;
	(void)sc_fail(recover->ctx, SPICECFG_SYSTEM, NULL,
		      "transaction %s was not finished, and somebody else has changed its documents since", plain(name, id));
	sc_fail_fixf(recover->ctx, "Examine them, then: `spicecfg recover --accept %s`", id);
	return SPICECFG_SYSTEM;
}

static const enum sc_step_type kinds[] = {SC_STEP_FILE, SC_STEP_ACTION, SC_STEP_DEFINE};

static enum sc_step_type kind_of(const struct sc_tx_step *step)
{
	return step->type == SC_STEP_ACTION || step->type == SC_STEP_DEFINE ? step->type : SC_STEP_FILE;
}

static enum spicecfg_status undo_steps(struct recover *recover, const char *id, const struct sc_tx *tx, int dir)
{
	struct sc_undo undo = {.ctx = recover->ctx, .tx = tx, .memory = recover->memory, .dir = dir};
	bool *bad = sc_arena_alloc(recover->memory, tx->n_steps + 1);
	enum sc_undone worst = SC_UNDONE;

	if (!bad)
		return sc_fail_memory(recover->ctx);
	for (size_t i = 0; i < tx->n_steps; i++)
		sc_undo_find(&undo, i);
	/* documents, then what has read them, then definitions, which need what it has read */
	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(*kinds); kind++)
		for (size_t i = tx->n_steps; i-- > 0;) {
			enum sc_undone one = kind_of(&tx->steps[i]) == kinds[kind] ? sc_undo_step(&undo, i) : SC_UNDONE;

			bad[i] |= one == SC_UNDO_CONFLICT || one == SC_UNDO_FAILED;
			worst = one > worst ? one : worst;
		}
	static const enum spicecfg_recovered states[] = {
	    [SC_UNDONE] = SPICECFG_RECOVERED_UNDONE,
	    [SC_UNDO_CONFLICT] = SPICECFG_RECOVERED_CONFLICT,
	    [SC_UNDO_FAILED] = SPICECFG_RECOVERED_FAILED,
	    [SC_UNDO_WAITS] = SPICECFG_RECOVERED_WAITING,
	};
	enum spicecfg_status status = add_row(recover, tx->id, states[worst], tx, worst >= SC_UNDO_CONFLICT ? bad : NULL);
	if (worst == SC_UNDO_CONFLICT || worst == SC_UNDO_FAILED)
		add_unrestored(recover, tx, bad);
	if (!status && worst == SC_UNDONE && sc_tx_drop(recover->state.tx, id) < 0)
		status = fail_errno(recover, id);
	else if (!status && worst == SC_UNDO_CONFLICT)
		status = close_conflict(recover, id);
	else if (!status && worst == SC_UNDO_WAITS)
		status = set_aside(recover, id, SC_TX_WAITING);
	else if (!status && worst == SC_UNDO_FAILED)
		status = sc_fail(recover->ctx, SPICECFG_SYSTEM, NULL, "transaction %s was not finished and can't be undone", id);
	return status;
}

static enum spicecfg_status undo_tx(struct recover *recover, const char *id, const struct sc_tx *tx, int dir)
{
	struct sc_lock_key *keys = sc_arena_alloc(recover->memory, (tx->n_steps + 1) * sizeof(*keys));
	struct sc_locks *locks = NULL;

	if (!keys)
		return sc_fail_memory(recover->ctx);
	enum spicecfg_status status = lock_documents(recover, tx, keys, &locks);
	if (!status)
		status = undo_steps(recover, id, tx, dir);
	sc_locks_release(locks);
	return status;
}

static bool is_committed(const struct recover *recover, const char *id)
{
	return recover->state.history >= 0 && faccessat(recover->state.history, id, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* An armed transaction, or what is left of one. */
static enum spicecfg_status end_open(struct recover *recover, const char *id, int dir)
{
	struct sc_tx tx;
	enum sc_tx_verdict verdict = read_plan(recover, id, dir, &tx);
	enum spicecfg_status status = check_plan(recover, id, verdict);

	if (status)
		return status;
	/* nothing was applied before the plan was complete, nothing is to be undone once it is in the history */
	if (verdict == SC_TX_TORN || is_committed(recover, id))
		return sc_tx_remove(recover->state.tx, id) < 0 ? fail_errno(recover, id) : SPICECFG_OK;
	return undo_tx(recover, id, &tx, dir);
}

/* Removes the temp files that a plan names, if there is one. */
static enum sc_tx_verdict remove_leftovers(struct recover *recover, const char *name, int dir, struct sc_tx *tx, bool *fine)
{
	enum sc_tx_verdict verdict = read_plan(recover, name, dir, tx);
	struct sc_undo undo = {.ctx = recover->ctx, .tx = tx, .memory = recover->memory, .dir = dir};

	*fine = true;
	for (size_t i = 0; verdict == SC_TX_VALID && i < tx->n_steps; i++)
		*fine = sc_undo_leftovers(&undo, i) && *fine;
	return verdict;
}

/* Committed below a root, or rolled back: only leftovers are of interest. */
static enum spicecfg_status end_done(struct recover *recover, const char *name, int dir)
{
	struct sc_tx tx = {.n_steps = 0};
	bool fine;

	enum sc_tx_verdict verdict = remove_leftovers(recover, name, dir, &tx, &fine);
	enum spicecfg_status status = check_plan(recover, name, verdict);
	if (status)
		return status;
	if (fine && sc_tx_remove(recover->state.tx, name) < 0)
		return fail_errno(recover, name);
	return verdict == SC_TX_VALID ? add_row(recover, tx.id, SPICECFG_RECOVERED_DONE, &tx, NULL) : SPICECFG_OK;
}

/* Of a transaction that stays as it is, such as a conflict that was reported already. A living one is not named. */
static enum spicecfg_status name_open(struct recover *recover, const char *name, enum spicecfg_recovered state)
{
	char id[SC_TX_NAME];
	int dir = sc_tx_open(recover->state.tx, name);
	struct sc_tx tx = {.n_steps = 0};

	if (dir < 0)
		return SPICECFG_OK;
	bool known = read_plan(recover, name, dir, &tx) == SC_TX_VALID;
	close(dir);
	return add_row(recover, plain(name, id), state, known ? &tx : NULL, NULL);
}

static enum spicecfg_status end_one(struct recover *recover, const char *name)
{
	if (!sc_tx_is_name(name))
		return SPICECFG_OK;
	if (sc_text_ends(name, SC_TX_CONFLICT))
		return name_open(recover, name, SPICECFG_RECOVERED_CONFLICT);
	int dir = sc_tx_open(recover->state.tx, name);
	if (dir < 0)
		return SPICECFG_OK;
	enum spicecfg_status status;
	if (sc_text_ends(name, SC_TX_DONE))
		status = end_done(recover, name, dir);
	else
		status = end_open(recover, name, dir);
	close(dir);
	return status;
}

/* A committed transaction whose temp files and secrets were not removed yet. */
static enum spicecfg_status clean_one(struct recover *recover, const char *name)
{
	int dir = sc_tx_open(recover->state.history, name);
	struct sc_tx tx = {.n_steps = 0};
	enum spicecfg_status status = SPICECFG_OK;
	bool fine;

	if (dir < 0 || faccessat(dir, SC_TX_PLAN, F_OK, AT_SYMLINK_NOFOLLOW) < 0) {
		if (dir >= 0)
			close(dir);
		return SPICECFG_OK;
	}
	enum sc_tx_verdict verdict = remove_leftovers(recover, name, dir, &tx, &fine);
	status = check_plan(recover, name, verdict);
	if (!status && fine && sc_history_clean(dir, &tx) < 0)
		status = fail_errno(recover, name);
	close(dir);
	return status ? status : add_row(recover, name, SPICECFG_RECOVERED_DONE, &tx, NULL);
}

static enum spicecfg_status each(struct recover *recover, int at, enum spicecfg_status (*fn)(struct recover *, const char *))
{
	char **names = at < 0 ? NULL : sc_file_list_of(openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), recover->memory);
	enum spicecfg_status worst = SPICECFG_OK;

	if (at >= 0 && !names)
		return sc_fail(recover->ctx, SPICECFG_SYSTEM, NULL, "%s can't be listed: %s", sc_state_name(recover->ctx), strerror(errno));
	for (; names && *names; names++) {
		enum spicecfg_status status = fn(recover, *names);

		worst = status > worst ? status : worst;
	}
	return worst;
}

/* With accept, what is there is the new state, whatever it is. */
static enum spicecfg_status accept_one(struct recover *recover, const char *id)
{
	struct spicecfg_recovery_row *row = sc_recovery_find(recover->found, id);
	static const char *const suffixes[] = {SC_TX_CONFLICT, SC_TX_WAITING, ""};
	char name[2 * SC_TX_NAME];
	bool dropped = false;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes) && !dropped && !strpbrk(id, "/."); i++) {
		snprintf(name, sizeof(name), "%.*s%s", SC_TX_NAME - 1, id, suffixes[i]);
		dropped = *id && sc_tx_drop(recover->state.tx, name) == 0;
	}
	if (!dropped)
		return sc_fail(recover->ctx, SPICECFG_INPUT, "See which there are: `spicecfg recover`",
			       "there is no unfinished transaction '%s'", id);
	if (row)
		row->state = SPICECFG_RECOVERED_ACCEPTED;
	return row ? SPICECFG_OK : add_row(recover, id, SPICECFG_RECOVERED_ACCEPTED, NULL, NULL);
}

static enum spicecfg_status name_one(struct recover *recover, const char *name)
{
	bool conflict = sc_text_ends(name, SC_TX_CONFLICT);

	if (!sc_tx_is_name(name) || sc_text_ends(name, SC_TX_DONE) || (!conflict && is_committed(recover, name)))
		return SPICECFG_OK;
	if (!conflict && !sc_text_ends(name, SC_TX_WAITING) && !sc_tx_is_dead(recover->state.tx, name, false))
		return SPICECFG_OK;
	return name_open(recover, name, conflict ? SPICECFG_RECOVERED_CONFLICT : SPICECFG_RECOVERED_WAITING);
}

/* Names what is open, without a lock: nothing is changed. */
static enum spicecfg_status look(struct recover *recover)
{
	enum spicecfg_status status = sc_state_open(recover->ctx, false, &recover->state);

	return status ? status : each(recover, recover->state.tx, name_one);
}

static enum spicecfg_status end_all(struct recover *recover, const char *accept)
{
	struct spicecfg_ctx *ctx = recover->ctx;
	enum spicecfg_status status = sc_tx_enter(ctx, false, LOCK_EX, &recover->state);

	if (!status && recover->state.tx >= 0) {
		status = each(recover, recover->state.tx, end_one);
		enum spicecfg_status cleaned = each(recover, recover->state.history, clean_one);
		status = status ? status : cleaned;
	}
	if (accept && recover->state.tx >= 0) {
		sc_let_go(ctx);
		status = accept_one(recover, accept);
	}
	if (status && recover->n_unrestored)
		status = sc_fail_unrestored(ctx, recover->unrestored);
	sc_state_close(&recover->state);
	if (ctx->root)
		sc_state_remove(ctx);
	return status;
}

/* This may be the URI that one waits for. */
static bool is_any_waiting(const struct recover *recover)
{
	const struct spicecfg_recovery_row *row;
	bool any = false;

	for (size_t i = 0; !any && (row = spicecfg_recovery_row(recover->found, i)); i++)
		any = row->state == SPICECFG_RECOVERED_WAITING;
	return any;
}

static enum spicecfg_status run(struct recover *recover, const char *accept)
{
	enum spicecfg_status status = look(recover);
	bool open = recover->state.tx >= 0, dead = open && (sc_tx_any_dead(&recover->state) || is_any_waiting(recover));

	sc_state_close(&recover->state);
	if (!status && !recover->only_look && !dead && recover->ctx->root)
		sc_state_remove(recover->ctx);
	if (status || recover->only_look || (!dead && !accept))
		return status;
	if (!open)
		return sc_fail(recover->ctx, SPICECFG_INPUT, NULL, "there is no unfinished transaction '%s'", accept);
	/* what was found is found again, by what it becomes */
	spicecfg_recovery_free(recover->found);
	recover->found = sc_recovery_new();
	return recover->found ? end_all(recover, accept) : sc_fail_memory(recover->ctx);
}

static enum spicecfg_status start(struct spicecfg_ctx *ctx, bool only_look, const char *accept, struct spicecfg_recovery **out)
{
	struct recover recover = {.ctx = ctx, .state = {-1, -1, -1}, .only_look = only_look};

	if (out)
		*out = NULL;
	recover.memory = sc_arena_new();
	recover.found = sc_recovery_new();
	enum spicecfg_status status = recover.memory && recover.found ? run(&recover, accept) : sc_fail_memory(ctx);
	sc_arena_free(recover.memory);
	if (out)
		*out = recover.found;
	else
		spicecfg_recovery_free(recover.found);
	return status;
}

enum spicecfg_status sc_recover(struct spicecfg_ctx *ctx, const char *accept, struct spicecfg_recovery **out)
{
	return start(ctx, false, accept, out);
}

enum spicecfg_status spicecfg_recover(struct spicecfg_ctx *ctx, const char *accept, struct spicecfg_recovery **out)
{
	sc_ctx_enter(ctx);
	sc_tempdir_sweep(ctx);
	return start(ctx, false, accept, out);
}

enum spicecfg_status sc_recovery_look(struct spicecfg_ctx *ctx, struct spicecfg_recovery **out)
{
	return start(ctx, true, NULL, out);
}

enum spicecfg_status spicecfg_recovery_look(struct spicecfg_ctx *ctx, struct spicecfg_recovery **out)
{
	sc_ctx_enter(ctx);
	return start(ctx, true, NULL, out);
}
