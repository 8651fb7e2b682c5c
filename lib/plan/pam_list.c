/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of accounts and groups in a PAM service: made, read and changed. */
#include <stdlib.h>
#include <string.h>

#include "plan/pam.h"

/*
 * Names that useradd(8) accepts, and those of directory services (DOMAIN\user, user@domain). No blank: it would end the word. No backslash
 * at the end: libpam would take in the next line, which may be the refusal of all others.
 */
static bool is_name(const char *name)
{
	size_t len = strlen(name);

	return len && len <= 255 && name[0] != '-' && name[len - 1] != '\\' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+@\\$") == len;
}

static bool is_subject(const char *word)
{
	return (strncmp(word, "user:", 5) == 0 || strncmp(word, "group:", 6) == 0) && is_name(strchr(word, ':') + 1);
}

enum spicecfg_status sc_pam_check_subjects(struct spicecfg_ctx *ctx, const char *const *words)
{
	for (; *words; words++)
		if (!is_subject(*words))
			return sc_fail(ctx, SPICECFG_USAGE, "Write user:NAME or group:NAME.", "'%s' is not the name of an account or group",
				       *words);
	return SPICECFG_OK;
}

static size_t count_words(const char *const *words)
{
	size_t n = 0;

	while (words && words[n])
		n++;
	return n;
}

/* Each match skips the rest of the list and the refusal after it: left counts the lines from this one to the refusal. */
static void put_subject(struct sc_buf *out, const char *subject, size_t left)
{
	sc_buf_addf(out, "account   [success=%zu default=ignore] pam_succeed_if.so quiet user %s %s\n", left,
		    *subject == 'u' ? "=" : "ingroup", strchr(subject, ':') + 1);
}

enum spicecfg_status sc_pam_put_list(struct spicecfg_ctx *ctx, const char *const *allow, struct sc_buf *out)
{
	enum spicecfg_status status = sc_pam_check_subjects(ctx, allow);
	size_t count = count_words(allow);

	if (status)
		return status;
	sc_buf_adds(out, "# Only these accounts and groups, even if others have a valid password.\n");
	for (size_t i = 0; i < count; i++)
		put_subject(out, allow[i], count - i);
	sc_buf_adds(out, "account   requisite   pam_deny.so\n");
	return SPICECFG_OK;
}

/* The account or group that a line of the list admits, in memory; NULL: it is not such a line. left as for put_subject(). */
static const char *subject_of(const struct sc_pam_entry *entry, size_t left, struct sc_arena *memory)
{
	SC_BUF arg = SC_BUF_INIT;
	SC_BUF control = SC_BUF_INIT;
	const char *args = entry->args, *subject = NULL;
	static const char *const words[] = {"quiet", "user"};

	sc_buf_addf(&control, "[success=%zu default=ignore]", left);
	if (entry->error || entry->type != SC_PAM_ACCOUNT || strcmp(entry->control, sc_buf_text(&control)) != 0 ||
	    strcmp(entry->module, "pam_succeed_if.so") != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!sc_pam_next_arg(&args, &arg) || strcmp(sc_buf_text(&arg), words[i]) != 0)
			return NULL;
	bool any = sc_pam_next_arg(&args, &arg), group = any && strcmp(sc_buf_text(&arg), "ingroup") == 0;
	if (!group && (!any || strcmp(sc_buf_text(&arg), "=") != 0))
		return NULL;
	if (sc_pam_next_arg(&args, &arg))
		subject = sc_arena_printf(memory, "%s:%s", group ? "group" : "user", sc_buf_text(&arg));
	return subject && is_subject(subject) && !args[strspn(args, " \t")] ? subject : NULL;
}

bool sc_pam_find_list(const struct sc_pam *pam, struct sc_arena *memory, struct sc_pam_list *list)
{
	const struct sc_pam_entry *entry;
	size_t i = 0;

	for (; (entry = sc_pam_entry_at(pam, i)); i++)
		if (!entry->error && entry->type == SC_PAM_ACCOUNT && strcmp(entry->control, "requisite") == 0 &&
		    strcmp(entry->module, "pam_deny.so") == 0)
			break;
	if (!entry)
		return false;
	*list = (struct sc_pam_list){i, i};
	while (list->first && subject_of(sc_pam_entry_at(pam, list->first - 1), i - list->first + 1, memory))
		list->first--;
	return true;
}

enum spicecfg_status sc_pam_listed(struct spicecfg_ctx *ctx, const struct sc_pam *pam, struct sc_arena *memory, const char *const **out)
{
	struct sc_pam_list list;
	const char **words;

	*out = NULL;
	if (!sc_pam_find_list(pam, memory, &list))
		return SPICECFG_OK;
	words = sc_arena_alloc(memory, (list.deny - list.first + 1) * sizeof(*words));
	if (!words)
		return sc_fail_memory(ctx);
	words[list.deny - list.first] = NULL;
	for (size_t i = list.first; i < list.deny; i++)
		if (!(words[i - list.first] = subject_of(sc_pam_entry_at(pam, i), list.deny - i, memory)))
			return sc_fail_memory(ctx);
	*out = words;
	return SPICECFG_OK;
}

static bool has_word(const char *const *words, const char *word)
{
	while (words && *words && word && strcmp(*words, word) != 0)
		words++;
	return words && *words && word;
}

enum spicecfg_status sc_pam_merge(struct spicecfg_ctx *ctx, const struct sc_pam_wish *wish, struct sc_arena *memory,
				  const char *const **out)
{
	const char **words = sc_arena_alloc(memory, (count_words(wish->have) + count_words(wish->add) + 1) * sizeof(*words));
	size_t n = 0;

	if (!words)
		return sc_fail_memory(ctx);
	for (const char *const *word = wish->add; word && *word; word++)
		if (!has_word(words, *word) && !has_word(wish->have, *word) && !has_word(wish->remove, *word))
			words[n++] = *word;
	for (const char *const *word = wish->have; word && *word; word++)
		if (!has_word(wish->remove, *word))
			words[n++] = *word;
	*out = words;
	return SPICECFG_OK;
}

/* How many rules a control skips at most. */
static unsigned long longest_jump(const char *control)
{
	unsigned long most = 0;

	for (const char *at = *control == '[' ? strchr(control, '=') : NULL; at; at = strchr(at, '=')) {
		unsigned long jump = strtoul(++at, NULL, 10);

		most = *at >= '0' && *at <= '9' && jump > most ? jump : most;
	}
	return most;
}

/* The line of a rule before the list that skips rules of the list, whose number changes; 0: none. */
static unsigned jumps_into(const struct sc_pam *pam, const struct sc_pam_list *list)
{
	size_t between = 0;

	for (size_t i = list->first; i > 0; i--) {
		const struct sc_pam_entry *entry = sc_pam_entry_at(pam, i - 1);

		if (entry->type != SC_PAM_ACCOUNT && entry->type != SC_PAM_ANY)
			continue;
		if (!entry->error && longest_jump(entry->control) > between)
			return entry->line;
		between++;
	}
	return 0;
}

/* The new lines first, so that the others keep their numbers; then those that allow still has, with what is between them. */
static void put_lines(const struct sc_pam *pam, const struct sc_pam_list *list, const char *const *allow, struct sc_arena *memory,
		      struct sc_buf *out)
{
	const char *bytes = sc_buf_text(sc_pam_bytes(pam));
	size_t left = count_words(allow), kept = 0;

	for (size_t i = list->first; i < list->deny; i++)
		kept += has_word(allow, subject_of(sc_pam_entry_at(pam, i), list->deny - i, memory));
	for (; left > kept; left--)
		put_subject(out, *allow++, left);
	for (size_t i = list->first; i < list->deny; i++) {
		const struct sc_pam_entry *entry = sc_pam_entry_at(pam, i);
		const char *subject = subject_of(entry, list->deny - i, memory);

		out->failed |= !subject;
		if (has_word(allow, subject)) {
			if (left == list->deny - i)
				sc_buf_add(out, bytes + entry->start, entry->next - entry->start);
			else
				put_subject(out, subject, left);
			left--;
		}
		sc_buf_add(out, bytes + entry->next, sc_pam_entry_at(pam, i + 1)->start - entry->next);
	}
}

enum spicecfg_status sc_pam_relist(struct spicecfg_ctx *ctx, const struct sc_pam *pam, const char *const *allow, struct sc_arena *memory,
				   struct sc_buf *out)
{
	const struct sc_buf *bytes = sc_pam_bytes(pam);
	struct sc_pam_list list;

	if (!sc_pam_find_list(pam, memory, &list))
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){sc_pam_name(pam), 0, 0}, NULL,
				  "there is no list of accounts and groups in it: its other rules decide who gets in");
	unsigned line = jumps_into(pam, &list);
	if (line)
		return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){sc_pam_name(pam), line, 1}, "Change the list by hand.",
				  "this rule skips a fixed number of the rules that follow, the list of accounts among them");
	const struct sc_pam_entry *deny = sc_pam_entry_at(pam, list.deny);
	sc_buf_add(out, bytes->data, sc_pam_entry_at(pam, list.first)->start);
	put_lines(pam, &list, allow, memory, out);
	sc_buf_add(out, bytes->data + deny->start, bytes->len - deny->start);
	return out->failed ? sc_fail_memory(ctx) : SPICECFG_OK;
}
