/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/mask_args.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "doc/qemuoption.h"

/* MASKED_WHOLE: a word longer than this is masked as a whole. LONGEST: the longest value that is shown. */
enum { MASKED_WHOLE = 4096, LONGEST = 256 };

/* Keys whose values are not secrets: of -spice, of displays and video devices, and those common to other options. Sorted by bytes. */
static const char *const plain_keys[] = {
    "accel",
    "acl",
    "acpi",
    "addr",
    "agent-mouse",
    "aio",
    "align",
    "allow-extra",
    "arch",
    "ats",
    "audiodev",
    "base",
    "blob",
    "bootindex",
    "br",
    "bus",
    "bus-reserve",
    "busnr",
    "cache",
    "channel",
    "channels",
    "chardev",
    "chassis",
    "clock",
    "clusters",
    "cols",
    "console",
    "context_init",
    "cookie-secret",
    "cores",
    "cpu",
    "cpus",
    "debug",
    "debug-threads",
    "detect-zeroes",
    "dhcpstart",
    "dies",
    "dir",
    "dirty-ring-size",
    "disable-agent-file-xfer",
    "disable-copy-paste",
    "disable-legacy",
    "disable-modern",
    "disable-ticketing",
    "discard",
    "display",
    "dns",
    "downscript",
    "driftfix",
    "drive",
    "driver",
    "dump",
    "dump-guest-core",
    "edid",
    "elevateprivileges",
    "endpoint",
    "event_idx",
    "events",
    "evr",
    "fd",
    "file",
    "filter",
    "firmware",
    "format",
    "frequency",
    "fsdev",
    "full-screen",
    "gl",
    "graphics",
    "guest",
    "guest-reset",
    "guid",
    "head",
    "height",
    "host",
    "host-nodes",
    "hostaddr",
    "hostbus",
    "hostfwd",
    "hostmem",
    "hostport",
    "hotplug",
    "hpet",
    "hugetlb",
    "id",
    "if",
    "ifname",
    "image-compression",
    "in.buffer-length",
    "in.channels",
    "in.fixed-settings",
    "in.frequency",
    "in.mixing-engine",
    "index",
    "indirect_desc",
    "io-reserve",
    "iommu_platform",
    "iothread",
    "ipv4",
    "ipv6",
    "isa",
    "jpeg-wan-compression",
    "kernel-irqchip",
    "kernel_irqchip",
    "key-secret",
    "kvm-type",
    "localaddr",
    "localport",
    "lock-key-sync",
    "logappend",
    "logfile",
    "lossy",
    "lun",
    "mac",
    "macaddr",
    "max_outputs",
    "max_ports",
    "maxcpus",
    "maxmem",
    "media",
    "mem-merge",
    "mem-reserve",
    "memdev",
    "memory-backend",
    "menu",
    "merge",
    "mode",
    "model",
    "mount_tag",
    "mq",
    "multifunction",
    "mux",
    "name",
    "net",
    "netdev",
    "nmi",
    "node-name",
    "nodeid",
    "nodelay",
    "non-adaptive",
    "nowait",
    "nr",
    "obsolete",
    "one-insn-per-tb",
    "order",
    "out.buffer-length",
    "out.channels",
    "out.fixed-settings",
    "out.frequency",
    "out.mixing-engine",
    "p2",
    "p3",
    "packed",
    "page-per-vq",
    "password-secret",
    "path",
    "pcie",
    "plaintext-channel",
    "playback-compression",
    "pmem",
    "policy",
    "port",
    "ports",
    "power-control",
    "prealloc",
    "pref64-reserve",
    "process",
    "product",
    "productid",
    "property",
    "qom-type",
    "queues",
    "ram_size",
    "ram_size_mb",
    "rate",
    "read-only",
    "readonly",
    "reconnect",
    "rendernode",
    "rerror",
    "reserve",
    "resourcecontrol",
    "rom",
    "rombar",
    "romfile",
    "rows",
    "sasl",
    "sasl-authz",
    "script",
    "scsi-id",
    "seamless-migration",
    "security_model",
    "serial-port",
    "serialized",
    "server",
    "share",
    "show-cursor",
    "show-tabs",
    "signal",
    "size",
    "slot",
    "slots",
    "smm",
    "snapshot",
    "sockets",
    "spawn",
    "splash",
    "split-wx",
    "stats",
    "streaming-video",
    "strict",
    "suppress-vmdesc",
    "tb-size",
    "telnet",
    "thread",
    "threads",
    "timer-period",
    "tls-authz",
    "tls-channel",
    "tls-ciphers",
    "tls-creds",
    "tls-hostname",
    "tls-port",
    "to",
    "type",
    "unit",
    "unix",
    "usb",
    "vectors",
    "vendorid",
    "venus",
    "verify-peer",
    "version",
    "vgamem_mb",
    "vhost",
    "video-codecs",
    "virgl",
    "vlan",
    "vmgenid",
    "vmport",
    "vnc",
    "vram64_size_mb",
    "vram_size",
    "vram_size_mb",
    "wait",
    "websocket",
    "werror",
    "width",
    "window-close",
    "x-vga",
    "x509-cacert-file",
    "x509-cert-file",
    "x509-dh-key-file",
    "x509-dir",
    "x509-key-file",
    "xres",
    "yres",
    "zlib-glz-wan-compression",
    "zoom-to-fit",
};

/* Environment variables of QEMU that contain locations. Sorted by bytes. */
static const char *const plain_names[] = {
    "DISPLAY",
    "EGL_PLATFORM",
    "G_MESSAGES_DEBUG",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "LIBGL_ALWAYS_SOFTWARE",
    "LOGNAME",
    "MESA_LOADER_DRIVER_OVERRIDE",
    "PATH",
    "PIPEWIRE_RUNTIME_DIR",
    "PULSE_RUNTIME_PATH",
    "PULSE_SERVER",
    "QEMU_ALSA_DAC_DEV",
    "QEMU_AUDIO_DRV",
    "QEMU_AUDIO_TIMER_PERIOD",
    "QEMU_PA_SAMPLES",
    "QEMU_PA_SERVER",
    "SASL_CONF_PATH",
    "SASL_PATH",
    "SDL_AUDIODRIVER",
    "SDL_VIDEODRIVER",
    "SPICE_DEBUG_ALLOW_MC",
    "SPICE_DEBUG_LEVEL",
    "TMPDIR",
    "TZ",
    "USER",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
};

static int by_name(const void *key, const void *row)
{
	const struct sc_piece *wanted = key;

	return sc_text_compare_word(wanted->at, wanted->len, *(const char *const *)row);
}

#define IS_ONE_OF(list, text) (bsearch(&(text), list, sizeof(list) / sizeof((list)[0]), sizeof((list)[0]), by_name) != NULL)

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool sc_mask_has_plain_shape(struct sc_piece text)
{
	if (text.len > LONGEST)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!is_letter(text.at[i]) && !memchr("./:+[]%!*", text.at[i], 9))
			return false;
	return true;
}

/* The key of "driver.key" in -global and -set. */
static struct sc_piece last_part(struct sc_piece key)
{
	const char *dot = memrchr(key.at, '.', key.len);

	if (!dot)
		return key;
	return (struct sc_piece){dot + 1, (size_t)(key.at + key.len - dot - 1)};
}

/* Whether the value is one that is never a password. */
static bool is_switch(struct sc_piece value)
{
	static const char *const switches[] = {"auto", "false", "no", "off", "on", "true", "yes"};

	return IS_ONE_OF(switches, value);
}

static bool is_plain_key(struct sc_piece key)
{
	struct sc_piece last = last_part(key);

	return IS_ONE_OF(plain_keys, key) || IS_ONE_OF(plain_keys, last);
}

bool sc_mask_property_is_plain(struct sc_piece name, struct sc_piece value)
{
	return is_switch(value) || (is_plain_key(name) && sc_mask_has_plain_shape(value));
}

/* The end of a part of an option list, in which ",," is an escaped comma. */
static const char *part_end(const char *at, const char *end)
{
	while (at < end) {
		if (*at == ',' && (at + 1 == end || at[1] != ','))
			break;
		at += *at == ',' && at + 1 < end ? 2 : 1;
	}
	return at < end ? at : end;
}

/* The beginning of what must be hidden in a part: its value, or all of it when it has no key; NULL: nothing. */
static const char *hidden_in(struct sc_piece part, bool first_is_plain)
{
	const char *equals = memchr(part.at, '=', part.len);
	struct sc_piece key = {part.at, equals ? (size_t)(equals - part.at) : part.len};

	if (!part.len)
		return NULL;
	if (!equals)
		return (first_is_plain || is_plain_key(key)) && sc_mask_has_plain_shape(part) ? NULL : part.at;
	struct sc_piece value = {equals + 1, part.len - key.len - 1};
	if (!value.len || sc_mask_property_is_plain(key, value))
		return NULL;
	return sc_mask_has_plain_shape(key) ? value.at : part.at;
}

/* Examines the value of an option part by part. Adjacent hidden parts are hidden as one. */
static bool find_in_list(struct sc_piece word, bool first_is_plain, const char *from, const char **value, const char **stop)
{
	const char *end = word.at + word.len, *next;

	*value = NULL;
	for (const char *at = word.at; at < end; at = next + 1) {
		next = part_end(at, end);
		const char *hidden = hidden_in((struct sc_piece){at, (size_t)(next - at)}, first_is_plain && at == word.at);
		if (*value && (!hidden || hidden != at))
			return true;
		if (hidden && next > from) {
			if (!*value)
				*value = hidden;
			*stop = next;
		}
		if (next == end)
			break;
	}
	return *value && *stop > *value;
}

/* Hides everything from `start` on. */
static bool find_rest(struct sc_piece word, const char *start, const char *from, const char **value, const char **stop)
{
	*value = start;
	*stop = word.at + word.len;
	return *stop > *value && *stop > from;
}

/* For a word in the position of an option: a name that QEMU knows or a misspelled one is shown, and so is the path of a disk image. */
static bool find_in_option(struct sc_piece word, const char *from, const char **value, const char **stop)
{
	const char *at = word.at, *end = word.at + word.len;

	if (word.len && *at == '/' && sc_mask_has_plain_shape(word))
		return false;
	if (word.len && *at == '-') {
		while (at < end && is_letter(*at))
			at++;
		size_t len = (size_t)(at - word.at);
		if (!sc_qemu_option(word.at, len) && !sc_qemu_option_is_meant(word.at, len))
			at = word.at + (word.len > 1);
	}
	return find_rest(word, at, from, value, stop);
}

bool sc_mask_word_find(struct sc_piece word, struct sc_piece before, const char *from, const char **value, const char **stop)
{
	const struct sc_qemu_option *option = before.at ? sc_qemu_option(before.at, before.len) : NULL;

	if (!word.len)
		return false;
	/* an option that QEMU does not have can have any value: only the name of another option is shown */
	if (!option || !(option->flags & SC_QEMU_TAKES))
		return find_in_option(word, from, value, stop);
	if (!(option->flags & SC_QEMU_PLAIN) || word.len > MASKED_WHOLE || memchr(word.at, '{', word.len) || memchr(word.at, '&', word.len))
		return find_rest(word, word.at, from, value, stop);
	/* -spice has no first part without a key. */
	return find_in_list(word, strcmp(option->name, "spice") != 0, from, value, stop);
}

bool sc_mask_env_find(struct sc_piece value, struct sc_piece name, const char *from, const char **start, const char **stop)
{
	if (name.at && IS_ONE_OF(plain_names, name) && sc_mask_has_plain_shape(value))
		return false;
	return find_rest(value, value.at, from, start, stop);
}

bool sc_mask_env_name_find(struct sc_piece name, const char *from, const char **start, const char **stop)
{
	size_t len = 0;

	while (len < name.len && len < 64 && is_letter(name.at[len]) && name.at[len] != '-')
		len++;
	return find_rest(name, len < 64 ? name.at + len : name.at, from, start, stop);
}
