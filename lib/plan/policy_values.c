/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values of a policy's own keys. */
#include <string.h>

#include "base/text.h"
#include "model/mechanisms.h"
#include "model/pki.h"
#include "plan/policy.h"
#include "plan/vm.h"

/* The next word of a list; *at moves behind it. 0: there is none. */
static size_t next_word(const char **at, const char **word)
{
	*word = *at + strspn(*at, " \t,");
	size_t len = strcspn(*word, " \t,");

	*at = *word + len;
	return len;
}

static bool each_word(const char *value, bool (*is_valid)(const char *word, size_t len))
{
	const char *word;
	size_t count = 0;

	for (size_t len; (len = next_word(&value, &word)); count++)
		if (!is_valid(word, len))
			return false;
	return count > 0;
}

const char *const *sc_policy_words(struct sc_arena *memory, const char *value)
{
	const char *at = value, *word;
	size_t count = 0;

	while (next_word(&at, &word))
		count++;
	const char **list = sc_arena_alloc(memory, (count + 1) * sizeof(*list));
	at = value;
	for (size_t i = 0; list && i < count; i++) {
		size_t len = next_word(&at, &word);

		list[i] = sc_arena_strndup(memory, word, len);
		if (!list[i])
			return NULL;
	}
	return list;
}

static bool is_host(const char *word, size_t len)
{
	const char *const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";

	return len < 254 && strspn(word, letters) >= len && *word != '.' && *word != '-';
}

bool sc_policy_accept_hosts(const char *value)
{
	return each_word(value, is_host);
}

static bool is_ip(const char *word, size_t len)
{
	char text[64], normal[64];

	if (len >= sizeof(text))
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	return sc_pki_ip_normal(text, normal, sizeof(normal));
}

bool sc_policy_accept_ips(const char *value)
{
	return each_word(value, is_ip);
}

bool sc_policy_accept_days(const char *value)
{
	size_t len = strspn(value, "0123456789");

	return len && len <= 5 && !value[len] && *value != '0' && (len < 5 || strcmp(value, "36500") <= 0);
}

bool sc_policy_accept_path(const char *value)
{
	return *value == '/' && value[1] && sc_text_is_printable(value, strlen(value));
}

bool sc_policy_accept_name(const char *value)
{
	return *value && sc_text_is_printable(value, strlen(value));
}

bool sc_policy_accept_uuid(const char *value)
{
	size_t digits = 0;

	for (const char *c = value; *c; c++) {
		if (*c == '-')
			continue;
		if (!strchr("0123456789abcdefABCDEF", *c))
			return false;
		digits++;
	}
	return digits == 32;
}

static bool is_mechanism(const char *word, size_t len)
{
	return sc_mechanism_find(word, len);
}

bool sc_policy_accept_mechanisms(const char *value)
{
	return each_word(value, is_mechanism);
}

bool sc_policy_accept_service(const char *value)
{
	const char *const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	return *value && *value != '.' && strlen(value) < 64 && !value[strspn(value, letters)];
}

static bool is_subject(const char *word, size_t len)
{
	return (len > 5 && memcmp(word, "user:", 5) == 0) || (len > 6 && memcmp(word, "group:", 6) == 0);
}

bool sc_policy_accept_subjects(const char *value)
{
	return each_word(value, is_subject);
}

static bool is_file(const char *value)
{
	return strncmp(value, "file:", 5) == 0 && sc_policy_accept_path(value + 5);
}

bool sc_policy_accept_password(const char *value)
{
	return sc_is_word_of("none|ticket|generate", value) || is_file(value);
}

bool sc_policy_accept_user_password(const char *value)
{
	return strcmp(value, "generate") == 0 || is_file(value);
}

bool sc_policy_accept_user(const char *value)
{
	const char *at = strchr(value, '@');

	return sc_policy_accept_name(value) && !strpbrk(value, " \t,:") && at != value && (!at || (at[1] && !strchr(at + 1, '@')));
}
