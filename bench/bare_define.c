/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lower limit for one edit through libvirt: dumpxml and define of one domain, with one attribute changed by text replacement. */
#include <libvirt/libvirt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	virConnectPtr conn = argc > 1 ? virConnectOpen(NULL) : NULL;
	virDomainPtr domain = conn ? virDomainLookupByName(conn, argv[1]) : NULL;
	char *xml = domain ? virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_SECURE | VIR_DOMAIN_XML_INACTIVE) : NULL;
	char *heads = xml ? strstr(xml, "heads='") : NULL;

	if (!heads)
		return 1;
	heads[7] = heads[7] == '1' ? '2' : '1';
	virDomainPtr defined = virDomainDefineXML(conn, xml);
	if (!defined)
		return 1;
	virDomainFree(defined);
	virDomainFree(domain);
	virConnectClose(conn);
	free(xml);
	return 0;
}
