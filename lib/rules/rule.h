/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A rule is one pure function with its table row next to it; rules.c lists the tables. */
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

/* In sc_rule.needs: the rule is also run for the host alone. It is never part of a domain's content. */
enum { SC_OF_HOST = 1 << 16 };

/* A SASL directory that is judged by itself (sasl show). */
struct sc_sasl_question {
	const struct sc_sasl_fact *fact; /* NULL: none is judged */
	bool tls, plain;                 /* the channels that clients have */
	bool vm;                         /* it is the VM's own directory: fixes name the VM */
};

/* All that a rule may read. */
struct sc_rule_input {
	const struct sc_domain *domain;         /* NULL: only the host is judged */
	const struct sc_host *host;             /* facts, each known, assumed or unknown; never NULL */
	const struct sc_neighbours *neighbours; /* what the domains before this one on the same host claim; NULL: none are known */
	int64_t now;                            /* seconds since 1970; 0: unknown, no date is judged */
	const struct sc_launch *launch;         /* set by sc_rules_run() */
	bool host_told;                         /* the host's own result reports what its VMs share */
	struct sc_sasl_question sasl;
	const struct sc_exposure *exposure; /* of the definition's file; NULL: it has no file, or the file was not checked */
};

/*
 * Releases that perform a check; versions.c has their numbers (sc_spans). A rule names its span in needs: SC_HAS_VIDEO |
 * SC_SPAN(SC_SPAN_HEADS).
 */
enum sc_span {
	SC_SPAN_EVER,
	SC_SPAN_WORDS,        /* libvirt reads yes and no strictly */
	SC_SPAN_HEADS,        /* libvirt refuses heads on models that have one */
	SC_SPAN_VNC_PASSWORD, /* libvirt refuses a long VNC password */
	SC_SPAN_NETWORK,      /* libvirt refuses a listen without its network */
	SC_SPAN_AUDIO,        /* libvirt reads <audio> for QEMU */
	SC_SPAN_BLOB,         /* libvirt checks blob */
	SC_SPAN_GL_DEVICE,    /* QEMU has 3D acceleration as a device of its own */
	SC_SPAN_GL_FLAG,      /* QEMU has that device, but libvirt does not know it */
	SC_SPAN_ARM_MACHINE,  /* libvirt chooses integratorcp on ARM */
};
enum { SC_SPAN_SHIFT = 20 };
#define SC_SPAN(span) ((unsigned)(span) << SC_SPAN_SHIFT)

/*
 * 0: no limit. Releases of libvirt before `libvirt` do not refuse yet; where the first release that does is unknown, those after
 * `libvirt_without` may or may not: what the rule finds is a doubt then. From `libvirt_end` on, they refuse no more.
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
	const char *text;   /* why it matters, what happens, what to do */
	const char *source; /* article id; libvirt or QEMU source file and function; or "measured" */
	/* The command as a template without conversions (base/fix.h): 'spicecfg set TARGET PATH=default'. NULL: none. */
	const char *fix;
	void (*check)(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out);
};

/* How certain a finding is: verbs that set something refuse SC_ALWAYS ones of class start, and warn of SC_HOST ones. */
enum sc_certainty {
	SC_ALWAYS,     /* follows from the domain alone */
	SC_NEIGHBOURS, /* follows from other domains that are checked with it */
	SC_HOST,       /* follows from facts of this host */
	SC_OWN_HOST,   /* the same; verbs refuse it for a VM of that host: no second step makes it right */
};

/*
 * Adds a finding at node (and its attribute attr, or NULL). The message says what is wrong, with which value. A failed allocation is
 * recorded in out.
 */
void sc_find(struct sc_findings *out, const struct sc_rule *rule, enum sc_certainty certainty, const struct sc_xml_node *node,
	     const char *attr, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Replaces the rule's fix for the finding that was added last; format is the template of a command (base/fix.h), NULL: no fix. */
void sc_find_fix(struct sc_findings *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

void sc_find_vfix(struct sc_findings *out, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Adds words to the last command of that fix; a fix of more than SC_FIX_WORDS parts is dropped. */
enum { SC_FIX_WORDS = 600 };
void sc_find_fix_more(struct sc_findings *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Marks that the fix of the finding that was added last needs a decision: it removes a device or protection, or guesses what is meant. */
void sc_find_fix_asks(struct sc_findings *out);

/* Marks that the fix of the finding that was added last names a file as the user sees it: it is not run inside a root. */
void sc_find_fix_outside(struct sc_findings *out);

/* Records that memory was short, and the run fails; nothing happens when failed is false. */
void sc_findings_fail(struct sc_findings *out, bool failed);

/*
 * The port to which a fix moves that of console which attr (port, tlsPort, websocket) names: the next free one after it. A TLS port that is
 * not set comes after the plain port. 0: none is free, or memory is short (recorded). Each call for the same place returns the same port.
 */
unsigned sc_find_port(struct sc_findings *out, const struct sc_rule_input *in, const struct sc_console *console, const char *attr);

/* The path of a place, for a word of a fix; "" when none is needed or memory is short (recorded). attr NULL: the element. */
const char *sc_find_fix_path(struct sc_findings *out, const struct sc_xml_node *node, const char *attr);

/* The same for an element that the fix removes: pasted again, the fix changes nothing. */
const char *sc_find_fix_element(struct sc_findings *out, const struct sc_xml_node *node);

/* Like sc_find(), for a place outside the domain, such as a line of qemu.conf; where.file NULL: the domain's file. */
void sc_find_at(struct sc_findings *out, const struct sc_rule *rule, struct sc_where where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Records that the rule can't decide because a fact is unknown: a verdict that would be "starts" becomes "unknown". */
void sc_doubt(struct sc_findings *out, const struct sc_rule *rule, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The rules of one file, ending with a row whose id is NULL, and the directory of lib/rules that contains it. */
struct sc_rule_table {
	const char *area;
	const struct sc_rule *rules;
};

/* All tables; ends with one whose rules are NULL. */
extern const struct sc_rule_table sc_rule_tables[];

/* Runs every rule over the input. Sets *out, NULL or findings: the caller passes it to sc_findings_free() whatever the result is. */
SPICECFG_CHECKED enum spicecfg_status sc_rules_run(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings **out);

/* The same for the host alone: runs the rules that are SC_OF_HOST; in->domain is NULL. */
SPICECFG_CHECKED enum spicecfg_status sc_rules_run_host(struct spicecfg_ctx *ctx, const struct sc_rule_input *in, struct sc_findings **out);

void sc_findings_free(struct sc_findings *findings);
size_t sc_findings_count(const struct sc_findings *findings);
/* The ports that fixes name, for sc_neighbours_offer(); NULL: none. Lives as long as findings. */
const struct sc_free_ports *sc_findings_ports(const struct sc_findings *findings);
/* The public view; its strings live as long as findings. */
const struct spicecfg_finding *sc_findings_get(const struct sc_findings *findings, size_t index);
enum sc_certainty sc_findings_certainty(const struct sc_findings *findings, size_t index);
/* Refused when any finding is of class start, else unknown when a rule had a doubt, else starts. */
enum spicecfg_verdict sc_findings_verdict(const struct sc_findings *findings);
/* The first doubt as a sentence; NULL: none. */
const char *sc_findings_doubt(const struct sc_findings *findings);
/* How the domain would be started, for sc_neighbours_add(); lives as long as findings. */
const struct sc_launch *sc_findings_launch(const struct sc_findings *findings);

#endif
