/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From TARGET words to single definitions: directories are walked in the order of their names, without following symlinks. */
#ifndef SC_SYSTEM_WALK_H
#define SC_SYSTEM_WALK_H

#include <stdbool.h>
#include <stddef.h>

enum sc_walk_kind {
	SC_WALK_FILE,
	SC_WALK_STDIN,
	SC_WALK_DOMAIN, /* a libvirt domain, by name */
	SC_WALK_BROKEN, /* a directory that can't be read: error is an errno */
};

struct sc_walk_item {
	enum sc_walk_kind kind;
	const char *path; /* or the domain's name; until the next call */
	bool found;       /* in a directory, not named */
	int error;
};

struct sc_walk;

/* Walks the words (they must outlive it): "-", file:PATH, domain:NAME, an existing directory, a word that holds '/' or ends in .xml as a
 * file, any other as a domain. NULL when memory is short. */
struct sc_walk *sc_walk_new(const char *const *words, size_t n_words);
void sc_walk_free(struct sc_walk *walk);

/* False behind the last, or when memory is short (sc_walk_failed()). Of a directory: regular files that end in .xml, and directories in it;
 * names with a dot in front are left out. */
bool sc_walk_next(struct sc_walk *walk, struct sc_walk_item *item);
bool sc_walk_failed(const struct sc_walk *walk);
/* Files of directories that were left out: symlinks, other suffixes. */
size_t sc_walk_skipped(const struct sc_walk *walk);

/* True for a word that means a file or a directory, not a domain. */
bool sc_walk_is_file(const char *word);
/* True for a word that means an existing directory. */
bool sc_walk_is_directory(const char *word);

#endif
