/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The releases of libvirt and QEMU that checks assume. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "system/facts/hostgather.h"
#include "system/libvirt/virt.h"
#include "system/os/file.h"
#include "system/os/look.h"

#define DPKG_STATUS "/var/lib/dpkg/status"

#define QEMU_PACKAGE "qemu-system-common"

enum { WINDOW = 32 * 1024 }; /* larger than any paragraph of dpkg's database */

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
		int fd = sc_look_open(ctx, links[i], O_PATH | O_NOFOLLOW);
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

static size_t read_window(int fd, off_t at, size_t len, char *window)
{
	ssize_t n = pread(fd, window, len, at);

	window[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

/* dpkg sorts its database by name: halves the range [*from, *to) until a window contains what may be the package. */
static void bisect(int fd, const char *package, char *window, off_t *from, off_t *to)
{
	while (*to - *from > WINDOW) {
		off_t middle = *from + (*to - *from) / 2;

		read_window(fd, middle, WINDOW, window);
		char *name = strstr(window, "\nPackage: ");
		char *end = name ? strchr(name + 1, '\n') : NULL;
		if (!end)
			return;
		*end = '\0';
		if (strcmp(name + strlen("\nPackage: "), package) > 0)
			*to = middle + (end - window);
		else
			*from = middle + (name - window);
	}
}

/* The version of an installed package in its paragraph. */
static unsigned version_in(const char *paragraph)
{
	static const char version[] = "\nVersion: ";
	const char *end = strstr(paragraph, "\n\n");
	const char *found = strstr(paragraph, version);
	const char *state = strstr(paragraph, "\nStatus: install ok installed\n");

	if (!found || !state || (end && (found > end || state > end)))
		return 0;
	return read_version(found + strlen(version));
}

/* On Debian and its derivatives every QEMU depends on qemu-system-common. */
static unsigned dpkg_version(const struct spicecfg_ctx *ctx)
{
	struct stat st;
	int fd = sc_look_open(ctx, DPKG_STATUS, O_PATH); /* a file that exists but can't be opened is reported */
	bool present = fd >= 0;
	if (present)
		close(fd);
	fd = present ? sc_file_open_regular(ctx, DPKG_STATUS, false, &st) : -1;
	if (present && fd < 0)
		sc_look_failed(ctx, DPKG_STATUS, strerror(errno));
	char *window = fd < 0 ? NULL : malloc(2 * WINDOW + 1);
	off_t from = 0, to = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	unsigned version = 0;

	if (window) {
		bisect(fd, QEMU_PACKAGE, window, &from, &to);
		read_window(fd, from, (size_t)(to - from) + WINDOW < 2 * WINDOW ? (size_t)(to - from) + WINDOW : 2 * WINDOW, window);
		const char *at = strstr(window, "\nPackage: " QEMU_PACKAGE "\n");
		if (at)
			version = version_in(at);
	}
	free(window);
	if (fd >= 0)
		close(fd);
	return version;
}

void sc_host_gather_versions(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	if (!host->version.libvirt)
		host->version.libvirt = library_version(ctx);
	if (!host->version.qemu)
		host->version.qemu = dpkg_version(ctx);
}

void sc_host_gather_running(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	/* with a root no daemon is asked */
	void *conn = ctx->root ? NULL : sc_virt_connection(ctx, true);
	unsigned long libvirt = 0, qemu = 0;

	if (!conn) {
		sc_look_error(ctx, "the daemon's versions");
		return;
	}
	sc_virt(ctx)->versions(conn, &libvirt, &qemu);
	/* Other drivers report unrelated numbers: libvirt's test driver reports 0.0.2. */
	if (qemu < SC_VERSION(1, 0))
		return;
	if (!host->version.libvirt)
		host->version.libvirt = (unsigned)libvirt;
	if (!host->version.qemu)
		host->version.qemu = (unsigned)qemu;
}
