/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Delays after a wrong password: finds them, and removes them from a service. */
#include <string.h>
#include <strings.h>

#include "plan/pam.h"

bool sc_pam_is_module(const struct sc_pam_entry *entry, const char *name)
{
	const char *slash = strrchr(entry->module, '/');

	return strcmp(slash ? slash + 1 : entry->module, name) == 0;
}

static bool has_word(const char *args, const char *word)
{
	SC_BUF arg = SC_BUF_INIT;
	bool has = false;

	while (!has && sc_pam_next_arg(&args, &arg))
		has = strcmp(sc_buf_text(&arg), word) == 0;
	return has;
}

/* The last of several delays is in effect (pam_faildelay.c). */
static bool waits(const char *args)
{
	SC_BUF arg = SC_BUF_INIT;
	bool none = false;

	while (sc_pam_next_arg(&args, &arg))
		if (strncmp(sc_buf_text(&arg), "delay=", 6) == 0)
			none = strcmp(sc_buf_text(&arg) + 6, "0") == 0;
	return !none;
}

bool sc_pam_delays(const struct sc_pam_entry *entry)
{
	if (entry->error || entry->type != SC_PAM_AUTH)
		return false;
	return (sc_pam_is_module(entry, "pam_faildelay.so") && waits(entry->args)) ||
	       (sc_pam_is_module(entry, "pam_unix.so") && !has_word(entry->args, "nodelay"));
}

struct undelay {
	struct sc_buf *out;
	const struct sc_pam *(*load)(void *opaque, const char *file);
	void *opaque;
	bool delayed;
};

static void find_delay(void *opaque, const struct sc_pam *pam, const struct sc_pam_entry *entry, unsigned depth)
{
	(void)pam;
	(void)depth;
	((struct undelay *)opaque)->delayed |= sc_pam_delays(entry);
}

static const struct sc_pam *load_other(void *opaque, const char *file)
{
	struct undelay *undelay = opaque;

	return undelay->load(undelay->opaque, file);
}

static bool is_delayed(struct undelay *undelay, const struct sc_pam *pam)
{
	const struct sc_pam_walk walk = {.load = load_other, .visit = find_delay, .opaque = undelay};

	undelay->delayed = false;
	sc_pam_walk(pam, SC_PAM_AUTH, &walk);
	return undelay->delayed;
}

/* An auth rule without its delay. No rule is omitted, since jumps count rules. */
static void put_rule(struct sc_buf *out, const struct sc_pam_entry *entry)
{
	bool fail = sc_pam_is_module(entry, "pam_faildelay.so");

	sc_buf_addf(out, "%sauth      %s %s %s%s%s\n", entry->quiet ? "-" : "", entry->control, entry->module,
		    fail ? "delay=0" : entry->args, fail || !*entry->args ? "" : " ", fail ? "" : "nodelay");
}

/* Every line of the document; only: auth rules only, as with 'auth include'. */
static void put_lines(struct undelay *undelay, const struct sc_pam *pam, bool only, unsigned depth)
{
	const struct sc_buf *bytes = sc_pam_bytes(pam);
	const struct sc_pam_entry *entry;
	size_t from = 0;

	for (size_t i = 0; (entry = sc_pam_entry_at(pam, i)); from = entry->next, i++) {
		bool all = entry->type == SC_PAM_ANY;
		bool include = all || (entry->type == SC_PAM_AUTH &&
				       (strcasecmp(entry->control, "include") == 0 || strcasecmp(entry->control, "substack") == 0));
		const struct sc_pam *other =
		    include && !entry->error && depth < SC_PAM_DEPTH_MAX ? load_other(undelay, entry->module) : NULL;

		if (!depth)
			sc_buf_add(undelay->out, bytes->data + from, entry->start - from);
		if (other && is_delayed(undelay, other)) {
			sc_buf_addf(undelay->out, "# %s, with nodelay: QEMU is blocked during a login.\n", entry->module);
			put_lines(undelay, other, only || !all, depth + 1);
		} else if (sc_pam_delays(entry)) {
			put_rule(undelay->out, entry);
		} else if (only && all) {
			sc_buf_addf(undelay->out, "auth      include %s\n", entry->module);
		} else if (!only || entry->type == SC_PAM_AUTH) {
			sc_buf_add(undelay->out, bytes->data + entry->start, entry->next - entry->start);
			if (entry->next && bytes->data[entry->next - 1] != '\n')
				sc_buf_addc(undelay->out, '\n');
		}
	}
	if (!depth)
		sc_buf_add(undelay->out, bytes->data + from, bytes->len - from);
}

enum spicecfg_status sc_pam_undelay(struct spicecfg_ctx *ctx, const char *text,
				    const struct sc_pam *(*load)(void *opaque, const char *file), void *opaque, struct sc_buf *out)
{
	struct undelay undelay = {out, load, opaque, false};
	SC_PAM *pam = NULL;
	enum spicecfg_status status = sc_pam_parse(ctx, "template", text, strlen(text), &pam);

	if (status)
		return status;
	if (is_delayed(&undelay, pam))
		put_lines(&undelay, pam, false, 0);
	else
		sc_buf_adds(out, text);
	return out->failed ? sc_fail_memory(ctx) : SPICECFG_OK;
}
