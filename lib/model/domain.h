/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A domain as far as Spice and video are concerned: places in the document, and how libvirt interprets them. */
#ifndef SC_MODEL_DOMAIN_H
#define SC_MODEL_DOMAIN_H

#include "base/arena.h"
#include "base/ctx.h"
#include "doc/xml.h"
#include "model/number.h"

/*
 * A word from a list. node NULL: the element is missing; text NULL: the attribute is missing. value: the index in libvirt's list, -1 for a
 * word that libvirt does not know.
 */
struct sc_choice {
	const struct sc_xml_node *node;
	const char *text;
	int value;
};

enum sc_tristate { SC_ABSENT, SC_YES, SC_NO }; /* values of yes/no and on/off choices */

enum sc_video_type { /* libvirt conf/domain_conf.c, virDomainVideo; SC_VIDEO_BAD: unknown word */
		     SC_VIDEO_BAD = -1,
		     SC_VIDEO_DEFAULT,
		     SC_VIDEO_VGA,
		     SC_VIDEO_CIRRUS,
		     SC_VIDEO_VMVGA,
		     SC_VIDEO_XEN,
		     SC_VIDEO_VBOX,
		     SC_VIDEO_QXL,
		     SC_VIDEO_PARALLELS,
		     SC_VIDEO_VIRTIO,
		     SC_VIDEO_GOP,
		     SC_VIDEO_NONE,
		     SC_VIDEO_BOCHS,
		     SC_VIDEO_RAMFB,
};

/* A <video> device. The numbers are those that libvirt reads: of several <model> elements the first that has the attribute is used. */
struct sc_video {
	struct sc_xml_node *node;
	struct sc_xml_node *model; /* its first <model>, or NULL */
	const char *type;          /* of the model; NULL: not set */
	enum sc_video_type kind;   /* never SC_VIDEO_DEFAULT: resolved as in libvirt's QEMU driver */
	bool primary;              /* has primary='yes' */
	bool first;                /* libvirt makes this one the primary device */
	struct sc_number heads, ram, vram, vram64, vgamem;
	const struct sc_xml_node *acceleration, *resolution, *driver, *address; /* the first ones, or NULL */
};

enum sc_graphics_kind { /* virDomainGraphics; BAD: missing or unknown */
			SC_GRAPHICS_BAD = -1,
			SC_GRAPHICS_SDL,
			SC_GRAPHICS_VNC,
			SC_GRAPHICS_RDP,
			SC_GRAPHICS_DESKTOP,
			SC_GRAPHICS_SPICE,
			SC_GRAPHICS_EGL_HEADLESS,
			SC_GRAPHICS_DBUS,
};

enum sc_listen_type { SC_LISTEN_BAD = -1, SC_LISTEN_NONE, SC_LISTEN_ADDRESS, SC_LISTEN_NETWORK, SC_LISTEN_SOCKET };
enum sc_mode { SC_MODE_BAD = -1, SC_MODE_ANY, SC_MODE_SECURE, SC_MODE_INSECURE };

/* A <listen> element as in the document. */
struct sc_listen {
	const struct sc_xml_node *node;
	const char *type_text;
	enum sc_listen_type type;
	const char *address, *network, *socket;
};

/* A <channel> of a Spice console. */
struct sc_spice_channel {
	const struct sc_xml_node *node;
	const char *name_text, *mode_text;
	int name; /* index in libvirt's list of 8; -1: unknown or missing */
	enum sc_mode mode;
};

/* The sub-elements of a Spice console that select one word. The first element of each kind is effective. */
enum sc_spice_option {
	SC_OPTION_IMAGE,
	SC_OPTION_JPEG,
	SC_OPTION_ZLIB,
	SC_OPTION_PLAYBACK,
	SC_OPTION_STREAMING,
	SC_OPTION_CLIPBOARD,
	SC_OPTION_FILETRANSFER,
	SC_OPTION_MOUSE,
	SC_OPTION_GL,
	SC_OPTION_COUNT,
};

/* A <graphics> device. Numbers and words that its type does not have are absent. */
struct sc_graphics {
	struct sc_xml_node *node;
	const char *type;
	enum sc_graphics_kind kind;
	struct sc_number port, tls_port, websocket;
	struct sc_choice autoport; /* sc_tristate */
	struct sc_choice mode;     /* defaultMode: sc_mode */
	const char *listen_attr, *socket_attr;
	const char *keymap, *passwd, *valid_to, *connected;
	struct sc_listen *listens;
	size_t n_listens;
	struct sc_spice_channel *channels;
	size_t n_channels;
	struct sc_choice options[SC_OPTION_COUNT];
	const char *rendernode; /* of the first <gl> */
};

/* One qemu:arg or qemu:env. */
struct sc_qemu_word {
	const struct sc_xml_node *node;
	const char *name;  /* env only */
	const char *value; /* NULL: missing */
};

/* Elements of one kind, in document order. */
struct sc_nodes {
	struct sc_xml_node **items;
	size_t count;
};

/* What a domain contains. Rules that need something else are skipped. */
enum sc_content {
	SC_HAS_DOMAIN = 1,   /* always */
	SC_HAS_GRAPHICS = 2, /* any graphics */
	SC_HAS_SPICE = 4,    /* a Spice console, or -spice on the QEMU command line */
	SC_HAS_VIDEO = 8,
	SC_HAS_DEVICES = 16, /* character devices, redirection, smart cards, audio or sound */
	SC_HAS_VNC = 32,
	SC_HAS_ARGS = 64,    /* qemu:arg or qemu:env */
	SC_IS_FOREIGN = 128, /* a domain of another hypervisor, with graphics or video: no other flag is set then */
};

enum { SC_UUID_SIZE = 37 };

/*
 * Reads a UUID as libvirt does (util/viruuid.c virUUIDParse): dashes and blanks may stand between the pairs of digits, other white space
 * around all. out is set as libvirt prints it; undefined when the text is not a UUID (false).
 */
bool sc_uuid_read(const char *text, char out[SC_UUID_SIZE]);

struct sc_domain {
	struct sc_arena *memory;
	struct sc_xml *doc; /* not owned */
	struct sc_xml_node *root;
	struct sc_xml_node *devices; /* the first, NULL: none */
	const char *name;            /* "" when missing */
	const char *uuid;            /* as libvirt prints it; NULL: missing or invalid */
	const char *type;            /* domain/@type: qemu, kvm, … */
	const char *arch, *machine;  /* of os/type, or NULL */
	bool for_qemu;               /* the type is one of libvirt's QEMU driver */
	struct sc_graphics *graphics;
	size_t n_graphics;
	struct sc_graphics *spice; /* the first of type spice, NULL: none */
	size_t n_spice;
	struct sc_video *videos;
	size_t n_videos;
	struct sc_nodes chars; /* channel, serial, parallel, console */
	struct sc_nodes redirdevs, smartcards, audios, sounds, controllers, redirfilters, inputs;
	struct sc_qemu_word *args, *envs;
	size_t n_args, n_envs;
	const struct sc_qemu_word
	    *sasl_env; /* the effective SASL_CONF_PATH: libvirt passes all of them on, and the last one applies; NULL: none */
	const char *sasl_directories; /* how libsasl2 interprets it (sc_sasl_directories()) */
	unsigned content;             /* flags of enum sc_content */
};

/*
 * Reads the model from a document. SPICECFG_INPUT when the root is not <domain> (<domstatus> and <domainsnapshot> are refused). The model
 * points into the document, and edits make it stale. *out is NULL on failure; free it with sc_domain_free() before the document.
 */
SPICECFG_CHECKED enum spicecfg_status sc_domain_read(struct spicecfg_ctx *ctx, struct sc_xml *doc, struct sc_domain **out);
void sc_domain_free(struct sc_domain *domain);
static inline void sc_domain_freep(struct sc_domain **domain)
{
	sc_domain_free(*domain);
}
#define SC_DOMAIN __attribute__((cleanup(sc_domain_freep))) struct sc_domain

/* Returns true when the libosinfo metadata of the domain names a Windows guest (http://microsoft.com/win/…). */
bool sc_domain_is_windows(const struct sc_domain *domain);

/* Returns true for i686 and x86_64, and when no architecture is set. */
bool sc_domain_is_x86(const struct sc_domain *domain);
/* Returns true for the machine types pc (i440fx) and q35, with or without a version. */
bool sc_domain_is_pc(const struct sc_domain *domain);
bool sc_domain_is_q35(const struct sc_domain *domain);

/* Words as libvirt spells them, by value, NULL-terminated. */
extern const char *const sc_video_words[];
extern const char *const sc_graphics_words[];
extern const char *const sc_listen_words[];
extern const char *const sc_mode_words[];
extern const char *const sc_channel_words[];
extern const char *const sc_yes_no_words[]; /* "", "yes", "no": the index is an sc_tristate */
extern const char *const sc_char_words[];   /* types of character devices */

/* Element, attribute and words of a sub-element of a Spice console. libvirt refuses words[0] ("default"). */
struct sc_option_spec {
	const char *element;
	const char *attr;
	const char *const *words;
};
extern const struct sc_option_spec sc_option_specs[SC_OPTION_COUNT];

/* lib/model/graphics.c and video.c: read one device each. SPICECFG_SYSTEM when memory runs out. */
SPICECFG_CHECKED enum spicecfg_status sc_graphics_read(struct spicecfg_ctx *ctx, struct sc_domain *domain, struct sc_xml_node *node,
						       struct sc_graphics *out);
void sc_video_read(const struct sc_domain *domain, struct sc_xml_node *node, struct sc_video *out);

#endif
