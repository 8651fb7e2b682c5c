/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PCI addresses that a domain writes down, and the buses that libvirt makes for them (libvirt conf/domain_addr.c). */
#ifndef SC_MODEL_PCI_H
#define SC_MODEL_PCI_H

#include "model/domain.h"

struct sc_pci {
	struct sc_number domain, bus, slot, function;
	bool is_pci; /* type='pci' */
	bool bad;    /* something is no number */
	bool empty;  /* without domain, bus and slot libvirt takes it for none at all */
};

/* An <address> element; node may be NULL. */
struct sc_pci sc_pci_read(const struct sc_xml_node *node);

/* True for <controller type='pci'>. */
bool sc_pci_is_controller(const struct sc_xml_node *node);

/* A bus as far as devices are concerned. */
struct sc_pci_bus {
	bool endpoints; /* takes devices at all */
	unsigned first, last;
};

enum { SC_PCI_BUSES = 256 };

struct sc_pci_board {
	bool express; /* pcie-root */
	unsigned count;
	struct sc_pci_bus buses[SC_PCI_BUSES];
	bool takes_bridge; /* a bus that a pci-bridge can be plugged into */
};

/* The buses that the domain's controllers make on pc or q35. */
void sc_pci_board_read(const struct sc_domain *domain, struct sc_pci_board *board);

/* Adds the buses that libvirt adds for a device with this address; express: the device prefers PCI Express. bus follows where libvirt
 * moves the device. */
void sc_pci_board_grow(struct sc_pci_board *board, bool express, unsigned *bus);

#endif
