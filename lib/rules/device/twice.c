/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses that a definition spells out for two devices: PCI, USB, virtio-serial. */
#include "rules/device/twice.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "base/text.h"
#include "model/pci.h"

enum { PARTS = 4 }; /* of a USB port: conf/device_conf.h, VIR_DOMAIN_DEVICE_USB_MAX_PORT_DEPTH */

/* The tables of places: an entry's value is the first device there. */
struct places {
	struct sc_table pci, usb, serial;
};

static bool is_number(const struct sc_number *number, long long max)
{
	return !number->bad && number->value >= 0 && number->value <= max;
}

/* What libvirt's collection skips, because the board has it (qemu/qemu_domain_address.c, qemuDomainCollectPCIAddress). */
static bool is_on_board(const struct sc_xml_node *device, const struct sc_pci *pci)
{
	const char *type = sc_xml_get(device, "type");

	if (strcmp(sc_xml_node_name(device), "controller") != 0 || !type || pci->domain.value || pci->bus.value || pci->slot.value != 1)
		return false;
	return (strcmp(type, "ide") == 0 && pci->function.value == 1) || (strcmp(type, "usb") == 0 && pci->function.value == 2);
}

/* The first console can be the first serial port, under its old name (conf/domain_conf.c, virDomainSkipBackcompatConsole). */
static bool is_serial(const struct sc_xml_node *console)
{
	const char *type = sc_xml_get(sc_xml_child(console, "target"), "type");

	return !type || strcmp(type, "serial") == 0;
}

/* A video device has pci-taken. */
static struct sc_table_entry *pci_place(struct sc_table *table, const struct sc_xml_node *device, const struct sc_xml_node *address)
{
	const struct sc_pci pci = sc_pci_read(address);

	if (!pci.is_pci || pci.bad || pci.empty || strcmp(sc_xml_node_name(device), "video") == 0 || is_on_board(device, &pci))
		return NULL;
	if (!is_number(&pci.domain, UINT16_MAX) || !is_number(&pci.bus, UINT8_MAX) || !is_number(&pci.slot, 31) ||
	    !is_number(&pci.function, 7))
		return NULL;
	return sc_table_add_number(table, pci.domain.value << 24 | pci.bus.value << 16 | pci.slot.value << 8 | pci.function.value);
}

/* "1.2" is port 2 of the hub at port 1; without a port libvirt chooses one. */
static struct sc_table_entry *usb_place(struct sc_table *table, const struct sc_xml_node *address)
{
	const struct sc_number bus = sc_number_uint(sc_xml_get(address, "bus"), 10, 0);
	const char *port = sc_xml_get(address, "port");
	long long key = bus.value;

	if (!is_number(&bus, UINT16_MAX) || !port)
		return NULL;
	for (int i = 0; i < PARTS; i++) {
		char *end = NULL;
		long part = *port >= '0' && *port <= '9' ? strtol(port, &end, 10) : 0;

		if (end && (part < 1 || part > UINT8_MAX || (*end && (*end != '.' || i + 1 == PARTS))))
			return NULL;
		if (!end && (*port || !i))
			return NULL;
		key = key << 8 | part;
		port = end ? end + (*end == '.' && end[1]) : port;
	}
	return sc_table_add_number(table, key);
}

/* libvirt ignores the bus; port 0 means that it chooses one (conf/domain_addr.c, virDomainVirtioSerialAddrReserve). */
static struct sc_table_entry *serial_place(struct sc_table *table, const struct sc_xml_node *address)
{
	const struct sc_number controller = sc_number_uint(sc_xml_get(address, "controller"), 10, 0);
	const struct sc_number port = sc_number_uint(sc_xml_get(address, "port"), 10, 0);

	if (controller.bad || port.bad || !port.value || !is_number(&controller, INT32_MAX))
		return NULL;
	return sc_table_add_number(table, controller.value << 32 | port.value);
}

static void look(const struct sc_rule *rule, struct places *places, const struct sc_xml_node *device, struct sc_findings *out)
{
	const struct sc_xml_node *address = sc_xml_child(device, "address");
	const char *type = address ? sc_xml_get(address, "type") : NULL;
	struct sc_table_entry *place = NULL;

	if (!type)
		return;
	if (strcmp(type, "pci") == 0)
		place = pci_place(&places->pci, device, address);
	else if (strcmp(type, "usb") == 0)
		place = usb_place(&places->usb, address);
	else if (strcmp(type, "virtio-serial") == 0)
		place = serial_place(&places->serial, address);
	if (!place)
		return;
	if (place->value)
		sc_find(out, rule, SC_ALWAYS, address, NULL, "the %s address is that of a <%s> before it", type,
			sc_xml_node_name(place->value));
	else
		place->value = device;
}

void sc_address_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	struct places places = {SC_TABLE_INIT, SC_TABLE_INIT, SC_TABLE_INIT};
	const struct sc_xml_node *console = sc_xml_child(in->domain->devices, "console");

	for (struct sc_xml_node *node = sc_xml_child(in->domain->devices, NULL); node; node = sc_xml_next(node, NULL))
		if (node != console || !is_serial(node))
			look(rule, &places, node, out);
	sc_findings_fail(out, places.pci.failed || places.usb.failed || places.serial.failed);
	sc_table_free(&places.pci);
	sc_table_free(&places.usb);
	sc_table_free(&places.serial);
}
