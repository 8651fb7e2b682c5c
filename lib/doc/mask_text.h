/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Secrets in text of which nothing is known but what it says: values of attributes, elements and comments. */
#ifndef SC_DOC_MASK_TEXT_H
#define SC_DOC_MASK_TEXT_H

#include "doc/mask_args.h"

/* Bytes that nobody may read; from NULL: none. */
struct sc_mask_hit {
	const char *from, *to;
};

/* True for the name of what holds a secret: passwd, vnc_password, apiKey, x:token; not for keymap, passwdValidTo or password-secret. */
bool sc_mask_is_secret(struct sc_piece name);

/*
 * The first secret of text: what stands behind "password=", "Token:", "the secret is", the password of "user:password@host", the query of a
 * URL. Quotes, and references of XML that stand for one (&quot;), are looked through. False: there is none.
 */
bool sc_mask_text_find(struct sc_piece text, struct sc_mask_hit *out);

/* Only the passwords of accounts and the queries of URLs. */
bool sc_mask_account_find(struct sc_piece text, struct sc_mask_hit *out);

#endif
