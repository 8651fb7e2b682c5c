/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asks the lookup about a host: ask ROOT reads questions from standard input, one a line, with tabs between the words:
 *   VM REACH VIA SUBJECT INSTANT SOURCE ACCOUNT
 * SUBJECT is anybody, holder, user:NAME, group:NAME or login:NAME@REALM; INSTANT seconds since 1970; SOURCE an address and ACCOUNT a
 * local account, or "-". It prints the verdict of each; a
 * question that begins with '?' also prints the facts. Exit code 4: libvirt can't read qemu.conf.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "system/facts/hostgather.h"
#include "system/os/look.h"

enum { VMS_MAX = 4096, LINE_MAX_ = 65536, FILE_MAX = 16 * 1024 * 1024 };

static void die(struct spicecfg_ctx *ctx, const char *what)
{
	const struct spicecfg_error *error = ctx ? spicecfg_ctx_error(ctx) : NULL;

	fprintf(stderr, "ask: %s: %s\n", what, error ? error->message : "failed");
	exit(3);
}

static void say(void *opaque, const struct sc_access_fact *fact)
{
	(void)opaque;
	printf("  %s: %s%s%s", sc_access_name(fact->answer), fact->what, fact->value ? sc_access_join(fact) : "",
	       fact->value ? fact->value : "");
	if (fact->file)
		printf(" (%s:%u)", fact->file, fact->line);
	printf("\n");
}

static int word_of(const char *word, const char *(*name)(int value), int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(word, name(i)) == 0)
			return i;
	fprintf(stderr, "ask: '%s' is not a way\n", word);
	exit(2);
}

static const char *reach_name(int value)
{
	return sc_reach_name((enum sc_reach)value);
}

static const char *via_name(int value)
{
	return sc_via_name((enum sc_via)value);
}

static struct sc_subject subject_of(char *word)
{
	char *name = strchr(word, ':'), *at = name ? strrchr(name, '@') : NULL;

	if (!name)
		return (struct sc_subject){strcmp(word, "holder") == 0 ? SC_WHO_HOLDER : SC_WHO_ANYBODY, NULL, NULL};
	if (strncmp(word, "login:", 6) == 0 && at) {
		*at = '\0';
		return (struct sc_subject){SC_WHO_LOGIN, name + 1, at + 1};
	}
	return (struct sc_subject){strncmp(word, "group:", 6) == 0 ? SC_WHO_GROUP : SC_WHO_USER, name + 1, NULL};
}

static void answer(const struct sc_access_tree *tree, char *line)
{
	bool facts = *line == '?';
	char *save = NULL, *words[7];

	for (int i = 0; i < 7; i++)
		if (!(words[i] = strtok_r(i ? NULL : line + facts, "\t\n", &save)))
			exit(2);
	const struct sc_access_question question = {
	    sc_access_vm_find(tree, words[0]),
	    subject_of(words[3]),
	    {(enum sc_reach)word_of(words[1], reach_name, 5), (enum sc_via)word_of(words[2], via_name, 7)},
	    atoll(words[4]),
	    strcmp(words[5], "-") ? words[5] : NULL,
	    strcmp(words[6], "-") ? words[6] : NULL};
	if (!question.vm) {
		printf("no-vm\n");
		return;
	}
	enum sc_access verdict = sc_access_lookup(tree, &question, facts ? say : NULL, NULL);
	printf("%s\n", sc_access_name(verdict));
}

static struct sc_domain *load(struct spicecfg_ctx *ctx, struct sc_host *host, const char *path)
{
	SC_BUF bytes = SC_BUF_INIT;
	struct sc_xml *doc = NULL;
	struct sc_domain *domain = NULL;

	if (sc_look_read(ctx, path, FILE_MAX, &bytes) != SC_LOOK_OK || sc_xml_parse(ctx, path, sc_buf_text(&bytes), bytes.len, &doc) ||
	    sc_domain_read(ctx, doc, &domain) || sc_host_gather_domain(ctx, host, domain) || sc_host_gather_access(ctx, host, domain))
		die(ctx, path);
	return domain;
}

int main(int argc, char **argv)
{
	static struct sc_domain *domains[VMS_MAX];
	static const char *files[VMS_MAX];
	static char line[LINE_MAX_];
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	SC_HOST_FACTS *host = ctx ? sc_host_new(ctx) : NULL;
	size_t n = 0;

	if (argc != 2 || !host || spicecfg_ctx_set_root(ctx, argv[1]))
		die(ctx, "host");
	enum spicecfg_status status = sc_host_gather(ctx, true, host);
	if (status)
		return status == SPICECFG_INPUT ? 4 : 3;
	char **names = sc_look_list(ctx, "/etc/libvirt/qemu", host->memory);
	for (; names && *names && n < VMS_MAX; names++) {
		if (!strstr(*names, ".xml"))
			continue;
		files[n] = sc_arena_printf(host->memory, "/etc/libvirt/qemu/%s", *names);
		domains[n] = load(ctx, host, files[n]);
		n++;
	}
	SC_ACCESS_TREE *tree = sc_access_new(host);
	for (size_t i = 0; i < n; i++)
		if (!tree || !sc_access_add(tree, domains[i], files[i]))
			die(NULL, "memory");
	while (fgets(line, sizeof(line), stdin))
		answer(tree, line);
	for (size_t i = 0; i < n; i++) {
		struct sc_xml *doc = domains[i]->doc;

		sc_domain_free(domains[i]);
		sc_xml_free(doc);
	}
	spicecfg_ctx_free(ctx);
	return 0;
}
