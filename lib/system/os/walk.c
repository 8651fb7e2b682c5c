/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/grow.h"
#include "base/text.h"

/* A directory that is being walked: its names as one block, sorted through offsets, each preceded by '/' (directory) or '.' (file). */
struct directory {
	struct directory *parent;
	size_t path_len; /* of the directory's path in walk->path, with its slash */
	struct sc_buf names;
	size_t *offsets;
	size_t count, next;
};

struct sc_walk {
	const char *const *words;
	size_t n_words, next;
	struct directory *directory;
	struct sc_buf path;
	size_t skipped;
	bool failed;
};

struct sc_walk *sc_walk_new(const char *const *words, size_t n_words)
{
	struct sc_walk *walk = calloc(1, sizeof(*walk));

	if (walk) {
		walk->words = words;
		walk->n_words = n_words;
	}
	return walk;
}

static void leave(struct sc_walk *walk)
{
	struct directory *directory = walk->directory;

	walk->directory = directory->parent;
	sc_buf_free(&directory->names);
	free(directory->offsets);
	free(directory);
}

void sc_walk_free(struct sc_walk *walk)
{
	if (!walk)
		return;
	while (walk->directory)
		leave(walk);
	sc_buf_free(&walk->path);
	free(walk);
}

bool sc_walk_failed(const struct sc_walk *walk)
{
	return walk->failed;
}

size_t sc_walk_skipped(const struct sc_walk *walk)
{
	return walk->skipped;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

enum sc_target sc_walk_target(const char *word, const char **name)
{
	enum sc_target kind = sc_target_read(word, name);

	return kind == SC_TARGET_DOMAIN && *name == word && is_directory(word) ? SC_TARGET_FILE : kind;
}

bool sc_walk_is_directory(const char *word)
{
	const char *name;

	return sc_target_read(word, &name) != SC_TARGET_STDIN && is_directory(name);
}

/* '/' for a directory, '.' for a file to return, 0 for the rest. */
static char kind_of(int dir, const struct dirent *entry)
{
	unsigned char type = entry->d_type;
	struct stat st;

	if (type == DT_UNKNOWN && fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		type = S_ISDIR(st.st_mode) ? DT_DIR : S_ISREG(st.st_mode) ? DT_REG : DT_UNKNOWN;
	if (type == DT_DIR)
		return '/';
	return type == DT_REG && sc_text_ends(entry->d_name, ".xml") ? '.' : 0;
}

static void add_name(struct sc_walk *walk, struct directory *directory, char kind, const char *name)
{
	size_t *offsets = sc_grow(directory->offsets, directory->count, sizeof(*offsets));

	if (!offsets) {
		walk->failed = true;
		return;
	}
	directory->offsets = offsets;
	directory->offsets[directory->count++] = directory->names.len;
	sc_buf_addc(&directory->names, kind);
	sc_buf_add(&directory->names, name, strlen(name) + 1);
	walk->failed |= directory->names.failed;
}

static int by_name(const void *a, const void *b, void *names)
{
	const char *block = names;

	return strcmp(block + *(const size_t *)a + 1, block + *(const size_t *)b + 1);
}

/* Enters the directory at walk->path (which ends with a slash, or is empty for "."). Returns 0 or an errno. */
static int enter(struct sc_walk *walk)
{
	DIR *dir = opendir(walk->path.len ? sc_buf_text(&walk->path) : ".");
	struct directory *directory = dir ? calloc(1, sizeof(*directory)) : NULL;

	if (!directory) {
		int error = errno;

		if (dir)
			closedir(dir);
		return error;
	}
	directory->path_len = walk->path.len;
	for (struct dirent *entry; (entry = readdir(dir)) && !walk->failed;) {
		char kind = entry->d_name[0] == '.' ? 0 : kind_of(dirfd(dir), entry);

		if (kind)
			add_name(walk, directory, kind, entry->d_name);
		else if (entry->d_name[0] != '.')
			walk->skipped++;
	}
	closedir(dir);
	if (directory->count)
		qsort_r(directory->offsets, directory->count, sizeof(*directory->offsets), by_name, directory->names.data);
	directory->parent = walk->directory;
	walk->directory = directory;
	return 0;
}

static void set_path(struct sc_walk *walk, size_t keep, const char *name)
{
	walk->path.len = keep;
	sc_buf_adds(&walk->path, name);
	walk->failed |= walk->path.failed;
}

/* The next file of the directories that are open; false: none is left. */
static bool next_found(struct sc_walk *walk, struct sc_walk_item *item)
{
	while (walk->directory && !walk->failed) {
		struct directory *directory = walk->directory;

		if (directory->next == directory->count) {
			leave(walk);
			continue;
		}
		const char *name = directory->names.data + directory->offsets[directory->next++];
		set_path(walk, directory->path_len, name + 1);
		if (*name == '.') {
			*item = (struct sc_walk_item){SC_WALK_FILE, sc_buf_text(&walk->path), true, 0};
			return true;
		}
		set_path(walk, walk->path.len, "/");
		int error = enter(walk);
		if (error) {
			*item = (struct sc_walk_item){SC_WALK_BROKEN, sc_buf_text(&walk->path), true, error};
			return true;
		}
	}
	return false;
}

static bool next_word(struct sc_walk *walk, struct sc_walk_item *item)
{
	static const enum sc_walk_kind kinds[] = {
	    [SC_TARGET_STDIN] = SC_WALK_STDIN, [SC_TARGET_FILE] = SC_WALK_FILE, [SC_TARGET_DOMAIN] = SC_WALK_DOMAIN};
	const char *path;
	enum sc_walk_kind kind = kinds[sc_walk_target(walk->words[walk->next++], &path)];

	*item = (struct sc_walk_item){kind, path, false, 0};
	if (kind != SC_WALK_FILE)
		return true;
	if (!is_directory(path))
		return true;
	while (strncmp(path, "./", 2) == 0 && path[2])
		path += 2;
	set_path(walk, 0, strcmp(path, ".") == 0 || strcmp(path, "./") == 0 ? "" : path);
	if (walk->path.len && walk->path.data[walk->path.len - 1] != '/')
		set_path(walk, walk->path.len, "/");
	item->error = enter(walk);
	item->kind = SC_WALK_BROKEN;
	return item->error != 0;
}

bool sc_walk_next(struct sc_walk *walk, struct sc_walk_item *item)
{
	for (;;) {
		if (walk->failed)
			return false;
		if (next_found(walk, item))
			return true;
		if (walk->failed || walk->next == walk->n_words)
			return false;
		if (next_word(walk, item))
			return true;
	}
}
