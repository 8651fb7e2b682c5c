/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * Definitions of VMs: reading them, showing their settings, and planning changes.
 */
#ifndef SPICECFG_VM_H
#define SPICECFG_VM_H

#include <spicecfg/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spicecfg_vm;
struct spicecfg_request;

/**
 * Reads the definition of a VM.
 *
 * @param ctx the context
 * @param target a TARGET word (docs/cli.md): the name or UUID of a libvirt domain, the path of a file, "-" for stdin, "domain:NAME" or
 * "file:PATH". With a root, a domain is the file ROOT/etc/libvirt/qemu/NAME.xml
 * @param readonly the definition will not be changed: a read-only connection to libvirt is enough, which does not show passwords
 * @param out the VM, to be freed with spicecfg_vm_free() after the plans made for it; NULL on failure
 * @return SPICECFG_OK; SPICECFG_USAGE when the definition is to be changed, but the file belongs to a running libvirt; SPICECFG_INPUT when
 * the domain or file does not exist, can't be read or is malformed, or the definition is to be changed, but the domain is transient;
 * SPICECFG_SYSTEM when libvirt can't be reached or refuses
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_vm_open(struct spicecfg_ctx *ctx, const char *target, bool readonly,
						       struct spicecfg_vm **out);

/**
 * Frees a VM. The domain itself is not touched.
 *
 * @param vm the VM, or NULL
 */
void spicecfg_vm_free(struct spicecfg_vm *vm);

/**
 * Returns the name of a VM.
 *
 * @param vm the VM
 * @return the name in its definition, which belongs to vm; "" when the definition has none
 */
const char *spicecfg_vm_name(const struct spicecfg_vm *vm);

/**
 * Returns how reports refer to a VM.
 *
 * @param vm the VM
 * @return the name of a domain, the path of a file, or "-" for stdin; it belongs to vm
 */
const char *spicecfg_vm_label(const struct spicecfg_vm *vm);

/**
 * Returns the UUID of a VM.
 *
 * @param vm the VM
 * @return the UUID, which belongs to vm; NULL when the definition has none
 */
const char *spicecfg_vm_uuid(const struct spicecfg_vm *vm);

/**
 * Returns whether a VM is one of the host: a libvirt domain, or a domain file below a root.
 *
 * @param vm the VM
 * @return false for other files and for stdin
 */
bool spicecfg_vm_is_domain(const struct spicecfg_vm *vm);

/**
 * Returns whether a VM was running when it was opened.
 *
 * @param vm the VM
 * @return true for a libvirt domain that was running
 */
bool spicecfg_vm_is_running(const struct spicecfg_vm *vm);

/**
 * Returns whether a definition was read from stdin, so that the changed one belongs on stdout.
 *
 * @param vm the VM
 * @return true when the target was "-"
 */
bool spicecfg_vm_is_stdin(const struct spicecfg_vm *vm);

/**
 * Returns whether the URI of a context refers to another host.
 *
 * @param ctx the context
 * @return true for a remote URI, unless a root is set
 */
bool spicecfg_ctx_is_remote(const struct spicecfg_ctx *ctx);

/**
 * Returns whether the context's URI is that of this host's system daemon (qemu:///system), whose files the host verbs change.
 *
 * @param ctx the context
 * @return false too when a root is set
 */
bool spicecfg_ctx_is_host(const struct spicecfg_ctx *ctx);

/**
 * Lists the domains of the host or root.
 *
 * @param ctx the context
 * @param glob a pattern as for fnmatch(3) that the names have to match; NULL: all
 * @param names TARGET words of the form "domain:NAME", sorted and NULL-terminated, to be freed with spicecfg_names_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_INPUT when no name matches glob, or the directory of domains below the root can't be read; SPICECFG_SYSTEM
 * when libvirt can't be reached or refuses
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_vm_list(struct spicecfg_ctx *ctx, const char *glob, char ***names);

/**
 * Frees the names that spicecfg_vm_list() returned.
 *
 * @param names the names, or NULL
 */
void spicecfg_names_free(char **names);

/**
 * Makes an empty request: what to change in a VM, namely settings by key (see spicecfg_setting_get()) and the password.
 *
 * @param ctx the context
 * @param out the request, to be freed with spicecfg_request_free(); NULL on failure
 * @return SPICECFG_OK, or SPICECFG_SYSTEM
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_request_new(struct spicecfg_ctx *ctx, struct spicecfg_request **out);

/**
 * Frees a request and wipes its password.
 *
 * @param request the request, or NULL
 */
void spicecfg_request_free(struct spicecfg_request *request);

/**
 * Adds a setting to a request. A key that is set again replaces the earlier value.
 *
 * @param request the request
 * @param key the key (copied)
 * @param value the value (copied); "default" unsets the setting. The keys ram, vram, vgamem and vram64 take KiB
 * @return SPICECFG_OK; SPICECFG_USAGE when the key is unknown (the fix names a similar one), when it does not take the value, or when the
 * key is "password" and the value is not "default"
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_request_set(struct spicecfg_request *request, const char *key, const char *value);

/**
 * Adds a password to a request. It replaces an earlier one and is wiped with the request.
 *
 * @param request the request
 * @param text the password (copied): printable UTF-8
 * @param len its length in bytes, 1 to 59: spice-server (server/reds.cpp) keeps no more, so a longer password would admit nobody
 * @return SPICECFG_OK; SPICECFG_INPUT when the password is empty, too long or not printable
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_request_password(struct spicecfg_request *request, const char *text, size_t len);

/**
 * Adds a random password of 20 letters and digits to a request. Get it with spicecfg_request_generated() to show it once.
 *
 * @param request the request
 * @return SPICECFG_OK; SPICECFG_SYSTEM when the system does not provide random bytes
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_request_generate(struct spicecfg_request *request);

/**
 * Returns the password that spicecfg_request_generate() made.
 *
 * @param request the request
 * @return the password, which belongs to the request; NULL when none was generated
 */
const char *spicecfg_request_generated(const struct spicecfg_request *request);

/**
 * Makes a request remove the password and its expiry.
 *
 * @param request the request
 * @return SPICECFG_OK
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_request_clear_password(struct spicecfg_request *request);

/**
 * Makes a request grant access to the socket that it sets. Whether the account exists is checked by spicecfg_plan_vm().
 *
 * @param request the request
 * @param who "user:NAME" or "group:NAME" (copied)
 * @return SPICECFG_OK; SPICECFG_USAGE when the request names 32 accounts already
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_request_allow(struct spicecfg_request *request, const char *who);

/**
 * Makes a request create the groups named with spicecfg_request_allow() that do not exist.
 *
 * @param request the request
 */
void spicecfg_request_create_group(struct spicecfg_request *request);

/**
 * Makes a request change the password and its expiry in the running VM, too.
 *
 * @param request the request
 */
void spicecfg_request_live(struct spicecfg_request *request);

/**
 * A setting of a VM: a key for spicecfg_request_set(), and the option or argument of the verb that sets it. The strings are static. A key
 * that ends with ".NAME" stands for one key for each name; its option is the part before the dot, takes NAME=VALUE and can be repeated.
 */
struct spicecfg_setting {
	size_t size;         /* of this struct, set by the caller */
	const char *key;     /* "heads", "tls-port", "channel.NAME"; "/PATH" for any place in the definition */
	const char *verb;    /* "set-heads" */
	const char *metavar; /* what it takes besides "default": "N", "any|secure|insecure"; "KIB" is a size in KiB */
	const char *help;    /* one line */
	bool argument;       /* an argument of the verb, not an option */
};

/**
 * Returns a setting by its position in the table.
 *
 * @param index which one, from 0
 * @param out set to the setting; its size must be set before
 * @return false after the last setting
 */
bool spicecfg_setting_get(size_t index, struct spicecfg_setting *out);

/**
 * Plans a request as one edit of the VM's definition.
 *
 * @param plan the plan that it is added to
 * @param vm the VM, which must outlive the plan
 * @param request what to change
 * @return SPICECFG_OK; SPICECFG_USAGE when the settings contradict each other or do not suit the VM; SPICECFG_INPUT when the definition
 * has no Spice console, when it has no element at a path, or when an account that is granted access does not exist; SPICECFG_FINDINGS, with
 * an error, when QEMU would not accept the result, or access to the socket can't be granted in its directory; SPICECFG_SYSTEM when the
 * running VM is to be changed, but does not run
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_vm(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
						       const struct spicecfg_request *request);

/** An effective setting of a VM. */
struct spicecfg_shown {
	const char *key; /* a key of spicecfg_request_set(), or the name of a setting of the host: "tls", "sasl" */
	/*
	 * In the words of the key, such as "address ADDR", "socket /PATH", "network NET" and "none" for listen, with a remark in brackets
	 * at most ("auto (if TLS is on)"); "": not set, or the VM has no such device. For display: who needs a part needs a call of its
	 * own. Never a password, but "set", "not set" or "not visible".
	 */
	const char *value;
	const char *origin;  /* where the value comes from: "XML", "qemu.conf", "default", or "read-only" for one that is not visible */
	const char *running; /* the running VM's value where it differs, else NULL */
};

struct spicecfg_view;

/**
 * Reads the effective settings of a VM, in a fixed order. When qemu.conf can't be read, its part of the values is left out.
 *
 * @param ctx the context that the VM was opened with
 * @param vm the VM
 * @param out the settings, to be freed with spicecfg_view_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_INPUT when the definition is not that of a domain; SPICECFG_SYSTEM when the running VM can't be read
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_vm_show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct spicecfg_view **out);

/**
 * Returns a setting by its position.
 *
 * @param view the settings
 * @param index which one, from 0
 * @return the setting, which belongs to view; NULL after the last
 */
const struct spicecfg_shown *spicecfg_view_row(const struct spicecfg_view *view, size_t index);

/**
 * Frees the settings that spicecfg_vm_show() returned.
 *
 * @param view the settings, or NULL
 */
void spicecfg_view_free(struct spicecfg_view *view);

#ifdef __cplusplus
}
#endif
#endif
