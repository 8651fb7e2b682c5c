/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that the rules of a PAM service name: each is read once, no matter how often it is named. */
#ifndef SC_SYSTEM_PAM_FILES_H
#define SC_SYSTEM_PAM_FILES_H

#include "base/arena.h"
#include "base/ctx.h"
#include "base/table.h"
#include "doc/pam.h"

/* Limits in bytes for one file, and for all files that a service names; those of a host usually have a few kilobytes. */
enum { SC_PAM_FILE_MAX = 1024 * 1024, SC_PAM_FILES_MAX = 4 * 1024 * 1024 };

/* Initialise with zeros except for ctx and memory; free with sc_pam_files_free(). */
struct sc_pam_files {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	struct sc_table known; /* by path; value: struct pam_file */
	struct pam_file *last;
	size_t used;
};

/* The service's own file; NULL with the error recorded. It is valid as long as files, like the results below. */
struct sc_pam *sc_pam_files_own(struct sc_pam_files *files, const char *path);

/* An included file; NULL: it is missing, is not a PAM file, or can't be read; the last two are recorded (system/os/look.h). */
struct sc_pam *sc_pam_files_include(struct sc_pam_files *files, const char *path);

/* The same for the file of an include or of another service: a name is searched in /etc/pam.d, then in the vendor's directories. */
struct sc_pam *sc_pam_files_load(struct sc_pam_files *files, const char *name);

/* The bytes of a file that a module reads; NULL as above. */
const struct sc_buf *sc_pam_files_bytes(struct sc_pam_files *files, const char *path);

/* Frees the documents; everything else is in files->memory. */
void sc_pam_files_free(struct sc_pam_files *files);

#endif
