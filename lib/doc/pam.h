/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A PAM service file (pam.d(5)), read as Linux-PAM's libpam/pam_handlers.c does. Checks need a reader of their own, because libpam starts
 * despite invalid lines, and resolves includes in /etc/pam.d regardless of the directory that it is given.
 */
#ifndef SC_DOC_PAM_H
#define SC_DOC_PAM_H

#include "base/buf.h"
#include "base/ctx.h"

enum sc_pam_type { SC_PAM_AUTH, SC_PAM_ACCOUNT, SC_PAM_PASSWORD, SC_PAM_SESSION, SC_PAM_ANY /* of an @include */ };

/* Returns the name of a type: "auth", "account"…; "@include" for SC_PAM_ANY. */
const char *sc_pam_type_name(enum sc_pam_type type);

/* A rule. The strings belong to the document. */
struct sc_pam_entry {
	enum sc_pam_type type;
	bool quiet;          /* "-auth": a missing module is not logged */
	const char *control; /* "required", "[success=1 default=ignore]", "include", "substack", "@include" */
	const char *module;  /* the module, or the file of an include */
	const char *args;    /* "" when there are none; sc_pam_next_arg() splits them */
	unsigned line;
	size_t start, next; /* offsets of its first line and of the line after it */
	const char *error;  /* why libpam can't use the line, so that its stack always fails there; or NULL */
};

/*
 * Replaces the contents of out with the next argument of *args as the module receives it, and advances. An argument in brackets loses
 * them and keeps its blanks. Returns false at the end. A failed allocation sets out->failed.
 */
bool sc_pam_next_arg(const char **args, struct sc_buf *out);

struct sc_pam;

enum { SC_PAM_SIZE_MAX = 1024 * 1024, SC_PAM_DEPTH_MAX = 16 /* PAM_SUBSTACK_MAX_LEVEL */ };

/* The most rules of one type, and included files, that a walk visits. Services of distributions have some dozens of both. */
enum { SC_PAM_RULES_MAX = 10000, SC_PAM_INCLUDES_MAX = 1000 };

/*
 * Parses len bytes (copied); name is used in messages. Invalid lines become entries with an error; only a NUL byte, or more than
 * SC_PAM_SIZE_MAX bytes, is SPICECFG_INPUT. *out is NULL on failure; free it with sc_pam_free().
 */
SPICECFG_CHECKED enum spicecfg_status sc_pam_parse(struct spicecfg_ctx *ctx, const char *name, const char *bytes, size_t len,
						   struct sc_pam **out);
void sc_pam_free(struct sc_pam *pam);
static inline void sc_pam_freep(struct sc_pam **pam)
{
	sc_pam_free(*pam);
}
#define SC_PAM __attribute__((cleanup(sc_pam_freep))) struct sc_pam

/* Returns the name that was given to sc_pam_parse(). */
const char *sc_pam_name(const struct sc_pam *pam);

/* Returns the current bytes, which belong to the document. */
const struct sc_buf *sc_pam_bytes(const struct sc_pam *pam);

/* Returns an entry, which lives until the next edit; NULL after the last. */
const struct sc_pam_entry *sc_pam_entry_at(const struct sc_pam *pam, size_t index);

/*
 * Inserts a line before the entry at index, or at the end of the file when there is none. Invalidates all entries. SPICECFG_INPUT, and no
 * change, when the line would continue the last rule, because that ends with a backslash.
 */
SPICECFG_CHECKED enum spicecfg_status sc_pam_insert(struct spicecfg_ctx *ctx, struct sc_pam *pam, size_t index, const char *line);

/* Removes the lines of the entry at index. Invalidates all entries. */
SPICECFG_CHECKED enum spicecfg_status sc_pam_remove(struct spicecfg_ctx *ctx, struct sc_pam *pam, size_t index);

/* What a walk calls. */
struct sc_pam_walk {
	/*
	 * Returns the document of an included file (a name in /etc/pam.d, or a path), or NULL when it is missing. The document must live
	 * until the walk ends.
	 */
	const struct sc_pam *(*load)(void *opaque, const char *file);
	/*
	 * Called for each rule of the type, in the order in which libpam runs them. entry->error is set for an include that fails, and for
	 * the rule at which the walk ends because there are too many.
	 */
	void (*visit)(void *opaque, const struct sc_pam *pam, const struct sc_pam_entry *entry, unsigned depth);
	/* Called before and after the rules of a substack, with the rule that names it; NULL: not called. */
	void (*substack)(void *opaque, const struct sc_pam *pam, const struct sc_pam_entry *entry, bool begins);
	void *opaque;
};

/* Visits the rules of a type with all includes resolved. */
void sc_pam_walk(const struct sc_pam *pam, enum sc_pam_type type, const struct sc_pam_walk *walk);

#endif
