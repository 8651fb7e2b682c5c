/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/virt.h"

#include <spicecfg/vm.h>

#include <stdlib.h>
#include <string.h>

#include "system/modules.h"

/* What ctx->connection points to. */
struct connection {
	const struct sc_virt_ops *ops;
	void *conn;
	bool readonly;
};

static void connection_free(void *opaque)
{
	struct connection *connection = opaque;

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
	struct connection *connection = connection_of(ctx);
	const char *uri = sc_virt_uri(ctx);

	if (!connection)
		return NULL;
	if (connection->conn && connection->readonly && !readonly) {
		connection->ops->close(connection->conn);
		connection->conn = NULL;
	}
	if (connection->conn)
		return connection->conn;
	/* An unprivileged user gets no full connection to the system daemon: to show, a read-only one does. */
	connection->readonly = false;
	connection->conn = connection->ops->open(uri, false);
	if (!connection->conn && readonly) {
		connection->readonly = true;
		connection->conn = connection->ops->open(uri, true);
	}
	if (!connection->conn)
		(void)sc_fail(ctx, SPICECFG_SYSTEM,
			      "Check that the daemon runs and that you may use it, or name another URI with --connect.",
			      "libvirt can't be reached at %s: %s", uri, connection->ops->error());
	return connection->conn;
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

bool sc_virt_is_system(const struct spicecfg_ctx *ctx)
{
	const char *uri = sc_virt_uri(ctx);

	return strncmp(uri, "qemu", 4) == 0 && strstr(uri, "/system") && !sc_virt_uri_is_remote(uri);
}
