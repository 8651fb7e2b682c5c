/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module for libvirt: thin calls, so that the rest of the library does not link it. */
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "system/modules/virt.h"

extern const struct sc_virt_ops sc_module_virt;

static void quiet(void *opaque, virErrorPtr error)
{
	(void)opaque;
	(void)error;
}

static void *virt_open(const char *uri, bool readonly)
{
	/* Must come first: it sets up the thread-local storage for libvirt's errors. */
	if (virInitialize() < 0)
		return NULL;
	/* By default libvirt prints errors to stderr. */
	virSetErrorFunc(NULL, quiet);
	virResetLastError();
	return virConnectOpenAuth(uri, virConnectAuthPtrDefault, readonly ? VIR_CONNECT_RO : 0);
}

static void virt_close(void *conn)
{
	virConnectClose(conn);
}

static char *virt_uri(void *conn)
{
	return virConnectGetURI(conn);
}

static void **virt_list(void *conn)
{
	virDomainPtr *domains = NULL;

	/* libvirt terminates the array with NULL */
	return virConnectListAllDomains(conn, &domains, 0) < 0 ? NULL : (void **)domains;
}

static void *virt_lookup(void *conn, const char *word, bool *missing)
{
	virDomainPtr domain = virDomainLookupByName(conn, word);

	*missing = false;
	if (domain || virGetLastErrorCode() != VIR_ERR_NO_DOMAIN)
		return domain;
	if (strlen(word) == VIR_UUID_STRING_BUFLEN - 1)
		domain = virDomainLookupByUUIDString(conn, word);
	int code = virGetLastErrorCode();
	*missing = !domain && (code == VIR_ERR_NO_DOMAIN || code == VIR_ERR_INVALID_ARG);
	return domain;
}

static void *virt_domain_ref(void *domain)
{
	return virDomainRef(domain) < 0 ? NULL : domain;
}

static void virt_domain_free(void *domain)
{
	virDomainFree(domain);
}

static bool virt_was_active(void *domain)
{
	return virDomainGetID(domain) != (unsigned)-1;
}

static const char *virt_name(void *domain)
{
	return virDomainGetName(domain);
}

static void virt_uuid(void *domain, char *text)
{
	if (virDomainGetUUIDString(domain, text) < 0)
		text[0] = '\0';
}

static int virt_is_active(void *domain)
{
	return virDomainIsActive(domain);
}

static int virt_is_persistent(void *domain)
{
	return virDomainIsPersistent(domain);
}

static char *virt_xml(void *domain, bool inactive, bool secure)
{
	return virDomainGetXMLDesc(domain, (inactive ? VIR_DOMAIN_XML_INACTIVE : 0U) | (secure ? VIR_DOMAIN_XML_SECURE : 0U));
}

static int virt_define(void *conn, const char *xml)
{
	virDomainPtr domain = virDomainDefineXML(conn, xml);

	if (!domain)
		return -1;
	virDomainFree(domain);
	return 0;
}

static int virt_update_live(void *domain, const char *device_xml)
{
	return virDomainUpdateDeviceFlags(domain, device_xml, VIR_DOMAIN_AFFECT_LIVE);
}

static void virt_versions(void *conn, unsigned long *libvirt, unsigned long *hypervisor)
{
	if (virConnectGetLibVersion(conn, libvirt) != 0)
		*libvirt = 0;
	if (virConnectGetVersion(conn, hypervisor) != 0)
		*hypervisor = 0;
}

static char *virt_capabilities(void *conn)
{
	return virConnectGetCapabilities(conn);
}

static const char *virt_error(void)
{
	return virGetLastErrorMessage();
}

__attribute__((visibility("default"))) const struct sc_virt_ops sc_module_virt = {
    .open = virt_open,
    .close = virt_close,
    .uri = virt_uri,
    .list = virt_list,
    .lookup = virt_lookup,
    .domain_ref = virt_domain_ref,
    .domain_free = virt_domain_free,
    .was_active = virt_was_active,
    .name = virt_name,
    .uuid = virt_uuid,
    .is_active = virt_is_active,
    .is_persistent = virt_is_persistent,
    .xml = virt_xml,
    .define = virt_define,
    .update_live = virt_update_live,
    .capabilities = virt_capabilities,
    .versions = virt_versions,
    .error = virt_error,
};
