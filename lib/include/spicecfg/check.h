/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings of the rules, and the catalogue of rules. */
#ifndef SPICECFG_CHECK_H
#define SPICECFG_CHECK_H

#include <spicecfg/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum spicecfg_level { SPICECFG_LEVEL_OFF, SPICECFG_LEVEL_NOTE, SPICECFG_LEVEL_WARNING, SPICECFG_LEVEL_ERROR };
enum spicecfg_class { SPICECFG_CLASS_START, SPICECFG_CLASS_SECURITY, SPICECFG_CLASS_EFFECT };
enum spicecfg_verdict { SPICECFG_VERDICT_STARTS, SPICECFG_VERDICT_REFUSED, SPICECFG_VERDICT_UNKNOWN };

/* "error", "start", "refused"… as the JSON has them. */
const char *spicecfg_level_name(enum spicecfg_level level);
const char *spicecfg_class_name(enum spicecfg_class cls);
const char *spicecfg_verdict_name(enum spicecfg_verdict verdict);

/* One finding; all strings belong to what the finding came from. */
struct spicecfg_finding {
	const char *rule;
	enum spicecfg_level level;
	enum spicecfg_class cls;
	const char *message;
	const char *path; /* /domain/devices/graphics[1]/@tlsPort */
	const char *file;
	unsigned line; /* 0: unknown */
	unsigned column;
	const char *fix; /* the command that mends it, or NULL */
};

/* A row of the catalogue. */
struct spicecfg_rule {
	const char *id;
	enum spicecfg_level level;
	enum spicecfg_class cls;
	const char *title;
	const char *text;
	const char *source;
	const char *mend;
};

/* The rules in the order of the catalogue: false behind the last. */
bool spicecfg_rule_get(size_t index, struct spicecfg_rule *out);

#ifdef __cplusplus
}
#endif
#endif
