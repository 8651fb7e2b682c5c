/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/doc/pam.c
 * A PAM service file. Promises: its rules are those that Linux-PAM assembles from the lines; an inserted line becomes the same rule at its
 * position, and can be removed again; a walk visits only rules of its type.
 */
#include <strings.h>

#include "doc/pam.h"
#include "fuzz.h"

#define LINE "account required pam_time.so"
enum { LOADS_MAX = 20 };

struct walked {
	const struct sc_pam *pam;
	enum sc_pam_type type;
	unsigned loads;
};

static const struct sc_pam *load(void *opaque, const char *file)
{
	struct walked *walked = opaque;

	must(file && *file, "an include names a file");
	return *file == 'c' && walked->loads++ < LOADS_MAX ? walked->pam : NULL;
}

static void visit(void *opaque, const struct sc_pam *pam, const struct sc_pam_entry *entry, unsigned depth)
{
	const struct walked *walked = opaque;

	must(pam == walked->pam && depth <= SC_PAM_DEPTH_MAX, "the rule of a file, not too deep");
	must(entry->type == walked->type || entry->type == SC_PAM_ANY, "a rule of the type");
	must(entry->type != SC_PAM_ANY || entry->error, "includes are resolved or have failed");
}

/*
 * The rules as libpam's _pam_assemble_line() assembles them, reimplemented: a comment ends a line, a backslash at its end continues it, and
 * lines in between that are blank or a comment don't end the continuation. Rules longer than its buffer are not compared.
 */
static size_t libpam_rules(const char *bytes, size_t len, bool *unfinished)
{
	SC_BUF rule = SC_BUF_INIT;
	size_t count = 0;
	bool more = false;

	for (size_t at = 0, next; at < len; at = next) {
		next = line_next(bytes, len, at);
		size_t from = at, to = next;
		while (from < to && strchr(" \n\t", bytes[from]))
			from++;
		if (from == to || bytes[from] == '#')
			continue;
		const char *hash = memchr(bytes + from, '#', to - from);
		to = hash ? (size_t)(hash - bytes) : to;
		while (!hash && to > from && strchr(" \t\n", bytes[to - 1]))
			to--;
		more = !hash && bytes[to - 1] == '\\';
		sc_buf_add(&rule, bytes + from, to - from - more);
		sc_buf_addc(&rule, ' ');
		if (more)
			continue;
		count += rule.data[strspn(rule.data, " \t")] != '\0';
		sc_buf_free(&rule);
	}
	*unfinished = more;
	sc_buf_free(&rule);
	return count + more;
}

static size_t check_entries(const struct sc_pam *pam)
{
	const struct sc_pam_entry *entry;
	size_t count = 0, end = 0;

	for (; (entry = sc_pam_entry_at(pam, count)); count++) {
		must(entry->start >= end && entry->next > entry->start && entry->next <= sc_pam_bytes(pam)->len, "rules follow each other");
		must(entry->control && entry->module && entry->args && (unsigned)entry->type <= SC_PAM_ANY, "a rule is complete");
		must(*sc_pam_type_name(entry->type) && entry->line, "a rule has a place");
		must(entry->error || (*entry->control && *entry->module), "a sound rule has a module");
		must(line_start(sc_pam_bytes(pam)->data, sc_pam_bytes(pam)->len, entry->line) == entry->start,
		     "its line is where it begins");
		end = entry->next;
	}
	return count;
}

/* Inserts a line before the index-th rule, and removes it again. */
static void insert(struct spicecfg_ctx *ctx, struct sc_pam *pam, size_t index)
{
	SC_BUF old = SC_BUF_INIT;
	size_t count = check_entries(pam);

	sc_buf_add(&old, sc_pam_bytes(pam)->data, sc_pam_bytes(pam)->len);
	must(!sc_pam_insert(ctx, pam, index, LINE), "lines are inserted");
	const struct sc_pam_entry *entry = sc_pam_entry_at(pam, index < count ? index : count);
	must(check_entries(pam) == count + 1 && entry, "one more rule");
	must(!entry->error && entry->type == SC_PAM_ACCOUNT && strcmp(entry->module, "pam_time.so") == 0 && !*entry->args,
	     "the rule that was inserted");
	must_have_added(sc_pam_bytes(pam), old.data, old.len, entry->line);
	must(!sc_pam_remove(ctx, pam, index < count ? index : count), "lines are removed");
	must(sc_pam_bytes(pam)->len - old.len <= 2 && (!old.len || memcmp(sc_pam_bytes(pam)->data, old.data, old.len) == 0),
	     "an insertion can be undone");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	SC_PAM *pam = NULL;
	enum spicecfg_status status = sc_pam_parse(ctx, "fuzz", (const char *)data, size, &pam);
	bool unfinished;

	if (status) {
		must_say_why(ctx, status, SPICECFG_INPUT);
		must(memchr(data, '\0', size) != NULL, "only a NUL is refused");
	} else {
		must(same_bytes(sc_pam_bytes(pam), (const char *)data, size), "no edit, no change");
		size_t count = check_entries(pam);
		must(count == libpam_rules((const char *)data, size, &unfinished), "as many rules as libpam reads");
		must(!unfinished || !count || sc_pam_entry_at(pam, count - 1)->error, "a continued line without an end is an error");
		for (int type = SC_PAM_AUTH; type < SC_PAM_ANY; type++)
			sc_pam_walk(pam, (enum sc_pam_type)type,
				    &(struct sc_pam_walk){.load = load,
							  .visit = visit,
							  .opaque = &(struct walked){.pam = pam, .type = (enum sc_pam_type)type}});
		insert(ctx, pam, 0);
		insert(ctx, pam, count / 2);
		if (!unfinished)
			insert(ctx, pam, count);
		else
			must_say_why(ctx, sc_pam_insert(ctx, pam, count, LINE), SPICECFG_INPUT);
	}
	spicecfg_ctx_free(ctx);
	return 0;
}
