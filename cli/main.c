/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <spicecfg/base.h>
#include <stdio.h>

int main(void)
{
	printf("spicecfg %s\n", spicecfg_version());
	return 0;
}
