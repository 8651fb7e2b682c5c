/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TARGET words, and the definitions that they refer to. */
#include "system/libvirt/vm.h"
#include "stage/stage.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fix.h"
#include "model/domain.h"
#include "model/libvirt.h"
#include "system/libvirt/virt.h"
#include "system/libvirt/vm_list.h"
#include "system/os/file.h"
#include "system/os/place.h"

static enum spicecfg_status set_text(struct spicecfg_ctx *ctx, char **place, const char *text)
{
	free(*place);
	*place = strdup(text);
	return *place ? SPICECFG_OK : sc_fail_memory(ctx);
}

/* Name and UUID from the definition, which is parsed for that: a malformed one is refused here. */
static enum spicecfg_status read_identity(struct spicecfg_vm *vm)
{
	struct sc_xml *doc = NULL;
	struct sc_domain *domain = NULL;
	enum spicecfg_status status = sc_xml_parse(vm->ctx, vm->label, sc_buf_text(&vm->xml), vm->xml.len, &doc);

	if (!status)
		status = sc_domain_read(vm->ctx, doc, &domain);
	if (!status)
		status = set_text(vm->ctx, &vm->name, domain->name);
	if (!status && domain->uuid)
		status = set_text(vm->ctx, &vm->uuid, domain->uuid);
	sc_domain_free(domain);
	sc_xml_free(doc);
	return status;
}

/* libvirtd keeps its definitions in memory: an edit of its files would be lost, or, worse, take effect in part. */
enum spicecfg_status sc_vm_refuse_live(struct spicecfg_ctx *ctx, const char *path)
{
	char buffer[PATH_MAX];
	const char *tail, *real = realpath(path, buffer);

	if (!real) /* a new file; if it has to be read, the read reports the error */
		real = path;
	bool system_wide = strncmp(real, SC_DOMAINS_DIR "/", strlen(SC_DOMAINS_DIR "/")) == 0;
	tail = strstr(real, "/.config" SC_SESSION_DOMAINS_DIR "/");
	if (!system_wide && !tail)
		return SPICECFG_OK;
	return sc_fail_at(ctx, SPICECFG_USAGE, (struct sc_where){.file = path},
			  "Name the domain instead of its file, or use --root for another host's tree.",
			  "belongs to libvirtd, which would not notice an edit");
}

static enum spicecfg_status open_file(struct spicecfg_vm *vm, const char *path, bool readonly)
{
	enum spicecfg_status status = readonly ? SPICECFG_OK : sc_vm_refuse_live(vm->ctx, path);
	char real[PATH_MAX];

	vm->kind = SC_VM_FILE;
	if (!status)
		status = set_text(vm->ctx, &vm->label, path);
	if (!status)
		status = set_text(vm->ctx, &vm->document, path);
	/* A symlink stays: its target is edited. */
	if (!status && !readonly)
		status = sc_place_file(vm->ctx, path, SPICECFG_INPUT, real);
	if (!status)
		status = sc_file_read(vm->ctx, path, true, false, SC_XML_SIZE_MAX, &vm->xml, NULL);
	if (!status)
		status = set_text(vm->ctx, &vm->path, readonly && !realpath(path, real) ? path : real);
	return status ? status : read_identity(vm);
}

static enum spicecfg_status open_stdin(struct spicecfg_vm *vm)
{
	enum spicecfg_status status = set_text(vm->ctx, &vm->label, "-");

	vm->kind = SC_VM_STDIN;
	if (!status)
		status = set_text(vm->ctx, &vm->document, "-");
	if (!status)
		status = sc_file_read_stream(vm->ctx, "-", STDIN_FILENO, SC_XML_SIZE_MAX, &vm->xml);
	return status ? status : read_identity(vm);
}

static enum spicecfg_status read_domain(struct spicecfg_vm *vm, const struct sc_virt_ops *ops)
{
	bool secure = !sc_virt_is_readonly(vm->ctx);
	char *xml = ops->xml(vm->domain, true, secure);

	if (!xml)
		return sc_fail(vm->ctx, SPICECFG_SYSTEM, "See whether the daemon is well: its log says more.",
			       "domain '%s' can't be read: %s", vm->label, ops->error());
	sc_buf_adds(&vm->xml, xml);
	sc_wipe_free(xml, strlen(xml));
	return vm->xml.failed ? sc_fail_memory(vm->ctx) : SPICECFG_OK;
}

/* Name and UUID from libvirt, without the definition. */
static enum spicecfg_status name_domain(struct spicecfg_vm *vm, const struct sc_virt_ops *ops)
{
	char uuid[37] = "";
	enum spicecfg_status status = set_text(vm->ctx, &vm->name, ops->name(vm->domain));

	ops->uuid(vm->domain, uuid);
	vm->is_running = ops->was_active(vm->domain);
	if (!status)
		status = set_text(vm->ctx, &vm->uuid, uuid);
	if (!status)
		status = set_text(vm->ctx, &vm->label, vm->name);
	if (!status && asprintf(&vm->document, "domain:%s", vm->name) < 0)
		status = sc_fail_memory(vm->ctx);
	return status;
}

/* Whether the definition begins with the name in question: the domain was not renamed since. */
static bool has_name(const struct spicecfg_vm *vm, const char *name)
{
	const char *text = sc_buf_text(&vm->xml), *at = strstr(text, "<name>"), *end = strchr(text, '\n');
	size_t len = strlen(name);

	/* libvirt writes it right after the root's tag; names with characters that XML escapes are looked up */
	return at && end && at < end + 8 && strncmp(at + 6, name, len) == 0 && strncmp(at + 6 + len, "</name>", 7) == 0;
}

/* A domain that was listed a moment ago needs no look-up. False: look it up, and report any error. */
static bool open_kept(struct spicecfg_vm *vm, const char *word, bool readonly)
{
	const struct sc_virt_ops *ops = sc_virt(vm->ctx);

	vm->domain = sc_virt_kept(vm->ctx, word);
	if (!vm->domain)
		return false;
	/* a running one may be transient, or may have stopped since */
	bool serves = readonly || !ops->was_active(vm->domain);
	if (serves && name_domain(vm, ops) == SPICECFG_OK && read_domain(vm, ops) == SPICECFG_OK && has_name(vm, word))
		return true;
	sc_let_go(vm->ctx);
	ops->domain_free(vm->domain);
	vm->domain = NULL;
	free(vm->document);
	vm->document = NULL;
	sc_buf_free(&vm->xml);
	return false;
}

static enum spicecfg_status open_domain(struct spicecfg_vm *vm, const char *word, bool readonly)
{
	void *conn = sc_virt_connection(vm->ctx, readonly);
	bool missing;

	if (!conn)
		return SPICECFG_SYSTEM;
	const struct sc_virt_ops *ops = sc_virt(vm->ctx);
	vm->kind = SC_VM_DOMAIN;
	if (open_kept(vm, word, readonly))
		return SPICECFG_OK;
	vm->domain = ops->lookup(conn, word, &missing);
	if (!vm->domain && missing) {
		(void)sc_fail(vm->ctx, SPICECFG_INPUT,
			      "See '`spicecfg show`' for the domains; the name of a file contains '/' or ends in .xml.",
			      "there is no domain '%s' at %s", word, sc_virt_uri(vm->ctx));
		sc_vm_suggest(vm->ctx, word);
		return SPICECFG_INPUT;
	}
	if (!vm->domain)
		return sc_fail(vm->ctx, SPICECFG_SYSTEM, "See whether the daemon is well: its log says more.",
			       "domain '%s' can't be looked up: %s", word, ops->error());
	enum spicecfg_status status = name_domain(vm, ops);
	if (status)
		return status;
	/* A domain that is not running is persistent. */
	if (!readonly && vm->is_running && ops->is_persistent(vm->domain) == 0)
		return sc_fail(vm->ctx, SPICECFG_INPUT, "Define it first: `virsh dumpxml`, `virsh define`.",
			       "domain '%s' is transient: it has no definition that can be changed", word);
	return read_domain(vm, ops);
}

static enum spicecfg_status fail_no_domain(struct spicecfg_vm *vm, const char *word)
{
	(void)sc_fail(vm->ctx, SPICECFG_INPUT, "See '`spicecfg show`' for the domains.", "there is no domain '%s' below %s" SC_DOMAINS_DIR,
		      word, vm->ctx->root);
	sc_vm_suggest(vm->ctx, word);
	return SPICECFG_INPUT;
}

/* With a root, a domain is the file that libvirt keeps it in. */
static enum spicecfg_status open_name(struct spicecfg_vm *vm, const char *word)
{
	SC_BUF path = SC_BUF_INIT;

	sc_buf_addf(&path, SC_DOMAINS_DIR "/%s.xml", word);
	if (path.failed)
		return sc_fail_memory(vm->ctx);
	enum spicecfg_status status = set_text(vm->ctx, &vm->label, word);
	if (!status)
		status = set_text(vm->ctx, &vm->path, path.data);
	if (!status && asprintf(&vm->document, "domain:%s", word) < 0)
		status = sc_fail_memory(vm->ctx);
	if (!status)
		status = sc_file_read(vm->ctx, path.data, false, false, SC_XML_SIZE_MAX, &vm->xml, NULL);
	return status ? status : read_identity(vm);
}

static enum spicecfg_status find_name(const struct spicecfg_vm *vm, const char *word, bool *found)
{
	SC_BUF path = SC_BUF_INIT;

	*found = false;
	sc_buf_addf(&path, SC_DOMAINS_DIR "/%s.xml", word);
	if (path.failed)
		return sc_fail_memory(vm->ctx);
	*found = !strchr(word, '/') && sc_file_exists(vm->ctx, path.data);
	return SPICECFG_OK;
}

static enum spicecfg_status open_root(struct spicecfg_vm *vm, const char *word)
{
	char *name = NULL;
	bool found;

	vm->kind = SC_VM_ROOT_FILE;
	enum spicecfg_status status = find_name(vm, word, &found);
	if (status || found)
		return status ? status : open_name(vm, word);
	status = sc_vm_name_of_uuid(vm->ctx, word, &name);
	if (!status)
		status = name ? open_name(vm, name) : fail_no_domain(vm, word);
	free(name);
	return status;
}

static enum spicecfg_status open_word(struct spicecfg_vm *vm, const char *word, bool readonly)
{
	const char *name;
	enum sc_target kind = sc_target_read(word, &name);

	if (kind == SC_TARGET_STDIN)
		return open_stdin(vm);
	if (kind == SC_TARGET_FILE)
		return open_file(vm, name, readonly);
	return vm->ctx->root ? open_root(vm, name) : open_domain(vm, name, readonly);
}

/* While a plan is on the stage, a definition of libvirt is what the plan will define. Those in files are read from there anyway. */
static enum spicecfg_status take_staged(struct spicecfg_vm *vm)
{
	const struct sc_staged *staged = vm->kind == SC_VM_DOMAIN && vm->uuid ? sc_stage_find_domain(vm->ctx->stage, vm->uuid) : NULL;

	return staged ? sc_vm_set_xml(vm, staged->bytes, staged->len) : SPICECFG_OK;
}

enum spicecfg_status spicecfg_vm_open(struct spicecfg_ctx *ctx, const char *target, bool readonly, struct spicecfg_vm **out)
{
	sc_ctx_enter(ctx);
	return sc_vm_open(ctx, target, readonly, out);
}

enum spicecfg_status sc_vm_open(struct spicecfg_ctx *ctx, const char *target, bool readonly, struct spicecfg_vm **out)
{
	struct spicecfg_vm *vm = calloc(1, sizeof(*vm));

	*out = NULL;
	if (!vm)
		return sc_fail_memory(ctx);
	vm->ctx = ctx;
	enum spicecfg_status status = open_word(vm, target, readonly);
	if (!status)
		status = take_staged(vm);
	if (status) {
		spicecfg_vm_free(vm);
		return status;
	}
	*out = vm;
	return SPICECFG_OK;
}

void spicecfg_vm_free(struct spicecfg_vm *vm)
{
	if (!vm)
		return;
	if (vm->domain)
		sc_virt(vm->ctx)->domain_free(vm->domain);
	sc_buf_free(&vm->xml);
	sc_buf_free(&vm->as_read);
	sc_buf_free(&vm->running);
	free(vm->label);
	free(vm->document);
	free(vm->path);
	free(vm->name);
	free(vm->uuid);
	free(vm);
}

enum spicecfg_status sc_vm_read_running(struct spicecfg_vm *vm, bool secure)
{
	if (!vm->is_running || vm->running.len)
		return SPICECFG_OK;
	const struct sc_virt_ops *ops = sc_virt(vm->ctx);
	char *xml = ops->xml(vm->domain, false, secure && !sc_virt_is_readonly(vm->ctx));
	if (!xml)
		return sc_fail(vm->ctx, SPICECFG_SYSTEM, "See whether the daemon is well: its log says more.",
			       "the running domain '%s' can't be read: %s", vm->label, ops->error());
	sc_buf_adds(&vm->running, xml);
	sc_wipe_free(xml, strlen(xml));
	return vm->running.failed ? sc_fail_memory(vm->ctx) : SPICECFG_OK;
}

void sc_vm_reset_xml(struct spicecfg_vm *vm)
{
	if (!vm->as_read.data)
		return;
	sc_buf_free(&vm->xml);
	vm->xml = vm->as_read;
	vm->as_read = (struct sc_buf)SC_BUF_INIT;
}

enum spicecfg_status sc_vm_set_xml(struct spicecfg_vm *vm, const char *bytes, size_t len)
{
	sc_vm_reset_xml(vm);
	vm->as_read = vm->xml;
	vm->xml = (struct sc_buf)SC_BUF_INIT;
	sc_buf_add(&vm->xml, bytes, len);
	return vm->xml.failed ? sc_fail_memory(vm->ctx) : SPICECFG_OK;
}

const char *spicecfg_vm_name(const struct spicecfg_vm *vm)
{
	return vm->name;
}

const char *spicecfg_vm_label(const struct spicecfg_vm *vm)
{
	return vm->label;
}

const char *spicecfg_vm_uuid(const struct spicecfg_vm *vm)
{
	return vm->uuid;
}

bool spicecfg_vm_is_domain(const struct spicecfg_vm *vm)
{
	return vm->kind == SC_VM_DOMAIN || vm->kind == SC_VM_ROOT_FILE;
}

bool spicecfg_vm_is_running(const struct spicecfg_vm *vm)
{
	return vm->is_running;
}

bool spicecfg_vm_is_stdin(const struct spicecfg_vm *vm)
{
	return vm->kind == SC_VM_STDIN;
}
