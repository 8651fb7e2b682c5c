/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A PAM service file (pam.d(5)), read as Linux-PAM's libpam/pam_handlers.c reads it. libpam itself starts in spite of broken lines and
 * resolves includes from /etc/pam.d whatever directory it is given, so that checks need an own reader.
 */
#ifndef SC_DOC_PAM_H
#define SC_DOC_PAM_H

#include "base/buf.h"
#include "base/ctx.h"

enum sc_pam_type { SC_PAM_AUTH, SC_PAM_ACCOUNT, SC_PAM_PASSWORD, SC_PAM_SESSION, SC_PAM_ANY /* of an @include */ };

/* "auth", "account"…; "@include" for SC_PAM_ANY. */
const char *sc_pam_type_name(enum sc_pam_type type);

/* A rule; strings belong to the document. */
struct sc_pam_entry {
	enum sc_pam_type type;
	bool quiet;          /* "-auth": a missing module is not logged */
	const char *control; /* "required", "[success=1 default=ignore]", "include", "substack", "@include" */
	const char *module;  /* the module, or the file of an include */
	const char *args;    /* "" when there are none; sc_pam_next_arg() takes them apart */
	unsigned line;
	size_t start, next; /* its lines in the bytes */
	const char *error;  /* NULL, or what libpam can't make of the line: its stack always fails there */
};

/*
 * Takes the next argument of *args as the module gets it: one in brackets without them, with its blanks. False at the end. out is emptied
 * first; a failed allocation sticks in it.
 */
bool sc_pam_next_arg(const char **args, struct sc_buf *out);

struct sc_pam;

enum { SC_PAM_SIZE_MAX = 1024 * 1024, SC_PAM_DEPTH_MAX = 16 /* PAM_SUBSTACK_MAX_LEVEL */ };

/* What a walk looks at: rules of one type, and files included again and again. Services of distributions have some dozens of both. */
enum { SC_PAM_RULES_MAX = 10000, SC_PAM_INCLUDES_MAX = 1000 };

/* Parses len bytes (copied). Broken lines become entries with an error; only a NUL byte or an absurd size is refused (SPICECFG_INPUT). */
SPICECFG_CHECKED enum spicecfg_status sc_pam_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
						   struct sc_pam **out);
void sc_pam_free(struct sc_pam *pam);
static inline void sc_pam_freep(struct sc_pam **pam)
{
	sc_pam_free(*pam);
}
#define SC_PAM __attribute__((cleanup(sc_pam_freep))) struct sc_pam

const char *sc_pam_name(const struct sc_pam *pam);
const struct sc_buf *sc_pam_bytes(const struct sc_pam *pam);

/* The index-th entry, NULL behind the last. */
const struct sc_pam_entry *sc_pam_entry_at(const struct sc_pam *pam, size_t index);

/*
 * Puts a line before the index-th entry (behind the last one: at the end). Entries that were handed out are stale. SPICECFG_INPUT, and
 * nothing is changed: it would continue the last rule, which ends in a backslash.
 */
SPICECFG_CHECKED enum spicecfg_status sc_pam_insert(struct spicecfg_ctx *ctx, struct sc_pam *pam, size_t index, const char *line);

/* Removes the lines of the index-th entry. Entries that were handed out are stale. */
SPICECFG_CHECKED enum spicecfg_status sc_pam_remove(struct spicecfg_ctx *ctx, struct sc_pam *pam, size_t index);

/* How includes are found. */
struct sc_pam_walk {
	/*
	 * Gives the document of an included file (a name in /etc/pam.d, or a path), NULL when there is none. The documents must live until
	 * the walk is over.
	 */
	const struct sc_pam *(*load)(void *opaque, const char *file);
	/* One call per rule of the type, in the order in which libpam runs them; includes that fail come with entry->error set, and so does
	 * the rule at which the walk ends because there are too many. */
	void (*visit)(void *opaque, const struct sc_pam *pam, const struct sc_pam_entry *entry, unsigned depth);
	void *opaque;
};

/* Walks the stack of a type with all includes resolved. */
void sc_pam_walk(const struct sc_pam *pam, enum sc_pam_type type, const struct sc_pam_walk *walk);

#endif
