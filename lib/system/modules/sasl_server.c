/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <sasl/sasl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "system/modules/sasl_impl.h"

enum {
	SECONDS = 30 /* pam_faildelay, and slow directory services behind saslauthd */,
	MIN_SSF = 56,
	SERVER_BUFFER = 8192,
	CLIENT_BUFFER = 100000
};

/* Used in the child. */
struct work {
	const struct sc_sasl_server *server;
	const char *dir; /* contains qemu.conf; NULL: server->conf_dir */
	const char *mechanisms, *user, *password;
	size_t password_len;
	char log[512];
	sasl_callback_t server_callbacks[2]; /* libsasl2 keeps the pointer */
	sasl_conn_t *server_conn, *client_conn;
};

static int log_line(void *context, int level, const char *message)
{
	struct work *work = context;

	if (level <= SASL_LOG_WARN && level != SASL_LOG_NONE)
		snprintf(work->log, sizeof(work->log), "%s", message);
	return SASL_OK;
}

static int get_name(void *context, int id, const char **result, unsigned *len)
{
	const struct work *work = context;

	if (id != SASL_CB_AUTHNAME && id != SASL_CB_USER)
		return SASL_BADPARAM;
	*result = work->user;
	if (len)
		*len = (unsigned)strlen(work->user);
	return SASL_OK;
}

static int get_secret(sasl_conn_t *conn, void *context, int id, sasl_secret_t **secret)
{
	const struct work *work = context;

	(void)conn;
	if (id != SASL_CB_PASS)
		return SASL_BADPARAM;
	*secret = calloc(1, sizeof(**secret) + work->password_len + 1);
	if (!*secret)
		return SASL_NOMEM;
	(*secret)->len = work->password_len;
	memcpy((*secret)->data, work->password, work->password_len);
	return SASL_OK;
}

/* The properties that red_sasl_start_auth() of spice-server sets, and those of spice-gtk's spice-channel.c. */
static int set_security(sasl_conn_t *conn, unsigned ssf, unsigned buffer)
{
	sasl_security_properties_t props = {.maxbufsize = buffer};

	if (ssf) {
		sasl_ssf_t external = ssf;
		int result = sasl_setprop(conn, SASL_SSF_EXTERNAL, &external);

		if (result != SASL_OK)
			return result;
	} else {
		props.min_ssf = MIN_SSF;
		props.max_ssf = CLIENT_BUFFER;
		props.security_flags = SASL_SEC_NOANONYMOUS | SASL_SEC_NOPLAINTEXT;
	}
	return sasl_setprop(conn, SASL_SEC_PROPS, &props);
}

static enum spicecfg_status start_server(struct work *work, struct sc_buf *reply)
{
	static const char address[] = "127.0.0.1;5900";
	const struct sc_sasl_server *server = work->server;
	const char *dir = work->dir ? work->dir : server->conf_dir;

	work->server_callbacks[0] = (sasl_callback_t){SASL_CB_LOG, (int (*)(void))(intptr_t)log_line, work};
	work->server_callbacks[1] = (sasl_callback_t){SASL_CB_LIST_END, NULL, NULL};
	if (server->user && sc_helper_become(server->user, server->uid, server->gid) != 0) {
		sc_buf_addf(reply, "can't switch to the account %s: %s", server->user, strerror(errno));
		return SPICECFG_SYSTEM;
	}
	unsetenv("SASL_PATH");
	if (dir)
		setenv("SASL_CONF_PATH", dir, 1);
	else
		unsetenv("SASL_CONF_PATH");
	int result = sasl_server_init(work->server_callbacks, "qemu");
	if (result == SASL_OK)
		result = sasl_server_new("spice", NULL, NULL, address, address, NULL, SASL_SUCCESS_DATA, &work->server_conn);
	if (result == SASL_OK)
		result = set_security(work->server_conn, server->ssf, SERVER_BUFFER);
	if (result == SASL_OK)
		return SPICECFG_OK;
	sc_buf_addf(reply, "libsasl2 can't start with the settings of QEMU's server: %s",
		    work->log[0] ? work->log : sasl_errstring(result, NULL, NULL));
	return SPICECFG_SYSTEM;
}

static const char *list(struct work *work)
{
	const char *names = NULL;

	if (sasl_listmech(work->server_conn, NULL, "", " ", "", &names, NULL, NULL) != SASL_OK)
		return "";
	return names;
}

static enum spicecfg_status run_offers(void *opaque, struct sc_buf *reply)
{
	struct work *work = opaque;
	enum spicecfg_status status = start_server(work, reply);

	if (status == SPICECFG_OK)
		sc_buf_adds(reply, list(work));
	return status;
}

static int exchange(struct work *work, const char *names, const char **mechanism)
{
	const char *out = NULL, *in = NULL;
	unsigned out_len = 0, in_len = 0;
	sasl_interact_t *asks = NULL;
	int client = sasl_client_start(work->client_conn, names, &asks, &out, &out_len, mechanism);

	if (client != SASL_OK && client != SASL_CONTINUE)
		return client;
	int server = sasl_server_start(work->server_conn, *mechanism, out, out_len, &in, &in_len);
	for (int step = 0; step < 16 && server == SASL_CONTINUE; step++) {
		client = sasl_client_step(work->client_conn, in, in_len, &asks, &out, &out_len);
		if (client != SASL_OK && client != SASL_CONTINUE)
			return client;
		server = sasl_server_step(work->server_conn, out, out_len, &in, &in_len);
	}
	return server;
}

/* Without TLS spice-server drops a client that has negotiated no encryption layer (auth_sasl_check_ssf). */
static bool layer_serves(const struct work *work)
{
	const void *value = NULL;

	if (work->server->ssf)
		return true;
	return sasl_getprop(work->server_conn, SASL_SSF, &value) == SASL_OK && value && *(const sasl_ssf_t *)value >= MIN_SSF;
}

/* Reply: "1" or "0", the mechanism, the reason. */
static enum spicecfg_status run_login(void *opaque, struct sc_buf *reply)
{
	struct work *work = opaque;
	const sasl_callback_t callbacks[] = {
	    {SASL_CB_LOG, (int (*)(void))(intptr_t)log_line, work},
	    {SASL_CB_USER, (int (*)(void))(intptr_t)get_name, work},
	    {SASL_CB_AUTHNAME, (int (*)(void))(intptr_t)get_name, work},
	    {SASL_CB_PASS, (int (*)(void))(intptr_t)get_secret, work},
	    {SASL_CB_LIST_END, NULL, NULL},
	};
	enum spicecfg_status status = start_server(work, reply);

	if (status != SPICECFG_OK)
		return status;
	const char *names = list(work), *mechanism = NULL, *why;
	int result = SASL_NOMECH;
	bool admitted = false;
	if (*names) {
		result = sasl_client_init(callbacks);
		if (result == SASL_OK)
			result = sasl_client_new("spice", "localhost", NULL, NULL, callbacks, SASL_SUCCESS_DATA, &work->client_conn);
		if (result == SASL_OK)
			result = set_security(work->client_conn, work->server->ssf, CLIENT_BUFFER);
		if (result == SASL_OK)
			result = exchange(work, work->mechanisms ? work->mechanisms : names, &mechanism);
		admitted = result == SASL_OK && layer_serves(work);
	}
	why = !*names ? "no mechanism is offered" : work->log[0] ? work->log : sasl_errstring(result, NULL, NULL);
	sc_helper_put(reply, admitted ? "1" : "0", 1);
	sc_helper_put(reply, mechanism ? mechanism : "", mechanism ? strlen(mechanism) : 0);
	sc_helper_put(reply, admitted ? "" : why, admitted ? 0 : strlen(why));
	return SPICECFG_OK;
}

static enum spicecfg_status prepare(struct spicecfg_ctx *ctx, struct work *work, struct sc_tempdir *dir)
{
	const struct sc_sasl_server *server = work->server;
	char path[sizeof(dir->path) + 16];

	if (server->conf_dir)
		return SPICECFG_OK;
	if (sc_tempdir_make_in(ctx, dir) != 0 || (server->conf && !sc_tempdir_write(dir, "qemu.conf", server->conf, server->conf_len)))
		return sc_fail(ctx, SPICECFG_SYSTEM, "Free some space in /run or /tmp.",
			       "can't create a private directory for a copy of the SASL file: %s", strerror(errno));
	work->dir = dir->path;
	snprintf(path, sizeof(path), "%s/qemu.conf", dir->path);
	if (!server->user || geteuid() != 0)
		return SPICECFG_OK;
	/* The private directory belongs to root: the account must be able to enter it. */
	if (chown(dir->path, server->uid, server->gid) != 0 || (server->conf && chown(path, server->uid, server->gid) != 0))
		return sc_fail(ctx, SPICECFG_SYSTEM, NULL, "can't give the copy of the SASL file to %s: %s", server->user, strerror(errno));
	return SPICECFG_OK;
}

static const char fix[] = "Correct the SASL file, and make sure that the packages with libsasl2's mechanisms are installed.";

enum spicecfg_status sc_sasl_offers(struct spicecfg_ctx *ctx, const struct sc_sasl_server *server, struct sc_arena *arena,
				    const char **names)
{
	struct work work = {.server = server};
	SC_TEMPDIR dir = {.lock = -1};
	SC_BUF reply = SC_BUF_INIT;
	enum spicecfg_status status = prepare(ctx, &work, &dir);

	if (status == SPICECFG_OK)
		status = sc_helper_run(ctx, "the list of SASL mechanisms", fix, SECONDS, run_offers, &work, &reply);
	if (status != SPICECFG_OK)
		return status;
	*names = sc_arena_strndup(arena, sc_buf_text(&reply), reply.len);
	return *names ? SPICECFG_OK : sc_fail_memory(ctx);
}

enum spicecfg_status sc_sasl_login(struct spicecfg_ctx *ctx, const struct sc_sasl_server *server, const char *mechanisms, const char *user,
				   const char *password, size_t password_len, struct sc_arena *arena, bool *admitted,
				   const char **mechanism, const char **why)
{
	struct work work = {.server = server, .mechanisms = mechanisms, .user = user, .password = password, .password_len = password_len};
	SC_TEMPDIR dir = {.lock = -1};
	SC_BUF reply = SC_BUF_INIT;
	size_t at = 0, len = 0;
	const char *data = "";
	enum spicecfg_status status = prepare(ctx, &work, &dir);

	*admitted = false;
	*mechanism = *why = NULL;
	if (status == SPICECFG_OK)
		status = sc_helper_run(ctx, "the SASL login", fix, SECONDS, run_login, &work, &reply);
	if (status != SPICECFG_OK)
		return status;
	*admitted = sc_helper_get(&reply, &at, &data, &len) && len == 1 && *data == '1';
	if (sc_helper_get(&reply, &at, &data, &len) && len)
		*mechanism = sc_arena_strndup(arena, data, len);
	if (sc_helper_get(&reply, &at, &data, &len) && len)
		*why = sc_arena_strndup(arena, data, len);
	return SPICECFG_OK;
}
