/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/libvirt/virt.h"

#include <spicecfg/vm.h>

#include <stdlib.h>
#include <string.h>

#include "system/os/clock.h"
#include "system/os/modules.h"

/* The object that ctx->connection points to. */
struct connection {
	const struct sc_virt_ops *ops;
	void *conn;
	bool readonly;
	struct kept {
		const char *name;
		void *domain;
	} * kept; /* sorted by name */
	size_t n_kept;
	int64_t kept_until;
};

enum { KEEP_MS = 10 * 1000 };

static void forget(struct connection *connection)
{
	for (size_t i = 0; i < connection->n_kept; i++)
		connection->ops->domain_free(connection->kept[i].domain);
	free(connection->kept);
	connection->kept = NULL;
	connection->n_kept = 0;
}

static void connection_free(void *opaque)
{
	struct connection *connection = opaque;

	forget(connection);
	if (connection->conn)
		connection->ops->close(connection->conn);
	free(connection);
}

static struct connection *connection_of(struct spicecfg_ctx *ctx)
{
	struct connection *connection = ctx->connection;

	if (connection)
		return connection;
	const struct sc_virt_ops *ops = sc_module(ctx, "virt");
	if (!ops)
		return NULL;
	connection = calloc(1, sizeof(*connection));
	if (!connection) {
		(void)sc_fail_memory(ctx);
		return NULL;
	}
	connection->ops = ops;
	ctx->connection = connection;
	ctx->connection_free = connection_free;
	return connection;
}

const struct sc_virt_ops *sc_virt(struct spicecfg_ctx *ctx)
{
	struct connection *connection = connection_of(ctx);

	return connection ? connection->ops : NULL;
}

const char *sc_virt_uri(const struct spicecfg_ctx *ctx)
{
	const char *uri = ctx->uri;

	if (!uri)
		uri = secure_getenv("LIBVIRT_DEFAULT_URI");
	return uri && *uri ? uri : "qemu:///system";
}

void *sc_virt_connection(struct spicecfg_ctx *ctx, bool readonly)
{
	const char *uri = sc_virt_uri(ctx);

	if (ctx->root) {
		(void)sc_fail(ctx, SPICECFG_USAGE, "Omit --root.", "with --root no daemon is contacted");
		return NULL;
	}
	struct connection *connection = connection_of(ctx);
	if (!connection)
		return NULL;
	if (connection->conn && connection->readonly && !readonly) {
		forget(connection);
		connection->ops->close(connection->conn);
		connection->conn = NULL;
	}
	if (connection->conn)
		return connection->conn;
	/* The system daemon refuses an unprivileged user a full connection: a read-only one is enough to show. */
	connection->readonly = false;
	connection->conn = connection->ops->open(uri, false);
	if (!connection->conn && readonly) {
		connection->readonly = true;
		connection->conn = connection->ops->open(uri, true);
	}
	if (!connection->conn)
		(void)sc_fail(ctx, SPICECFG_SYSTEM,
			      "Check that the daemon is running and that you may use it, or name another URI with --connect.",
			      "libvirt can't be reached at %s: %s", uri, connection->ops->error());
	return connection->conn;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct kept *)a)->name, ((const struct kept *)b)->name);
}

void sc_virt_keep(struct spicecfg_ctx *ctx, void **domains)
{
	struct connection *connection = ctx->connection;
	size_t n = 0;

	while (domains[n])
		n++;
	forget(connection);
	/* a domain that can't be kept is looked up later */
	connection->kept = calloc(n + 1, sizeof(*connection->kept));
	for (size_t i = 0; i < n; i++) {
		if (connection->kept)
			connection->kept[connection->n_kept++] = (struct kept){connection->ops->name(domains[i]), domains[i]};
		else
			connection->ops->domain_free(domains[i]);
	}
	free(domains);
	if (connection->n_kept)
		qsort(connection->kept, connection->n_kept, sizeof(*connection->kept), by_name);
	connection->kept_until = sc_clock_ms() + KEEP_MS;
}

void *sc_virt_kept(struct spicecfg_ctx *ctx, const char *name)
{
	struct connection *connection = ctx->connection;
	const struct kept key = {name, NULL}, *found = NULL;

	if (connection->n_kept && sc_clock_ms() >= connection->kept_until)
		forget(connection);
	if (connection->n_kept)
		found = bsearch(&key, connection->kept, connection->n_kept, sizeof(key), by_name);
	return found ? connection->ops->domain_ref(found->domain) : NULL;
}

bool sc_virt_is_readonly(const struct spicecfg_ctx *ctx)
{
	const struct connection *connection = ctx->connection;

	return connection && connection->conn && connection->readonly;
}

bool sc_virt_uri_is_remote(const char *uri)
{
	const char *slashes = uri ? strstr(uri, "://") : NULL;

	return slashes && slashes[3] != '/' && slashes[3] != '\0';
}

bool spicecfg_ctx_is_remote(const struct spicecfg_ctx *ctx)
{
	return !ctx->root && sc_virt_uri_is_remote(sc_virt_uri(ctx));
}

bool spicecfg_ctx_is_host(const struct spicecfg_ctx *ctx)
{
	return !ctx->root && sc_virt_is_system(ctx);
}

bool sc_virt_is_system(const struct spicecfg_ctx *ctx)
{
	const char *uri = sc_virt_uri(ctx);

	return strncmp(uri, "qemu", 4) == 0 && strstr(uri, "/system") && !sc_virt_uri_is_remote(uri);
}
