/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A rule is one pure function with its table row beside it; rules.c lists the tables. */
#ifndef SC_RULES_RULE_H
#define SC_RULES_RULE_H

#include <spicecfg/check.h>

#include "base/ctx.h"
#include "model/domain.h"
#include "model/exposure.h"
#include "model/host.h"
#include "model/launch.h"
#include "model/neighbours.h"

struct sc_findings;
struct sc_sasl_fact;

/* In sc_rule.needs: the rule is also run for the host alone. No domain has it as content. */
enum { SC_OF_HOST = 1 << 16 };

/* A SASL directory that is asked about by itself (sasl show). */
struct sc_sasl_question {
	const struct sc_sasl_fact *fact; /* NULL: none is */
	bool tls, plain;                 /* channels that clients have */
	bool vm;                         /* it is the VM's own directory: fixes name the VM */
};

/* What a rule may look at; nothing else. */
struct sc_rule_input {
	const struct sc_domain *domain;         /* NULL: the host alone is judged */
	const struct sc_host *host;             /* facts, each known, assumed or unknown; never NULL */
	const struct sc_neighbours *neighbours; /* what domains hold that stand before this one on the same host; NULL: none are known */
	int64_t now;                            /* seconds since 1970; 0: not told, no date is judged */
	const struct sc_launch *launch;         /* filled by sc_rules_run() */
	bool host_told;                         /* a result of the host's own tells what its VMs share */
	struct sc_sasl_question sasl;
	const struct sc_exposure *exposure; /* of the definition's file; NULL: it has none, or nobody looked */
};

/* Releases that make a check; versions.c tells which (sc_spans). A rule names its span in needs: SC_HAS_VIDEO | SC_SPAN(SC_SPAN_HEADS). */
enum sc_span {
	SC_SPAN_EVER,
	SC_SPAN_WORDS,        /* libvirt reads yes and no strictly */
	SC_SPAN_HEADS,        /* libvirt refuses heads on models that have one */
	SC_SPAN_VNC_PASSWORD, /* libvirt refuses a long VNC password */
	SC_SPAN_NETWORK,      /* libvirt refuses a listen without its network */
	SC_SPAN_AUDIO,        /* libvirt reads <audio> for QEMU */
	SC_SPAN_BLOB,         /* libvirt judges blob */
	SC_SPAN_GL_DEVICE,    /* QEMU has 3D acceleration as a device of its own */
	SC_SPAN_GL_FLAG,      /* QEMU has it so, libvirt does not know */
	SC_SPAN_ARM_MACHINE,  /* libvirt takes integratorcp on ARM */
};
enum { SC_SPAN_SHIFT = 20 };
#define SC_SPAN(span) ((unsigned)(span) << SC_SPAN_SHIFT)

/*
 * 0: no limit. Releases of libvirt before `libvirt` do not refuse yet; where the first one that does was not found, those behind
 * `libvirt_without` may or may not: what the rule finds is a doubt then. From `libvirt_end` on they do no more.
 */
struct sc_since {
	unsigned libvirt_without, libvirt, libvirt_end, qemu;
};
extern const struct sc_since sc_spans[];

struct sc_rule {
	const char *id;
	enum spicecfg_level level;
	enum spicecfg_class cls;
	unsigned needs;     /* enum sc_content, SC_OF_HOST: the rule is skipped unless the domain has one of these; SC_SPAN() */
	const char *title;  /* one line */
	const char *text;   /* why, what happens, what to do */
	const char *source; /* article id; libvirt or QEMU source file and function; or "measured" */
	/* The command as a template without conversions (base/fix.h): 'spicecfg set TARGET PATH=default'. NULL: none. */
	const char *fix;
	void (*check)(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out);
};

/* How sure a finding is: setters refuse SC_ALWAYS ones of class start and warn of SC_HOST ones. */
enum sc_certainty {
	SC_ALWAYS, /* follows from the domain alone */
	SC_HOST,   /* follows from facts of this host */
};

/*
 * Adds a finding at node (and its attribute, or NULL). The message says what is wrong with which value.
 * A failed allocation sticks in out.
 */
void sc_find(struct sc_findings *out, const struct sc_rule *rule, enum sc_certainty certainty, const struct sc_xml_node *node,
	     const char *attr, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Another fix than the rule's for the finding that was added last, NULL: none; format is the template of a command (base/fix.h). */
void sc_find_fix(struct sc_findings *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

void sc_find_vfix(struct sc_findings *out, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* More words for the last command of that fix; of more than SC_FIX_WORDS parts there is none. */
enum { SC_FIX_WORDS = 600 };
void sc_find_fix_more(struct sc_findings *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The fix of the finding that was added last needs a decision: it takes a device or protection away, or guesses what is meant. */
void sc_find_fix_asks(struct sc_findings *out);

/* The fix of the finding that was added last names a file as the user does: it is not run inside of a root. */
void sc_find_fix_outside(struct sc_findings *out);

/* Memory was short: the run fails. failed false: nothing happens. */
void sc_findings_fail(struct sc_findings *out, bool failed);

/* The path of a place, for a word of a fix. attr NULL: the element. */
const char *sc_find_fix_path(struct sc_findings *out, const struct sc_xml_node *node, const char *attr);

/* The same for a place outside the domain, such as a line of qemu.conf; where.file NULL: the domain's file. */
void sc_find_at(struct sc_findings *out, const struct sc_rule *rule, struct sc_where where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The rule can't tell, because of a fact that is not known: makes a verdict that would be "starts" "unknown". */
void sc_doubt(struct sc_findings *out, const struct sc_rule *rule, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The rules of one file, which end with a row whose id is NULL, and the directory of lib/rules that it lies in. */
struct sc_rule_table {
	const char *area;
	const struct sc_rule *rules;
};

/* All of them; ends with rules of NULL. */
extern const struct sc_rule_table sc_rule_tables[];

/* Runs every rule over the input; *out is made, free it with sc_findings_free(). */
SPICECFG_CHECKED enum spicecfg_status sc_rules_run(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings **out);

/* The same for the host alone: rules that are SC_OF_HOST; in->domain is NULL. */
SPICECFG_CHECKED enum spicecfg_status sc_rules_run_host(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings **out);

void sc_findings_free(struct sc_findings *findings);
size_t sc_findings_count(const struct sc_findings *findings);
/* The public view; strings live as long as findings. */
const struct spicecfg_finding *sc_findings_get(const struct sc_findings *findings, size_t index);
enum sc_certainty sc_findings_certainty(const struct sc_findings *findings, size_t index);
/* Refused when any finding is of class start, else unknown when a rule had a doubt. */
enum spicecfg_verdict sc_findings_verdict(const struct sc_findings *findings);
/* The first doubt as a sentence, NULL: none. */
const char *sc_findings_doubt(const struct sc_findings *findings);
/* What the run worked out, for sc_neighbours_add(). */
const struct sc_launch *sc_findings_launch(const struct sc_findings *findings);

#endif
