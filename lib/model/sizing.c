/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/sizing.h"

#include <stdint.h>

#include "model/number.h"

enum { BYTES_PER_PIXEL = 4 };

static const struct {
	unsigned width, height;
} resolutions[] = {
    {7680, 4320}, {5120, 2880}, {5120, 2160}, {3840, 2160}, {3840, 1600}, {3440, 1440}, {2560, 1600},
    {2560, 1440}, {1920, 1200}, {1920, 1080}, {1680, 1050}, {1280, 1024}, {1024, 768},
};

static uint64_t pixels_in_kib(unsigned heads, unsigned width, unsigned height)
{
	return ((uint64_t)heads * width * height * BYTES_PER_PIXEL + 1023) / 1024;
}

static unsigned not_below(unsigned value, unsigned least)
{
	return value < least ? least : value;
}

static unsigned not_above(uint64_t value, unsigned most)
{
	return value > most ? most : (unsigned)value;
}

bool sc_sizing_compute(struct sc_sizing *sizing)
{
	uint64_t needed = pixels_in_kib(sizing->heads, sizing->width, sizing->height);
	bool fits = needed <= SC_VGAMEM_MAX || sizing->vgamem;

	sizing->needed = not_above(needed, UINT32_MAX);
	if (!sizing->vgamem)
		sizing->vgamem = not_below(sc_round_up_power_of_two(not_above(needed, SC_VGAMEM_MAX)), SC_VGAMEM_MIN);
	if (!sizing->ram)
		sizing->ram = not_above((uint64_t)sizing->vgamem * 4, SC_RAM_MAX);
	if (!sizing->vram)
		sizing->vram = sizing->windows ? SC_VRAM_WINDOWS : not_above((uint64_t)sizing->vgamem * 2, SC_RAM_MAX);
	return fits;
}

unsigned sc_sizing_most_heads(unsigned width, unsigned height)
{
	unsigned heads = SC_HEADS_MAX;

	while (heads && pixels_in_kib(heads, width, height) > SC_VGAMEM_MAX)
		heads--;
	return heads;
}

bool sc_sizing_largest(unsigned heads, unsigned *width, unsigned *height)
{
	for (unsigned i = 0; i < sizeof(resolutions) / sizeof(*resolutions); i++)
		if (pixels_in_kib(heads, resolutions[i].width, resolutions[i].height) <= SC_VGAMEM_MAX) {
			*width = resolutions[i].width;
			*height = resolutions[i].height;
			return true;
		}
	return false;
}
