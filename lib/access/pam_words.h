/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments of the PAM modules that name accounts and groups. */
#ifndef SC_ACCESS_PAM_WORDS_H
#define SC_ACCESS_PAM_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { SC_ACCESS_WORD_MAX = 1024 };

/* Whether the module, given by name or path and with or without ".so", is that one. */
bool sc_access_is_module(const char *module, const char *name);

/* modules/pam_listfile with item=user or item=group. */
struct sc_access_listfile {
	bool groups, allow, onerr_succeed;
	char file[SC_ACCESS_WORD_MAX];
};
/* Returns false when there are other options, or one is missing. */
bool sc_access_listfile_read(const char *args, struct sc_access_listfile *out);

/* A condition of modules/pam_succeed_if. complete is false when its operator or value is missing. */
struct sc_access_condition {
	char field[SC_ACCESS_WORD_MAX], op[SC_ACCESS_WORD_MAX], value[SC_ACCESS_WORD_MAX];
	bool complete;
	bool foreign; /* an option before it that changes what the conditions are about, or a word that is too long */
};
/* Reads the next condition of *args, and advances. Returns false at the end; foreign is set in any case. */
bool sc_access_condition_next(const char **args, struct sc_access_condition *out);

#endif
