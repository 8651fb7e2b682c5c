/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expands TARGET words into single definitions. Directories are walked in the order of their names, without following symlinks. */
#ifndef SC_SYSTEM_WALK_H
#define SC_SYSTEM_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fix.h"

enum sc_walk_kind {
	SC_WALK_FILE,
	SC_WALK_STDIN,
	SC_WALK_DOMAIN, /* a libvirt domain, by name */
	SC_WALK_BROKEN, /* a directory that can't be read: error is an errno */
};

struct sc_walk_item {
	enum sc_walk_kind kind;
	const char *path; /* or the domain's name; valid until the next call */
	bool found;       /* found in a directory, not named as a word */
	int error;
};

struct sc_walk;

/* Walks the words, which must outlive the walk: "-", file:PATH, domain:NAME, an existing directory; a word that contains '/' or ends in
 * .xml is a file, any other a domain. NULL if memory is short. */
struct sc_walk *sc_walk_new(const char *const *words, size_t n_words);
void sc_walk_free(struct sc_walk *walk);

/* False after the last item, or if memory is short (sc_walk_failed()). In a directory: regular files that end in .xml, and subdirectories;
 * names that begin with a dot are left out. */
bool sc_walk_next(struct sc_walk *walk, struct sc_walk_item *item);
bool sc_walk_failed(const struct sc_walk *walk);
/* How many files of directories were left out: symlinks, other suffixes. */
size_t sc_walk_skipped(const struct sc_walk *walk);

/* sc_target_read() for a word of a walk: one without prefix that names an existing directory is a file too. */
enum sc_target sc_walk_target(const char *word, const char **name);
/* True for a word that means an existing directory. */
bool sc_walk_is_directory(const char *word);

#endif
