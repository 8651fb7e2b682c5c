/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * The host's qemu.conf, which contains the settings that all Spice consoles share, and facts about the host.
 */
#ifndef SPICECFG_HOST_H
#define SPICECFG_HOST_H

#include <spicecfg/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spicecfg_qemuconf;

/**
 * Reads a qemu.conf.
 *
 * @param ctx the context
 * @param file the path, relative to the working directory even with a root. NULL: /etc/libvirt/qemu.conf of the host or root, or for
 * qemu:///session libvirt/qemu.conf in $XDG_CONFIG_HOME, else in ~/.config; when that is missing it is read as empty, as libvirt does
 * @param out the file, to be freed with spicecfg_qemuconf_free() after the plans made from it; NULL on failure
 * @return SPICECFG_OK; SPICECFG_USAGE when the URI refers to another host, or to a driver that has no qemu.conf; SPICECFG_INPUT when the
 * file is missing, unreadable or malformed (the error has the line and column)
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_qemuconf_open(struct spicecfg_ctx *ctx, const char *file, struct spicecfg_qemuconf **out);

/**
 * Frees a qemu.conf. The file itself is not touched.
 *
 * @param conf the object, or NULL
 */
void spicecfg_qemuconf_free(struct spicecfg_qemuconf *conf);

/**
 * Returns how reports refer to a qemu.conf.
 *
 * @param conf the object
 * @return the path as it was given, or the default path without the root; it belongs to conf
 */
const char *spicecfg_qemuconf_path(const struct spicecfg_qemuconf *conf);

/**
 * Returns the daemon that reads a qemu.conf.
 *
 * @param conf the object
 * @return "libvirtd" or "virtqemud": the one that is running, else enabled, else installed; NULL when no daemon reads this file
 */
const char *spicecfg_qemuconf_daemon(const struct spicecfg_qemuconf *conf);

/**
 * Returns whether a qemu.conf exists.
 *
 * @param conf the object
 * @return false when the file was missing and read as empty
 */
bool spicecfg_qemuconf_exists(const struct spicecfg_qemuconf *conf);

/** A setting of qemu.conf. */
struct spicecfg_qemuconf_setting {
	const char *key;
	const char *value;     /* the effective value; "***" for a password; "" when it is not set and its default is not a plain value */
	const char *initial;   /* the default, in words for a person to read */
	const char *meaning;   /* one line */
	const char *problem;   /* why libvirt ignores or refuses the setting; NULL: it does not */
	bool set;              /* is set in the file */
	bool settable;         /* can be set with spicecfg_plan_qemuconf() */
	unsigned line, column; /* where it is set, 1-based, the column in bytes; 0: not set */
	unsigned shadowed;     /* how many later assignments of the key have no effect */
};

/**
 * Returns a setting of qemu.conf by its position: those that concern Spice, then each spice_ key in the file that libvirt does not know.
 *
 * @param conf the object
 * @param index which one, from 0
 * @return the setting, which belongs to conf; NULL after the last
 */
const struct spicecfg_qemuconf_setting *spicecfg_qemuconf_setting(const struct spicecfg_qemuconf *conf, size_t index);

/** A change of a qemu.conf. */
struct spicecfg_qemuconf_edit {
	const char *key;
	const char *value; /* NULL: remove the key, also one that can't be set; "default": remove a key that can be set */
};

/**
 * Checks a change of a qemu.conf without making it. A program may pass passwords here; spicecfg itself reads them from files and stdin
 * only.
 *
 * @param ctx the context
 * @param edit the change
 * @return SPICECFG_OK; SPICECFG_USAGE when the key is not a setting of Spice (the fix names a similar one), or does not take the value
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_qemuconf_edit_check(struct spicecfg_ctx *ctx, const struct spicecfg_qemuconf_edit *edit);

/**
 * Plans changes of a qemu.conf.
 *
 * @param plan the plan that it is added to
 * @param conf the file, which must outlive the plan
 * @param edits the changes (copied)
 * @param n_edits their number
 * @param restart restart the daemon after the file has been written, when the file changes or has changed since the daemon was started. The
 * commit then waits until the daemon's QEMU driver answers; when it does not, the file is restored and the daemon restarted again
 * @return SPICECFG_OK; SPICECFG_USAGE for an edit that spicecfg_qemuconf_edit_check() refuses, for the removal of a key that neither
 * libvirt nor the file knows, or for restart with a root or with a file that no daemon reads; SPICECFG_SYSTEM for restart of a running
 * daemon that neither systemd nor an init script restarts
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_qemuconf(struct spicecfg_plan *plan, struct spicecfg_qemuconf *conf,
							     const struct spicecfg_qemuconf_edit *edits, size_t n_edits, bool restart);

/**
 * Collects the facts about the host or root that checks depend on, for a check elsewhere (docs/host-facts.md). No daemon is needed.
 *
 * @param ctx the context
 * @param qemu_conf the path of a qemu.conf to be used instead of the host's, or NULL
 * @param json a JSON document without passwords, to be freed with free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_USAGE when the URI refers to another host; SPICECFG_INPUT when qemu_conf is missing or malformed
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_host_facts(struct spicecfg_ctx *ctx, const char *qemu_conf, char **json);

#ifdef __cplusplus
}
#endif
#endif
