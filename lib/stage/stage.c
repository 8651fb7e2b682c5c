/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stage/stage.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/grow.h"

struct sc_stage {
	struct sc_arena *memory;
	struct sc_staged **items;
	size_t n;
	struct sc_staged **table; /* by hash, with gaps; at most half full */
	size_t room;              /* a power of two; 0: no table yet */
};

struct sc_stage *sc_stage_new(void)
{
	struct sc_stage *stage = calloc(1, sizeof(*stage));

	if (stage && !(stage->memory = sc_arena_new())) {
		free(stage);
		return NULL;
	}
	return stage;
}

void sc_stage_free(struct sc_stage *stage)
{
	if (!stage)
		return;
	sc_arena_free(stage->memory);
	free(stage);
}

/* FNV-1a */
static size_t hash(const char *path)
{
	uint64_t sum = UINT64_C(14695981039346656037);

	for (; *path; path++)
		sum = (sum ^ (unsigned char)*path) * UINT64_C(1099511628211);
	return (size_t)(sum ^ sum >> 32);
}

/* Where the document is in the table, or the gap where it belongs. */
static struct sc_staged **place(const struct sc_stage *stage, const char *path, bool outside)
{
	size_t at = hash(path) & (stage->room - 1);

	while (stage->table[at] && !(stage->table[at]->outside == outside && strcmp(stage->table[at]->path, path) == 0))
		at = (at + 1) & (stage->room - 1);
	return &stage->table[at];
}

static struct sc_staged *find(const struct sc_stage *stage, const char *path, bool outside)
{
	return stage && stage->room ? *place(stage, path, outside) : NULL;
}

static bool make_room(struct sc_stage *stage)
{
	if (stage->room >= 2 * (stage->n + 1))
		return true;
	const size_t room = stage->room ? 2 * stage->room : 16;
	struct sc_staged **table = sc_arena_alloc(stage->memory, room * sizeof(*table));
	if (!table)
		return false;
	stage->table = table;
	stage->room = room;
	for (size_t i = 0; i < stage->n; i++)
		*place(stage, stage->items[i]->path, stage->items[i]->outside) = stage->items[i];
	return true;
}

const struct sc_staged *sc_stage_find(const struct sc_stage *stage, const char *path, bool outside)
{
	return find(stage, path, outside);
}

const struct sc_staged *sc_stage_find_domain(const struct sc_stage *stage, const char *uuid)
{
	char path[64];

	return snprintf(path, sizeof(path), "domain:%s", uuid) < (int)sizeof(path) ? find(stage, path, false) : NULL;
}

struct sc_staged *sc_stage_put(struct sc_stage *stage, const char *path, bool outside)
{
	struct sc_staged *staged = find(stage, path, outside);

	if (staged)
		return staged;
	struct sc_staged **items =
	    !make_room(stage) ? NULL : sc_arena_grow(stage->memory, stage->items, stage->n, sizeof(struct sc_staged *));
	if (!items)
		return NULL;
	stage->items = items;
	staged = sc_arena_alloc(stage->memory, sizeof(*staged));
	if (!staged || !(staged->path = sc_arena_strdup(stage->memory, path)))
		return NULL;
	staged->outside = outside;
	items[stage->n++] = staged;
	*place(stage, staged->path, outside) = staged;
	return staged;
}

const struct sc_staged *sc_stage_get(const struct sc_stage *stage, size_t index)
{
	return stage && index < stage->n ? stage->items[index] : NULL;
}

const char *sc_staged_in(const struct sc_staged *staged, const char *dir)
{
	size_t len = strlen(dir);

	while (len && dir[len - 1] == '/')
		len--;
	const char *name = strncmp(staged->path, dir, len) == 0 && staged->path[len] == '/' ? staged->path + len + 1 : NULL;
	return name && *name && !strchr(name, '/') ? name : NULL;
}
