/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc/mask_args.h"

#include <string.h>

/* MASKED_WHOLE: a longer word is not taken apart, LONGEST: of a value that is shown. */
enum { MASKED_WHOLE = 4096, LONGEST = 256 };

/* Options whose first part is a kind, a name, a number or a path, which may be shown; QEMU qemu-options.hx. */
static const char *const with_first[] = {
    "L",
    "M",
    "D",
    "accel",
    "audio",
    "audiodev",
    "bios",
    "boot",
    "cdrom",
    "chardev",
    "cpu",
    "d",
    "device",
    "display",
    "dtb",
    "drive",
    "fda",
    "fdb",
    "fsdev",
    "g",
    "global",
    "hda",
    "hdb",
    "hdc",
    "hdd",
    "icount",
    "initrd",
    "k",
    "kernel",
    "loadvm",
    "m",
    "machine",
    "mem-path",
    "mon",
    "monitor",
    "msg",
    "name",
    "net",
    "netdev",
    "nic",
    "numa",
    "object",
    "overcommit",
    "parallel",
    "pidfile",
    "qmp",
    "rtc",
    "sandbox",
    "serial",
    "smbios",
    "smp",
    "soundhw",
    "spice",
    "tpmdev",
    "trace",
    "uuid",
    "vga",
    "virtfs",
    "vnc",
    "watchdog",
    "watchdog-action",
    "set",
    "action",
    "compat",
    "run-with",
    NULL,
};

/* Options without a value. */
static const char *const alone[] = {
    "S",
    "no-reboot",
    "no-shutdown",
    "no-user-config",
    "nodefaults",
    "nographic",
    "snapshot",
    "mem-prealloc",
    "full-screen",
    "no-acpi",
    "no-hpet",
    "usb",
    "daemonize",
    "enable-kvm",
    "help",
    "h",
    "version",
    "win2k-hack",
    "no-fd-bootchk",
    "preconfig",
    "only-migratable",
    "singlestep",
    "sdl",
    "curses",
    "enable-fips",
    "enable-sync-profile",
    "no-quit",
    "portrait",
    "s",
    NULL,
};

/* Keys whose values are no secrets: of -spice, of displays and video devices, and of what other options have in common. */
static const char *const plain_keys[] = {
    "port",
    "tls-port",
    "addr",
    "ipv4",
    "ipv6",
    "unix",
    "disable-ticketing",
    "disable-copy-paste",
    "disable-agent-file-xfer",
    "sasl",
    "x509-dir",
    "x509-key-file",
    "x509-cert-file",
    "x509-cacert-file",
    "x509-dh-key-file",
    "tls-ciphers",
    "tls-channel",
    "plaintext-channel",
    "image-compression",
    "jpeg-wan-compression",
    "zlib-glz-wan-compression",
    "streaming-video",
    "video-codecs",
    "agent-mouse",
    "playback-compression",
    "seamless-migration",
    "display",
    "head",
    "gl",
    "rendernode",
    "password-secret",
    "show-cursor",
    "show-tabs",
    "window-close",
    "full-screen",
    "zoom-to-fit",
    "id",
    "qom-type",
    "driver",
    "bus",
    "chassis",
    "slot",
    "multifunction",
    "ram_size",
    "vram_size",
    "vgamem_mb",
    "vram64_size_mb",
    "ram_size_mb",
    "vram_size_mb",
    "max_outputs",
    "xres",
    "yres",
    "edid",
    "blob",
    "hostmem",
    "romfile",
    "rombar",
    "bootindex",
    "accel",
    "type",
    "mode",
    "cpus",
    "cores",
    "threads",
    "sockets",
    "maxcpus",
    "size",
    "slots",
    "maxmem",
    "base",
    "clock",
    "driftfix",
    "chardev",
    "netdev",
    "audiodev",
    "mac",
    "name",
    "guest",
    "debug-threads",
    "process",
    "host",
    "path",
    "to",
    "server",
    "wait",
    "nowait",
    "nodelay",
    "telnet",
    "reconnect",
    "mux",
    "debug",
    "rate",
    "frequency",
    "channels",
    "timer-period",
    "in.frequency",
    "out.frequency",
    "format",
    "if",
    "media",
    "index",
    "unit",
    "readonly",
    "cache",
    "aio",
    "discard",
    "file",
    "dir",
    "endpoint",
    "verify-peer",
    "tls-creds",
    "tls-authz",
    "sasl-authz",
    "kernel_irqchip",
    "usb",
    "vmport",
    "graphics",
    "order",
    "menu",
    "strict",
    "splash",
    "fd",
    "share",
    "prealloc",
    "policy",
    "host-nodes",
    "nodeid",
    "memdev",
    "obsolete",
    "elevateprivileges",
    "spawn",
    "resourcecontrol",
    "events",
    "isa",
    "p2",
    "p3",
    "serial-port",
    "vectors",
    "max_ports",
    "ports",
    "nr",
    "product",
    NULL,
};

/* Environment of QEMU that tells where things are. */
static const char *const plain_names[] = {
    "SASL_CONF_PATH",
    "SASL_PATH",
    "DISPLAY",
    "XAUTHORITY",
    "WAYLAND_DISPLAY",
    "XDG_RUNTIME_DIR",
    "PULSE_SERVER",
    "PULSE_RUNTIME_PATH",
    "PIPEWIRE_RUNTIME_DIR",
    "QEMU_AUDIO_DRV",
    "QEMU_AUDIO_TIMER_PERIOD",
    "QEMU_PA_SERVER",
    "QEMU_PA_SAMPLES",
    "QEMU_ALSA_DAC_DEV",
    "SDL_VIDEODRIVER",
    "SDL_AUDIODRIVER",
    "SPICE_DEBUG_LEVEL",
    "SPICE_DEBUG_ALLOW_MC",
    "G_MESSAGES_DEBUG",
    "MESA_LOADER_DRIVER_OVERRIDE",
    "LIBGL_ALWAYS_SOFTWARE",
    "EGL_PLATFORM",
    "LD_LIBRARY_PATH",
    "LC_ALL",
    "LC_CTYPE",
    "LANG",
    "TZ",
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    NULL,
};

static bool is_one_of(const char *const *list, struct sc_piece text)
{
	for (; *list; list++)
		if (strlen(*list) == text.len && memcmp(*list, text.at, text.len) == 0)
			return true;
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* A number, word, address or path: no reference of XML, no blank, and no account of a URL. */
static bool has_plain_shape(struct sc_piece text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_letter(text.at[i]) && !memchr("./:+[]%!*", text.at[i], 9))
			return false;
	return text.len <= LONGEST;
}

/* "driver.key" of -global and -set: the key decides. */
static struct sc_piece last_part(struct sc_piece key)
{
	const char *dot = memrchr(key.at, '.', key.len);

	if (!dot)
		return key;
	return (struct sc_piece){dot + 1, (size_t)(key.at + key.len - dot - 1)};
}

/* What nobody has as a password. */
static bool is_switch(struct sc_piece value)
{
	static const char *const switches[] = {"on", "off", "yes", "no", "true", "false", "auto", NULL};

	return is_one_of(switches, value);
}

bool sc_mask_property_is_plain(struct sc_piece name, struct sc_piece value)
{
	if (is_switch(value))
		return true;
	return (is_one_of(plain_keys, name) || is_one_of(plain_keys, last_part(name))) && has_plain_shape(value);
}

/* The name of an option without its dashes; len 0: the word is none, or is not known. */
static struct sc_piece option_name(struct sc_piece word)
{
	size_t dashes = word.at && word.len > 1 && word.at[0] == '-' ? 1 + (word.at[1] == '-') : 0;

	if (!dashes)
		return (struct sc_piece){NULL, 0};
	return (struct sc_piece){word.at + dashes, word.len - dashes};
}

/* The end of a part of an option list; ",," is a comma. */
static const char *part_end(const char *at, const char *end)
{
	while (at < end) {
		if (*at == ',' && (at + 1 == end || at[1] != ','))
			break;
		at += *at == ',' && at + 1 < end ? 2 : 1;
	}
	return at < end ? at : end;
}

/* Where the hidden bytes of a part begin: its value, or all of it where it has no key; NULL: it may be shown. */
static const char *hidden_in(struct sc_piece part, bool first_is_plain)
{
	const char *equals = memchr(part.at, '=', part.len);
	struct sc_piece key = {part.at, equals ? (size_t)(equals - part.at) : part.len};

	if (!part.len)
		return NULL;
	if (!equals)
		return (first_is_plain || is_one_of(plain_keys, key)) && has_plain_shape(part) ? NULL : part.at;
	struct sc_piece value = {equals + 1, part.len - key.len - 1};
	if (!value.len || sc_mask_property_is_plain(key, value))
		return NULL;
	return has_plain_shape(key) ? value.at : part.at;
}

/* Values of an option: part for part; what is hidden in neighbours is one. */
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

/* All of it from `start` on. */
static bool find_rest(struct sc_piece word, const char *start, const char *from, const char **value, const char **stop)
{
	*value = start;
	*stop = word.at + word.len;
	return *stop > *value && *stop > from;
}

/* In the place of an option: its name is shown, and the path of a disk image. */
static bool find_in_option(struct sc_piece word, const char *from, const char **value, const char **stop)
{
	const char *at = word.at, *end = word.at + word.len;

	if (word.len && *at == '/' && has_plain_shape(word))
		return false;
	if (word.len && *at == '-')
		while (at < end && is_letter(*at) && at - word.at < 40)
			at++;
	return find_rest(word, at, from, value, stop);
}

bool sc_mask_word_find(struct sc_piece word, struct sc_piece before, const char *from, const char **value, const char **stop)
{
	struct sc_piece option = option_name(before);

	if (!word.len)
		return false;
	if (!option.len || is_one_of(alone, option))
		return find_in_option(word, from, value, stop);
	bool first_is_plain = is_one_of(with_first, option);
	/* An option that QEMU does not have takes what nobody knows; only another option's name is told. */
	if (!first_is_plain && word.at[0] == '-')
		return find_in_option(word, from, value, stop);
	if (!first_is_plain || word.len > MASKED_WHOLE || memchr(word.at, '{', word.len) || memchr(word.at, '&', word.len))
		return find_rest(word, word.at, from, value, stop);
	/* -spice has no first part without a key. */
	if (option.len == 5 && memcmp(option.at, "spice", 5) == 0)
		first_is_plain = false;
	return find_in_list(word, first_is_plain, from, value, stop);
}

bool sc_mask_env_find(struct sc_piece value, struct sc_piece name, const char *from, const char **start, const char **stop)
{
	if (name.at && is_one_of(plain_names, name) && has_plain_shape(value))
		return false;
	return find_rest(value, value.at, from, start, stop);
}
