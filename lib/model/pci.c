/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/pci.h"

#include <string.h>

enum { SLOT_LAST = 31 };

struct sc_pci sc_pci_read(const struct sc_xml_node *node)
{
	const char *type = sc_xml_get(node, "type");
	struct sc_pci pci = {.is_pci = type && strcmp(type, "pci") == 0};

	if (!pci.is_pci)
		return pci;
	pci.domain = sc_number_uint(sc_xml_get(node, "domain"), 0, 0);
	pci.bus = sc_number_uint(sc_xml_get(node, "bus"), 0, 0);
	pci.slot = sc_number_uint(sc_xml_get(node, "slot"), 0, 0);
	pci.function = sc_number_uint(sc_xml_get(node, "function"), 0, 0);
	pci.bad = pci.domain.bad || pci.bus.bad || pci.slot.bad || pci.function.bad;
	pci.empty = !pci.domain.value && !pci.bus.value && !pci.slot.value;
	return pci;
}

/* virDomainPCIAddressBusSetModel. */
enum pci_model {
	PCI_ROOT,
	PCIE_ROOT,
	PCI_BRIDGE,
	DMI_TO_PCI_BRIDGE,
	PCIE_TO_PCI_BRIDGE,
	PCIE_ROOT_PORT,
	PCIE_SWITCH_UPSTREAM_PORT,
	PCIE_SWITCH_DOWNSTREAM_PORT,
	PCI_EXPANDER_BUS,
	PCIE_EXPANDER_BUS,
};

static const char *const model_words[] = {"pci-root",
					  "pcie-root",
					  "pci-bridge",
					  "dmi-to-pci-bridge",
					  "pcie-to-pci-bridge",
					  "pcie-root-port",
					  "pcie-switch-upstream-port",
					  "pcie-switch-downstream-port",
					  "pci-expander-bus",
					  "pcie-expander-bus",
					  NULL};

static const struct {
	struct sc_pci_bus bus;
	bool takes_bridge;
} models[] = {
    [PCI_ROOT] = {{true, 1, SLOT_LAST}, true},
    [PCIE_ROOT] = {{true, 1, SLOT_LAST}, false},
    [PCI_BRIDGE] = {{true, 1, SLOT_LAST}, true},
    [DMI_TO_PCI_BRIDGE] = {{true, 0, SLOT_LAST}, true},
    [PCIE_TO_PCI_BRIDGE] = {{true, 1, SLOT_LAST}, true},
    [PCIE_ROOT_PORT] = {{true, 0, 0}, false},
    [PCIE_SWITCH_UPSTREAM_PORT] = {{false, 0, SLOT_LAST}, false},
    [PCIE_SWITCH_DOWNSTREAM_PORT] = {{true, 0, 0}, false},
    [PCI_EXPANDER_BUS] = {{true, 0, SLOT_LAST}, true},
    [PCIE_EXPANDER_BUS] = {{false, 0, SLOT_LAST}, false},
};

/* model below 0: an unknown word, which uses up its index all the same. */
static void set_model(struct sc_pci_board *board, unsigned index, int model)
{
	if (model >= 0) {
		board->buses[index] = models[model].bus;
		board->takes_bridge |= models[model].takes_bridge;
	}
	if (index >= board->count)
		board->count = index + 1;
}

bool sc_pci_is_controller(const struct sc_xml_node *node)
{
	const char *type = sc_xml_get(node, "type");

	return type && strcmp(type, "pci") == 0;
}

void sc_pci_board_read(const struct sc_domain *domain, struct sc_pci_board *board)
{
	int filler = sc_domain_is_q35(domain) ? PCIE_ROOT_PORT : PCI_BRIDGE;
	bool taken[SC_PCI_BUSES] = {false};
	unsigned next = 0;

	memset(board, 0, sizeof(*board));
	board->express = sc_domain_is_q35(domain);
	set_model(board, 0, board->express ? PCIE_ROOT : PCI_ROOT);
	/* controllers with an index first; the others get free ones */
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < domain->controllers.count; i++) {
			const struct sc_xml_node *node = domain->controllers.items[i];
			struct sc_number index = sc_number_uint(sc_xml_get(node, "index"), 10, 0);
			const char *model = sc_xml_get(node, "model");

			if (!sc_pci_is_controller(node) || (index.text == NULL) != (pass == 1) || index.bad || index.value >= SC_PCI_BUSES)
				continue;
			if (!index.text) {
				while (next < SC_PCI_BUSES - 1 && taken[next])
					next++;
				index.value = next;
			}
			taken[index.value] = true;
			if (index.value)
				set_model(board, (unsigned)index.value, model ? sc_word_find(model_words, model) : filler);
		}
	}
	for (unsigned i = 1; i < board->count; i++)
		if (!taken[i])
			set_model(board, i, filler);
}

void sc_pci_board_grow(struct sc_pci_board *board, bool express, unsigned *bus)
{
	unsigned first = board->count;

	if (*bus < board->count)
		return;
	if (board->express && express) {
		while (board->count <= *bus)
			set_model(board, board->count, PCIE_ROOT_PORT);
		return;
	}
	/* for a PCI device in a guest without PCI buses libvirt adds a root port and a bridge */
	bool bridged = !board->takes_bridge;
	if (bridged && *bus == first && *bus < SC_PCI_BUSES - 1)
		++*bus;
	while (board->count <= *bus) {
		unsigned added = board->count - first;

		set_model(board, board->count, !bridged || added > 1 ? PCI_BRIDGE : added ? PCIE_TO_PCI_BRIDGE : PCIE_ROOT_PORT);
		/* only the bridge can be in that port */
		if (bridged && !added)
			board->buses[first].endpoints = false;
	}
}
