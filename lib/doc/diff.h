/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unified diffs of documents whose secrets are masked. */
#ifndef SC_DOC_DIFF_H
#define SC_DOC_DIFF_H

#include "base/buf.h"

struct sc_diff {
	const char *name; /* of the document, for the head */
	const char *old;  /* NULL: does not exist */
	size_t old_len;   /* 0 when old is NULL */
	const char *new;  /* NULL: is removed */
	size_t new_len;   /* 0 when new is NULL */
	/* What is printed, with as many lines as the real text; NULL: the real text. A changed secret is a changed line that looks the
	 * same. */
	const char *old_shown;
	const char *new_shown;
};

/*
 * Appends a unified diff with three lines of context, nothing when the texts are equal. Lines are compared by their real bytes and
 * printed as shown. A failed allocation sticks in out.
 */
void sc_diff(const struct sc_diff *diff, struct sc_buf *out);

#endif
