/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sub-elements of a Spice console that choose a word: compression, streaming, clipboard and so on. */
#include "rules/fixes.h"
#include "rules/tables.h"

/* libvirt up to 7.3 reads all elements of a kind and the last takes precedence; each must have a known word. */
static void check_later(const struct sc_rule *rule, const struct sc_option_spec *spec, const struct sc_xml_node *first,
			struct sc_findings *out)
{
	for (struct sc_xml_node *node = sc_xml_next(first, spec->element); node; node = sc_xml_next(node, spec->element)) {
		const char *text = sc_xml_get(node, spec->attr);

		if (!text || sc_word_find(spec->words, text) <= 0)
			sc_find(out, rule, SC_ALWAYS, node, text ? spec->attr : NULL, "libvirt does not know %s='%s' for <%s>", spec->attr,
				text ? text : "", spec->element);
	}
}

/* From 7.4 on, only the first element of a kind is read; later ones are not checked. */
static void check_option(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out, enum sc_spice_option which)
{
	const struct sc_option_spec *spec = &sc_option_specs[which];

	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_choice *choice = &in->domain->graphics[i].options[which];
		enum sc_graphics_kind kind = in->domain->graphics[i].kind;

		/* egl-headless does not read gl's enable. */
		if (!choice->node || kind == SC_GRAPHICS_EGL_HEADLESS)
			continue;
		if (kind == SC_GRAPHICS_SPICE && sc_host_libvirt(in->host) < SC_VERSION(7, 4))
			check_later(rule, spec, choice->node, out);
		if (choice->value >= 0)
			continue;
		if (choice->text)
			sc_find(out, rule, SC_ALWAYS, choice->node, spec->attr, "libvirt does not know %s='%s' for <%s>", spec->attr,
				choice->text, spec->element);
		else
			sc_find(out, rule, SC_ALWAYS, choice->node, NULL, "<%s> has no attribute '%s'", spec->element, spec->attr);
		if (kind != SC_GRAPHICS_SPICE)
			sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
		/* A feature that was meant to be closed is not opened without a decision. */
		if ((which == SC_OPTION_CLIPBOARD || which == SC_OPTION_FILETRANSFER) &&
		    (!choice->text || sc_word_guess(spec->words, choice->text) < 0))
			sc_find_fix_asks(out);
		sc_find_fix_word(out, spec->words, choice->text);
	}
}

static void image_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	check_option(rule, in, out, SC_OPTION_IMAGE);
}

static void jpeg_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	check_option(rule, in, out, SC_OPTION_JPEG);
}

static void zlib_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	check_option(rule, in, out, SC_OPTION_ZLIB);
}

static void playback_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	check_option(rule, in, out, SC_OPTION_PLAYBACK);
}

static void streaming_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	check_option(rule, in, out, SC_OPTION_STREAMING);
}

static void clipboard_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	check_option(rule, in, out, SC_OPTION_CLIPBOARD);
}

static void filetransfer_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	check_option(rule, in, out, SC_OPTION_FILETRANSFER);
}

static void mouse_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	check_option(rule, in, out, SC_OPTION_MOUSE);
}

static void gl_word(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	check_option(rule, in, out, SC_OPTION_GL);
}

const struct sc_rule sc_rules_options[] = {
    {"image-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "Unknown image compression",
     "libvirt accepts auto_glz, auto_lz, quic, glz, lz and off; lz4 is unknown to it, and 'default' is refused.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; A11; measured", "spicecfg set-compression TARGET default", image_word},
    {"jpeg-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "Unknown jpeg compression",
     "libvirt accepts auto, never and always.", "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured",
     "spicecfg set-compression TARGET --jpeg default", jpeg_word},
    {"zlib-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "Unknown zlib compression",
     "libvirt accepts auto, never and always.", "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured",
     "spicecfg set-compression TARGET --zlib default", zlib_word},
    {"playback-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "Unknown playback compression",
     "libvirt accepts on and off.", "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured",
     "spicecfg set-compression TARGET --playback default", playback_word},
    {"streaming-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "Unknown streaming mode",
     "libvirt accepts filter, all and off.", "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured",
     "spicecfg set-compression TARGET --streaming default", streaming_word},
    {"clipboard-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "Unknown clipboard setting", "copypaste is yes or no.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured", "spicecfg set-options TARGET --clipboard default",
     clipboard_word},
    {"filetransfer-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "Unknown file transfer setting", "enable is yes or no.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured", "spicecfg set-options TARGET --filetransfer default",
     filetransfer_word},
    {"mouse-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE, "Unknown mouse mode", "mode is server or client.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured", "spicecfg set-options TARGET --mouse default", mouse_word},
    {"gl-word", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "Unknown gl setting",
     "<gl> needs enable='yes' or enable='no', whatever other attributes it has.",
     "libvirt conf/domain_conf.c virDomainGraphicsDefParseXMLSpice; measured", "spicecfg set-options TARGET --gl default", gl_word},
    {0},
};
