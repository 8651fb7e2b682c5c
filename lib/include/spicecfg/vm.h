/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Definitions of VMs: where they come from, what is asked of them. */
#ifndef SPICECFG_VM_H
#define SPICECFG_VM_H

#include <spicecfg/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

struct spicecfg_vm;
struct spicecfg_request;

/*
 * Reads the definition that a TARGET word means (docs/cli.md): a libvirt domain by name or UUID, a file, "-" for stdin, "domain:NAME",
 * "file:PATH"; with a root, domain names are files below ROOT/etc/libvirt/qemu.
 * readonly: only to show; a read-only libvirt connection serves (passwords are not seen then).
 * SPICECFG_INPUT: no such domain or file, malformed; SPICECFG_SYSTEM: libvirt unreachable. *out is NULL on failure; free it with
 * spicecfg_vm_free() after the plans made from it.
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_vm_open(struct spicecfg_ctx *ctx, const char *target, bool readonly,
						       struct spicecfg_vm **out);
void spicecfg_vm_free(struct spicecfg_vm *vm);

/* "debianx", and how reports name it: "debianx" for a domain, the path for a file, "-" for stdin. */
const char *spicecfg_vm_name(const struct spicecfg_vm *vm);
const char *spicecfg_vm_label(const struct spicecfg_vm *vm);
/* NULL when the definition has none. */
const char *spicecfg_vm_uuid(const struct spicecfg_vm *vm);
/* True for libvirt domains and for domain files below a root: the host's own VMs. */
bool spicecfg_vm_is_domain(const struct spicecfg_vm *vm);
bool spicecfg_vm_is_running(const struct spicecfg_vm *vm);
/* True when the target is stdin: the edited document goes to stdout. */
bool spicecfg_vm_is_stdin(const struct spicecfg_vm *vm);

/* True when the context's URI (or LIBVIRT_DEFAULT_URI) means another host. */
bool spicecfg_ctx_is_remote(const struct spicecfg_ctx *ctx);

/* Names of the domains that match glob (NULL: all), sorted, as "domain:NAME"; *names is NULL-terminated, free it with
 * spicecfg_names_free(). SPICECFG_INPUT when none matches. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_vm_list(struct spicecfg_ctx *ctx, const char *glob, char ***names);
void spicecfg_names_free(char **names);

/* What is wanted of a VM: settings by key (spicecfg_setting_get() lists them), and passwords. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_request_new(struct spicecfg_ctx *ctx, struct spicecfg_request **out);
void spicecfg_request_free(struct spicecfg_request *request);
/* SPICECFG_USAGE: unknown key (the nearest known one is named) or a value that the key does not take. "default" unsets. Copies. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_request_set(struct spicecfg_request *request, const char *key, const char *value);
/* A password of len bytes, at most 59 (spice-server's reds.cpp copies 59; facts); copied, wiped with the request. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_request_password(struct spicecfg_request *request, const char *text, size_t len);
/* Makes a random password; it is read back with spicecfg_request_generated() to be shown once. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_request_generate(struct spicecfg_request *request);
const char *spicecfg_request_generated(const struct spicecfg_request *request);
/* Removes the password and its expiry. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_request_clear_password(struct spicecfg_request *request);
/* Lets "user:U" or "group:G" open the socket that the request sets; checked when it is planned. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_request_allow(struct spicecfg_request *request, const char *who);
/* Makes the groups of it that are missing. */
void spicecfg_request_create_group(struct spicecfg_request *request);
/* Also change the running VM (ticket, expiry). */
void spicecfg_request_live(struct spicecfg_request *request);

/*
 * A setting of a VM: a key of `set`, and an option or the argument of the set-* verb that sets it. The texts are static. A key that ends
 * with
 * ".NAME" stands for one key per name; its option is the part before the dot, takes NAME=VALUE and may be repeated.
 */
struct spicecfg_setting {
	const char *key;     /* "heads", "tls-port", "channel.NAME"; "/PATH" for any place in the definition */
	const char *verb;    /* "set-heads" */
	const char *metavar; /* what it takes beside "default": "N", "any|secure|insecure" */
	const char *help;    /* one line */
	bool argument;       /* an argument of the verb, not an option */
};
/* The settings in the order of the table: false behind the last. */
bool spicecfg_setting_get(size_t index, struct spicecfg_setting *out);

/* Plans the request as one edit of the VM's definition. The vm must outlive the plan. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_vm(struct spicecfg_plan *plan, struct spicecfg_vm *vm,
						       const struct spicecfg_request *request);

/* An effective setting of a VM. */
struct spicecfg_shown {
	const char *key;     /* the key of `set` where there is one */
	const char *value;   /* "" when unset; passwords never: "set" or "not set" */
	const char *origin;  /* "XML", "qemu.conf", "default" */
	const char *running; /* the running VM's value where it differs, else NULL */
};
typedef void (*spicecfg_show_fn)(void *opaque, const struct spicecfg_shown *row);
/* Calls fn per setting, in the order of a table. */
SPICECFG_CHECKED enum spicecfg_status spicecfg_vm_show(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, spicecfg_show_fn fn, void *opaque);

#ifdef __cplusplus
}
#endif
#endif
