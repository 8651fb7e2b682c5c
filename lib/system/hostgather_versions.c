/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which releases of libvirt and QEMU verdicts are for. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "system/file.h"
#include "system/hostgather.h"
#include "system/virt.h"

#define DPKG_STATUS "/var/lib/dpkg/status"

enum { DPKG_SIZE_MAX = 64 * 1024 * 1024 };

/* libvirt.so.0 is a link to libvirt.so.0.9000.0: 9.0.0. */
static unsigned library_version(const struct spicecfg_ctx *ctx)
{
	static const char *const links[] = {
	    "/usr/lib/x86_64-linux-gnu/libvirt.so.0",
	    "/usr/lib/aarch64-linux-gnu/libvirt.so.0",
	    "/usr/lib64/libvirt.so.0",
	    "/usr/lib/powerpc64le-linux-gnu/libvirt.so.0",
	    "/usr/lib/s390x-linux-gnu/libvirt.so.0",
	    "/usr/lib/riscv64-linux-gnu/libvirt.so.0",
	};
	char target[256];

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		int fd = sc_file_open(ctx, links[i], O_PATH | O_NOFOLLOW);
		ssize_t len = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target) - 1);
		unsigned version;

		if (fd >= 0)
			close(fd);
		if (len < 0)
			continue;
		target[len] = '\0';
		const char *tail = strstr(target, ".so.0.");
		if (tail && (version = (unsigned)strtoul(tail + strlen(".so.0."), NULL, 10)) >= 1000)
			return version / 1000 * 1000000 + version % 1000 * 1000;
	}
	return 0;
}

/* "1:7.2+dfsg-7" is 7.2, "1:10.0.13+ds-0" is 10.0.13. */
static unsigned read_version(const char *text)
{
	const char *colon = strpbrk(text, ":\n");
	char *at = (char *)(colon && *colon == ':' ? colon + 1 : text);
	unsigned long part[3] = {0};

	for (size_t i = 0; i < 3 && *at >= '0' && *at <= '9'; i++) {
		part[i] = strtoul(at, &at, 10);
		if (*at == '.')
			at++;
	}
	return part[0] > 999 || part[1] > 999 || part[2] > 999 ? 0 : (unsigned)(part[0] * 1000000 + part[1] * 1000 + part[2]);
}

/* Every QEMU of Debian and its children comes with qemu-system-common. */
static unsigned dpkg_version(struct spicecfg_ctx *ctx)
{
	static const char package[] = "\nPackage: qemu-system-common\n", version[] = "\nVersion: ";
	SC_BUF text = SC_BUF_INIT;

	if (sc_file_read(ctx, DPKG_STATUS, false, false, DPKG_SIZE_MAX, &text, NULL)) {
		spicecfg_ctx_clear_error(ctx);
		return 0;
	}
	const char *at = strstr(sc_buf_text(&text), package);
	const char *end = at ? strstr(at, "\n\n") : NULL;
	const char *found = at ? strstr(at, version) : NULL;
	const char *state = at ? strstr(at, "\nStatus: install ok installed\n") : NULL;
	if (!found || !state || (end && (found > end || state > end)))
		return 0;
	return read_version(found + strlen(version));
}

void sc_host_gather_versions(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	if (!host->libvirt_version)
		host->libvirt_version = library_version(ctx);
	if (!host->qemu_version)
		host->qemu_version = dpkg_version(ctx);
}

void sc_host_gather_running(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	void *conn = sc_virt_connection(ctx, true);
	unsigned long libvirt = 0, qemu = 0;

	if (!conn) {
		spicecfg_ctx_clear_error(ctx);
		return;
	}
	sc_virt(ctx)->versions(conn, &libvirt, &qemu);
	/* Other drivers tell other numbers: libvirt's test driver is 0.0.2. */
	if (qemu < SC_VERSION(1, 0))
		return;
	if (!host->libvirt_version)
		host->libvirt_version = (unsigned)libvirt;
	if (!host->qemu_version)
		host->qemu_version = (unsigned)qemu;
}
