/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How clients open a VM's console: reads what lib/access/client.h needs. */
#include <spicecfg/viewer.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access/client.h"
#include "system/facts/hostgather.h"
#include "system/libvirt/vm.h"
#include "system/load/load.h"
#include "system/os/names.h"
#include "system/pki/pki.h"

struct spicecfg_viewer {
	struct sc_arena *memory;
	struct sc_xml *doc;
	struct sc_domain *domain;
	struct sc_host *host;
	struct spicecfg_pki *pki;
	struct sc_client client;
	struct sc_client_answer answer;
	struct spicecfg_viewer_command *commands; /* those of the answer */
};

static const char *const reaches[] = {"network", "loopback", "socket", "ssh", "libvirt", NULL};

/* It becomes a word of ssh, where a dash would begin an option. The host's own name may come from a tree that anybody made, or from DNS. */
static bool is_host(const char *name)
{
	return *name && *name != '-' && !strpbrk(name, " \t\n/@?#");
}

static enum spicecfg_status check_request(struct spicecfg_ctx *ctx, const struct spicecfg_viewer_request *request)
{
	if (request->host && !is_host(request->host))
		return sc_fail(ctx, SPICECFG_USAGE, "Give a name or an address.", "'%s' is not the name of a host", request->host);
	/* of ssh, too */
	if (request->user && (!*request->user || *request->user == '-' || strpbrk(request->user, " \t\n/:")))
		return sc_fail(ctx, SPICECFG_USAGE, "Give a login name.", "'%s' is not the name of a user", request->user);
	if (request->reach && sc_word_find(reaches, request->reach) < 0)
		return sc_fail(ctx, SPICECFG_USAGE, "Use network, loopback, socket, ssh or libvirt.", "'%s' is not a way to a console",
			       request->reach);
	return SPICECFG_OK;
}

/* The definition of the running VM, which has the ports that libvirt chose, else the one that the next start uses. */
static enum spicecfg_status read_domain(struct spicecfg_vm *vm, struct spicecfg_viewer *viewer)
{
	enum spicecfg_status status = sc_vm_read_running(vm, false);
	const struct sc_buf *xml = vm->running.len ? &vm->running : &vm->xml;

	if (!status)
		status = sc_xml_parse(vm->ctx, vm->label, sc_buf_text(xml), xml->len, &viewer->doc);
	return status ? status : sc_domain_read(vm->ctx, viewer->doc, &viewer->domain);
}

static enum spicecfg_status read_host(struct spicecfg_vm *vm, struct spicecfg_viewer *viewer)
{
	struct spicecfg_ctx *ctx = vm->ctx;

	viewer->host = sc_host_new(ctx);
	if (!viewer->host)
		return SPICECFG_SYSTEM;
	if (sc_vm_is_own(vm))
		return sc_host_gather(ctx, true, viewer->host);
	viewer->host->conf.spice_tls = true;
	return SPICECFG_OK;
}

static long long port_of(const struct spicecfg_vm *vm, const struct sc_console *console, bool tls)
{
	const struct sc_graphics *graphics = console->graphics;
	long long running = !graphics ? 0 : tls ? graphics->tls_port.value : graphics->port.value;

	if (tls ? !console->open_tls : !console->open_plain)
		return 0;
	if (vm->running.len && running > 0)
		return running;
	if (tls ? console->auto_tls : console->auto_port)
		return -1;
	return tls ? console->qemu_tls_port : console->qemu_port;
}

static bool is_named(const struct spicecfg_cert *cert, const char *host)
{
	const char *const *const lists[] = {cert->dns, cert->ip};

	for (size_t i = 0; i < 2; i++)
		for (const char *const *name = lists[i]; name && *name; name++)
			if (strcasecmp(*name, host) == 0)
				return true;
	/* the common name counts where the certificate has no other names */
	return !(cert->dns && *cert->dns) && !(cert->ip && *cert->ip) && cert->common_name && strcasecmp(cert->common_name, host) == 0;
}

/* RFC 2253 writes the parts of a name from the last to the first; clients compare them from the first to the last. */
static const char *in_order(struct sc_arena *memory, const char *subject)
{
	SC_BUF out = SC_BUF_INIT;
	size_t end = strlen(subject);

	for (size_t at = end; at-- > 0;) {
		size_t escapes = 0;

		while (at && subject[at - 1] == ',' && escapes < at - 1 && subject[at - 2 - escapes] == '\\')
			escapes++;
		/* a comma behind an odd number of backslashes is part of a value */
		if (at && (subject[at - 1] != ',' || escapes % 2))
			continue;
		sc_buf_addf(&out, "%s%.*s", out.len ? "," : "", (int)(end - at), subject + at);
		end = at ? at - 1 : 0;
	}
	return out.failed ? NULL : sc_arena_strdup(memory, sc_buf_text(&out));
}

/* What can't be read is reported as a note: the commands are right without it. */
static void read_certificates(struct spicecfg_ctx *ctx, struct spicecfg_viewer *viewer)
{
	const struct spicecfg_pki_request request = {.size = sizeof(request)};
	struct sc_client *client = &viewer->client;
	char *pem = NULL;

	if (sc_pki_open(ctx, &request, &viewer->pki) == SPICECFG_OK && spicecfg_pki_view(viewer->pki)->n_chain) {
		const struct spicecfg_cert *cert = spicecfg_pki_view(viewer->pki)->chain;

		client->named = is_named(cert, client->host);
		client->subject = in_order(viewer->memory, cert->subject);
	}
	if (sc_pki_ca_text(ctx, &request, &pem) == SPICECFG_OK)
		client->ca = sc_arena_strdup(viewer->memory, pem);
	free(pem);
	sc_let_go(ctx);
}

static enum spicecfg_status refuse_reach(struct spicecfg_ctx *ctx, const struct spicecfg_viewer *viewer, const char *reach)
{
	const struct sc_client *client = &viewer->client;
	const struct sc_console *console = client->console;

	if (strcmp(reach, "libvirt") == 0)
		return sc_fail(ctx, SPICECFG_FINDINGS, "Use --reach network or ssh.",
			       "the channels of '%s' use TLS only, which virt-viewer does not by way of libvirt", client->name);
	if (console->unix_socket)
		return sc_fail(ctx, SPICECFG_FINDINGS, "Use --reach socket, ssh or libvirt.",
			       "the console of '%s' is on a Unix socket, which can't be reached by '%s'", client->name, reach);
	if (client->port < 0 || client->tls_port < 0)
		return sc_fail(ctx, SPICECFG_FINDINGS, "Ask again while the VM is running, or use --reach libvirt.",
			       "libvirt chooses the port of '%s' when the VM starts", client->name);
	if (strcmp(reach, "socket") == 0)
		return sc_fail(ctx, SPICECFG_FINDINGS, "Use --reach network, ssh or libvirt.",
			       "the console of '%s' is not on a Unix socket", client->name);
	if (!client->port && !client->tls_port)
		return sc_fail(ctx, SPICECFG_FINDINGS, "Use --reach libvirt.", "the console of '%s' has no port", client->name);
	return sc_fail(ctx, SPICECFG_FINDINGS, "Use --reach ssh or libvirt.",
		       "the console of '%s' listens on %s, which can't be reached by '%s'", client->name,
		       console->address ? console->address : "an unknown address", reach);
}

static enum spicecfg_status answer(struct spicecfg_vm *vm, const struct spicecfg_viewer_request *request, struct spicecfg_viewer *viewer)
{
	struct spicecfg_ctx *ctx = vm->ctx;
	struct sc_client *client = &viewer->client;
	const char *fqdn = NULL, *name = request->host ? NULL : sc_names_host(ctx, viewer->memory, &fqdn);
	const struct sc_launch *launch = sc_launch_plan(viewer->domain, viewer->host, viewer->memory);

	if (!launch)
		return sc_fail_memory(ctx);
	const struct sc_console *console = launch->spice;
	if (!console || console->broken)
		return sc_fail(ctx, SPICECFG_INPUT, "Add one: `spicecfg set-listen TARGET address 127.0.0.1`",
			       "the VM has no Spice console");
	*client = (struct sc_client){.console = console,
				     .name = spicecfg_vm_name(vm),
				     .host = request->host ? request->host
					     : fqdn        ? fqdn
							   : name,
				     .host_given = request->host,
				     .user = request->user,
				     .socket = console->socket,
				     .port = console->unix_socket ? 0 : port_of(vm, console, false),
				     .tls_port = console->unix_socket ? 0 : port_of(vm, console, true),
				     .sound = viewer->domain->sounds.count > 0,
				     .forward_x11 = request->x11,
				     .memory = viewer->memory};
	if (!client->host || !is_host(client->host))
		return sc_fail(ctx, SPICECFG_INPUT, "Give it with --host.", "the host's own name is not known, or not the name of a host");
	client->host = sc_arena_strdup(viewer->memory, client->host);
	client->name = sc_arena_strdup(viewer->memory, client->name);
	client->user = sc_arena_strdup(viewer->memory, request->user);
	if (!client->host || !client->name || (request->user && !client->user))
		return sc_fail_memory(ctx);
	if (client->tls_port && sc_vm_is_own(vm))
		read_certificates(ctx, viewer);
	sc_client_commands(client, request->reach, &viewer->answer);
	viewer->commands = sc_arena_alloc(viewer->memory, (viewer->answer.n_commands + 1) * sizeof(*viewer->commands));
	if (viewer->answer.failed || !viewer->commands)
		return sc_fail_memory(ctx);
	for (size_t i = 0; i < viewer->answer.n_commands; i++) {
		const struct sc_client_command *command = &viewer->answer.commands[i];

		viewer->commands[i] = (struct spicecfg_viewer_command){command->reach, command->place == SC_CLIENT_ON_HOST, command->fix};
	}
	if (request->reach && !viewer->answer.n_commands)
		return refuse_reach(ctx, viewer, request->reach);
	return SPICECFG_OK;
}

enum spicecfg_status spicecfg_viewer_read(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, const struct spicecfg_viewer_request *request,
					  struct spicecfg_viewer **out)
{
	sc_ctx_enter(ctx);
	struct spicecfg_viewer_request own;
	struct spicecfg_viewer *viewer = calloc(1, sizeof(*viewer));
	enum spicecfg_status status = sc_ctx_take(ctx, &own, sizeof(own), request);

	*out = NULL;
	if (!viewer || !(viewer->memory = sc_arena_new())) {
		free(viewer);
		return sc_fail_memory(ctx);
	}
	if (!status)
		status = check_request(ctx, &own);
	if (!status)
		status = read_domain(vm, viewer);
	if (!status)
		status = read_host(vm, viewer);
	if (!status)
		status = answer(vm, &own, viewer);
	if (status)
		spicecfg_viewer_free(viewer);
	else
		*out = viewer;
	return status;
}

const struct spicecfg_viewer_command *spicecfg_viewer_command(const struct spicecfg_viewer *viewer, size_t index)
{
	return index < viewer->answer.n_commands ? &viewer->commands[index] : NULL;
}

const char *spicecfg_viewer_note(const struct spicecfg_viewer *viewer, size_t index)
{
	return index < viewer->answer.n_notes ? viewer->answer.notes[index] : NULL;
}

static enum spicecfg_status fill(struct spicecfg_plan *plan, const struct spicecfg_viewer *viewer, const char *file)
{
	const char *text = sc_client_file(&viewer->client);
	struct sc_pki_file target = {0};

	if (!text)
		return sc_fail(plan->ctx, SPICECFG_FINDINGS, "Ask again while the VM is running.",
			       "the port or socket of '%s' is not known", viewer->client.name);
	enum spicecfg_status status = sc_pki_output_read(plan->ctx, file, &target);
	if (!status) {
		const struct sc_pki_put put = {.file = &target,
					       .new = text,
					       .new_len = strlen(text),
					       .from = "something else",
					       .to = "connection file",
					       .effects = SPICECFG_EFFECT_NOW};

		status = sc_pki_add_file(plan, &put);
	}
	sc_buf_free(&target.bytes);
	return status;
}

enum spicecfg_status spicecfg_plan_viewer(struct spicecfg_plan *plan, const struct spicecfg_viewer *viewer, const char *file)
{
	enum spicecfg_status status = sc_plan_enter(plan);

	return status ? status : sc_plan_leave(plan, fill(plan, viewer, file));
}

void spicecfg_viewer_free(struct spicecfg_viewer *viewer)
{
	if (!viewer)
		return;
	spicecfg_pki_free(viewer->pki);
	sc_host_free(viewer->host);
	sc_domain_free(viewer->domain);
	sc_xml_free(viewer->doc);
	sc_arena_free(viewer->memory);
	free(viewer);
}
