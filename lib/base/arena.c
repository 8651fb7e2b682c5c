/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lets AddressSanitizer see where each allocation ends: a poisoned gap follows it. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define WATCHED
#endif

#ifdef WATCHED
#include <sanitizer/asan_interface.h>
enum { GAP = _Alignof(max_align_t) };
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)0)
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)0)
enum { GAP = 0 };
#endif

enum { BLOCK_SIZE = 16 * 1024 - 64 };

struct block {
	struct block *next;
	size_t used;
	size_t size;
	_Alignas(max_align_t) unsigned char data[];
};

struct sc_arena {
	struct block *blocks;
};

struct sc_arena *sc_arena_new(void)
{
	return calloc(1, sizeof(struct sc_arena));
}

static void free_block(struct block *block)
{
	ASAN_UNPOISON_MEMORY_REGION(block->data, block->size);
	explicit_bzero(block->data, block->used);
	free(block);
}

void sc_arena_free(struct sc_arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->blocks, *next; block; block = next) {
		next = block->next;
		free_block(block);
	}
	free(arena);
}

void sc_arena_drop(struct sc_arena *arena, const void *memory)
{
	struct block **at = &arena->blocks;

	while (*at && (*at)->data != memory)
		at = &(*at)->next;
	struct block *block = *at;
	if (!block || block->size <= BLOCK_SIZE)
		return;
	*at = block->next;
	free_block(block);
}

void *sc_arena_alloc(struct sc_arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);

	if (size > SIZE_MAX - BLOCK_SIZE)
		return NULL;
	size_t room = (size + align - 1) / align * align + GAP;
	struct block *block = arena->blocks;
	if (!block || block->size - block->used < room) {
		size_t capacity = room > BLOCK_SIZE ? room : BLOCK_SIZE;
		/* a full block is not the first, so that the rest of that one is still used */
		struct block **at = block && room > BLOCK_SIZE ? &block->next : &arena->blocks;

		block = malloc(sizeof(*block) + capacity);
		if (!block)
			return NULL;
		block->used = 0;
		block->size = capacity;
		block->next = *at;
		*at = block;
		ASAN_POISON_MEMORY_REGION(block->data, capacity);
	}
	void *memory = block->data + block->used;
	block->used += room;
	ASAN_UNPOISON_MEMORY_REGION(memory, size);
	return memset(memory, 0, size);
}

char *sc_arena_strndup(struct sc_arena *arena, const char *text, size_t len)
{
	if (!text)
		return NULL;
	char *copy = sc_arena_alloc(arena, len + 1);
	if (copy)
		memcpy(copy, text, len);
	return copy;
}

char *sc_arena_strdup(struct sc_arena *arena, const char *text)
{
	return text ? sc_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *sc_arena_vprintf(struct sc_arena *arena, const char *format, va_list args)
{
	va_list copy;

	va_copy(copy, args);
	int len = vsnprintf(NULL, 0, format, copy);
	va_end(copy);
	if (len < 0)
		return NULL;
	char *text = sc_arena_alloc(arena, (size_t)len + 1);
	if (text)
		vsnprintf(text, (size_t)len + 1, format, args);
	return text;
}

char *sc_arena_printf(struct sc_arena *arena, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *text = sc_arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}
