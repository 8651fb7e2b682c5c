/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PCI addresses in a domain, and the buses that libvirt adds for them (libvirt conf/domain_addr.c). */
#ifndef SC_MODEL_PCI_H
#define SC_MODEL_PCI_H

#include "model/domain.h"

struct sc_pci {
	struct sc_number domain, bus, slot, function;
	bool is_pci; /* type='pci' */
	bool bad;    /* a part is not a number */
	bool empty;  /* without domain, bus and slot, which libvirt treats as no address */
};

/* Reads an <address> element, which can be NULL. */
struct sc_pci sc_pci_read(const struct sc_xml_node *node);

/* Returns true for <controller type='pci'>. */
bool sc_pci_is_controller(const struct sc_xml_node *node);

/* What a bus accepts. */
struct sc_pci_bus {
	bool endpoints; /* accepts devices */
	unsigned first, last;
};

enum { SC_PCI_BUSES = 256 };

struct sc_pci_board {
	bool express; /* pcie-root */
	unsigned count;
	struct sc_pci_bus buses[SC_PCI_BUSES];
	bool takes_bridge; /* a bus accepts a pci-bridge */
};

/* Determines the buses of the domain's controllers on pc or q35. */
void sc_pci_board_read(const struct sc_domain *domain, struct sc_pci_board *board);

/*
 * Adds the buses that libvirt adds for a device with this address. express: the device prefers PCI Express. *bus is changed when libvirt
 * moves the device to another bus.
 */
void sc_pci_board_grow(struct sc_pci_board *board, bool express, unsigned *bus);

#endif
