/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Converts the commands of fixes to argument vectors. */
#include <stdlib.h>
#include <string.h>

#include "base/fix.h"

/* One block of memory: the vectors, their words, and the bytes of the words. A first pass over the fix counts, a second one fills it. */
struct block {
	char ***vectors;
	char **words;
	char *bytes;
	size_t n_vectors, n_words, n_bytes;
	bool fills;
	bool failed;
};

static void add_word(struct block *block, const char *text)
{
	size_t size = text ? strlen(text) + 1 : 0;

	if (block->fills)
		block->words[block->n_words] = text ? memcpy(block->bytes + block->n_bytes, text, size) : NULL;
	block->n_words++;
	block->n_bytes += size;
}

static void add_vector(struct block *block)
{
	if (block->fills)
		block->vectors[block->n_vectors] = block->words + block->n_words;
	block->n_vectors++;
}

static bool is_chain(const struct spicecfg_fix_part *part)
{
	return part->kind == SPICECFG_FIX_SHELL && (strcmp(part->text, "&&") == 0 || strcmp(part->text, ";") == 0);
}

/* Adds the command of the parts [from, to). One that needs a shell is passed to sh. */
static void add_command(struct block *block, const struct spicecfg_fix *fix, size_t from, size_t to)
{
	const struct spicecfg_fix command = {fix->parts + from, to - from, fix->outside};
	bool shell = false;

	add_vector(block);
	for (size_t i = from; i < to; i++)
		shell |= fix->parts[i].kind == SPICECFG_FIX_SHELL;
	if (shell) {
		SC_BUF text = SC_BUF_INIT;

		sc_fix_put(&text, &command);
		block->failed |= text.failed;
		add_word(block, "sh");
		add_word(block, "-c");
		add_word(block, sc_buf_text(&text));
	}
	for (size_t i = from; i < to && !shell; i++)
		add_word(block, fix->parts[i].text);
	add_word(block, NULL);
}

static void add_commands(struct block *block, const struct spicecfg_fix *fix)
{
	size_t from = 0;

	for (size_t i = 0; i <= fix->n_parts; i++)
		if (i == fix->n_parts || is_chain(&fix->parts[i])) {
			if (i > from)
				add_command(block, fix, from, i);
			from = i + 1;
		}
	if (block->fills)
		block->vectors[block->n_vectors] = NULL;
}

/* Whether a person has nothing to read or fill in. */
static bool is_complete(const struct spicecfg_fix *fix)
{
	for (size_t i = 0; i < fix->n_parts; i++)
		if (fix->parts[i].kind == SPICECFG_FIX_TEXT || fix->parts[i].kind == SPICECFG_FIX_BLANK ||
		    fix->parts[i].kind == SPICECFG_FIX_TARGET)
			return false;
	return fix->n_parts != 0;
}

static char ***vectors_of(const struct spicecfg_fix *fix)
{
	struct block count = {0};

	add_commands(&count, fix);
	size_t pointers = (count.n_vectors + 1) * sizeof(char **) + count.n_words * sizeof(char *);
	char ***vectors = count.failed ? NULL : malloc(pointers + count.n_bytes);
	if (!vectors)
		return NULL;
	struct block block = {
	    .vectors = vectors,
	    .words = (char **)(vectors + count.n_vectors + 1),
	    .bytes = (char *)vectors + pointers,
	    .fills = true,
	};
	add_commands(&block, fix);
	if (!block.failed)
		return vectors;
	free(vectors);
	return NULL;
}

bool spicecfg_fix_is_command(const struct spicecfg_fix *fix)
{
	for (size_t i = 0; fix && i < fix->n_parts; i++)
		if (fix->parts[i].kind == SPICECFG_FIX_TEXT)
			return false;
	return fix && fix->n_parts != 0;
}

char ***spicecfg_fix_argv(const struct spicecfg_fix *fix, const struct spicecfg_fix_place *place)
{
	struct spicecfg_fix_place own;
	struct sc_arena *arena = fix && place && sc_fix_place_take(&own, place) ? sc_arena_new() : NULL;

	if (arena)
		fix = sc_fix_resolve(arena, fix, &own);
	char ***vectors = fix && (arena || !place) && is_complete(fix) ? vectors_of(fix) : NULL;
	sc_arena_free(arena);
	return vectors;
}
