/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Computes how much video memory displays need. All sizes are in KiB. */
#ifndef SC_MODEL_SIZING_H
#define SC_MODEL_SIZING_H

#include <stdbool.h>

enum {
	SC_HEADS_MAX = 16,            /* QEMU hw/display/virtio-gpu-base.c, spice-server red-qxl.cpp */
	SC_VGAMEM_MIN = 8 * 1024,     /* QEMU hw/display/qxl.c, qxl_init_ramsize */
	SC_VGAMEM_MAX = 256 * 1024,   /* the same */
	SC_RAM_MAX = 2 * 1024 * 1024, /* libvirt rounds up to a power of two, which is 0 above 2 GiB */
	SC_VRAM_WINDOWS = 8 * 1024,
	SC_WIDTH_DEFAULT = 2560,
	SC_HEIGHT_DEFAULT = 1600,
	SC_SIDE_MAX = 32767, /* of a resolution, in pixels: limit of QEMU's surfaces */
};

/* The displays of a QXL device. Sizes that are set are used instead of computed ones; 0: compute the size. */
struct sc_sizing {
	unsigned heads; /* of one device: 1 for Windows */
	unsigned width, height;
	bool windows;
	unsigned needed; /* result: the pixels of all heads, 4 bytes each */
	unsigned vgamem, ram, vram;
};

/*
 * Computes needed, and those of vgamem, ram and vram that are 0 (oVirt, "Video RAM"): vgamem = needed, rounded up to a power of two;
 * ram = 4 x vgamem; vram = 2 x vgamem (Linux) or 8 MiB (Windows). Returns false when vgamem would exceed SC_VGAMEM_MAX.
 */
bool sc_sizing_compute(struct sc_sizing *sizing);

/* Returns the largest number of heads of a resolution that one device can show, at most SC_HEADS_MAX; 0: none. */
unsigned sc_sizing_most_heads(unsigned width, unsigned height);

/* Determines the largest common resolution that a number of heads can have. Returns false when there is none. */
bool sc_sizing_largest(unsigned heads, unsigned *width, unsigned *height);

#endif
