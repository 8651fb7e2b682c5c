/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of a check: settings that all share, one target at a time. */
#ifndef SC_SYSTEM_CHECK_H
#define SC_SYSTEM_CHECK_H

#include <spicecfg/check.h>
#include <spicecfg/pam.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "doc/mask_text.h"
#include "model/host.h"
#include "model/neighbours.h"
#include "rules/rule.h"
#include "system/check/schema.h"
#include "system/os/walk.h"

/* What all targets share; workers only read it, except neighbours, which are there with one worker only. */
struct sc_check {
	struct sc_neighbours *neighbours;         /* NULL: the targets know nothing of each other */
	struct sc_schema *schema;                 /* NULL: not asked; locks itself */
	const struct spicecfg_rule_level *levels; /* the last row of a rule counts */
	size_t n_levels;
	int64_t now;
	const char *root, *uri, *qemu_conf; /* what fixes have to repeat; NULL: not given */
	bool live;                          /* hosts are asked for what each domain needs */
	bool host_told;                     /* sc_check_services() tells what VMs share */
};

/* What each thread has for itself. */
struct sc_check_worker {
	struct spicecfg_ctx *ctx;
	struct sc_host *host; /* its own: facts are added while it works */
	bool asked;           /* sc_host_gather_machine() was done */
	bool stopped;         /* the target is known not to run: what runs is somebody else */
	struct sc_buf bytes;
	const char *path; /* the file that they are of: of the user, for a domain below a root a host path; NULL: there is none */
	struct sc_schema_run *schema;
};

/* The host's own result is made of what all workers saw. */
struct sc_check_host {
	const struct spicecfg_ctx *ctx; /* of the run */
	const struct sc_check_worker *workers;
	size_t n_workers;
	bool whole; /* all of the host is looked at, not only what the targets need */
};

/* One target and what came of it. */
struct sc_check_item {
	enum sc_walk_kind kind;
	const char *word; /* path or name, in memory of the slot */
	bool found;
	int error;
	bool skipped; /* found, but no domain definition: no result */
	struct spicecfg_check_result result;
	struct spicecfg_finding *findings; /* the result's, to be changed */
	struct spicecfg_error failure;     /* the result's error */
};

/* Reads the target and runs the rules; strings are put into memory. Never fails: what goes wrong is the item's result. */
void sc_check_item_run(const struct sc_check *check, struct sc_check_worker *worker, struct sc_check_item *item, struct sc_arena *memory);

/* Takes a finding over into memory and item->findings (which has room), with the level in force; the verdict is made before levels count.
 */
void sc_check_add_finding(const struct sc_check *check, struct sc_check_item *item, const struct spicecfg_finding *finding,
			  struct sc_arena *memory);

/*
 * Makes the host's own result, target "host", for a whole host: certificates where TLS is on, the SASL file where SASL is, the PAM
 * file where saslauthd is asked, and libvirt's own ways in. What is a VM's own is told with the VM. Of every run: what could not be read,
 * each path once. Without findings it is of no interest.
 */
void sc_check_services(const struct sc_check *check, const struct sc_check_host *host, struct sc_check_item *item, struct sc_arena *memory);

/*
 * Finds what is wrong with the PAM file that saslauthd goes by, of the host (vm NULL) or of a VM's own saslauthd. The strings of findings
 * last for the call; fixes name the VM as TARGET.
 */
void sc_check_pam(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct sc_arena *memory, spicecfg_finding_fn fn, void *opaque);
/* True when the domain has a saslauthd of its own, and so a PAM file. */
bool sc_check_pam_of_vm(const struct sc_domain *domain, const struct sc_host *host);

/* Makes the item's result an error; the strings are copied. */
void sc_check_item_fail(struct sc_check_item *item, const struct spicecfg_error *error, struct sc_arena *memory);

/* A document whose lines are shown, and the line found last: sorted findings need one pass. Begin with start 0 and line 1. */
struct sc_check_text {
	const char *bytes;
	size_t len;
	size_t start;
	unsigned line;
	size_t end;            /* of that line; 0: not looked for */
	size_t counted;        /* a place in it */
	unsigned characters;   /* between its start and that place */
	const uint32_t *table; /* of a single-byte encoding: byte to character; NULL: UTF-8 */
	bool scanned;          /* the next two are known */
	struct sc_mask_hit *secrets;
	size_t n_secrets;
};

/* Fills excerpt, caret, width, character and characters of a finding; passwords in the line become ***. */
void sc_check_excerpt(struct spicecfg_finding *finding, struct sc_check_text *doc, struct sc_arena *memory);

#endif
