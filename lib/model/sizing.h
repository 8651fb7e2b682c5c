/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much video memory displays need: arithmetic only. All sizes in KiB. */
#ifndef SC_MODEL_SIZING_H
#define SC_MODEL_SIZING_H

#include <stdbool.h>

enum {
	SC_HEADS_MAX = 16,            /* QEMU hw/display/virtio-gpu-base.c, spice-server red-qxl.cpp */
	SC_VGAMEM_MIN = 8 * 1024,     /* QEMU hw/display/qxl.c, qxl_init_ramsize */
	SC_VGAMEM_MAX = 256 * 1024,   /* the same */
	SC_RAM_MAX = 2 * 1024 * 1024, /* libvirt rounds up to a power of two, above 2 GiB it becomes 0 */
	SC_VRAM_WINDOWS = 8 * 1024,
	SC_WIDTH_DEFAULT = 2560,
	SC_HEIGHT_DEFAULT = 1600,
	SC_SIDE_MAX = 32767, /* of a resolution: QEMU's surfaces */
};

/* What a QXL device is to show. Sizes that are given replace the computed ones; 0: compute. */
struct sc_sizing {
	unsigned heads; /* of one device: 1 for Windows */
	unsigned width, height;
	bool windows;
	unsigned needed; /* out: pixels of all heads, 4 bytes each */
	unsigned vgamem, ram, vram;
};

/*
 * Computes needed, and those of vgamem, ram and vram that are 0 (oVirt, "Video RAM"): vgamem = needed rounded up to a power of two,
 * ram = 4 x vgamem, vram = 2 x vgamem (Linux) or 8 MiB (Windows). False when vgamem would be above SC_VGAMEM_MAX.
 */
bool sc_sizing_compute(struct sc_sizing *sizing);

/* The most heads of that resolution which one device can show, at most SC_HEADS_MAX; 0: none. */
unsigned sc_sizing_most_heads(unsigned width, unsigned height);

/* The largest usual resolution that as many heads can have; false when there is none. */
bool sc_sizing_largest(unsigned heads, unsigned *width, unsigned *height);

#endif
