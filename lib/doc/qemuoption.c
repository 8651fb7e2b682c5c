/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/qemuoption.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/version.h"

enum {
	TAKES = SC_QEMU_TAKES,
	ENDS = SC_QEMU_ENDS,
	NO_X86 = SC_QEMU_NO_X86,
	LISTS = SC_QEMU_LISTS,
	PLAIN = SC_QEMU_PLAIN,
};

/* QEMU qemu-options.hx of 5.2, 7.2 and 10.0, docs/about/removed-features.rst; sorted by bytes. */
static const struct sc_qemu_option options[] = {
    {"D", TAKES | PLAIN, 0, 0},
    {"L", TAKES | PLAIN | LISTS, 0, 0},
    {"M", TAKES | PLAIN | LISTS, 0, 0},
    {"S", 0, 0, 0},
    {"accel", TAKES | PLAIN | LISTS, 0, 0},
    {"acpitable", TAKES, 0, 0},
    {"action", TAKES | PLAIN, SC_VERSION(6, 0), 0},
    {"add-fd", TAKES, 0, 0},
    {"alt-grab", 0, 0, SC_VERSION(7, 1)},
    {"append", TAKES, 0, 0},
    {"async-teardown", 0, SC_VERSION(7, 2), SC_VERSION(9, 0)},
    {"audio", TAKES | PLAIN | LISTS, SC_VERSION(7, 1), 0},
    {"audio-help", ENDS, 0, SC_VERSION(8, 2)},
    {"audiodev", TAKES | PLAIN | LISTS, 0, 0},
    {"bios", TAKES | PLAIN, 0, 0},
    {"blockdev", TAKES | PLAIN, 0, 0},
    {"boot", TAKES | PLAIN, 0, 0},
    {"cdrom", TAKES | PLAIN, 0, 0},
    {"chardev", TAKES | PLAIN | LISTS, 0, 0},
    {"chroot", TAKES, 0, SC_VERSION(9, 0)},
    {"compat", TAKES | PLAIN, SC_VERSION(6, 0), 0},
    {"cpu", TAKES | PLAIN | LISTS, 0, 0},
    {"ctrl-grab", 0, 0, SC_VERSION(7, 1)},
    {"curses", 0, 0, SC_VERSION(7, 1)},
    {"d", TAKES | PLAIN | LISTS, 0, 0},
    {"daemonize", ENDS, 0, 0},
    {"debugcon", TAKES | PLAIN, 0, 0},
    {"device", TAKES | PLAIN | LISTS, 0, 0},
    {"dfilter", TAKES, 0, 0},
    {"display", TAKES | PLAIN, 0, 0},
    {"drive", TAKES | PLAIN | LISTS, 0, 0},
    {"dtb", TAKES | PLAIN, 0, 0},
    {"dump-vmstate", TAKES, 0, 0},
    {"echr", TAKES, 0, 0},
    {"enable-fips", 0, 0, SC_VERSION(7, 1)},
    {"enable-kvm", ENDS, 0, 0},
    {"enable-sync-profile", 0, 0, 0},
    {"fda", TAKES | PLAIN, 0, 0},
    {"fdb", TAKES | PLAIN, 0, 0},
    {"fsdev", TAKES | PLAIN | LISTS, 0, 0},
    {"full-screen", 0, 0, 0},
    {"fw_cfg", TAKES, 0, 0},
    {"g", TAKES | PLAIN, 0, 0},
    {"gdb", TAKES, 0, 0},
    {"global", TAKES | PLAIN | LISTS, 0, 0},
    {"h", ENDS, 0, 0},
    {"hda", TAKES | PLAIN, 0, 0},
    {"hdb", TAKES | PLAIN, 0, 0},
    {"hdc", TAKES | PLAIN, 0, 0},
    {"hdd", TAKES | PLAIN, 0, 0},
    {"help", ENDS, 0, 0},
    {"icount", TAKES | PLAIN, 0, 0},
    {"incoming", TAKES, 0, 0},
    {"initrd", TAKES | PLAIN, 0, 0},
    {"iscsi", TAKES, 0, 0},
    {"jitdump", 0, SC_VERSION(8, 0), 0},
    {"k", TAKES | PLAIN, 0, 0},
    {"kernel", TAKES | PLAIN, 0, 0},
    {"loadvm", TAKES | PLAIN, 0, 0},
    {"m", TAKES | PLAIN | LISTS, 0, 0},
    {"machine", TAKES | PLAIN | LISTS, 0, 0},
    {"mem-path", TAKES | PLAIN, 0, 0},
    {"mem-prealloc", 0, 0, 0},
    {"mon", TAKES | PLAIN, 0, 0},
    {"monitor", TAKES | PLAIN | LISTS, 0, 0},
    {"msg", TAKES | PLAIN, 0, 0},
    {"mtdblock", TAKES | PLAIN, 0, 0},
    {"name", TAKES | PLAIN, 0, 0},
    {"net", TAKES | PLAIN | LISTS, 0, 0},
    {"netdev", TAKES | PLAIN | LISTS, 0, 0},
    {"nic", TAKES | PLAIN | LISTS, 0, 0},
    {"no-acpi", 0, 0, SC_VERSION(9, 0)},
    {"no-fd-bootchk", 0, 0, 0},
    {"no-hpet", 0, 0, SC_VERSION(9, 0)},
    {"no-quit", 0, 0, SC_VERSION(7, 0)},
    {"no-reboot", 0, 0, 0},
    {"no-shutdown", 0, 0, 0},
    {"no-user-config", 0, 0, 0},
    {"nodefaults", 0, 0, 0},
    {"nographic", 0, 0, 0},
    {"numa", TAKES | PLAIN | LISTS, 0, 0},
    {"object", TAKES | PLAIN | LISTS, 0, 0},
    {"old-param", NO_X86, 0, 0},
    {"only-migratable", 0, 0, 0},
    {"option-rom", TAKES | PLAIN, 0, 0},
    {"overcommit", TAKES | PLAIN, 0, 0},
    {"parallel", TAKES | PLAIN, 0, 0},
    {"perfmap", 0, SC_VERSION(8, 0), 0},
    {"pflash", TAKES | PLAIN, 0, 0},
    {"pidfile", TAKES | PLAIN, 0, 0},
    {"plugin", TAKES, 0, 0},
    {"portrait", 0, 0, SC_VERSION(9, 2)},
    {"preconfig", ENDS, 0, 0},
    {"prom-env", TAKES | NO_X86, 0, 0},
    {"qmp", TAKES | PLAIN, 0, 0},
    {"qmp-pretty", TAKES, 0, 0},
    {"qtest", TAKES, 0, 0},
    {"qtest-log", TAKES, 0, 0},
    {"readconfig", TAKES, 0, 0},
    {"realtime", TAKES, 0, SC_VERSION(6, 0)},
    {"rotate", TAKES | PLAIN, 0, SC_VERSION(9, 2)},
    {"rtc", TAKES | PLAIN | LISTS, 0, 0},
    {"run-with", TAKES | PLAIN, SC_VERSION(8, 0), 0},
    {"runas", TAKES, 0, SC_VERSION(10, 0)},
    {"s", 0, 0, 0},
    {"sandbox", TAKES | PLAIN, 0, 0},
    {"sd", TAKES | PLAIN, 0, 0},
    {"sdl", 0, 0, SC_VERSION(7, 1)},
    {"seed", TAKES, 0, 0},
    {"semihosting", NO_X86, 0, 0},
    {"semihosting-config", TAKES | NO_X86, 0, 0},
    {"serial", TAKES | PLAIN | LISTS, 0, 0},
    {"set", TAKES | PLAIN, 0, 0},
    {"shim", TAKES, SC_VERSION(9, 0), 0},
    {"show-cursor", 0, 0, SC_VERSION(6, 0)},
    {"singlestep", 0, 0, SC_VERSION(9, 0)},
    {"smbios", TAKES | PLAIN, 0, 0},
    {"smp", TAKES | PLAIN | LISTS, 0, 0},
    {"snapshot", 0, 0, 0},
    {"soundhw", TAKES | PLAIN, 0, SC_VERSION(7, 1)},
    {"spice", TAKES | PLAIN, 0, 0},
    {"tb-size", TAKES, 0, SC_VERSION(6, 0)},
    {"tpmdev", TAKES | PLAIN | LISTS, 0, 0},
    {"trace", TAKES | PLAIN | LISTS, 0, 0},
    {"usb", 0, 0, 0},
    {"usbdevice", TAKES | PLAIN, 0, 0},
    {"uuid", TAKES | PLAIN, 0, 0},
    {"version", ENDS, 0, 0},
    {"vga", TAKES | PLAIN, 0, 0},
    {"virtfs", TAKES | PLAIN, 0, 0},
    {"vnc", TAKES | PLAIN, 0, 0},
    {"watchdog", TAKES | PLAIN, 0, SC_VERSION(7, 2)},
    {"watchdog-action", TAKES | PLAIN, 0, 0},
    {"win2k-hack", 0, 0, 0},
    {"writeconfig", TAKES, 0, SC_VERSION(7, 1)},
    {"xen-attach", 0, 0, 0},
    {"xen-domid", TAKES, 0, 0},
    {"xen-domid-restrict", 0, 0, 0},
};

struct key {
	const char *name;
	size_t len;
};

static int by_name(const void *key, const void *row)
{
	const struct key *wanted = key;
	const struct sc_qemu_option *option = row;

	return sc_text_compare_word(wanted->name, wanted->len, option->name);
}

const struct sc_qemu_option *sc_qemu_option(const char *word, size_t len)
{
	size_t dashes = len > 1 && word[0] == '-' ? 1 + (word[1] == '-') : 0;
	struct key key = {word + dashes, len - dashes};

	if (!dashes || !key.len)
		return NULL;
	return bsearch(&key, options, sizeof(options) / sizeof(options[0]), sizeof(options[0]), by_name);
}

enum { LONGEST = 24 };

/* Whether a and b, which are short, differ by one letter that is added, missing or different, or by two letters that are swapped. */
static bool is_near(const char *a, size_t n, const char *b)
{
	size_t m = strlen(b), head = 0, tail = 0;

	while (head < n && head < m && a[head] == b[head])
		head++;
	while (tail < n - head && tail < m - head && a[n - 1 - tail] == b[m - 1 - tail])
		tail++;
	n -= head + tail;
	m -= head + tail;
	return (n <= 1 && m <= 1) || (n == 2 && m == 2 && a[head] == b[head + 1] && a[head + 1] == b[head]);
}

bool sc_qemu_option_is_meant(const char *word, size_t len)
{
	size_t dashes = len > 1 && word[0] == '-' ? 1 + (word[1] == '-') : 0;

	if (!dashes)
		return false;
	word += dashes;
	len -= dashes;
	for (size_t i = 0; len >= 4 && len <= LONGEST && i < sizeof(options) / sizeof(options[0]); i++)
		if (is_near(word, len, options[i].name))
			return true;
	return false;
}
