/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of a check: what all targets share, and the check of a single target. */
#ifndef SC_SYSTEM_CHECK_H
#define SC_SYSTEM_CHECK_H

#include <spicecfg/check.h>
#include <spicecfg/pam.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "base/finding.h"
#include "doc/mask_text.h"
#include "model/host.h"
#include "model/neighbours.h"
#include "rules/rule.h"
#include "system/check/schema.h"
#include "system/os/walk.h"

/* What all targets share; workers only read it, except neighbours, which are used with one worker only. */
struct sc_check {
	struct sc_neighbours *neighbours;         /* NULL: targets are not compared with each other */
	struct sc_schema *schema;                 /* NULL: no validation; does its own locking */
	const struct spicecfg_rule_level *levels; /* the last row of a rule is in effect */
	size_t n_levels;
	int64_t now;
	bool no_fixes;
	const char *root, *uri, *qemu_conf; /* options that the commands of fixes repeat; NULL: not given */
	bool live;                          /* the host is asked for the facts that each domain needs */
	bool host_told;                     /* sc_check_services() reports what the VMs share */
};

/* What each thread has of its own. */
struct sc_check_worker {
	struct spicecfg_ctx *ctx;
	struct sc_host *host; /* its own: facts are added while it works */
	bool asked;           /* sc_host_gather_machine() was done */
	bool stopped;         /* the target is known not to be running: what is running is another VM */
	struct sc_buf bytes;
	const char *path; /* the file that the bytes are from: the user's path, or a host path for a domain below a root; NULL: none */
	struct sc_schema_run *schema;
};

/* The input of the host's own result, which includes what the workers could not read. */
struct sc_check_host {
	const struct spicecfg_ctx *ctx; /* of the run */
	const struct sc_check_worker *workers;
	size_t n_workers;
	bool whole; /* the whole host is checked, not only what the targets need */
};

/* One target and its result. */
struct sc_check_item {
	enum sc_walk_kind kind;
	const char *word; /* path or name, in memory of the slot */
	bool found;
	int error;
	bool skipped; /* found, but not a domain definition: no result */
	struct spicecfg_check_result result;
	struct spicecfg_finding *findings; /* the result's, writable */
	struct spicecfg_error failure;     /* the result's error */
};

/* Reads the target and runs the rules; strings are allocated from memory. Never fails: an error becomes the item's result. */
void sc_check_item_run(const struct sc_check *check, struct sc_check_worker *worker, struct sc_check_item *item, struct sc_arena *memory);

/*
 * Copies a finding into memory and item->findings (which must have room), with the configured level, or drops it if that is off. Levels do
 * not affect the verdict.
 * False when memory is short. */
bool sc_check_add_finding(const struct sc_check *check, struct sc_check_item *item, const struct spicecfg_finding *finding,
			  struct sc_arena *memory);

/*
 * Makes the host's own result, with target "host". For a whole host: certificates if TLS is on, the SASL file if SASL is on, the PAM file
 * if saslauthd is used, and libvirt's own ways in; what belongs to a VM is reported with the VM. For every run: what could not be read,
 * each path once. A result without findings can be ignored.
 */
void sc_check_services(const struct sc_check *check, const struct sc_check_host *host, struct sc_check_item *item, struct sc_arena *memory);

/*
 * Reports what is wrong with the PAM file that saslauthd uses: the host's (vm NULL), or the VM's own saslauthd. The strings of a finding
 * are valid during the call of fn; fixes name the VM as TARGET.
 */
void sc_check_pam(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct sc_arena *memory, sc_finding_fn fn, void *opaque);
/* Whether the domain has a saslauthd of its own, and therefore a PAM file. */
bool sc_check_pam_of_vm(const struct sc_domain *domain, const struct sc_host *host);

/* Makes the item's result an error; the strings are copied. */
void sc_check_item_fail(struct sc_check_item *item, const struct spicecfg_error *error, struct sc_arena *memory);

/* A document whose lines are shown, and the line found last, so that sorted findings need one pass. Initialise with start 0 and line 1. */
struct sc_check_text {
	const char *bytes;
	size_t len;
	size_t start;
	unsigned line;
	size_t end;            /* of that line; 0: not determined */
	size_t counted;        /* a position in it */
	unsigned characters;   /* between its start and that position */
	const uint32_t *table; /* of a single-byte encoding: byte to character; NULL: UTF-8 */
	bool scanned;          /* the next two are known */
	struct sc_mask_hit *secrets;
	size_t n_secrets;
};

/* Fills in excerpt, caret, width, character and characters of a finding; passwords in the line become ***. */
void sc_check_excerpt(struct spicecfg_finding *finding, struct sc_check_text *doc, struct sc_arena *memory);

#endif
