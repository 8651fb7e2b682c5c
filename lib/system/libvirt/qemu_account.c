/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/libvirt/qemu_account.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doc/qemuconf.h"
#include "doc/xml.h"
#include "model/libvirt.h"
#include "system/libvirt/virt.h"
#include "system/os/file.h"
#include "system/os/look.h"
#include "system/os/names.h"

/* "+64055:+64055" of the DAC security model in libvirt's capabilities. */
static bool from_capabilities(struct spicecfg_ctx *ctx, const char *xml, struct sc_qemu_account *out)
{
	SC_XML *doc = NULL;
	bool found = false;

	if (sc_xml_parse(ctx, "capabilities", xml, strlen(xml), &doc))
		return false;
	const struct sc_xml_node *host = sc_xml_child(sc_xml_root(doc), "host");
	for (const struct sc_xml_node *model = sc_xml_child(host, "secmodel"); model && !found; model = sc_xml_next(model, "secmodel")) {
		const char *name = sc_xml_text(doc, sc_xml_child(model, "model"));
		const char *label = sc_xml_text(doc, sc_xml_child(model, "baselabel"));
		unsigned uid, gid;

		if (!name || strcmp(name, "dac") != 0 || !label || sscanf(label, "+%u:+%u", &uid, &gid) != 2)
			continue;
		out->uid = uid;
		out->gid = gid;
		found = true;
	}
	return found;
}

/* Loading libvirt takes longer than checking a file: only if a daemon may answer. */
static bool may_ask(const struct spicecfg_ctx *ctx)
{
	static const char *const sockets[] = {"/run/libvirt/virtqemud-sock", "/run/libvirt/libvirt-sock"};

	return !ctx->root && sc_virt_is_system(ctx) && (access(sockets[0], F_OK) == 0 || access(sockets[1], F_OK) == 0);
}

static bool ask_libvirt(struct spicecfg_ctx *ctx, struct sc_qemu_account *out)
{
	/* In a context of its own: no answer from libvirt is not an error here. */
	struct spicecfg_ctx *scratch = spicecfg_ctx_new();
	bool found = false;

	const struct sc_virt_ops *virt = scratch ? sc_virt(scratch) : NULL;
	void *conn = virt ? virt->open(sc_virt_uri(ctx), geteuid() != 0) : NULL;
	char *xml = conn ? virt->capabilities(conn) : NULL;
	if (xml)
		found = from_capabilities(scratch, xml, out);
	free(xml);
	if (conn)
		virt->close(conn);
	spicecfg_ctx_free(scratch);
	return found;
}

/* What libvirt said, for all contexts that share it. */
struct asked {
	pthread_mutex_t mutex;
	bool done, found;
	struct sc_qemu_account account;
};

static void free_asked(void *opaque)
{
	struct asked *asked = opaque;

	pthread_mutex_destroy(&asked->mutex);
	free(asked);
}

/* Gives the context a place for the answer; false: memory is short. */
static bool has_place(struct spicecfg_ctx *ctx)
{
	struct asked *asked = ctx->asked ? NULL : calloc(1, sizeof(*asked));

	if (asked) {
		pthread_mutex_init(&asked->mutex, NULL);
		ctx->asked = asked;
		ctx->asked_free = free_asked;
	}
	return ctx->asked != NULL;
}

enum spicecfg_status sc_qemu_account_share(struct spicecfg_ctx *from, struct spicecfg_ctx *to)
{
	if (!has_place(from))
		return sc_fail_memory(to);
	to->asked = from->asked;
	return SPICECFG_OK;
}

static bool ask_once(struct spicecfg_ctx *ctx, struct sc_qemu_account *out)
{
	if (!has_place(ctx))
		return ask_libvirt(ctx, out);
	struct asked *asked = ctx->asked;
	pthread_mutex_lock(&asked->mutex);
	if (!asked->done)
		asked->found = ask_libvirt(ctx, &asked->account);
	asked->done = true;
	if (asked->found)
		*out = asked->account;
	pthread_mutex_unlock(&asked->mutex);
	return asked->found;
}

/* A name from qemu.conf, in arena; NULL: not set, or the file can't be read. */
static const char *configured(const struct sc_qemuconf *conf, const char *key, struct sc_arena *arena)
{
	const char *name = sc_qemuconf_text(conf, key, "");

	return *name ? sc_arena_strdup(arena, name) : NULL;
}

/* user and group from qemu.conf; NULL if not set there. */
static void read_conf(struct spicecfg_ctx *ctx, struct sc_arena *arena, const char **user, const char **group)
{
	SC_BUF bytes = SC_BUF_INIT;
	SC_QEMUCONF *conf = NULL;

	*user = *group = NULL;
	if (sc_look_read(ctx, SC_QEMU_CONF, SC_QEMUCONF_SIZE_MAX, &bytes) != SC_LOOK_OK)
		return;
	if (sc_qemuconf_parse(ctx, SC_QEMU_CONF, sc_buf_text(&bytes), bytes.len, &conf))
		sc_look_error(ctx, SC_QEMU_CONF);
	*user = configured(conf, "user", arena);
	*group = configured(conf, "group", arena);
}

static const char *const accounts[] = {"libvirt-qemu", "qemu"}; /* user and group */

/* The account according to libvirt, else to the passwd file. */
static const char *find_account(struct spicecfg_ctx *ctx, struct sc_qemu_account *out)
{
	gid_t unused;

	if (may_ask(ctx) && ask_once(ctx, out))
		return "libvirt";
	for (size_t i = 0; i < 2; i++) {
		if (sc_names_user(ctx, accounts[i], &out->uid, &unused) != 0 || sc_names_group(ctx, accounts[i], &out->gid) != 0)
			continue;
		out->user = out->group = accounts[i];
		return "passwd";
	}
	return NULL;
}

static enum spicecfg_status fail_conf(struct spicecfg_ctx *ctx, const char *key, const char *value)
{
	return sc_fail_at(ctx, SPICECFG_INPUT, (struct sc_where){.file = SC_QEMU_CONF},
			  strcmp(key, "user") == 0 ? "Create the account, or remove the line." : "Create the group, or remove the line.",
			  "the %s '%s' that QEMU is to run as does not exist", key, value);
}

/* Neither pair of an account and its group is complete. */
static enum spicecfg_status fail_none(struct spicecfg_ctx *ctx)
{
	enum spicecfg_status status;
	uid_t uid;
	gid_t gid;

	for (size_t i = 0; i < 2; i++) {
		bool user = sc_names_user(ctx, accounts[i], &uid, &gid) == 0, group = sc_names_group(ctx, accounts[i], &gid) == 0;

		if (!user && !group)
			continue;
		status = sc_fail(ctx, SPICECFG_INPUT, NULL,
				 "can't determine the account that QEMU runs as: the %s '%s' exists, but not the %s of that name",
				 user ? "account" : "group", accounts[i], user ? "group" : "account");
		sc_fail_fixf(ctx, "Create the %s '%s', or set user and group in qemu.conf.", user ? "group" : "account", accounts[i]);
		return status;
	}
	return sc_fail(ctx, SPICECFG_INPUT, "Install libvirt's QEMU driver, or set user and group in qemu.conf.",
		       "can't determine the account that QEMU runs as: neither libvirt-qemu nor qemu exists");
}

enum spicecfg_status sc_qemu_account_find(struct spicecfg_ctx *ctx, const char *user, const char *group, struct sc_arena *arena,
					  struct sc_qemu_account *out)
{
	bool has_user = user && *user, has_group = group && *group;
	gid_t unused;

	*out = (struct sc_qemu_account){0};
	if (!has_user || !has_group)
		out->origin = find_account(ctx, out);
	if (has_user && sc_names_user(ctx, user, &out->uid, &unused) < 0)
		return fail_conf(ctx, "user", user);
	if (has_group && sc_names_group(ctx, group, &out->gid) < 0)
		return fail_conf(ctx, "group", group);
	/* A name that is set is used as it is: another account may have the same id. */
	if (has_user)
		out->user = sc_names_number(user, strlen(user), &unused) ? NULL : user;
	if (has_group)
		out->group = sc_names_number(group, strlen(group), &unused) ? NULL : group;
	if (has_user && has_group)
		out->origin = "qemu.conf";
	if (!out->origin)
		return fail_none(ctx);
	out->user = out->user ? sc_arena_strdup(arena, out->user) : sc_names_of_user(ctx, out->uid, arena);
	out->group = out->group ? sc_arena_strdup(arena, out->group) : sc_names_of_group(ctx, out->gid, arena);
	return out->user && out->group ? SPICECFG_OK : sc_fail_memory(ctx);
}

enum spicecfg_status sc_qemu_account_read(struct spicecfg_ctx *ctx, struct sc_arena *arena, struct sc_qemu_account *out)
{
	const char *user, *group;

	read_conf(ctx, arena, &user, &group);
	return sc_qemu_account_find(ctx, user, group, arena, out);
}
