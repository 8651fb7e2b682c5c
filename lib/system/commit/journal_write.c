/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/journal_plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "system/commit/journal_fields.h"

static void add_value(struct sc_buf *out, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c < 0x20 || c == 0x7f || c == '\\')
			sc_buf_addf(out, "\\x%02x", c);
		else
			sc_buf_addc(out, (char)c);
	}
	sc_buf_addc(out, '\n');
}

static void add_state(struct sc_buf *out, const char *when, const struct sc_tx_state *state)
{
	const struct sc_attributes *attributes = &state->attributes;

	sc_buf_addf(out, "%s.type=%s\n", when, state->exists ? sc_tx_type_name(attributes->mode) : SC_TX_ABSENT);
	if (!state->exists)
		return;
	if (attributes->mode) {
		sc_buf_addf(out, "%s.owner=%u\n%s.group=%u\n", when, (unsigned)attributes->uid, when, (unsigned)attributes->gid);
		sc_buf_addf(out, "%s.mode=%04o\n", when, (unsigned)attributes->mode & 07777);
	}
	for (size_t i = 0; i < attributes->n_xattrs; i++) {
		sc_buf_addf(out, "%s." SC_TX_XATTR "%s=", when, attributes->xattrs[i].name);
		add_value(out, attributes->xattrs[i].value, attributes->xattrs[i].len);
	}
	if (*state->digest)
		sc_buf_addf(out, "%s.size=%zu\n%s.digest=%s\n", when, state->len, when, state->digest);
}

static void add_fields(struct sc_buf *out, void *of, const struct sc_tx_field *field)
{
	for (; field->key; field++) {
		const char **text = sc_tx_text(of, field);

		if (field->flag && *sc_tx_flag(of, field))
			sc_buf_addf(out, "%s=yes\n", field->key);
		if (text && *text) {
			sc_buf_addf(out, "%s=", field->key);
			add_value(out, *text, strlen(*text));
		}
	}
}

static void add_step(struct sc_buf *out, struct sc_tx_step step, size_t number)
{
	sc_buf_addf(out, "step=%zu\ntype=%s\n", number, sc_tx_step_name(step.type));
	add_fields(out, &step, sc_tx_fields);
	if (step.type == SC_STEP_ACTION || step.type == SC_STEP_LIVE)
		return;
	add_state(out, "before", &step.before);
	add_state(out, "after", &step.after);
}

void sc_tx_write(const struct sc_tx *tx, struct sc_buf *out)
{
	char digest[SC_SHA256_HEX];
	size_t from = out->len;

	sc_buf_addf(out, "spicecfg-transaction=%d\nid=%s\nbegun=%" PRId64 "\n", SC_TX_VERSION, tx->id, tx->begun);
	struct sc_tx_who who = tx->who;
	add_fields(out, &who, sc_tx_who_fields);
	for (size_t i = 0; i < tx->n_steps; i++)
		add_step(out, tx->steps[i], i);
	if (out->failed)
		return;
	sc_sha256(out->data + from, out->len - from, digest);
	sc_buf_addf(out, "digest=%s\n", digest);
}
