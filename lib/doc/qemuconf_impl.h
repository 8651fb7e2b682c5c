/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the files that implement the qemu.conf document. */
#ifndef SC_DOC_QEMUCONF_IMPL_H
#define SC_DOC_QEMUCONF_IMPL_H

#include "base/arena.h"
#include "doc/qemuconf.h"

struct sc_qemuconf {
	char *name;
	char *bytes; /* including edits, NUL-terminated */
	size_t len;
	char *original;
	size_t original_len;
	struct sc_arena *memory; /* keys and values of the entries */
	struct sc_qemuconf_entry *entries;
	size_t n_entries;
	struct sc_qemuconf_entry **keys; /* the assignments, sorted by key */
	size_t n_keys;
};

static inline bool sc_qemuconf_blank(char c)
{
	return c == ' ' || c == '\t';
}
static inline bool sc_qemuconf_eol(char c)
{
	return c == '\n' || c == '\r';
}

/* Makes bytes, from sc_buf_steal(), the contents of doc, which takes ownership, and reads its entries. On failure doc is unchanged. */
SPICECFG_CHECKED enum spicecfg_status sc_qemuconf_take(struct spicecfg_ctx *ctx, struct sc_qemuconf *doc, char *bytes, size_t len);

/*
 * Reads an assignment at the start of text (NUL-terminated, len bytes) as libvirt would. Returns the offset of the end of the value, or 0
 * when there is no assignment. *key_len is the length of the key, *value_start the offset of the value.
 */
size_t sc_qemuconf_peek(const char *text, size_t len, size_t *key_len, size_t *value_start);

#endif
