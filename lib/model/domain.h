/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A domain as far as Spice and video are concerned: places in the document, and what libvirt makes of them. */
#ifndef SC_MODEL_DOMAIN_H
#define SC_MODEL_DOMAIN_H

#include "base/arena.h"
#include "base/ctx.h"
#include "doc/xml.h"

/* A <video> device. */
struct sc_video {
	struct sc_xml_node *node;
	struct sc_xml_node *model; /* its <model>, or NULL */
	const char *type;          /* of the model, NULL: not written */
};

/* A <graphics> device. */
struct sc_graphics {
	struct sc_xml_node *node;
	const char *type;
};

struct sc_domain {
	struct sc_arena *memory;
	struct sc_xml *doc; /* not owned */
	struct sc_xml_node *root;
	struct sc_xml_node *devices; /* NULL: none */
	const char *name;            /* "" when missing */
	const char *uuid;            /* NULL: libvirt will make one */
	const char *type;            /* domain/@type: qemu, kvm, … */
	struct sc_graphics *graphics;
	size_t n_graphics;
	struct sc_graphics *spice; /* the first of type spice, NULL: none */
	size_t n_spice;
	struct sc_video *videos;
	size_t n_videos;
};

/*
 * Reads the model from a document. The root must be <domain> (or <domstatus>/<domainsnapshot> are refused), else SPICECFG_INPUT.
 * The model points into the document; edits make it stale. *out is NULL on failure.
 */
SPICECFG_CHECKED enum spicecfg_status sc_domain_read(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_domain **out);
void sc_domain_free(struct sc_domain *domain);
static inline void sc_domain_freep(struct sc_domain **domain) { sc_domain_free(*domain); }
#define SC_DOMAIN __attribute__((cleanup(sc_domain_freep))) struct sc_domain

/* True when the domain's libosinfo metadata names a Windows guest (http://microsoft.com/win/…). */
bool sc_domain_is_windows(const struct sc_domain *domain);

#endif
