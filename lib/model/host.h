/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of the host that a domain will run on. Filled by lib/system, or with assumptions; rules only read it. */
#ifndef SC_MODEL_HOST_H
#define SC_MODEL_HOST_H

#include <stdbool.h>

struct sc_host {
	bool assumed; /* nothing was asked: a healthy host is assumed (docs/cli.md, verdict) */
};

#endif
