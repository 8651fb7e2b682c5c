/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt, through the module "virt". */
#ifndef SC_SYSTEM_MODULES_VIRT_H
#define SC_SYSTEM_MODULES_VIRT_H

#include <stdbool.h>

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

#endif
