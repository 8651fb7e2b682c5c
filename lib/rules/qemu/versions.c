/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Settings that not every libvirt and QEMU knows: what an older target does with them. Releases of libvirt come from its documentation
 * ("Since …", docs/formatdomain.rst, NEWS.rst) or from the commit that added the setting; releases of QEMU are the first whose capabilities
 * in libvirt's tests/qemucapabilitiesdata have it. What could not be verified in one of these is not listed.
 */
#include <stdlib.h>
#include <string.h>

#include "rules/findings.h"
#include "rules/tables.h"

#define V SC_VERSION

enum older { REFUSES, IGNORES };

struct setting {
	const char *device;     /* the element below <devices> */
	const char *type;       /* its type (sound: model); NULL: any */
	const char *path;       /* elements below it, NULL: itself */
	const char *attr;       /* NULL: the element itself is the setting */
	const char *value;      /* NULL: any */
	unsigned libvirt, qemu; /* the first that have it; 0: all that this table covers */
	enum older older;       /* what older releases of libvirt do; with an older QEMU, libvirt always refuses */
	const char *source;
};

static const struct setting settings[] = {
    /* graphics */
    {"graphics", NULL, NULL, "type", "egl-headless", V(4, 6), V(2, 10), REFUSES, "docs/formatdomain.rst; caps_2.10.0"},
    {"graphics", "egl-headless", "gl", "rendernode", NULL, V(5, 0), V(3, 1), IGNORES, "docs/formatdomain.rst; caps_3.1.0"},
    {"graphics", NULL, NULL, "type", "dbus", V(8, 4), V(7, 0), REFUSES, "NEWS.rst 8.4.0; caps_7.0.0"},
    {"graphics", "sdl", "gl", NULL, NULL, V(4, 4), 0, IGNORES, "NEWS.rst 4.4.0; commit fff9e25a2b"},
    {"graphics", "spice", "gl", "rendernode", NULL, V(3, 1), 0, IGNORES, "docs/formatdomain.rst, NEWS.rst 3.1.0"},
    {"graphics", "vnc", NULL, "powerControl", NULL, V(7, 2), V(6, 0), IGNORES, "commit f84f04350b; caps_6.0.0"},
    {"graphics", "vnc", "audio", NULL, NULL, V(7, 2), 0, IGNORES, "docs/formatdomain.rst"},
    /* video */
    {"video", NULL, "model", "type", "none", V(4, 6), 0, REFUSES, "docs/formatdomain.rst; commit d48813e81a"},
    {"video", NULL, "model", "type", "bochs", V(5, 6), V(3, 0), REFUSES, "docs/formatdomain.rst; caps_3.0.0"},
    {"video", NULL, "model", "type", "ramfb", V(5, 9), V(3, 0), REFUSES, "docs/formatdomain.rst; caps_3.0.0"},
    {"video", NULL, "model/resolution", NULL, NULL, V(5, 9), 0, IGNORES, "docs/formatdomain.rst; commit 7286279797"},
    {"video", NULL, "model", "blob", NULL, V(9, 2), V(6, 1), IGNORES, "docs/formatdomain.rst"},
    {"video", NULL, "driver", "name", "vhostuser", V(5, 8), V(4, 1), IGNORES, "docs/formatdomain.rst; caps_4.1.0"},
    {"video", NULL, "model/acceleration", "rendernode", NULL, V(5, 8), 0, IGNORES, "docs/formatdomain.rst"},
    {"video", NULL, "driver", "iommu", NULL, V(3, 5), 0, IGNORES, "docs/formatdomain.rst; commit f5384fb402"},
    {"video", NULL, "driver", "ats", NULL, V(3, 5), 0, IGNORES, "docs/formatdomain.rst; commit f5384fb402"},
    {"video", NULL, "driver", "packed", NULL, V(6, 3), 0, IGNORES, "docs/formatdomain.rst"},
    {"video", NULL, "driver", "page_per_vq", NULL, V(7, 9), 0, IGNORES, "docs/formatdomain.rst"},
    /* sound */
    {"audio", NULL, NULL, "type", "none", V(7, 2), 0, REFUSES, "commit 915b637257"},
    {"audio", NULL, NULL, "type", "alsa", V(7, 2), 0, REFUSES, "commit 915b637257"},
    {"audio", NULL, NULL, "type", "coreaudio", V(7, 2), 0, REFUSES, "commit 915b637257"},
    {"audio", NULL, NULL, "type", "jack", V(7, 2), 0, REFUSES, "commit 915b637257"},
    {"audio", NULL, NULL, "type", "pulseaudio", V(7, 2), 0, REFUSES, "commit 915b637257"},
    {"audio", NULL, NULL, "type", "sdl", V(7, 2), 0, REFUSES, "commit 915b637257"},
    {"audio", NULL, NULL, "type", "spice", V(7, 2), 0, REFUSES, "commit 915b637257"},
    {"audio", NULL, NULL, "type", "file", V(7, 2), 0, REFUSES, "commit 915b637257"},
    {"audio", NULL, NULL, "type", "dbus", V(8, 4), V(7, 0), REFUSES, "NEWS.rst 8.4.0; caps_7.0.0"},
    {"audio", NULL, NULL, "type", "pipewire", V(9, 10), V(8, 1), REFUSES, "NEWS.rst 9.10.0; QEMU qapi/audio.json"},
    {"sound", NULL, "audio", NULL, NULL, V(7, 2), 0, IGNORES, "commit 562a495b92"},
    {"sound", NULL, NULL, "model", "virtio", V(10, 4), V(8, 2), REFUSES, "NEWS.rst 10.4.0; caps_8.2.0"},
    {"sound", "virtio", NULL, "streams", NULL, V(10, 4), V(8, 2), IGNORES, "docs/formatdomain.rst"},
    /* channels */
    {"channel", NULL, NULL, "type", "qemu-vdagent", V(8, 4), V(6, 1), REFUSES, "NEWS.rst 8.4.0; caps_6.1.0"},
    {"channel", NULL, NULL, "type", "dbus", V(8, 4), V(7, 0), REFUSES, "NEWS.rst 8.4.0"},
};

const struct sc_since sc_spans[] = {
    [SC_SPAN_EVER] = {0},
    [SC_SPAN_WORDS] = {.libvirt = V(7, 4)},                            /* commit bb94b3d28d */
    [SC_SPAN_HEADS] = {.libvirt = V(8, 1)},                            /* commit 1652babf15 */
    [SC_SPAN_VNC_PASSWORD] = {.libvirt = V(8, 0)},                     /* commit 27c1d06b5b */
    [SC_SPAN_NETWORK] = {.libvirt = V(8, 4)},                          /* commit 871a071abb */
    [SC_SPAN_AUDIO] = {.libvirt = V(7, 2)},                            /* commits 915b637257, 562a495b92 */
    [SC_SPAN_BLOB] = {.libvirt_without = V(9, 1), .libvirt = V(9, 8)}, /* read from 9.2 on */
    [SC_SPAN_GL_DEVICE] = {.qemu = V(6, 1)},                           /* caps_6.1.0 */
    [SC_SPAN_GL_FLAG] = {.libvirt_end = V(7, 5), .qemu = V(6, 1)},     /* commit b99762b61e */
    [SC_SPAN_ARM_MACHINE] = {.libvirt_end = V(9, 3)},                  /* NEWS.rst 9.3.0 */
};

enum { N_SETTINGS = sizeof(settings) / sizeof(settings[0]) };

bool sc_versions_know(const char *device, const char *attr, const char *word)
{
	for (size_t i = 0; word && i < N_SETTINGS; i++)
		if (settings[i].value && !settings[i].path && strcmp(settings[i].device, device) == 0 &&
		    strcmp(settings[i].attr, attr) == 0 && strcmp(settings[i].value, word) == 0)
			return true;
	return false;
}

/* The element that has the setting, below a device of its kind; NULL: it is not present. */
static const struct sc_xml_node *find(const struct setting *setting, struct sc_xml_node *device)
{
	const char *type = sc_xml_get(device, strcmp(setting->device, "sound") == 0 ? "model" : "type");
	const char *part = setting->path;
	struct sc_xml_node *node = device;
	char name[32];

	if (setting->type && (!type || strcmp(type, setting->type) != 0))
		return NULL;
	while (part && node) {
		size_t len = strcspn(part, "/");

		memcpy(name, part, len);
		name[len] = '\0';
		node = sc_xml_child(node, name);
		part = part[len] ? part + len + 1 : NULL;
	}
	if (!node || !setting->attr)
		return node;
	const char *value = sc_xml_get(node, setting->attr);
	return value && (!setting->value || strcmp(value, setting->value) == 0) ? node : NULL;
}

typedef void reporter(const struct sc_rule *rule, const struct sc_rule_input *in, const struct setting *setting,
		      const struct sc_xml_node *node, struct sc_findings *out);

/* Calls back for each setting of the domain that is newer than the target. */
static void each(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out, reporter *report)
{
	unsigned libvirt = sc_host_libvirt(in->host), qemu = sc_host_qemu(in->host);

	for (size_t i = 0; i < N_SETTINGS; i++) {
		const struct setting *setting = &settings[i];

		if (libvirt >= setting->libvirt && qemu >= setting->qemu)
			continue;
		for (struct sc_xml_node *devices = in->domain->devices; devices; devices = sc_xml_next(devices, "devices")) {
			struct sc_xml_node *device = sc_xml_child(devices, setting->device);

			for (; device; device = sc_xml_next(device, setting->device)) {
				const struct sc_xml_node *node = find(setting, device);

				if (node)
					report(rule, in, setting, node, out);
			}
		}
	}
}

/* "type 'dbus' of <graphics>", "<resolution>": what the message is about. */
#define WHAT "%s%s%s%s%s<%s>"
#define WHAT_ARGS(setting, node)                                                                                                           \
	(setting)->attr ? (setting)->attr : "", (setting)->value ? " '" : "", (setting)->value ? (setting)->value : "",                    \
	    (setting)->value ? "'" : "", (setting)->attr ? " of " : "", sc_xml_node_name(node)

static unsigned major_of(unsigned version)
{
	return version / 1000000;
}

static unsigned minor_of(unsigned version)
{
	return version / 1000 % 1000;
}

/* A device of an unknown kind is removed as a whole; giving up a setting is a decision. */
static void fix_setting(const struct setting *setting, const struct sc_xml_node *node, struct sc_findings *out)
{
	/* libvirt refuses an empty <acceleration>. */
	bool alone = strcmp(sc_xml_node_name(node), "acceleration") == 0 && !sc_xml_get(node, "accel3d") && !sc_xml_get(node, "accel2d");

	if (!setting->attr || setting->value || alone)
		sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
	sc_find_fix_asks(out);
}

static void report_refused(const struct sc_rule *rule, const struct sc_rule_input *in, const struct setting *setting,
			   const struct sc_xml_node *node, struct sc_findings *out)
{
	unsigned libvirt = sc_host_libvirt(in->host), qemu = sc_host_qemu(in->host);

	if (libvirt < setting->libvirt && setting->older == REFUSES)
		sc_find(out, rule, SC_ALWAYS, node, setting->attr, "libvirt %u.%u refuses " WHAT ", which needs %u.%u or later",
			major_of(libvirt), minor_of(libvirt), WHAT_ARGS(setting, node), major_of(setting->libvirt),
			minor_of(setting->libvirt));
	else if (libvirt >= setting->libvirt && qemu < setting->qemu)
		sc_find(out, rule, SC_ALWAYS, node, setting->attr, WHAT " needs QEMU %u.%u, not %u.%u", WHAT_ARGS(setting, node),
			major_of(setting->qemu), minor_of(setting->qemu), major_of(qemu), minor_of(qemu));
	else
		return;
	fix_setting(setting, node, out);
}

static void version_refused(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, report_refused);
}

static void report_ignored(const struct sc_rule *rule, const struct sc_rule_input *in, const struct setting *setting,
			   const struct sc_xml_node *node, struct sc_findings *out)
{
	unsigned libvirt = sc_host_libvirt(in->host);

	if (libvirt >= setting->libvirt || setting->older != IGNORES)
		return;
	sc_find(out, rule, SC_ALWAYS, node, setting->attr, "libvirt %u.%u does not read " WHAT ", which needs %u.%u or later",
		major_of(libvirt), minor_of(libvirt), WHAT_ARGS(setting, node), major_of(setting->libvirt), minor_of(setting->libvirt));
	fix_setting(setting, node, out);
}

static void version_ignored(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, report_ignored);
}

static void qemu_too_old(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const struct {
		unsigned libvirt, qemu;
	} oldest[] = {
	    {V(12, 4), V(7, 2)}, {V(11, 2), V(6, 2)}, {V(10, 7), V(5, 2)}, {V(9, 0), V(4, 2)}, {V(8, 3), V(3, 1)}, {V(7, 4), V(2, 11)},
	};
	unsigned libvirt = sc_host_libvirt(in->host), qemu = sc_host_qemu(in->host);

	for (size_t i = 0; i < sizeof(oldest) / sizeof(oldest[0]); i++) {
		if (libvirt < oldest[i].libvirt)
			continue;
		if (qemu < oldest[i].qemu)
			sc_find(out, rule, SC_ALWAYS, in->domain->root, NULL, "libvirt %u.%u needs QEMU %u.%u, not %u.%u",
				major_of(libvirt), minor_of(libvirt), major_of(oldest[i].qemu), minor_of(oldest[i].qemu), major_of(qemu),
				minor_of(qemu));
		break;
	}
}

/* pc-i440fx-7.2, pc-q35-7.2, virt-7.2, pseries-7.2, s390-ccw-virtio-7.2: QEMU's own types contain the release that added them. */
static unsigned machine_version(const char *machine)
{
	static const char *const own[] = {"pc-i440fx-", "pc-q35-", "virt-", "pseries-", "s390-ccw-virtio-"};

	for (size_t i = 0; machine && i < sizeof(own) / sizeof(own[0]); i++) {
		const char *at = machine + strlen(own[i]);
		char *end;

		if (strncmp(machine, own[i], strlen(own[i])) != 0 || *at < '1' || *at > '9')
			continue;
		unsigned long major = strtoul(at, &end, 10), minor = *end == '.' ? strtoul(end + 1, &end, 10) : 0;
		return *end || major > 99 || minor > 99 ? 0 : V((unsigned)major, (unsigned)minor);
	}
	return 0;
}

/* The type of that name that every release has: "pc-q35-8.2" is q35. */
static const char *unversioned(struct sc_findings *out, const char *machine)
{
	const char *end = strrchr(machine, '-');
	size_t len = end ? (size_t)(end - machine) : strlen(machine);

	if (len == strlen("pc-i440fx") && strncmp(machine, "pc-i440fx", len) == 0)
		return "pc";
	if (len == strlen("pc-q35") && strncmp(machine, "pc-q35", len) == 0)
		return "q35";
	return sc_arena_strndup(sc_findings_memory(out), machine, len);
}

static void machine_too_new(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	unsigned machine = machine_version(in->domain->machine), qemu = sc_host_qemu(in->host);

	/* Nothing is reported for a release that was only assumed. */
	if (!in->host->version.qemu || machine <= qemu)
		return;
	sc_find(out, rule, SC_HOST, sc_xml_child(sc_xml_child(in->domain->root, "os"), "type"), "machine",
		"QEMU %u.%u has no machine type '%s'", major_of(qemu), minor_of(qemu), in->domain->machine);
	const char *older = unversioned(out, in->domain->machine);
	sc_findings_fail(out, !older);
	if (older)
		sc_find_fix(out, "spicecfg set TARGET 'PATH=%s'", older);
	/* the guest sees other hardware */
	sc_find_fix_asks(out);
}

/* Up to 7.3 and again from 9.1 on (some release up to 9.8), an empty number is not a number; in between it is treated as absent. */
static void video_empty(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const attrs[] = {"type", "heads", "ram", "vram", "vram64", "vgamem"};
	unsigned libvirt = sc_host_libvirt(in->host);

	if (libvirt >= V(7, 4) && libvirt < V(9, 1))
		return;
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		for (size_t j = 0; j < sizeof(attrs) / sizeof(attrs[0]); j++) {
			const char *value = sc_xml_get(in->domain->videos[i].model, attrs[j]);

			if (!value || *value)
				continue;
			if (libvirt >= V(9, 1) && libvirt < V(9, 8))
				sc_doubt(out, rule, "libvirt may refuse the empty %s", attrs[j]);
			else
				sc_find(out, rule, SC_ALWAYS, in->domain->videos[i].model, attrs[j], "%s is empty", attrs[j]);
		}
	}
}

static bool has_memfd(const struct sc_domain *domain)
{
	const char *type = sc_xml_get(sc_xml_child(sc_xml_child(domain->root, "memoryBacking"), "source"), "type");

	return type && strcmp(type, "memfd") == 0;
}

static void blob_memory(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	bool memfd = has_memfd(in->domain);

	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		const char *blob = sc_xml_get(video->model, "blob");

		if (!blob || video->kind == SC_VIDEO_NONE || video->kind == SC_VIDEO_BAD)
			continue;
		if (strcmp(blob, "on") != 0 && strcmp(blob, "off") != 0)
			sc_find(out, rule, SC_ALWAYS, video->model, "blob", "blob is '%s', neither 'on' nor 'off'", blob);
		else if (video->kind != SC_VIDEO_VIRTIO)
			sc_find(out, rule, SC_ALWAYS, video->model, "blob", "blob is for video model virtio, not '%s'",
				sc_video_words[video->kind]);
		else if (strcmp(blob, "on") == 0 && !memfd)
			sc_find(out, rule, SC_ALWAYS, video->model, "blob", "blob='on' needs <memoryBacking><source type='memfd'/>");
	}
}

/*
 * Up to 9.0, each attribute is read from the first <model> that has it; from 9.8 on (and from some release after 9.0), only the first
 * <model> is read.
 */
static void model_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_xml_node *first = in->domain->videos[i].model, *second = first ? sc_xml_next(first, "model") : NULL;

		if (!second)
			continue;
		sc_find(out, rule, SC_ALWAYS, second, NULL, "the video device has a second <model>");
		sc_find_fix_asks(out);
		if (sc_host_libvirt(in->host) >= V(9, 1))
			sc_doubt(out, rule, "some releases of libvirt read the second <model>, others do not");
	}
}

static void accel_3d_libvirt(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->n_videos; i++) {
		const struct sc_video *video = &in->domain->videos[i];
		const char *accel = sc_xml_get(video->acceleration, "accel3d");
		const char *driver = sc_xml_get(video->driver, "name");

		if (video->kind == SC_VIDEO_VIRTIO && accel && strcmp(accel, "yes") == 0 && !(driver && strcmp(driver, "vhostuser") == 0))
			sc_find(out, rule, SC_ALWAYS, video->acceleration, "accel3d",
				"libvirt before 7.5 does not find the 3D acceleration of QEMU 6.1 and later");
	}
}

const struct sc_rule sc_rules_versions[] = {
    {"version-refused", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS | SC_HAS_VIDEO | SC_HAS_DEVICES,
     "A setting that needs a later libvirt or QEMU",
     "The versions are those of --release, else the installed ones, else libvirt 9.0 and QEMU 7.2. A libvirt that does not know a word "
     "refuses the definition, and so does one whose QEMU does not have the device.",
     "libvirt docs/formatdomain.rst, NEWS.rst, tests/qemucapabilitiesdata; measured on 7.0 with 5.2 and 11.3 with 10.0",
     "spicecfg set TARGET 'PATH=default'", version_refused},
    {"version-ignored", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_GRAPHICS | SC_HAS_VIDEO | SC_HAS_DEVICES,
     "A setting that this libvirt does not read yet",
     "libvirt silently drops elements and attributes that it does not know: the VM starts without the setting, and the next define loses "
     "it.",
     "libvirt docs/formatdomain.rst, NEWS.rst; measured on 7.0 and 9.0", "spicecfg set TARGET 'PATH=default'", version_ignored},
    {"qemu-too-old", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DOMAIN, "A QEMU that this libvirt does not support",
     "Each libvirt requires a minimum release of QEMU: 7.4 requires 2.11, 8.3 requires 3.1, 9.0 requires 4.2, 10.7 requires 5.2, 11.2 "
     "requires 6.2, 12.4 requires 7.2.",
     "libvirt qemu/qemu_capabilities.c QEMU_MIN_MAJOR; NEWS.rst 11.2.0, 12.4.0", NULL, qemu_too_old},
    {"machine-too-new", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS | SC_HAS_VIDEO, "A machine type of a later QEMU",
     "A type such as pc-q35-8.2 was added by the QEMU of that release; libvirt refuses one that QEMU does not list. Types of distributions "
     "(rhel9.2.0, jammy) are not judged.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDef; measured on 7.0 and 9.0", NULL, machine_too_new},
    {"video-empty", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO, "An empty attribute of a video model",
     "libvirt 7.4 to 9.0 treats heads='', ram='' and the like as absent; earlier and later releases refuse them.",
     "libvirt conf/domain_conf.c virDomainVideoDefParseXML (commit 8391cfbc2d), virDomainVideoModelDefParseXML; measured on 7.0 and 11.3",
     "spicecfg set TARGET 'PATH=default'", video_empty},
    {"blob", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO | SC_SPAN(SC_SPAN_BLOB), "Blob resources that libvirt refuses",
     "blob is on or off, and only for video model virtio; on needs memory of type memfd. libvirt before 9.2 does not read it.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefVideo, conf/domain_validate.c virDomainVideoDefValidate (9.8); measured on "
     "11.3",
     "spicecfg set TARGET 'PATH=default'", blob_memory},
    {"model-twice", SPICECFG_LEVEL_WARNING, SPICECFG_CLASS_EFFECT, SC_HAS_VIDEO, "A second <model>",
     "libvirt up to 9.0 reads each attribute from the first <model> that has it; later releases read only the first <model>. Keep one.",
     "libvirt conf/domain_conf.c virDomainVideoDefParseXML (9.0), virDomainVideoModelDefParseXML (9.8); measured on 9.0 and 11.3",
     "spicecfg set TARGET 'ELEMENT=default'", model_twice},
    {"accel-3d-libvirt", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VIDEO | SC_SPAN(SC_SPAN_GL_FLAG),
     "3D acceleration that libvirt does not find",
     "QEMU 6.1 moved the 3D acceleration of virtio-gpu to a device of its own; libvirt supports that since 7.5.",
     "libvirt qemu/qemu_validate.c (commit b99762b61e), caps_6.1.0", "spicecfg set-options TARGET --accel3d off", accel_3d_libvirt},
    {0},
};
