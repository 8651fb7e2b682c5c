/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The saslauthd behind a SASL directory: whether it serves QEMU, and whom it asks. */
#include <string.h>
#include <unistd.h>

#include "doc/lines.h"
#include "doc/sysconfig.h"
#include "model/sasl.h"
#include "model/saslauthd.h"
#include "plan/sasl.h"
#include "system/facts/hostgather.h"
#include "system/facts/saslauthd.h"
#include "system/os/look.h"
#include "system/os/names.h"

enum { UNIT_MAX = 65536 };

struct look {
	struct spicecfg_ctx *ctx;
	struct sc_host *host;
	struct sc_sasl_fact *fact;
};

#define UNITS "/etc/systemd/system"

/* Below a root nothing runs: what starts with the host counts. */
static enum sc_known starts(const struct look *look, const char *unit)
{
	const char *link = sc_arena_printf(look->host->memory, UNITS "/multi-user.target.wants/%s", unit);

	if (!look->ctx->root)
		return look->fact->mux_listens;
	return link && sc_look_exists(look->ctx, link) ? SC_TRUE : SC_FALSE;
}

/* The value of the last ExecStart in a unit file; without one *words stays as it is. */
static void read_start(const struct look *look, const char *path, const char **words)
{
	SC_BUF text = SC_BUF_INIT;
	struct sc_line line = {0};

	if (!path || sc_look_read(look->ctx, path, UNIT_MAX, &text) != SC_LOOK_OK)
		return;
	while (sc_line_next(&text, &line)) {
		const char *at = text.data + line.start;

		if (line.end - line.start < 10 || memcmp(at, "ExecStart=", 10) != 0)
			continue;
		*words = sc_arena_strndup(look->host->memory, at + 10, line.end - line.start - 10);
	}
}

/* The words after "saslauthd-vm" in the unit of a VM's saslauthd, drop-ins included; NULL: it runs something else. */
static const char *own_words(const struct look *look, const char *uuid)
{
	struct sc_arena *memory = look->host->memory;
	const char *words = NULL;

	read_start(look, UNITS "/spicecfg-saslauthd@.service", &words);
	const char *directories[] = {UNITS "/spicecfg-saslauthd@.service.d",
				     sc_arena_printf(memory, UNITS "/spicecfg-saslauthd@%s.service.d", uuid)};
	for (size_t i = 0; i < 2; i++) {
		char **names = directories[i] ? sc_look_list(look->ctx, directories[i], memory) : NULL;

		for (; names && *names; names++)
			read_start(look, sc_arena_printf(memory, "%s/%s", directories[i], *names), &words);
	}
	const char *program = words ? strstr(words, "saslauthd-vm ") : NULL;
	return program && strcspn(words, " ") >= (size_t)(program - words) ? program + strlen("saslauthd-vm ") : NULL;
}

/* Whether QEMU's account is in the group that may pass the directory of the socket. */
static enum sc_known may_pass(const struct look *look, const char *group)
{
	const struct sc_host_account *qemu = &look->host->account;
	gid_t gid;

	if (qemu->known != SC_TRUE || sc_names_group(look->ctx, group, &gid) != 0)
		return SC_UNKNOWN;
	return !qemu->uid || qemu->gid == gid || sc_names_member(look->ctx, qemu->user, group) ? SC_TRUE : SC_FALSE;
}

/* A VM's own: templates/saslauthd-vm makes the directory, for the group that the unit names, and passes on no options. */
static void read_own(const struct look *look, const char *uuid)
{
	struct sc_sasl_fact *fact = look->fact;
	struct sc_arena *memory = look->host->memory;
	const char *unit = sc_arena_printf(memory, "spicecfg-saslauthd@%s.service", uuid), *words = own_words(look, uuid);

	fact->pam = sc_arena_printf(memory, SC_PAM_OWN_BASE "/%s", uuid);
	if (!unit || !fact->pam)
		return;
	fact->starts = sc_look_exists(look->ctx, fact->pam) ? starts(look, unit) : SC_FALSE;
	const char *group = words && strncmp(words, "%i ", 3) == 0 ? words + 3 : NULL;
	if (!group || !*group || strpbrk(group, " \t%$"))
		return;
	fact->backend = "pam";
	fact->joins = SC_FALSE;
	if (fact->caches == SC_UNKNOWN && !fact->cache_file)
		fact->caches = SC_FALSE;
	fact->mux_reads = may_pass(look, group);
}

/* Debian's init script runs saslauthd with these two; other distributions' units are not followed. */
static void read_host(const struct look *look, struct sc_sysconfig *conf)
{
	const char *backend = sc_sysconfig_get(conf, "MECHANISMS", NULL), *options = sc_sysconfig_get(conf, "OPTIONS", NULL);

	if (look->host->sasl.distribution != SC_DISTRO_DEBIAN || !backend || strpbrk(backend, " $`"))
		return;
	look->fact->backend = sc_arena_strdup(look->host->memory, backend);
	look->fact->joins = options && strpbrk(options, "$`\\")          ? SC_UNKNOWN
			    : sc_saslauthd_joins(options ? options : "") ? SC_TRUE
									 : SC_FALSE;
	/* the script makes its directory for this group */
	look->fact->mux_reads = may_pass(look, "sasl");
}

enum spicecfg_status sc_host_gather_daemon(struct spicecfg_ctx *ctx, struct sc_host *host, struct sc_sasl_fact *fact)
{
	static const char own[] = SC_SASL_OWN_MUX "/";
	const struct look look = {ctx, host, fact};
	const char *mux = strncmp(fact->mux, "/var/run/", 9) == 0 ? fact->mux + 4 : fact->mux;
	const char *slash = strrchr(mux, '/'), *host_mux = sc_host_mux(ctx, host->memory);
	SC_BUF text = SC_BUF_INIT;
	SC_SYSCONFIG *conf = NULL;

	if (strncmp(mux, own, sizeof(own) - 1) == 0 && slash > mux + sizeof(own) - 1 && strcmp(slash, "/mux") == 0) {
		const char *uuid = sc_arena_strndup(host->memory, mux + sizeof(own) - 1, (size_t)(slash - mux) - (sizeof(own) - 1));

		if (uuid && !strchr(uuid, '/'))
			read_own(&look, uuid);
	} else if (host_mux && strcmp(mux, host_mux) == 0) {
		fact->pam = "/etc/pam.d/spice";
		fact->starts = starts(&look, "saslauthd.service");
		if (sc_look_read(ctx, "/etc/default/saslauthd", UNIT_MAX, &text) == SC_LOOK_OK) {
			if (sc_sysconfig_parse(ctx, "/etc/default/saslauthd", sc_buf_text(&text), text.len, &conf))
				sc_look_error(ctx, "/etc/default/saslauthd");
			else
				read_host(&look, conf);
		}
	}
	/* what is there decides */
	if (!ctx->root && fact->mux_closed)
		fact->mux_reads = SC_FALSE;
	return sc_settle(ctx);
}
