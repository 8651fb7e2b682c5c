/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt, through the module "virt". */
#ifndef SC_SYSTEM_MODULES_VIRT_H
#define SC_SYSTEM_MODULES_VIRT_H

#include <stdbool.h>

/* The module's functions. They record no errors: error() returns libvirt's text. Pointers are libvirt's own. */
struct sc_virt_ops {
	void *(*open)(const char *uri, bool readonly);
	void (*close)(void *conn);
	/* The URI in use; free() it. */
	char *(*uri)(void *conn);
	/* All domains, NULL-terminated; release each with domain_free and the array with free(). NULL on failure. */
	void **(*list)(void *conn);
	/* Looks up a domain by name, else by UUID; *missing is true if there is no such domain. Release it with domain_free. */
	void *(*lookup)(void *conn, const char *word, bool *missing);
	void *(*domain_ref)(void *domain); /* another reference to the same; release it too */
	void (*domain_free)(void *domain);
	/* Whether it was running when it was looked up; doesn't ask libvirt. */
	bool (*was_active)(void *domain);
	/* Ask libvirt again. 1, 0, or -1 on failure. */
	int (*is_active)(void *domain);
	int (*is_persistent)(void *domain);
	/* Its name, and its UUID as text of 37 bytes; don't ask libvirt. */
	const char *(*name)(void *domain);
	void (*uuid)(void *domain, char *text);
	/* The XML of the running or the inactive definition, with passwords if secure; free() it. */
	char *(*xml)(void *domain, bool inactive, bool secure);
	/* Return 0, or -1 on failure. */
	int (*define)(void *conn, const char *xml);
	int (*update_live)(void *domain, const char *device_xml);
	/* The capabilities; free() them. */
	char *(*capabilities)(void *conn);
	/* The releases of the daemon and of its hypervisor, in libvirt's encoding; 0: unknown. */
	void (*versions)(void *conn, unsigned long *libvirt, unsigned long *hypervisor);
	/* The text of this thread's last error; valid until the next call. */
	const char *(*error)(void);
};

#endif
