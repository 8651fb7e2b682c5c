/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <audio> and <sound>: the sound of a Spice console. */
#include <string.h>
#include <strings.h>

#include "base/table.h"
#include "rules/fixes.h"
#include "rules/tables.h"

static const char *const audio_types[] = {"none", "alsa", "coreaudio", "jack", "oss", "pulseaudio", "sdl", "spice", "file", "dbus", NULL};

static struct sc_number id_of(const struct sc_xml_node *node)
{
	return sc_number_uint(sc_xml_get(node, "id"), 10, 0);
}

static void audio_type(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->audios.count; i++) {
		const struct sc_xml_node *node = in->domain->audios.items[i];
		const char *type = sc_xml_get(node, "type");

		if (!type)
			sc_find(out, rule, SC_ALWAYS, node, NULL, "<audio> has no type");
		else if (sc_word_find(audio_types, type) < 0 && !sc_versions_know("audio", "type", type))
			sc_find(out, rule, SC_ALWAYS, node, "type", "libvirt does not know the audio type '%s'", type);
		else
			continue;
		if (in->domain->n_spice)
			sc_find_fix(out, "spicecfg set TARGET 'ELEMENT/@type=spice'");
		if (in->domain->n_spice || !type || strcasecmp(type, "spice") != 0)
			sc_find_fix_word(out, audio_types, type);
	}
}

/* A number that no <audio> has. */
static long long free_id(const struct sc_domain *domain)
{
	long long most = 0;

	for (size_t i = 0; i < domain->audios.count; i++) {
		struct sc_number id = id_of(domain->audios.items[i]);

		if (!id.bad && id.value > most && id.value < 1000000)
			most = id.value;
	}
	return most + 1;
}

/* own: a number for the <audio> itself; 0: the id in a sound card or a console, which names an <audio>. */
static void check_id(const struct sc_rule *rule, const struct sc_xml_node *node, long long own, struct sc_findings *out)
{
	struct sc_number id = id_of(node);

	if (!id.text)
		sc_find(out, rule, SC_ALWAYS, node, NULL, "<audio> has no id");
	else if (id.bad || id.value == 0)
		sc_find(out, rule, SC_ALWAYS, node, "id", "audio id '%s' is not a number above 0", id.text);
	else
		return;
	if (own)
		sc_find_fix(out, "spicecfg set TARGET 'ELEMENT/@id=%lld'", own);
}

static void audio_id(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	long long own = free_id(in->domain);

	for (size_t i = 0; i < in->domain->audios.count; i++)
		check_id(rule, in->domain->audios.items[i], own, out);
	for (size_t i = 0; i < in->domain->sounds.count; i++)
		if (sc_xml_child(in->domain->sounds.items[i], "audio"))
			check_id(rule, sc_xml_child(in->domain->sounds.items[i], "audio"), 0, out);
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_graphics *graphics = &in->domain->graphics[i];
		const struct sc_xml_node *node = sc_xml_child(graphics->node, "audio");

		if (node && (graphics->kind == SC_GRAPHICS_VNC || graphics->kind == SC_GRAPHICS_DBUS))
			check_id(rule, node, 0, out);
	}
}

static void audio_twice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	long long fix = free_id(in->domain);
	SC_TABLE seen = SC_TABLE_INIT;

	for (size_t i = 0; i < in->domain->audios.count; i++) {
		struct sc_number id = id_of(in->domain->audios.items[i]);
		struct sc_table_entry *entry = id.text && !id.bad ? sc_table_add_number(&seen, id.value) : NULL;

		if (!entry || !entry->times++)
			continue;
		sc_find(out, rule, SC_ALWAYS, in->domain->audios.items[i], "id", "audio id %lld is used twice", id.value);
		sc_find_fix(out, "spicecfg set TARGET 'PATH=%lld'", fix);
	}
	sc_findings_fail(out, seen.failed);
}

static void audio_without_spice(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; !in->domain->n_spice && i < in->domain->audios.count; i++) {
		const char *type = sc_xml_get(in->domain->audios.items[i], "type");

		if (type && strcmp(type, "spice") == 0)
			sc_find(out, rule, SC_ALWAYS, in->domain->audios.items[i], "type",
				"audio goes to Spice, but the domain has no Spice console");
	}
}

/* Each <audio> by its number: of several, the first that has a type, else the first. The one that libvirt adds has no element. */
static void by_id(const struct sc_rule_input *in, struct sc_table *out)
{
	const struct sc_domain *domain = in->domain;

	if (!domain->audios.count && sc_audio_added(domain, in->host))
		sc_table_add_number(out, 1);
	for (size_t i = 0; i < domain->audios.count; i++) {
		const struct sc_xml_node *node = domain->audios.items[i];
		struct sc_table_entry *entry = sc_table_add_number(out, id_of(node).value);

		if (entry && (!entry->value || !sc_xml_get(entry->value, "type")))
			entry->value = node;
	}
}

static bool has_audio(const struct sc_table *audios, long long id)
{
	return id == 0 || sc_table_find_number(audios, id);
}

static void check_reference(const struct sc_rule *rule, const struct sc_table *audios, const struct sc_xml_node *user,
			    struct sc_findings *out)
{
	const struct sc_xml_node *node = sc_xml_child(user, "audio");
	struct sc_number id = id_of(node);

	if (node && id.text && !id.bad && !has_audio(audios, id.value))
		sc_find(out, rule, SC_ALWAYS, node, "id", "no <audio> has the id %lld", id.value);
}

static void audio_missing(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	SC_TABLE audios = SC_TABLE_INIT;

	by_id(in, &audios);
	for (size_t i = 0; i < in->domain->sounds.count; i++)
		check_reference(rule, &audios, in->domain->sounds.items[i], out);
	for (size_t i = 0; i < in->domain->n_graphics; i++)
		if (in->domain->graphics[i].kind == SC_GRAPHICS_VNC || in->domain->graphics[i].kind == SC_GRAPHICS_DBUS)
			check_reference(rule, &audios, in->domain->graphics[i].node, out);
	sc_findings_fail(out, audios.failed);
}

/* The default <audio> is of type spice or none. */
static bool is_dbus_audio(const struct sc_table *audios, long long id)
{
	const struct sc_table_entry *entry = sc_table_find_number(audios, id);
	const char *type = entry ? sc_xml_get(entry->value, "type") : NULL;

	return type && strcmp(type, "dbus") == 0;
}

static void audio_dbus(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	SC_TABLE audios = SC_TABLE_INIT;

	by_id(in, &audios);
	for (size_t i = 0; i < in->domain->n_graphics; i++) {
		const struct sc_xml_node *node = sc_xml_child(in->domain->graphics[i].node, "audio");
		struct sc_number id = id_of(node);

		if (in->domain->graphics[i].kind == SC_GRAPHICS_DBUS && node && id.text && !id.bad && has_audio(&audios, id.value) &&
		    !is_dbus_audio(&audios, id.value))
			sc_find(out, rule, SC_ALWAYS, node, "id", "audio %lld of D-Bus graphics is not of type dbus", id.value);
	}
	sc_findings_fail(out, audios.failed);
}

static void check_numbers(const struct sc_rule *rule, const struct sc_xml_node *node, const char *const *attrs, long long least,
			  struct sc_findings *out)
{
	for (; *attrs; attrs++) {
		struct sc_number number = sc_number_uint(sc_xml_get(node, *attrs), 10, least);

		if (number.bad || number.value < least)
			sc_find(out, rule, SC_ALWAYS, node, *attrs, "%s '%s' is not a number%s", *attrs, number.text,
				least ? " above 0" : "");
	}
}

static void check_words(const struct sc_rule *rule, const struct sc_xml_node *node, const char *const *attrs, const char *const *words,
			struct sc_findings *out)
{
	for (; *attrs; attrs++) {
		const char *value = sc_xml_get(node, *attrs);

		if (!value || sc_word_find(words, value) > 0)
			continue;
		sc_find(out, rule, SC_ALWAYS, node, *attrs, "%s is '%s', which libvirt does not know", *attrs, value);
		sc_find_fix_word(out, words, value);
	}
}

/* Attributes of <input> and <output> that only some backends read (virDomainAudioOSSParse and others). */
static void check_own(const struct sc_rule *rule, const struct sc_xml_node *node, const char *type, struct sc_findings *out)
{
	static const char *const count[] = {"bufferCount", NULL}, *const latency[] = {"latency", NULL};
	static const char *const poll[] = {"tryPoll", NULL}, *const exact[] = {"exactName", NULL};

	if (strcmp(type, "oss") == 0 || strcmp(type, "sdl") == 0 || strcmp(type, "coreaudio") == 0)
		check_numbers(rule, node, count, 0, out);
	if (strcmp(type, "pulseaudio") == 0)
		check_numbers(rule, node, latency, 0, out);
	if (strcmp(type, "oss") == 0)
		check_words(rule, node, poll, sc_yes_no_words, out);
	if (strcmp(type, "jack") == 0)
		check_words(rule, node, exact, sc_yes_no_words, out);
}

static void check_settings(const struct sc_rule *rule, const struct sc_xml_node *node, struct sc_findings *out)
{
	static const char *const numbers[] = {"frequency", "channels", NULL};
	static const char *const formats[] = {"s8", "u8", "s16", "u16", "s32", "u32", "f32", NULL};
	const char *format = sc_xml_get(node, "format");

	check_numbers(rule, node, numbers, 1, out);
	if (format && sc_word_find(formats, format) < 0)
		sc_find(out, rule, SC_ALWAYS, node, "format", "libvirt does not know the audio format '%s'", format);
}

static void check_side(const struct sc_rule *rule, const struct sc_xml_node *node, const char *type, struct sc_findings *out)
{
	static const char *const switches[] = {"mixingEngine", "fixedSettings", NULL};
	static const char *const numbers[] = {"voices", "bufferLength", NULL};
	const char *mixing = sc_xml_get(node, "mixingEngine");
	const char *fixed = sc_xml_get(node, "fixedSettings");

	check_words(rule, node, switches, sc_yes_no_words, out);
	check_numbers(rule, node, numbers, 1, out);
	bool is_fixed = fixed && strcmp(fixed, "yes") == 0;
	if (is_fixed && !(mixing && strcmp(mixing, "yes") == 0)) {
		sc_find(out, rule, SC_ALWAYS, node, "fixedSettings", "fixedSettings needs mixingEngine='yes'");
		sc_find_fix(out, "spicecfg set TARGET 'ELEMENT/@mixingEngine=yes'");
	}
	const struct sc_xml_node *settings = sc_xml_child(node, "settings");
	if (settings && !is_fixed) {
		sc_find(out, rule, SC_ALWAYS, settings, NULL, "<settings> needs fixedSettings='yes'");
		sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
	} else if (settings) {
		check_settings(rule, settings, out);
	}
	check_own(rule, node, type, out);
}

static void check_audio(const struct sc_rule *rule, const struct sc_xml_node *node, struct sc_findings *out)
{
	static const char *const period[] = {"timerPeriod", NULL}, *const driver[] = {"driver", NULL};
	static const char *const oss[] = {"tryMMap", "exclusive", NULL};
	static const char *const sdl[] = {"", "esd", "alsa", "arts", "pulseaudio", NULL};
	const char *type = sc_xml_get(node, "type") ? sc_xml_get(node, "type") : "";
	const struct sc_xml_node *input = sc_xml_child(node, "input"), *output = sc_xml_child(node, "output");

	check_numbers(rule, node, period, 1, out);
	if (input)
		check_side(rule, input, type, out);
	if (output)
		check_side(rule, output, type, out);
	if (strcmp(type, "sdl") == 0)
		check_words(rule, node, driver, sdl, out);
	if (strcmp(type, "oss") != 0)
		return;
	struct sc_number policy = sc_number_int(sc_xml_get(node, "dspPolicy"), 10, 0);
	check_words(rule, node, oss, sc_yes_no_words, out);
	if (policy.bad || policy.value < 0)
		sc_find(out, rule, SC_ALWAYS, node, "dspPolicy", "dspPolicy '%s' is not a number", policy.text);
}

static void audio_settings(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->domain->audios.count; i++)
		check_audio(rule, in->domain->audios.items[i], out);
}

static void check_codecs(const struct sc_rule *rule, const struct sc_xml_node *sound, struct sc_findings *out)
{
	static const char *const codecs[] = {"duplex", "micro", "output", NULL};
	const struct sc_xml_node *codec = sc_xml_child(sound, "codec");

	for (; codec; codec = sc_xml_next(codec, "codec")) {
		const char *type = sc_xml_get(codec, "type");

		if (!type || sc_word_find(codecs, type) < 0) {
			sc_find(out, rule, SC_ALWAYS, codec, type ? "type" : NULL, "codec type is '%s', not duplex, micro or output",
				type ? type : "");
			sc_find_fix(out, "spicecfg set TARGET 'ELEMENT=default'");
		}
	}
}

static void sound_model(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	static const char *const models[] = {"sb16", "es1370", "pcspk", "ac97", "ich6", "ich9", "usb", NULL};

	for (size_t i = 0; i < in->domain->sounds.count; i++) {
		const struct sc_xml_node *node = in->domain->sounds.items[i];
		const char *model = sc_xml_get(node, "model");

		if (!model)
			sc_find(out, rule, SC_ALWAYS, node, NULL, "<sound> has no model");
		else if (sc_word_find(models, model) < 0 && !sc_versions_know("sound", "model", model))
			sc_find(out, rule, SC_ALWAYS, node, "model", "QEMU has no sound model '%s'", model);
		else if (strcmp(model, "ich6") == 0 || strcmp(model, "ich9") == 0)
			check_codecs(rule, node, out);
		if (model && sc_word_find(models, model) >= 0)
			continue;
		if (!model || sc_word_guess(models, model) < 0)
			sc_find_fix_asks(out);
		sc_find_fix_word(out, models, model);
	}
}

const struct sc_rule sc_rules_audio[] = {
    {"audio-type", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "Unknown audio type",
     "The type of <audio> is none, alsa, coreaudio, jack, oss, pulseaudio, sdl, spice, file or dbus.",
     "libvirt conf/domain_conf.c virDomainAudioDefParseXML", "spicecfg set TARGET 'ELEMENT/@type=none'", audio_type},
    {"audio-id", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES | SC_HAS_GRAPHICS | SC_SPAN(SC_SPAN_AUDIO),
     "A malformed audio id", "<audio> needs an id above 0.", "libvirt conf/domain_conf.c virDomainAudioDefParseXML; measured",
     "spicecfg set TARGET 'ELEMENT=default'", audio_id},
    {"audio-twice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES | SC_SPAN(SC_SPAN_AUDIO),
     "Two audio devices with the same id", "Each <audio> needs its own id.",
     "libvirt conf/domain_validate.c virDomainAudioDefValidate; measured", "spicecfg set TARGET 'PATH=2'", audio_twice},
    {"audio-without-spice", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES | SC_SPAN(SC_SPAN_AUDIO),
     "Spice audio without Spice", "<audio type='spice'> needs a graphics device of type spice.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefAudio; measured", "spicecfg set TARGET 'PATH=none'", audio_without_spice},
    {"audio-missing", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES | SC_HAS_GRAPHICS | SC_SPAN(SC_SPAN_AUDIO),
     "A sound card whose audio device is missing", "A sound card names an <audio> by its id; that <audio> must exist.",
     "libvirt conf/domain_validate.c virDomainEnsureAudioID; measured", "spicecfg set TARGET 'ELEMENT=default'", audio_missing},
    {"audio-dbus", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_GRAPHICS, "D-Bus graphics with audio of another type",
     "The <audio> that graphics of type dbus name must be of type dbus.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefDBusGraphics; measured", "spicecfg set TARGET 'ELEMENT=default'", audio_dbus},
    {"audio-settings", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES | SC_SPAN(SC_SPAN_AUDIO),
     "Audio settings that libvirt refuses",
     "fixedSettings needs the mixing engine, and <settings> needs fixedSettings; switches are yes or no, numbers are decimal.",
     "libvirt conf/domain_conf.c virDomainAudioCommonParse", "spicecfg set TARGET 'PATH=default'", audio_settings},
    {"sound-model", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_DEVICES, "Unknown sound card",
     "QEMU has sb16, es1370, pcspk, ac97, ich6, ich9 and usb; the codecs of ich6 and ich9 are duplex, micro and output.",
     "libvirt qemu/qemu_validate.c qemuValidateDomainDeviceDefSound", "spicecfg set TARGET 'ELEMENT/@model=ich9'", sound_model},
    {0},
};
