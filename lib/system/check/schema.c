/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/check/schema.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doc/mask.h"
#include "system/check/schema_relax.h"
#include "system/check/schema_search.h"
#include "system/os/helper.h"

/*
 * Limits of the search, since libxml2's time grows with the square of the number of devices. SMALL: bytes of a document whose validation
 * takes no noticeable time.
 */
enum { VALIDATIONS = 2000, SHARED = 8000, SMALL = 32 * 1024 };

struct sc_schema {
	xmlRelaxNGPtr rng;
	char *path;
	pthread_mutex_t lock;
	bool tried;
	xmlRelaxNGPtr relaxed; /* made for the first document that is not valid; NULL: can't be made */
};

struct sc_schema_run {
	xmlRelaxNGValidCtxtPtr valid;
	xmlRelaxNGValidCtxtPtr relaxed;
};

static void ignore(void *opaque, xmlErrorPtr error)
{
	(void)opaque;
	(void)error;
}

enum spicecfg_status sc_schema_load(struct spicecfg_ctx *ctx, struct sc_schema **out)
{
	static const char *const places[] = {"/usr/share/libvirt/schemas/domain.rng", "/usr/local/share/libvirt/schemas/domain.rng"};
	const char *path = NULL;

	*out = NULL;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !path; i++)
		path = access(places[i], R_OK) == 0 ? places[i] : NULL;
	if (!path)
		return sc_fail(ctx, SPICECFG_INPUT, "Install libvirt's schemas (Debian: libvirt0, others: libvirt-libs), or omit --schema.",
			       "%s is missing", places[0]);
	xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewParserCtxt(path);
	if (!parser)
		return sc_fail_memory(ctx);
	xmlRelaxNGSetParserStructuredErrors(parser, ignore, NULL);
	xmlRelaxNGPtr rng = xmlRelaxNGParse(parser);
	xmlRelaxNGFreeParserCtxt(parser);
	if (!rng)
		return sc_fail(ctx, SPICECFG_INPUT, "Reinstall libvirt.", "%s is not a schema that libxml2 can read", path);
	*out = calloc(1, sizeof(**out));
	if (!*out || !((*out)->path = strdup(path))) {
		free(*out);
		*out = NULL;
		xmlRelaxNGFree(rng);
		return sc_fail_memory(ctx);
	}
	(*out)->rng = rng;
	pthread_mutex_init(&(*out)->lock, NULL);
	return SPICECFG_OK;
}

void sc_schema_free(struct sc_schema *schema)
{
	if (!schema)
		return;
	pthread_mutex_destroy(&schema->lock);
	xmlRelaxNGFree(schema->relaxed);
	xmlRelaxNGFree(schema->rng);
	free(schema->path);
	free(schema);
}

static xmlRelaxNGPtr relaxed_schema(struct sc_schema *schema)
{
	pthread_mutex_lock(&schema->lock);
	if (!schema->tried)
		schema->relaxed = sc_schema_relax(schema->path, "domain");
	schema->tried = true;
	pthread_mutex_unlock(&schema->lock);
	return schema->relaxed;
}

void sc_schema_run_free(struct sc_schema_run *run)
{
	if (!run)
		return;
	xmlRelaxNGFreeValidCtxt(run->relaxed);
	xmlRelaxNGFreeValidCtxt(run->valid);
	free(run);
}

static void remember(void *opaque, xmlErrorPtr error)
{
	xmlNodePtr *first = opaque;

	if (!*first && error->node && ((xmlNodePtr)error->node)->type == XML_ELEMENT_NODE)
		*first = error->node;
}

/* Links each of libxml2's elements to the corresponding one of our document. */
static void pair(xmlNodePtr theirs, struct sc_xml_node *ours)
{
	struct sc_xml_node *our_child = sc_xml_child_ns(ours, "*", NULL);

	theirs->_private = ours;
	for (xmlNodePtr child = xmlFirstElementChild(theirs); child; child = xmlNextElementSibling(child)) {
		pair(child, our_child ? our_child : ours);
		our_child = our_child ? sc_xml_next_ns(our_child, "*", NULL) : NULL;
	}
}

/* The value of the attribute if it may be shown; NULL: it must not, or the attribute is missing. */
static const char *shown_value(struct sc_arena *memory, const struct sc_schema_found *found)
{
	const char *value = found->attr ? sc_xml_get(found->node, found->attr) : NULL;
	SC_BUF shown = SC_BUF_INIT;

	if (!value)
		return NULL;
	sc_xml_shown(found->node, found->attr, value, &shown);
	return shown.failed || strcmp(sc_buf_text(&shown), SC_MASK) == 0 ? NULL : sc_arena_strdup(memory, sc_buf_text(&shown));
}

static const char *describe(struct sc_arena *memory, const struct sc_schema_found *found)
{
	const char *name = sc_xml_node_name(found->node), *value = shown_value(memory, found);

	switch (found->kind) {
	case SC_SCHEMA_ATTRIBUTE:
		if (!value)
			return sc_arena_printf(memory, "libvirt's schema does not allow the attribute '%s' of <%s> here", found->attr,
					       name);
		return sc_arena_printf(memory, "libvirt's schema does not allow the attribute '%s' of <%s> with the value '%s' here",
				       found->attr, name, value);
	case SC_SCHEMA_ELEMENT:
		return sc_arena_printf(memory, "libvirt's schema does not allow <%s> here", name);
	case SC_SCHEMA_TEXT:
		return sc_arena_printf(memory, "libvirt's schema does not allow <%s> here, or not with this text", name);
	case SC_SCHEMA_LACKS:
		return sc_arena_printf(memory, "<%s> lacks something that libvirt's schema requires in it", name);
	case SC_SCHEMA_LACKS_WITH:
		return sc_arena_printf(memory, "<%s> lacks something that libvirt's schema requires together with its attribute '%s'", name,
				       found->attr);
	default:
		return sc_arena_printf(memory, "libvirt's schema does not allow <%s> here, or not with what it contains or lacks", name);
	}
}

static enum spicecfg_status report(struct spicecfg_ctx *ctx, const struct sc_schema_search *search, struct sc_arena *memory,
				   struct sc_schema_fault **faults, size_t *count)
{
	*faults = sc_arena_alloc(memory, (search->count + 1) * sizeof(**faults));
	for (size_t i = 0; i < search->count && *faults; i++) {
		const struct sc_schema_found *found = &search->found[i];
		const char *message = describe(memory, found);

		if (!message)
			*faults = NULL;
		else
			(*faults)[i] = (struct sc_schema_fault){found->node, found->attr, message};
	}
	if (!*faults)
		return sc_fail_memory(ctx);
	*count = search->count;
	return SPICECFG_OK;
}

static xmlRelaxNGValidCtxtPtr make_validator(xmlRelaxNGPtr rng)
{
	xmlRelaxNGValidCtxtPtr valid = rng ? xmlRelaxNGNewValidCtxt(rng) : NULL;

	if (valid)
		xmlRelaxNGSetValidStructuredErrors(valid, ignore, NULL);
	return valid;
}

static enum spicecfg_status make_run(struct spicecfg_ctx *ctx, const struct sc_schema *schema, struct sc_schema_run **run)
{
	*run = calloc(1, sizeof(**run));
	if (*run && !((*run)->valid = make_validator(schema->rng))) {
		free(*run);
		*run = NULL;
	}
	return *run ? SPICECFG_OK : sc_fail_memory(ctx);
}

static enum spicecfg_status validate(struct spicecfg_ctx *ctx, struct sc_schema *schema, struct sc_schema_run **run,
				     const struct sc_domain *domain, const char *bytes, size_t len, struct sc_arena *memory,
				     struct sc_schema_fault **faults, size_t *count)
{
	*faults = NULL;
	*count = 0;
	if (!*run && make_run(ctx, schema, run))
		return SPICECFG_SYSTEM;
	xmlDocPtr doc = xmlReadMemory(bytes, (int)len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (!doc)
		return sc_fail_memory(ctx);
	enum spicecfg_status status = SPICECFG_OK;
	xmlNodePtr first = NULL;
	xmlRelaxNGSetValidStructuredErrors((*run)->valid, remember, &first);
	bool valid = xmlRelaxNGValidateDoc((*run)->valid, doc) == 0;
	xmlRelaxNGSetValidStructuredErrors((*run)->valid, ignore, NULL);
	if (!valid) {
		uint64_t larger = len / SMALL + 1;

		if (!(*run)->relaxed)
			(*run)->relaxed = make_validator(relaxed_schema(schema));
		struct sc_schema_search search = {.strict = (*run)->valid,
						  .relaxed = (*run)->relaxed,
						  .doc = doc,
						  .memory = memory,
						  .first = first,
						  .left = larger == 1 ? VALIDATIONS : (unsigned)(SHARED / (larger * larger))};

		pair(xmlDocGetRootElement(doc), domain->root);
		sc_schema_search(&search);
		status = report(ctx, &search, memory, faults, count);
	}
	xmlFreeDoc(doc);
	return status;
}

/* Limits of the process that validates, since libxml2's time and memory grow faster than a document. */
enum { CPU_SECONDS = 5, WALL_SECONDS = 60, MEMORY_MORE = 64 * 1024 * 1024 };

struct work {
	struct spicecfg_ctx *ctx;
	struct sc_schema *schema;
	struct sc_schema_run **run;
	const struct sc_domain *domain;
	const char *bytes;
	size_t len;
	struct sc_arena *memory;
};

/* An element is passed by its address, which is the same in the parent. */
static enum spicecfg_status work(void *opaque, struct sc_buf *reply)
{
	struct work *work = opaque;
	struct sc_schema_fault *faults;
	size_t count;

	sc_helper_limit(CPU_SECONDS, MEMORY_MORE);
	enum spicecfg_status status =
	    validate(work->ctx, work->schema, work->run, work->domain, work->bytes, work->len, work->memory, &faults, &count);
	for (size_t i = 0; !status && i < count; i++) {
		sc_helper_put(reply, &faults[i].node, sizeof(faults[i].node));
		sc_helper_put(reply, faults[i].attr ? faults[i].attr : "", faults[i].attr ? strlen(faults[i].attr) : 0);
		sc_helper_put(reply, faults[i].message, strlen(faults[i].message));
	}
	return status;
}

static bool take_fault(const struct sc_buf *reply, size_t *at, struct sc_arena *memory, struct sc_schema_fault *fault)
{
	const char *data;
	size_t len;

	if (!sc_helper_get(reply, at, &data, &len) || len != sizeof(fault->node))
		return false;
	memcpy(&fault->node, data, len);
	if (!sc_helper_get(reply, at, &data, &len))
		return false;
	fault->attr = len ? sc_arena_strndup(memory, data, len) : NULL;
	return sc_helper_get(reply, at, &data, &len) && (fault->message = sc_arena_strndup(memory, data, len));
}

enum spicecfg_status sc_schema_check(struct spicecfg_ctx *ctx, struct sc_schema *schema, struct sc_schema_run **run,
				     const struct sc_domain *domain, const char *bytes, size_t len, struct sc_arena *memory,
				     struct sc_schema_fault **faults, size_t *count)
{
	struct work task = {ctx, schema, run, domain, bytes, len, memory};
	SC_BUF reply = SC_BUF_INIT;
	size_t at = 0;

	*count = 0;
	*faults = sc_arena_alloc(memory, SC_SCHEMA_FAULTS * sizeof(**faults));
	/* Made here, so that not every child has to make them. */
	if (!*faults || (!*run && make_run(ctx, schema, run)))
		return sc_fail_memory(ctx);
	(void)relaxed_schema(schema);
	if (sc_helper_run(ctx, "the validation", NULL, WALL_SECONDS, work, &task, &reply)) {
		sc_let_go(ctx);
		(*faults)[(*count)++] = (struct sc_schema_fault){domain->root, NULL, "not validated: too large for libvirt's schema"};
		return SPICECFG_OK;
	}
	while (*count < SC_SCHEMA_FAULTS && take_fault(&reply, &at, memory, &(*faults)[*count]))
		++*count;
	return at == reply.len ? SPICECFG_OK : sc_fail_memory(ctx);
}
