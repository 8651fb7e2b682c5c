/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An opened definition of a VM. */
#ifndef SC_SYSTEM_VM_H
#define SC_SYSTEM_VM_H

#include <spicecfg/vm.h>

#include "base/buf.h"
#include "base/ctx.h"

enum sc_vm_kind { SC_VM_FILE, SC_VM_STDIN, SC_VM_DOMAIN, SC_VM_ROOT_FILE };

struct spicecfg_vm {
	struct spicecfg_ctx *ctx;
	enum sc_vm_kind kind;
	char *label;    /* its name in reports */
	char *document; /* "domain:NAME", a path, "-" */
	char *path;     /* of a file; NULL: none */
	char *name;
	char *uuid;            /* NULL: the definition has none */
	struct sc_buf xml;     /* the definition, as it was read or, during a call that plans, as those before it leave it */
	struct sc_buf as_read; /* as it was read, while xml is another one; else empty */
	struct sc_buf running; /* the running VM's XML; empty: it is not running, or not read yet */
	bool is_running;
	void *domain; /* libvirt's */
};

/* Fills in vm->running for a running domain (with the ticket if secure); idempotent. */
SPICECFG_CHECKED enum spicecfg_status sc_vm_read_running(struct spicecfg_vm *vm, bool secure);

/* Makes bytes (copied) the definition that calls work on, or that which was read. */
SPICECFG_CHECKED enum spicecfg_status sc_vm_set_xml(struct spicecfg_vm *vm, const char *bytes, size_t len);
void sc_vm_reset_xml(struct spicecfg_vm *vm);

/* Like spicecfg_vm_open(), within another public call. */
SPICECFG_CHECKED enum spicecfg_status sc_vm_open(struct spicecfg_ctx *ctx, const char *target, bool readonly, struct spicecfg_vm **out);

/*
 * Refuses a FILE in which libvirtd of this host, or a user's, keeps a definition. path: as given, or resolved if the file is new.
 * SPICECFG_USAGE: it is such a file.
 */
SPICECFG_CHECKED enum spicecfg_status sc_vm_refuse_live(struct spicecfg_ctx *ctx, const char *path);

struct spicecfg_plan;

/* Adds the step that replaces the VM's definition, with passwords masked in diffs; bytes equal to the old ones change nothing. */
SPICECFG_CHECKED enum spicecfg_status sc_vm_add_document(struct spicecfg_plan *plan, struct spicecfg_vm *vm, const char *bytes, size_t len);
/* Whether it is a VM of this host, or of the tree below the root, so that the directories and qemu.conf there apply to it. */
bool sc_vm_is_own(const struct spicecfg_vm *vm);
/* When a change of the definition takes effect (enum spicecfg_effect). */
unsigned sc_vm_effects(const struct spicecfg_vm *vm);

#endif
