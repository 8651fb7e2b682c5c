/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's facts for a check elsewhere: those that any domain may need, and those that the host's own domains need. */
#include <spicecfg/host.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/libvirt.h"
#include "system/facts/hostfacts.h"
#include "system/facts/hostgather.h"
#include "system/libvirt/virt.h"
#include "system/os/file.h"
#include "system/os/look.h"

static enum spicecfg_status tell_domain(struct spicecfg_ctx *ctx, struct sc_host *host, const char *name, const char *bytes, size_t len)
{
	SC_XML *doc = NULL;
	struct sc_domain *domain = NULL;
	enum spicecfg_status status = sc_xml_parse(ctx, name, bytes, len, &doc);

	if (!status)
		status = sc_domain_read(ctx, doc, &domain);
	if (!status)
		status = sc_host_gather_domain(ctx, host, domain);
	sc_domain_free(domain);
	return status;
}

/* The definitions that libvirt keeps in files, so that no daemon is needed. One that can't be read is logged and left out. */
static enum spicecfg_status tell_domains(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	char **names = sc_look_list(ctx, SC_DOMAINS_DIR, host->memory);
	enum spicecfg_status status = SPICECFG_OK;

	for (; names && *names && !status; names++) {
		SC_BUF bytes = SC_BUF_INIT;
		char *path = sc_text_ends(*names, ".xml") ? sc_arena_printf(host->memory, SC_DOMAINS_DIR "/%s", *names) : NULL;

		if (!path)
			continue;
		status = sc_file_read(ctx, path, false, false, SC_XML_SIZE_MAX, &bytes, NULL);
		if (!status)
			status = tell_domain(ctx, host, path, sc_buf_text(&bytes), bytes.len);
		if (status != SPICECFG_INPUT)
			continue;
		const struct spicecfg_error *error = spicecfg_ctx_error(ctx);
		sc_log(ctx, SPICECFG_LOG_WARNING, "%s is omitted: %s", path, error ? error->message : "");
		sc_look_error(ctx, path);
		status = sc_settle(ctx);
	}
	return status;
}

enum spicecfg_status spicecfg_host_facts(struct spicecfg_ctx *ctx, const char *qemu_conf, char **json)
{
	sc_ctx_enter(ctx);

	SC_BUF text = SC_BUF_INIT;

	*json = NULL;
	sc_unread_clear(ctx->unread);
	if (!ctx->root && sc_virt_uri_is_remote(sc_virt_uri(ctx)))
		return sc_fail(ctx, SPICECFG_USAGE, "Run spicecfg on that host.", "the facts of another host can't be gathered through %s",
			       sc_virt_uri(ctx));
	SC_HOST_FACTS *host = sc_host_new(ctx);
	if (!host)
		return SPICECFG_SYSTEM;
	enum spicecfg_status status = sc_host_gather(ctx, !qemu_conf, host);
	if (!status && qemu_conf)
		status = sc_host_gather_conf_file(ctx, qemu_conf, host);
	if (!status)
		status = sc_host_gather_any(ctx, host);
	if (!status)
		status = tell_domains(ctx, host);
	if (!status)
		status = sc_hostfacts_write(ctx, host, &text);
	if (status)
		return status;
	*json = sc_buf_steal(&text, NULL);
	return *json ? SPICECFG_OK : sc_fail_memory(ctx);
}
