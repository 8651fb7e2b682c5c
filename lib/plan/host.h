/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans edits of qemu.conf. Pure: no I/O. */
#ifndef SC_PLAN_HOST_H
#define SC_PLAN_HOST_H

#include <spicecfg/host.h>

#include "doc/qemuconf.h"
#include "model/exposure.h"
#include "plan/plan.h"

/* What the check of a plan for qemu.conf reads. */
struct sc_host_check {
	const struct sc_qemuconf *doc; /* as it will be */
	const struct spicecfg_qemuconf_edit *edits;
	size_t n_edits;
	/* Facts that lib/system fills in: the keys whose directory does not exist, NULL-terminated. */
	const char *missing[4];
	const char *cert_dir;        /* the directory that TLS would use; NULL: not known */
	const char *cert_missing;    /* the first file that is missing in it; NULL: none, or not known */
	struct sc_exposure exposure; /* of the file after the edit, if it contains a password */
};

/*
 * Applies the edits to doc and adds to the plan a change for each edit that has an effect, and notes. effects: when they take effect.
 * SPICECFG_USAGE as spicecfg_qemuconf_edit_check().
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_edit_qemuconf(struct spicecfg_plan *plan, struct sc_qemuconf *doc,
							    const struct spicecfg_qemuconf_edit *edits, size_t n_edits, unsigned effects);

/* Adds the findings about the new document to the report. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_check_qemuconf(const struct sc_host_check *check, struct spicecfg_report *report);

/*
 * The plan's check judges the qemu.conf that another call than one for qemu.conf edits, by what its text says alone: document is the name
 * of its step, which lives as long as the plan.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_judge_qemuconf(struct spicecfg_plan *plan, const char *document);

/* The keys whose directory must exist for libvirt's QEMU driver to start; NULL-terminated. */
extern const char *const sc_host_directory_keys[];

#endif
