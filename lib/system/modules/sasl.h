/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libsasl2, through the module "sasl": bytes in, bytes out; the work is done in a forked process. */
#ifndef SC_SYSTEM_MODULES_SASL_H
#define SC_SYSTEM_MODULES_SASL_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "model/sasl.h"

/*
 * A user database. Berkeley DB, gdbm and lmdb keep it in the file that sasldb_path names (suffix ""), ndbm (SUSE) in two files with the
 * suffixes ".pag" and ".dir".
 */
enum { SC_SASLDB_FILES = 2 };
struct sc_sasldb_file {
	const char *suffix;
	struct sc_buf bytes;
};
struct sc_sasldb {
	struct sc_sasldb_file file[SC_SASLDB_FILES];
	size_t n_files;   /* 0: no database yet */
	const char *name; /* for messages; NULL: none */
};
void sc_sasldb_free(struct sc_sasldb *db);
#define SC_SASLDB __attribute__((cleanup(sc_sasldb_free))) struct sc_sasldb

enum sc_sasl_do {
	SC_SASL_SET,    /* add the user with this password, or set its password */
	SC_SASL_REMOVE, /* remove the user */
};

/* One edit of a database. */
struct sc_sasl_edit {
	enum sc_sasl_do what;
	const char *user;
	const char *realm;    /* never NULL */
	const char *password; /* SC_SASL_SET */
	size_t password_len;
};

/* A SASL server with the properties of QEMU's. */
struct sc_sasl_server {
	const char *conf; /* the bytes of its SASL file (any directory); NULL: there is none */
	size_t conf_len;
	const char *conf_dir; /* instead of conf: the value of SASL_CONF_PATH, directories as libsasl2 reads them */
	unsigned ssf;         /* bits of the channel's TLS cipher; 0: no TLS */
	const char *user;     /* the account that QEMU runs as; NULL: don't switch accounts */
	uid_t uid;
	gid_t gid;
};

struct sc_module_sasl {
	/*
	 * Builds a new database from old with the edits applied. It is always written from scratch, because removed and replaced passwords
	 * would stay readable in the old pages. If old already matches the edits, *changed is false and out is empty. With old->n_files 0
	 * and no edits it makes an empty database.
	 */
	enum spicecfg_status (*edit)(struct spicecfg_ctx *ctx, const struct sc_sasldb *old, const struct sc_sasl_edit *edits,
				     size_t n_edits, struct sc_sasldb *out, bool *changed);
	/* Lists the users, sorted by name and realm, in arena memory. SPICECFG_INPUT: it is not a user database, or is damaged. */
	enum spicecfg_status (*list)(struct spicecfg_ctx *ctx, const struct sc_sasldb *db, struct sc_arena *arena,
				     struct sc_sasl_user **users, size_t *n_users);
	/* The mechanisms that libsasl2 offers with the properties that spice-server sets: names separated by spaces, "" if none, in arena
	 * memory. */
	enum spicecfg_status (*offers)(struct spicecfg_ctx *ctx, const struct sc_sasl_server *server, struct sc_arena *arena,
				       const char **names);
	/*
	 * Performs a whole exchange of client and server, as between a Spice client and QEMU. mechanisms: those the client may use (NULL:
	 * the best that is offered). *admitted is the result, *mechanism the one used (NULL: none), *why the server's message (NULL: none).
	 */
	enum spicecfg_status (*login)(struct spicecfg_ctx *ctx, const struct sc_sasl_server *server, const char *mechanisms,
				      const char *user, const char *password, size_t password_len, struct sc_arena *arena, bool *admitted,
				      const char **mechanism, const char **why);
	/* True if the server plugin ("scram") is installed in libsasl2's own directory. */
	bool (*has_plugin)(const char *plugin);
};

/* The module; NULL with the error recorded. */
const struct sc_module_sasl *sc_sasl(struct spicecfg_ctx *ctx);

#endif
