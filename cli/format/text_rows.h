/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The findings of several domains, by what they say: the data of text_group.c. */
#ifndef CLI_FORMAT_TEXT_ROWS_H
#define CLI_FORMAT_TEXT_ROWS_H

#include "format.h"

/* SHARED: as many domains share a finding. ALIKE: as many have findings of one rule whose messages differ. */
enum { CLI_TEXT_SHARED = 3, CLI_TEXT_ALIKE = 6 };

struct cli_text_domain {
	char *name;
	enum spicecfg_verdict verdict;
	char *doubt; /* or NULL */
	bool own;    /* has findings that are printed for it alone */
	bool said;   /* its verdict was printed */
};

/* A finding of one domain, as it is printed for this domain alone. */
struct cli_text_own {
	size_t domain, order; /* order: among all findings */
	char *text;
};

/* All findings with one rule, level and message. */
struct cli_text_row {
	char *rule, *message;
	enum spicecfg_level level;
	enum spicecfg_class cls;
	size_t order;    /* of the first finding */
	size_t *domains; /* ascending, each once */
	size_t n_domains;
	struct cli_text_own *own; /* all of them, while there are fewer domains than SHARED */
	size_t n_own;
	char *fix;      /* of the first: whole lines; "": none */
	bool names_fix; /* that fix names the domain */
	bool alike;     /* has the domains of other rows of this rule */
	bool elsewhere; /* is part of such a row */
};

struct cli_text_groups {
	struct cli_text_domain *domains;
	size_t n_domains;
	struct cli_text_row **rows; /* by the order of the first finding */
	size_t n_rows, n_findings;
	void *tree; /* the same for tsearch() */
	bool failed;
};

struct cli_text_groups *cli_text_rows_new(void);
void cli_text_rows_free(struct cli_text_groups *groups);

/* Adds a domain with its findings; sets failed without memory. color: of the report that they are printed to. */
void cli_text_rows_add(struct cli_text_groups *groups, const struct spicecfg_check_result *result, bool color);

/* Gives one row of each rule the domains of those whose messages differ, where they are many. */
void cli_text_rows_join(struct cli_text_groups *groups);

/* True for a row that is printed once for several domains. */
bool cli_text_row_shared(const struct cli_text_row *row);

#endif
