/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments of the PAM modules that name accounts and groups. */
#ifndef SC_ACCESS_PAM_WORDS_H
#define SC_ACCESS_PAM_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { SC_ACCESS_WORD_MAX = 1024 };

/* Whether the module, given by name or path and with or without ".so", is that one. */
bool sc_access_is_module(const char *module, const char *name);

/* The options of pam_listfile (modules/pam_listfile/pam_listfile.c). */
struct sc_access_listfile {
	enum {
		SC_LIST_USER,
		SC_LIST_GROUP,
		SC_LIST_SHELL,
		SC_LIST_NOTHING, /* the terminal, the remote host or user, which a login through saslauthd does not have */
	} item;
	bool allow;         /* sense=allow */
	bool onerr_succeed; /* onerr=succeed */
	bool wrong;         /* options that make it return the result of onerr */
	bool foreign;       /* options that are not evaluated */
	char file[SC_ACCESS_WORD_MAX];
};
void sc_access_listfile_read(const char *args, struct sc_access_listfile *out);

/* The file that pam_time (conffile=) and pam_access (accessfile=) read, and the separators of the latter. */
struct sc_access_file_options {
	bool default_file;
	bool foreign;    /* a word is too long */
	bool nodefgroup; /* a word of pam_access without brackets is no group */
	char file[SC_ACCESS_WORD_MAX], fields[SC_ACCESS_WORD_MAX], words[SC_ACCESS_WORD_MAX];
};
void sc_access_file_options_read(const char *args, const char *option, const char *otherwise, struct sc_access_file_options *out);

/* A condition of pam_succeed_if (modules/pam_succeed_if/pam_succeed_if.c): three words. */
struct sc_access_condition {
	char field[SC_ACCESS_WORD_MAX], op[SC_ACCESS_WORD_MAX], value[SC_ACCESS_WORD_MAX];
	bool complete; /* it has all three */
	bool foreign;  /* a word is too long, or an option changes what the conditions are about: there is no condition */
};
/* Reads the next condition of *args, and advances. Returns false at the end, and with foreign set. */
bool sc_access_condition_next(const char **args, struct sc_access_condition *out);

#endif
