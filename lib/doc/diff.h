/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unified diffs of documents whose secrets are masked. */
#ifndef SC_DOC_DIFF_H
#define SC_DOC_DIFF_H

#include "base/buf.h"

struct sc_diff {
	const char *name; /* of the document, for the header */
	const char *old;  /* NULL: the document does not exist yet */
	size_t old_len;   /* 0 when old is NULL */
	const char *new;  /* NULL: the document is removed */
	size_t new_len;   /* 0 when new is NULL */
	/*
	 * What is printed, with as many lines as the real text; NULL: the real text. A line whose secret changes is shown as changed,
	 * although both versions look the same.
	 */
	const char *old_shown;
	const char *new_shown;
};

/*
 * Appends a unified diff with three lines of context, or nothing when the texts are equal. The real lines are compared, the shown ones are
 * printed. A failed allocation sets out->failed.
 */
void sc_diff(const struct sc_diff *diff, struct sc_buf *out);

#endif
