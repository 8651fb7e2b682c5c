/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/check/check_host.h"

#include <stdlib.h>
#include <string.h>

#include "system/facts/hostfacts.h"
#include "system/facts/hostgather.h"
#include "system/os/file.h"

enum { FACTS_SIZE_MAX = 16 * 1024 * 1024 };

/* "9", "9.0", "9.0.0" as 9000000; 0: not a version. *end is after it. */
static unsigned parse_version(const char *text, const char **end)
{
	unsigned long part[3] = {0};
	char *at = (char *)text;

	for (size_t i = 0; i < 3; i++) {
		if (*at < '0' || *at > '9')
			return 0;
		part[i] = strtoul(at, &at, 10);
		if (part[i] > 999)
			return 0;
		if (*at != '.' || i == 2)
			break;
		at++;
	}
	*end = at;
	return (unsigned)(part[0] * 1000000 + part[1] * 1000 + part[2]);
}

/* Sets the versions that text names; false: it is not a list of versions. */
static bool parse_versions(const char *text, unsigned *libvirt, unsigned *qemu)
{
	for (const char *at = text, *end = NULL; *at; at = *end ? end + 1 : end) {
		unsigned *place = strncmp(at, "libvirt=", 8) == 0 ? libvirt : strncmp(at, "qemu=", 5) == 0 ? qemu : NULL;
		unsigned version = place ? parse_version(strchr(at, '=') + 1, &end) : 0;

		if (!version || (*end && *end != ',') || (*end && !end[1]))
			return false;
		*place = version;
	}
	return *text;
}

bool sc_check_knows_versions(const char *text)
{
	unsigned libvirt, qemu;

	return parse_versions(text, &libvirt, &qemu);
}

static enum spicecfg_status read_versions(struct spicecfg_ctx *ctx, const char *text, struct sc_host *host)
{
	if (parse_versions(text, &host->version.libvirt, &host->version.qemu))
		return SPICECFG_OK;
	return sc_fail(ctx, SPICECFG_USAGE, "Write it as libvirt=9.0,qemu=7.2; either of them may be omitted.",
		       "'%s' is not a list of versions", text);
}

static enum spicecfg_status read_facts(struct spicecfg_ctx *ctx, const char *path, struct sc_host **out)
{
	SC_BUF bytes = SC_BUF_INIT;
	enum spicecfg_status status = sc_file_read(ctx, path, true, false, FACTS_SIZE_MAX, &bytes, NULL);

	return status ? status : sc_hostfacts_read(ctx, path, sc_buf_text(&bytes), bytes.len, out);
}

/* A qemu.conf that is given takes precedence: what the facts say about theirs is dropped. */
static enum spicecfg_status drop_conf(struct spicecfg_ctx *ctx, struct sc_host *host)
{
	SC_HOST_FACTS *stock = sc_host_new(ctx);

	if (!stock)
		return SPICECFG_SYSTEM;
	sc_table_free(&host->conf.keys);
	free(host->conf.entries);
	host->conf = stock->conf;
	return SPICECFG_OK;
}

enum spicecfg_status sc_check_host(struct spicecfg_ctx *ctx, const struct spicecfg_check_options *options, bool files_only,
				   struct sc_host **out, bool *live)
{
	enum spicecfg_status status = SPICECFG_OK;

	*out = NULL;
	*live = !options->host_facts && !options->no_host && (!files_only || sc_host_gather_possible(ctx));
	if (options->host_facts)
		status = read_facts(ctx, options->host_facts, out);
	else if (!(*out = sc_host_new(ctx)))
		status = SPICECFG_SYSTEM;
	if (!status && *live)
		status = sc_host_gather_settings(ctx, !options->qemu_conf, *out);
	if (!status && options->qemu_conf && options->host_facts)
		status = drop_conf(ctx, *out);
	if (!status && options->qemu_conf)
		status = sc_host_gather_conf_file(ctx, options->qemu_conf, *out);
	if (!status && options->versions)
		status = read_versions(ctx, options->versions, *out);
	return status;
}
