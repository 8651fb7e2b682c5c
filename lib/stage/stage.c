/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stage/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/grow.h"

struct sc_stage {
	struct sc_arena *memory;
	struct sc_staged **items;
	size_t n;
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

static struct sc_staged *find(const struct sc_stage *stage, const char *path, bool outside)
{
	for (size_t i = 0; stage && i < stage->n; i++)
		if (stage->items[i]->outside == outside && strcmp(stage->items[i]->path, path) == 0)
			return stage->items[i];
	return NULL;
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
	struct sc_staged **items = sc_arena_grow(stage->memory, stage->items, stage->n, sizeof(struct sc_staged *));
	if (!items)
		return NULL;
	stage->items = items;
	staged = sc_arena_alloc(stage->memory, sizeof(*staged));
	if (!staged || !(staged->path = sc_arena_strdup(stage->memory, path)))
		return NULL;
	staged->outside = outside;
	items[stage->n++] = staged;
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
