/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/recovery.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

struct spicecfg_recovery {
	struct sc_arena *memory;
	struct spicecfg_recovery_row *rows;
	size_t n;
};

struct spicecfg_recovery *sc_recovery_new(void)
{
	struct spicecfg_recovery *recovery = calloc(1, sizeof(*recovery));

	if (recovery && (recovery->memory = sc_arena_new()))
		return recovery;
	free(recovery);
	return NULL;
}

void spicecfg_recovery_free(struct spicecfg_recovery *recovery)
{
	if (!recovery)
		return;
	sc_arena_free(recovery->memory);
	free(recovery);
}

const struct spicecfg_recovery_row *spicecfg_recovery_row(const struct spicecfg_recovery *recovery, size_t index)
{
	return recovery && index < recovery->n ? &recovery->rows[index] : NULL;
}

struct spicecfg_recovery_row *sc_recovery_find(struct spicecfg_recovery *recovery, const char *id)
{
	for (size_t i = 0; i < recovery->n; i++)
		if (strcmp(recovery->rows[i].id, id) == 0)
			return &recovery->rows[i];
	return NULL;
}

bool sc_recovery_add(struct spicecfg_recovery *recovery, const char *id, enum spicecfg_recovered state, const struct sc_tx *tx,
		     const bool *keep)
{
	size_t count = tx ? tx->n_steps : 0, n = 0;
	struct spicecfg_recovery_row *rows = sc_arena_grow(recovery->memory, recovery->rows, recovery->n, sizeof(*rows));
	const char **documents = sc_arena_alloc(recovery->memory, (count + 1) * sizeof(*documents));
	struct spicecfg_recovery_row row = {sc_arena_strdup(recovery->memory, id), state, documents};

	if (!rows || !documents || !row.id)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct sc_tx_step *step = &tx->steps[i];
		bool again = step->type == SC_STEP_ACTION || (keep && !keep[i]);

		for (size_t k = 0; k < n && !again; k++)
			again = strcmp(documents[k], step->document) == 0;
		if (!again && !(documents[n++] = sc_arena_strdup(recovery->memory, step->document)))
			return false;
	}
	recovery->rows = rows;
	recovery->rows[recovery->n++] = row;
	return true;
}
