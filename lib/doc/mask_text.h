/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Secrets in text that is judged by its wording alone: values of attributes, elements and comments. */
#ifndef SC_DOC_MASK_TEXT_H
#define SC_DOC_MASK_TEXT_H

#include "doc/mask_args.h"

/* Bytes that must be hidden; from NULL: none. */
struct sc_mask_hit {
	const char *from, *to;
};

/* Returns true for the name of a secret: passwd, vnc_password, apiKey, x:token; but not keymap, passwdValidTo or password-secret. */
bool sc_mask_is_secret(struct sc_piece name);

/*
 * Finds the first secret in text: what follows "password=", "Token:" or "the secret is", the password in "user:password@host", or the query
 * of a URL. Quotes and XML references to quotes (&quot;) are skipped. Returns false when there is none.
 */
bool sc_mask_text_find(struct sc_piece text, struct sc_mask_hit *out);

/* The same, but only for passwords of accounts and queries of URLs. */
bool sc_mask_account_find(struct sc_piece text, struct sc_mask_hit *out);

#endif
