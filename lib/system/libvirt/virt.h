/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt, behind a module that is opened when a libvirt target is named. */
#ifndef SC_SYSTEM_VIRT_H
#define SC_SYSTEM_VIRT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"

/* What the module offers: no errors of its own, libvirt's text comes from error(). Pointers are libvirt's own. */
struct sc_virt_ops {
	void *(*open)(const char *uri, bool readonly);
	void (*close)(void *conn);
	/* The URI in use; free() it. */
	char *(*uri)(void *conn);
	/* All domains, NULL-terminated, each for domain_free, the array for free(); NULL on failure. */
	void **(*list)(void *conn);
	/* By name, else by UUID; *missing is true when there is no such domain. free with domain_free. */
	void *(*lookup)(void *conn, const char *word, bool *missing);
	void *(*domain_ref)(void *domain); /* the same once more; free it too */
	void (*domain_free)(void *domain);
	/* As it was when it was looked up; asks nobody. */
	bool (*was_active)(void *domain);
	/* Asked anew. 1, 0, or -1 on failure. */
	int (*is_active)(void *domain);
	int (*is_persistent)(void *domain);
	/* Its name, and its UUID as text of 37 bytes; asks nobody. */
	const char *(*name)(void *domain);
	void (*uuid)(void *domain, char *text);
	/* XML for free(): the running or the inactive definition, with passwords when secure. */
	char *(*xml)(void *domain, bool inactive, bool secure);
	/* 0, or -1. */
	int (*define)(void *conn, const char *xml);
	int (*update_live)(void *domain, const char *device_xml);
	/* Capabilities, for free(). */
	char *(*capabilities)(void *conn);
	/* The daemon's release and that of its hypervisor, as libvirt counts them; 0: it does not tell. */
	void (*versions)(void *conn, unsigned long *libvirt, unsigned long *hypervisor);
	/* Text of the last error of this thread; *no_connect: the daemon can't be reached. Static until the next call. */
	const char *(*error)(void);
};

/* The module's operations, NULL with the error recorded. */
const struct sc_virt_ops *sc_virt(struct spicecfg_ctx *ctx);

/* The context's connection, opened on first use and kept; NULL with the error recorded (SPICECFG_SYSTEM). A read-only one is tried where
 * readonly is set and the full one is refused. */
void *sc_virt_connection(struct spicecfg_ctx *ctx, bool readonly);

/*
 * Keeps domains that were listed (takes them and the array), for some seconds: opening each of many needs no look-up then.
 * sc_virt_kept() is one of them by its name, for domain_free, or NULL: it may have been renamed or removed since.
 */
void sc_virt_keep(struct spicecfg_ctx *ctx, void **domains);
void *sc_virt_kept(struct spicecfg_ctx *ctx, const char *name);

/* True when the connection that is open is read-only. */
bool sc_virt_is_readonly(const struct spicecfg_ctx *ctx);

/* True when uri means another host: a name behind "://" or a transport with one. NULL: libvirt's default, which is looked up. */
bool sc_virt_uri_is_remote(const char *uri);

/* True when the context's URI means the QEMU driver of this machine's system daemon. */
bool sc_virt_is_system(const struct spicecfg_ctx *ctx);

/* The URI that the context means: its own, LIBVIRT_DEFAULT_URI, else qemu:///system. */
const char *sc_virt_uri(const struct spicecfg_ctx *ctx);

#endif
