/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/doc/saslconf.c lib/doc/keyfile.c
 * A SASL file. Promises: it is read as cyrus-sasl's lib/config.c reads it; an edit changes one line and can be undone; a refused edit
 * changes nothing; what is written reads back.
 */
#include <ctype.h>

#include "doc/saslconf.h"
#include "fuzz.h"

/* cyrus-sasl's parser, reimplemented: the value of key (NULL: parse all lines). False: the file is refused. */
static bool libsasl_reads(const char *bytes, size_t len, const char *key, struct sc_buf *value, bool *found)
{
	*found = false;
	for (size_t at = 0, next; at < len; at = next) {
		SC_BUF line = SC_BUF_INIT;
		size_t end = next = line_next(bytes, len, at);

		sc_buf_add(&line, bytes + at, end - at - (bytes[end - 1] == '\n'));
		char *p = line.data ? line.data : (char[]){""};
		while (isspace((unsigned char)*p))
			p++;
		if (!*p || *p == '#')
			continue;
		char *word = p;
		for (; isalnum((unsigned char)*p) || *p == '-' || *p == '_'; p++)
			*p = (char)tolower((unsigned char)*p);
		if (*p != ':')
			return false;
		*p++ = '\0';
		while (isspace((unsigned char)*p))
			p++;
		if (!*p)
			return false;
		for (char *tail = p + strlen(p) - 1; tail > p && isspace((unsigned char)*tail); tail--)
			*tail = '\0';
		if (!*found && key && strcmp(word, key) == 0) {
			sc_buf_adds(value, p);
			*found = true;
		}
	}
	return true;
}

static void compare(const struct sc_saslconf *conf, const char *key)
{
	const struct sc_buf *bytes = sc_saslconf_bytes(conf);
	SC_BUF theirs = SC_BUF_INIT;
	bool found;
	const char *ours = sc_saslconf_get(conf, key, NULL);

	must(libsasl_reads(bytes->data, bytes->len, key, &theirs, &found), "libsasl2 accepts what we accept");
	must(found == (ours != NULL), "libsasl2 finds what we find");
	must(!ours || strcmp(ours, sc_buf_text(&theirs)) == 0, "libsasl2 reads the same value");
	must((sc_saslconf_count(conf, key) > 0) == found, "it is counted");
}

/* Restores the old state: the bytes are the same as before, except for a line end after the last line. */
static void take_back(struct spicecfg_ctx *ctx, struct sc_saslconf *conf, const char *key, const char *old_value, const struct sc_buf *old)
{
	const struct sc_buf *now = sc_saslconf_bytes(conf);

	if (old_value && strchr(old_value, '\r')) /* read, but never written */
		return;
	if (old_value)
		must(!sc_saslconf_set(ctx, conf, key, old_value), "the old value is set again");
	else
		must(!sc_saslconf_unset(ctx, conf, key), "an added key is unset");
	now = sc_saslconf_bytes(conf);
	must(now->len >= old->len && now->len <= old->len + 2 && (!old->len || memcmp(now->data, old->data, old->len) == 0),
	     "an edit can be undone");
	must(old_value == NULL || now->len == old->len, "restoring a value leaves no change");
}

static void edit(struct spicecfg_ctx *ctx, struct sc_saslconf *conf, const char *key, const char *value)
{
	SC_BUF old = SC_BUF_INIT, old_value = SC_BUF_INIT;
	unsigned line, count = sc_saslconf_count(conf, key);
	const char *before = sc_saslconf_get(conf, key, &line);

	sc_buf_add(&old, sc_saslconf_bytes(conf)->data, sc_saslconf_bytes(conf)->len);
	if (before)
		sc_buf_adds(&old_value, before);
	enum spicecfg_status status = sc_saslconf_set(ctx, conf, key, value);
	if (status) {
		must_say_why(ctx, status, SPICECFG_USAGE);
		must(same_bytes(sc_saslconf_bytes(conf), old.data, old.len), "a refused edit changes nothing");
		return;
	}
	must(strcmp(sc_saslconf_get(conf, key, &line), value) == 0, "set sets");
	must(sc_saslconf_count(conf, key) == (count ? count : 1), "no second assignment");
	compare(conf, key);
	if (before)
		must_differ_in(sc_saslconf_bytes(conf), old.data, old.len, line);
	else
		must_have_added(sc_saslconf_bytes(conf), old.data, old.len, line);
	SC_SASLCONF *again = NULL;
	must(!sc_saslconf_parse(ctx, "again", sc_saslconf_bytes(conf)->data, sc_saslconf_bytes(conf)->len, &again),
	     "what is written is read");
	must(strcmp(sc_saslconf_get(again, key, NULL), value) == 0, "and reads back");
	take_back(ctx, conf, key, before ? sc_buf_text(&old_value) : NULL, &old);
}

/* The first byte is the length of the value to set. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const keys[] = {"mech_list", "pwcheck_method", "a"};
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	const char *bytes = (const char *)data + (size > 0);
	size_t len = size - (size > 0);
	SC_SASLCONF *conf = NULL;
	SC_BUF value = SC_BUF_INIT, unused = SC_BUF_INIT;
	bool found;

	for (int i = 0; size && i <= data[0] * 17; i++)
		sc_buf_addc(&value, "scram-SHA-1 x: #"[i % 16]);
	enum spicecfg_status status = sc_saslconf_parse(ctx, "fuzz", bytes, len, &conf);
	if (status) {
		must_say_why(ctx, status, SPICECFG_INPUT);
		bool limits = memchr(bytes, '\0', len) != NULL;
		for (size_t at = 0, next; at < len; at = next)
			limits |= (next = line_next(bytes, len, at)) - at > SC_SASLCONF_LINE_MAX;
		must(limits || !libsasl_reads(bytes, len, NULL, &unused, &found), "libsasl2 refuses what we refuse");
	} else {
		must(same_bytes(sc_saslconf_bytes(conf), bytes, len), "no edit, no change");
		for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
			compare(conf, keys[i]);
			edit(ctx, conf, keys[i], i == 2 ? sc_buf_text(&value) : "scram-sha-256 plain");
		}
		must(!sc_saslconf_unset(ctx, conf, "a") && !sc_saslconf_get(conf, "a", NULL), "unset unsets");
		compare(conf, "mech_list");
	}
	spicecfg_ctx_free(ctx);
	return 0;
}
