/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans edits of a VM's definition: a family of settings is one file with its table of keys, and a line in families.c. */
#ifndef SC_PLAN_VM_H
#define SC_PLAN_VM_H

#include <spicecfg/vm.h>

#include "base/secret.h"
#include "base/table.h"
#include "model/domain.h"
#include "plan/plan.h"

/*
 * A setting of a VM: a key of `set`, and an option or the argument of its family's verb. Help, the man page and the table in docs/cli.md
 * are generated from this row, through spicecfg_setting_get().
 */
struct sc_setting {
	const char *key;     /* "channel.NAME" stands for eight keys: sc_channel_words after the dot */
	const char *metavar; /* its values: "KIB"; without accept, the words themselves: "on|off" */
	const char *help;    /* one line, for the option and for the key */
	bool argument;       /* the argument of the family's verb, not an option of it */
	/* The sub-element of <graphics> that contains it as its single word; sc_choice_put() sets it. NULL: the family has code for it. */
	const struct sc_option_spec *option;
	/* Whether the value is valid; NULL: one of the words of metavar. "default" is always valid. */
	bool (*accept)(const char *value);
	const char *noun; /* what such a value is, with its limits: "a number of heads: 1 to 16"; NULL where the words say it */
	/* Replaces the advice of an error about a value that is not accepted, where it can be more definite; NULL: it can't. */
	void (*advise)(struct spicecfg_ctx *ctx, const char *value);
	/*
	 * The effective value for `show`, from the model; show NULL: not shown. Returns the text (static, or in domain->memory), or NULL:
	 * unset; *origin is "XML" or "default".
	 */
	const char *(*show)(const struct sc_setting *setting, const struct sc_domain *domain, const char **origin);
};

struct sc_asked {
	const char *key;
	const char *value;                /* may be "default" */
	const struct sc_setting *setting; /* its row */
};

enum { SC_ALLOW_MAX = 32 };

struct spicecfg_request {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	struct sc_asked *asked; /* each key once: the last value wins */
	size_t n_asked;
	struct sc_table keys; /* of asked; times: the index */
	struct sc_secret password;
	bool has_password, generated, clear_password, live;
	const char *allow[SC_ALLOW_MAX]; /* "user:U" or "group:G" */
	size_t n_allow;
	bool create_group;
};

/* The value requested for key; NULL: not requested. */
const char *sc_asked(const struct spicecfg_request *request, const char *key);
/* Whether it is the word that unsets a setting. */
bool sc_is_default(const char *value);
/* Whether value is one of words, such as "on|off". */
bool sc_is_word_of(const char *words, const char *value);

/* What a family works on: it edits domain->doc and may add notes; it changes nothing if none of its keys is requested. */
struct sc_vm_edit {
	struct spicecfg_ctx *ctx;
	const struct spicecfg_request *request;
	struct sc_domain *domain;
	struct spicecfg_plan *plan;
	int64_t now; /* seconds since 1970, for expiry */
};

struct sc_family {
	const char *verb;                  /* "set-heads": the verb whose options and argument they are */
	const struct sc_setting *settings; /* ends with a key of NULL */
	enum spicecfg_status (*apply)(struct sc_vm_edit *edit, const struct sc_family *family);
	bool passwords; /* also applied when a password is set or cleared */
};

/* The families in the order in which they are applied; NULL-terminated. */
extern const struct sc_family *const sc_families[];

/*
 * Applies the request to the bytes of a definition; returns the new bytes (in the plan's memory) and adds the changes to the plan. Pure.
 * name: of the document in messages; now: seconds since 1970; effects: when the changes take effect.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_edit_vm(struct spicecfg_plan *plan, const char *name, const char *bytes, size_t len,
						      const struct spicecfg_request *request, int64_t now, unsigned effects,
						      const char **new_bytes, size_t *new_len);

/*
 * The <graphics> element of the running VM with the requested ticket and expiry, for virDomainUpdateDeviceFlags(). running: the running
 * VM's XML with its ticket; *before: its present element, *xml: the new one (both in the plan's memory). Pure. SPICECFG_INPUT: the running
 * VM has no Spice console.
 */
SPICECFG_CHECKED enum spicecfg_status sc_plan_live_graphics(struct spicecfg_plan *plan, const struct spicecfg_request *request,
							    const char *running, size_t len, int64_t now, const char **before,
							    const char **xml);

/* The check of a definition (struct sc_plan_row): runs the rules on the new bytes of its step. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_check_vm(struct spicecfg_plan *plan, struct spicecfg_report *report);

#endif
