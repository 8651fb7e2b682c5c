/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every VM verb over real definitions and over a set with many Spice settings made from them. Verifies for each edit: bytes outside the
 * edited elements are unchanged, the result is well-formed, a second run changes nothing, and what libvirt's schema accepted before it
 * accepts afterwards.
 * usage: setters_corpus EVERY DIRECTORY...    takes only every EVERY-th file: for slow builds
 */
#include <dirent.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outside.h"
#include "plan/vm.h"

#define SCHEMA "/usr/share/libvirt/schemas/domain.rng"
enum { NOW = 1800000000, LINES_MAX = 4096 };

struct verb {
	const char *name;
	const char *pairs[8]; /* key, value, … */
	bool password, clear;
};

static const struct verb verbs[] = {
    {"set-heads 1", {"heads", "1"}, false, false},
    {"set-heads 4", {"heads", "4"}, false, false},
    {"set-heads 2 small", {"heads", "2", "resolution", "1280x1024"}, false, false},
    {"set-heads 4 vram64", {"heads", "4", "vram64", "2097152"}, false, false},
    {"set-heads virtio", {"heads", "2", "model", "virtio"}, false, false},
    {"set-heads qxl", {"heads", "3", "model", "qxl"}, false, false},
    {"set-heads windows 3", {"heads", "3", "model", "qxl", "guest", "windows"}, false, false},
    {"set-heads windows 1", {"heads", "1", "model", "qxl", "guest", "windows"}, false, false},
    {"set-heads default", {"heads", "default"}, false, false},
    {"set-listen address", {"listen", "address 127.0.0.1"}, false, false},
    {"set-listen ipv6", {"listen", "address [::1]", "port", "auto"}, false, false},
    {"set-listen name", {"listen", "address console.example.org", "port", "5999", "tls-port", "none"}, false, false},
    {"set-listen tls", {"listen", "address 0.0.0.0", "tls-port", "20002", "mode", "secure"}, false, false},
    {"set-listen socket", {"listen", "socket /var/spicex/vm/spice.socket"}, false, false},
    {"set-listen network", {"listen", "network default"}, false, false},
    {"set-listen none", {"listen", "none"}, false, false},
    {"set-listen default", {"listen", "default"}, false, false},
    {"set-mode any", {"mode", "any"}, false, false},
    {"set-mode default", {"mode", "default", "channel.main", "default"}, false, false},
    {"set-mode channel", {"channel.main", "any", "channel.playback", "insecure"}, false, false},
    {"set-compression off", {"compression", "off"}, false, false},
    {"set-compression all", {"jpeg", "auto", "zlib", "never", "playback", "on", "streaming", "filter"}, false, false},
    {"set-compression default", {"compression", "default", "jpeg", "default", "zlib", "default", "playback", "default"}, false, false},
    {"set-options", {"keymap", "de", "clipboard", "off", "filetransfer", "off", "mouse", "client"}, false, false},
    {"set-options gl", {"gl", "off", "accel3d", "off"}, false, false},
    {"set-options agent on", {"agent", "on"}, false, false},
    {"set-options agent off", {"agent", "off"}, false, false},
    {"set-password", {"valid-until", "2030-01-01T00:00:00Z"}, true, false},
    {"clear-password", {NULL}, false, true},
};
enum { VERBS = sizeof(verbs) / sizeof(*verbs) };

static struct {
	xmlRelaxNGPtr schema;
	xmlRelaxNGValidCtxtPtr valid;
	size_t files, refused_files, edits, unchanged, refused, schema_checked, failures;
	size_t lines[2][LINES_MAX]; /* how many edits changed this number of lines; [1]: edits of one attribute */
	size_t single;
	size_t used[VERBS];
} all;

static void silent(void *opaque, const char *format, ...)
{
	(void)opaque;
	(void)format;
}

static void fail(const char *file, const struct verb *verb, const char *what)
{
	if (all.failures++ < 20)
		printf("%s: %s: %s\n", file, verb->name, what);
}

static bool accepts(const char *bytes, size_t len, bool *well_formed)
{
	xmlDocPtr doc = xmlReadMemory(bytes, (int)len, "x.xml", NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	bool accepted = doc && all.valid && xmlRelaxNGValidateDoc(all.valid, doc) == 0;

	*well_formed = doc != NULL;
	xmlFreeDoc(doc);
	return accepted;
}

static enum spicecfg_status fill(struct spicecfg_request *request, const struct verb *verb)
{
	enum spicecfg_status status = SPICECFG_OK;

	for (size_t i = 0; !status && i + 1 < sizeof(verb->pairs) / sizeof(*verb->pairs) && verb->pairs[i]; i += 2)
		status = spicecfg_request_set(request, verb->pairs[i], verb->pairs[i + 1]);
	if (!status && verb->password)
		status = spicecfg_request_password(request, "it's <a> \"test\" & so", 20);
	if (!status && verb->clear)
		status = spicecfg_request_clear_password(request);
	return status;
}

static enum spicecfg_status edit(struct spicecfg_ctx *ctx, const struct spicecfg_request *request, const char *bytes, size_t len,
				 struct spicecfg_plan **plan, const char **out, size_t *out_len)
{
	enum spicecfg_status status = sc_plan_new(ctx, plan);

	return status ? status : sc_plan_edit_vm(*plan, "x.xml", bytes, len, request, NOW, 0, out, out_len);
}

static void compare(const char *file, const struct verb *verb, const char *old, size_t old_len, bool accepted, const char *new,
		    size_t new_len, bool single)
{
	size_t a_len, b_len, lines;
	bool well_formed;
	char *a = outside(old, old_len, &a_len), *b = outside(new, new_len, &b_len);

	/* A definition without <devices> gets that element. */
	if (memmem(old, old_len, "</devices>", 10) && (a_len != b_len || memcmp(a, b, a_len) != 0))
		fail(file, verb, "bytes outside of the edited elements changed");
	free(a);
	free(b);
	bool still = accepts(new, new_len, &well_formed);
	if (!well_formed)
		fail(file, verb, "the result is not well-formed");
	if (accepted && !still)
		fail(file, verb, "libvirt's schema accepted it before and does not after");
	all.schema_checked += accepted;
	lines = changed_lines(old, old_len, new, new_len);
	lines = lines < LINES_MAX ? lines : LINES_MAX - 1;
	all.lines[0][lines]++;
	all.lines[1][lines] += single;
	all.single += single;
}

static void try_verb(const char *file, const struct verb *verb, const char *bytes, size_t len, bool accepted)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct spicecfg_request *request = NULL;
	struct spicecfg_plan *plan = NULL, *again = NULL;
	const char *out, *out2;
	size_t out_len, out2_len;

	if (spicecfg_request_new(ctx, &request) || fill(request, verb)) {
		fail(file, verb, "the request is refused");
	} else if (edit(ctx, request, bytes, len, &plan, &out, &out_len)) {
		all.refused++;
	} else if (out_len == len && memcmp(out, bytes, len) == 0) {
		all.unchanged++;
		if (spicecfg_plan_change(plan, 0))
			fail(file, verb, "a change is reported, but no byte changed");
	} else {
		all.edits++;
		all.used[verb - verbs]++;
		compare(file, verb, bytes, len, accepted, out, out_len, spicecfg_plan_change(plan, 0) && !spicecfg_plan_change(plan, 1));
		if (!spicecfg_plan_change(plan, 0))
			fail(file, verb, "bytes changed, but no change is reported");
		if (edit(ctx, request, out, out_len, &again, &out2, &out2_len))
			fail(file, verb, "a second run is refused");
		else if (out2_len != out_len || memcmp(out, out2, out_len) != 0)
			fail(file, verb, "a second run changes something");
	}
	spicecfg_plan_free(plan);
	spicecfg_plan_free(again);
	spicecfg_request_free(request);
	spicecfg_ctx_free(ctx);
}

static char *read_file(const char *path, size_t *len)
{
	FILE *in = fopen(path, "rb");
	char *bytes = malloc(SC_XML_SIZE_MAX + 1);

	*len = in && bytes ? fread(bytes, 1, SC_XML_SIZE_MAX, in) : 0;
	if (in)
		fclose(in);
	return bytes;
}

/* Generated files are many and similar: each gets a share of the verbs, in turn. */
static void try_file(const char *path, size_t index, bool made)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct sc_xml *doc = NULL;
	size_t len;
	bool well_formed;
	char *bytes = read_file(path, &len);

	all.files++;
	if (sc_xml_parse(ctx, path, bytes, len, &doc)) {
		all.refused_files++;
		if (made)
			printf("%s is refused: %s\n", path, spicecfg_ctx_error(ctx)->message);
		all.failures += made;
	} else {
		bool accepted = accepts(bytes, len, &well_formed);

		for (size_t i = 0; i < VERBS; i++)
			if (!made || (i + index) % 4 == 0)
				try_verb(path, &verbs[i], bytes, len, accepted);
	}
	sc_xml_free(doc);
	spicecfg_ctx_free(ctx);
	free(bytes);
}

static void try_directory(const char *directory, bool made, int every)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
		if (i % every == 0 && strstr(entries[i]->d_name, ".xml"))
			try_file(path, (size_t)i, made);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

static size_t median(const size_t *lines, size_t count)
{
	size_t seen = 0;

	for (size_t i = 0; i < LINES_MAX; i++)
		if ((seen += lines[i]) * 2 >= count)
			return i;
	return 0;
}

int main(int argc, char **argv)
{
	xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewParserCtxt(SCHEMA);

	xmlSetGenericErrorFunc(NULL, silent);
	all.schema = parser ? xmlRelaxNGParse(parser) : NULL;
	all.valid = all.schema ? xmlRelaxNGNewValidCtxt(all.schema) : NULL;
	if (!all.valid && getenv("SPICECFG_REQUIRE_HOST")) {
		printf("libvirt's schema is missing: %s\n", SCHEMA);
		return 1;
	}
	if (all.valid)
		xmlRelaxNGSetValidErrors(all.valid, silent, silent, NULL);
	int every = argc > 1 ? atoi(argv[1]) : 1;
	for (int i = 2; i < argc && every > 0; i++)
		try_directory(argv[i], i > 2, every);
	for (size_t i = 0; i < VERBS && every == 1; i++)
		if (!all.used[i])
			fail("all files", &verbs[i], "never changed anything");
	printf("%zu files (%zu refused), %zu edits, %zu times unchanged, %zu refusals; %zu edits of accepted files were validated with the "
	       "schema\n",
	       all.files, all.refused_files, all.edits, all.unchanged, all.refused, all.schema_checked);
	printf("median of changed lines: %zu where one attribute changes (%zu edits), %zu over all edits\n",
	       median(all.lines[1], all.single), all.single, median(all.lines[0], all.edits));
	printf("%zu passed, %zu failed\n", all.edits, all.failures);
	xmlRelaxNGFreeValidCtxt(all.valid);
	xmlRelaxNGFree(all.schema);
	xmlRelaxNGFreeParserCtxt(parser);
	xmlCleanupParser();
	return all.failures || all.files < 4000 / (size_t)(every > 0 ? every : 1);
}
