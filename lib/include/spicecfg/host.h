/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's qemu.conf: the settings that all Spice consoles share. */
#ifndef SPICECFG_HOST_H
#define SPICECFG_HOST_H

#include <spicecfg/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spicecfg_qemuconf;

/*
 * Reads qemu.conf: file (a path of the user), or NULL: /etc/libvirt/qemu.conf, below the root where one is set, the user's own
 * ~/.config/libvirt/qemu.conf for qemu:///session. Without file a missing one is an empty one, as for libvirt.
 * SPICECFG_USAGE: the URI means another host. SPICECFG_INPUT: unreadable, or not of libvirt's grammar (line and column).
 * *out is NULL on failure; free it with spicecfg_qemuconf_free() after the plans made from it.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_qemuconf_open(struct spicecfg_ctx *ctx, const char *file, struct spicecfg_qemuconf **out);
void spicecfg_qemuconf_free(struct spicecfg_qemuconf *conf);

/* How reports name it: the path as it was given, else the usual one without the root. */
const char *spicecfg_qemuconf_path(const struct spicecfg_qemuconf *conf);
/* The daemon that reads it: "libvirtd" or "virtqemud", the one that runs, is enabled, or is installed; NULL: none. */
const char *spicecfg_qemuconf_daemon(const struct spicecfg_qemuconf *conf);
bool spicecfg_qemuconf_exists(const struct spicecfg_qemuconf *conf);

/* A setting as `host show` tells it. */
struct spicecfg_qemuconf_setting {
	const char *key;
	const char *value;   /* effective; passwords: "***"; "" where only the default is known in words */
	const char *initial; /* the value without it, as people read it */
	const char *meaning;
	const char *problem; /* why libvirt ignores or refuses it, NULL: fine */
	bool set;            /* stands in the file */
	bool settable;       /* `host set` takes it */
	unsigned line, column;
	unsigned shadowed; /* how many later assignments have no effect */
};
typedef void (*spicecfg_qemuconf_fn)(void *opaque, const struct spicecfg_qemuconf_setting *setting);
/* Calls fn for every setting of the table, and for keys of Spice in the file that libvirt does not know. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_qemuconf_show(struct spicecfg_ctx *ctx, const struct spicecfg_qemuconf *conf,
							     spicecfg_qemuconf_fn fn, void *opaque);

/* One change: value NULL or "default" unsets the key. */
struct spicecfg_qemuconf_edit {
	const char *key;
	const char *value;
};

/*
 * SPICECFG_USAGE: a key that is not of Spice (the nearest one is named) or a value that the key does not take.
 * Passwords are given here by programs; the spicecfg program takes them from files and stdin only.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_qemuconf_edit_check(struct spicecfg_ctx *ctx, const struct spicecfg_qemuconf_edit *edit);

/*
 * Plans the edits of the file. With restart the daemon is restarted after them, asked for its QEMU driver, and everything put back when it
 * has none: SPICECFG_USAGE with a root or for a file that no daemon reads. A file that was changed since the daemon was started is a reason
 * too. conf must outlive the plan.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_qemuconf(struct spicecfg_plan *plan, struct spicecfg_qemuconf *conf,
							     const struct spicecfg_qemuconf_edit *edits, size_t n_edits, bool restart);

/*
 * What this host, or the tree below the root, is: the JSON document that check takes with --host-facts (docs/host-facts.md), without
 * passwords; for free(). qemu_conf: another qemu.conf than the host's own, or NULL. No daemon is needed.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_host_facts(struct spicecfg_ctx *ctx, const char *qemu_conf, char **json);

#ifdef __cplusplus
}
#endif
#endif
