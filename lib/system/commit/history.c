/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "system/commit/tx_dir.h"
#include "system/os/file.h"

/* Of an account that root was asked by: what it was at its login, whatever it became since. */
static const char *login_uid(struct sc_arena *memory)
{
	char text[16] = "";
	int fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	/* -1: nobody has logged in */
	return n > 0 && strcmp(text, "4294967295") != 0 ? sc_arena_strdup(memory, text) : NULL;
}

/* A digest is as good as the password itself to somebody who guesses. */
static void drop_digest(struct sc_tx_step *step)
{
	if (!step->secret && !step->masked)
		return;
	*step->before.digest = *step->after.digest = '\0';
}

enum spicecfg_status sc_history_record(struct spicecfg_plan *plan, const struct sc_tx *tx, int dir)
{
	struct sc_tx record = *tx;
	SC_BUF text = SC_BUF_INIT;
	char *diff = NULL;

	record.steps = sc_arena_alloc(plan->memory, (tx->n_steps + 1) * sizeof(*record.steps));
	if (!record.steps)
		return sc_fail_memory(plan->ctx);
	for (size_t i = 0; i < tx->n_steps; i++) {
		record.steps[i] = tx->steps[i];
		drop_digest(&record.steps[i]);
	}
	enum spicecfg_status status = sc_plan_diff(plan, &diff);
	if (status)
		return status;
	record.who.uid = sc_arena_printf(plan->memory, "%u", (unsigned)getuid());
	record.who.login_uid = login_uid(plan->memory);
	record.who.sudo_user = secure_getenv("SUDO_USER");
	record.who.verb = plan->ctx->verb;
	record.who.message = plan->ctx->message;
	record.who.diff = diff;
	sc_tx_write(&record, &text);
	if (text.failed)
		status = sc_fail_memory(plan->ctx);
	else if (sc_tx_put(dir, SC_TX_RECORD, sc_buf_text(&text), text.len) < 0)
		status = sc_fail(plan->ctx, SPICECFG_SYSTEM, NULL, "the history in %s can't be written: %s; nothing was changed",
				 sc_state_name(plan->ctx), strerror(errno));
	free(diff);
	return status;
}

static int unlink_name(int dir, const char *name, const char *suffix)
{
	char full[2 * SC_TX_NAME];

	snprintf(full, sizeof(full), "%s%s", name, suffix);
	return unlinkat(dir, full, 0) == 0 || errno == ENOENT ? 0 : -1;
}

static int unlink_image(int before, const struct sc_tx_step *step, size_t number)
{
	char name[SC_TX_NAME];

	sc_tx_image(number, name);
	if (step->type == SC_STEP_DEFINE && unlink_name(before, name, SC_TX_FILE) < 0)
		return -1;
	return step->secret || step->masked ? unlink_name(before, name, "") : 0;
}

/* A digest of a definition is one of its password, too. */
static int unlink_seen(int dir, size_t number)
{
	char name[SC_TX_NAME];

	return unlink_name(dir, sc_tx_image(number, name), SC_TX_SEEN);
}

int sc_history_clean(int dir, const struct sc_tx *tx)
{
	int before = openat(dir, SC_TX_BEFORE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), result = 0;
	bool any = false;

	for (size_t i = 0; i < tx->n_steps && before >= 0 && result == 0; i++) {
		any |= tx->steps[i].secret || tx->steps[i].masked;
		result = unlink_image(before, &tx->steps[i], i);
	}
	/* without the plan nobody would look for an image that comes back */
	if (any && result == 0)
		result = fsync(before);
	if (before >= 0)
		close(before);
	for (size_t i = 0; i < tx->n_steps && result == 0; i++)
		result = unlink_seen(dir, i);
	return result == 0 && (unlinkat(dir, SC_TX_PLAN, 0) == 0 || errno == ENOENT) ? 0 : -1;
}

void sc_history_prune(int history)
{
	struct sc_arena *memory = sc_arena_new();
	char **names = memory ? sc_file_list_of(openat(history, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), memory) : NULL;
	size_t n = 0;

	while (names && names[n])
		n++;
	/* their names begin with the time */
	for (size_t i = 0; i + SC_HISTORY_MAX < n; i++)
		(void)sc_tx_remove(history, names[i]);
	sc_arena_free(memory);
}
