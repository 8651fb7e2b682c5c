/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values that a pattern stands for. What can't be read is left out: completion reports nothing. */
#include <ctype.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "complete_values.h"
#include "say.h"

void cli_complete_offer(const struct cli_complete *c, const char *word, const char *help)
{
	char *whole, *shown;

	if (strncmp(word, c->word, strlen(c->word)) != 0 || asprintf(&whole, "%s%s", c->lead, word) < 0)
		return;
	/* what is not shown as it is can't be typed by its form here, and would be another word */
	shown = cli_clean(whole, true);
	if (shown && strcmp(shown, whole) == 0 && whole[0] != ':')
		cli_say(stdout, "%s\t%s", whole, help ? help : "");
	free(shown);
	free(whole);
}

/* The root or the URI of the line, where the values are looked for. Set once, before the first look. */
static bool enter(const struct cli_complete *c)
{
	const char *root = cli_get(c->line, "root"), *uri = cli_get(c->line, "connect");

	return !spicecfg_ctx_set_root(c->line->ctx, root) && !spicecfg_ctx_set_uri(c->line->ctx, root ? NULL : uri);
}

static void files(struct cli_complete *c)
{
	(void)c;
	cli_say_own(stdout, ":files\n");
}

static void directories(struct cli_complete *c)
{
	(void)c;
	cli_say_own(stdout, ":directories\n");
}

static void targets(struct cli_complete *c)
{
	char **names = NULL;
	bool whole = strncmp(c->word, "domain:", strlen("domain:")) == 0;

	if (enter(c) && !spicecfg_vm_list(c->line->ctx, NULL, &names))
		for (size_t i = 0; names[i]; i++) {
			char *word = whole ? strdup(names[i]) : spicecfg_target_word(names[i]);

			if (word)
				cli_complete_offer(c, word, "domain");
			free(word);
		}
	spicecfg_names_free(names);
	files(c);
}

static void uris(struct cli_complete *c)
{
	cli_complete_offer(c, "qemu:///system", "the VMs of this host");
	cli_complete_offer(c, "qemu:///session", "your own VMs");
}

static void rules(struct cli_complete *c)
{
	struct spicecfg_rule rule = {.size = sizeof(rule)};

	for (size_t i = 0; spicecfg_rule_get(i, &rule); i++)
		cli_complete_offer(c, rule.id, rule.title);
}

static void explained(struct cli_complete *c)
{
	struct spicecfg_policy_key key = {.size = sizeof(key)};
	char word[64];

	rules(c);
	for (size_t i = 0; spicecfg_policy_key_get(i, &key); i++) {
		snprintf(word, sizeof(word), "policy:%s", key.key);
		cli_complete_offer(c, word, key.section);
	}
}

static void areas(struct cli_complete *c)
{
	struct spicecfg_rule rule = {.size = sizeof(rule)}, earlier = {.size = sizeof(earlier)};

	for (size_t i = 0; spicecfg_rule_get(i, &rule); i++) {
		size_t first = 0;

		while (spicecfg_rule_get(first, &earlier) && strcmp(earlier.area, rule.area) != 0)
			first++;
		if (first == i)
			cli_complete_offer(c, rule.area, NULL);
	}
}

/* Takes "KEY=" of the word into the lead. Returns false where the word has no '='; then KEY= is what is to be completed. */
static bool take_key(struct cli_complete *c, char *key, size_t size)
{
	const char *equals = strchr(c->word, '=');
	size_t len = strlen(c->lead);

	if (!equals)
		return false;
	snprintf(key, size, "%.*s", (int)(equals - c->word), c->word);
	snprintf(c->lead + len, sizeof(c->lead) - len, "%.*s", (int)(equals - c->word) + 1, c->word);
	c->word = equals + 1;
	return true;
}

/* Every argument with "=" that has this key of the library's settings. */
static void vm_keys(struct cli_complete *c)
{
	struct spicecfg_setting setting = {.size = sizeof(setting)};
	char key[64] = "", word[80];
	bool has_key = take_key(c, key, sizeof(key));

	for (size_t i = 0; spicecfg_setting_get(i, &setting); i++) {
		const char *name = strstr(setting.key, ".NAME");
		size_t len = name ? (size_t)(name - setting.key) + 1 : strlen(setting.key);

		if (setting.key[0] == '/')
			continue;
		if (has_key && strncmp(key, setting.key, len) == 0 && (name || !key[len])) {
			cli_complete_value(c, setting.metavar);
			cli_complete_offer(c, "default", "unset it");
		} else if (!has_key) {
			snprintf(word, sizeof(word), name ? "%.*s" : "%.*s=", (int)len, setting.key);
			cli_complete_offer(c, word, setting.help);
		}
	}
}

static void conf_keys(struct cli_complete *c, const char *suffix)
{
	struct spicecfg_qemuconf *conf = NULL;
	const struct spicecfg_qemuconf_setting *setting;
	char word[128];

	if (enter(c) && !spicecfg_qemuconf_open(c->line->ctx, cli_get(c->line, "qemu-conf"), &conf))
		for (size_t i = 0; (setting = spicecfg_qemuconf_setting(conf, i)); i++) {
			snprintf(word, sizeof(word), "%s%s", setting->key, suffix);
			if (setting->settable || setting->set)
				cli_complete_offer(c, word, setting->meaning);
		}
	spicecfg_qemuconf_free(conf);
}

static void unset_keys(struct cli_complete *c)
{
	conf_keys(c, "");
}

static void keys(struct cli_complete *c)
{
	char key[128];

	if (c->line->verb->flags & CLI_KEYS)
		vm_keys(c);
	else if (!take_key(c, key, sizeof(key)))
		conf_keys(c, "=");
}

static void rule_levels(struct cli_complete *c)
{
	char id[64], word[80];
	struct spicecfg_rule rule = {.size = sizeof(rule)};

	if (take_key(c, id, sizeof(id))) {
		cli_complete_value(c, "error|warning|note|off");
		return;
	}
	for (size_t i = 0; spicecfg_rule_get(i, &rule); i++) {
		snprintf(word, sizeof(word), "%s=", rule.id);
		cli_complete_offer(c, word, rule.title);
	}
}

static void channel_modes(struct cli_complete *c)
{
	static const char *const channels[] = {"main", "display", "inputs", "cursor", "playback", "record", "smartcard", "usbredir"};
	char name[64], word[80];

	if (take_key(c, name, sizeof(name))) {
		cli_complete_value(c, "any|secure|insecure");
		return;
	}
	for (size_t i = 0; i < sizeof(channels) / sizeof(*channels); i++) {
		snprintf(word, sizeof(word), "%s=", channels[i]);
		cli_complete_offer(c, word, NULL);
	}
}

/* Accounts of this host; those of a root are not asked for. */
static void accounts(struct cli_complete *c, const char *prefix)
{
	const struct passwd *account;
	char word[300];

	if (cli_get(c->line, "root"))
		return;
	setpwent();
	while ((account = getpwent())) {
		snprintf(word, sizeof(word), "%s%s", prefix, account->pw_name);
		cli_complete_offer(c, word, NULL);
	}
	endpwent();
}

static void groups(struct cli_complete *c)
{
	const struct group *group;
	char word[300];

	if (cli_get(c->line, "root"))
		return;
	setgrent();
	while ((group = getgrent())) {
		snprintf(word, sizeof(word), "group:%s", group->gr_name);
		cli_complete_offer(c, word, NULL);
	}
	endgrent();
}

static void subjects(struct cli_complete *c)
{
	const char *colon = strchr(c->word, ':');

	if (!colon) {
		cli_complete_offer(c, "user:", "an account");
		cli_complete_offer(c, "group:", "a group");
	} else if (strncmp(c->word, "user:", strlen("user:")) == 0) {
		accounts(c, "user:");
	} else {
		groups(c);
	}
}

static void sasl_users(struct cli_complete *c)
{
	const char *target = cli_get(c->line, "vm");
	struct spicecfg_vm *vm = NULL;
	struct spicecfg_users *list = NULL;
	const struct spicecfg_user *user;

	if (enter(c) && (!target || !spicecfg_vm_open(c->line->ctx, target, true, &vm)) && !spicecfg_user_list(c->line->ctx, vm, &list))
		for (size_t i = 0; (user = spicecfg_users_get(list, i)); i++)
			cli_complete_offer(c, user->name, user->realm);
	spicecfg_users_free(list);
	spicecfg_vm_free(vm);
}

static void users(struct cli_complete *c)
{
	if (strncmp(c->line->verb->name, "user ", strlen("user ")) == 0 || strcmp(c->line->verb->name, "sasl test") == 0)
		sasl_users(c);
	else
		accounts(c, "");
}

static void verbs(struct cli_complete *c)
{
	char word[64];

	for (const struct cli_verb *const *verb = c->line->verbs; *verb; verb++) {
		const char *space = strchr((*verb)->name, ' ');
		size_t len = c->line->n_args ? strlen(c->line->args[0]) : 0;

		if (!c->line->n_args) {
			snprintf(word, sizeof(word), "%.*s", (int)strcspn((*verb)->name, " "), (*verb)->name);
			if (verb == c->line->verbs || strncmp(verb[-1]->name, (*verb)->name, strlen(word) + 1) != 0)
				cli_complete_offer(c, word, space ? NULL : (*verb)->summary);
		} else if (space && (size_t)(space - (*verb)->name) == len && strncmp((*verb)->name, c->line->args[0], len) == 0) {
			cli_complete_offer(c, space + 1, (*verb)->summary);
		}
	}
}

/* Patterns of the rows that are not lists of words. */
static const struct {
	const char *pattern;
	void (*offer)(struct cli_complete *c);
} patterns[] = {
    {"TARGET", targets},
    {"FILE", files},
    {"F", files},
    {"PATH", files},
    {"/PATH", files},
    {"/dev/dri/NODE", files},
    {"DIR", directories},
    {"D", directories},
    {"URI", uris},
    {"POLICY", files},
    {"RULE|policy:KEY", explained},
    {"AREA", areas},
    {"VERB", verbs},
    {"KEY=VALUE", keys},
    {"KEY", unset_keys},
    {"ID=error|warning|note|off", rule_levels},
    {"NAME=any|secure|insecure", channel_modes},
    {"user:U|group:G", subjects},
    {"USER", users},
    {"USER[@REALM]", users},
};

void cli_complete_value(struct cli_complete *c, const char *value)
{
	for (size_t i = 0; value && i < sizeof(patterns) / sizeof(*patterns); i++)
		if (strcmp(value, patterns[i].pattern) == 0) {
			patterns[i].offer(c);
			return;
		}
	/* "N|auto|none", "address ADDR|none": the words that stand for themselves begin with a small letter */
	for (const char *at = value, *bar; at; at = bar ? bar + 1 : NULL) {
		char word[64];

		bar = strchr(at, '|');
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(at, " |"), at);
		if (islower((unsigned char)word[0]) && !strpbrk(word, "=ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
			cli_complete_offer(c, word, NULL);
	}
}
