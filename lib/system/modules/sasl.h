/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libsasl2, through the module "sasl": bytes in, bytes out; its work is done in a forked process. */
#ifndef SC_SYSTEM_MODULES_SASL_H
#define SC_SYSTEM_MODULES_SASL_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/ctx.h"

/*
 * A user database. Berkeley DB, gdbm and lmdb keep it in the file sasldb_path names (suffix ""), ndbm (SUSE) in a pair with the suffixes
 * ".pag" and ".dir".
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
	SC_SASL_SET,    /* the user is there with this password */
	SC_SASL_REMOVE, /* the user is not there */
};

/* One edit of a database. */
struct sc_sasl_edit {
	enum sc_sasl_do what;
	const char *user;
	const char *realm;    /* never NULL */
	const char *password; /* SC_SASL_SET */
	size_t password_len;
};

struct sc_sasl_user {
	const char *user;
	const char *realm;
};

/* A server as QEMU would be it. */
struct sc_sasl_server {
	const char *conf; /* the bytes of its SASL file (any directory); NULL: there is none */
	size_t conf_len;
	const char *conf_dir; /* in place of conf: the directories of SASL_CONF_PATH, as libsasl2 takes them */
	unsigned ssf;         /* bits of the channel's TLS cipher; 0: no TLS */
	const char *user;     /* the account that QEMU runs as; NULL: stay */
	uid_t uid;
	gid_t gid;
};

struct sc_module_sasl {
	/*
	 * Builds a new database of old with the edits: always from scratch, for removed and replaced passwords stay readable in the old
	 * pages. *changed is false, and out empty, when the edits are so already. With old->n_files 0 and no edits it makes an empty
	 * database.
	 */
	enum spicecfg_status (*edit)(struct spicecfg_ctx *ctx, const struct sc_sasldb *old, const struct sc_sasl_edit *edits,
				     size_t n_edits, struct sc_sasldb *out, bool *changed);
	/* The users, sorted by name and realm, in arena memory. SPICECFG_INPUT: no database of users, or damaged. */
	enum spicecfg_status (*list)(struct spicecfg_ctx *ctx, const struct sc_sasldb *db, struct sc_arena *arena,
				     struct sc_sasl_user **users, size_t *n_users);
	/* What libsasl2 offers with spice-server's own properties: names with spaces between, "" when none, in arena memory. */
	enum spicecfg_status (*offers)(struct spicecfg_ctx *ctx, const struct sc_sasl_server *server, struct sc_arena *arena,
				       const char **names);
	/*
	 * A whole exchange, client and server, as a Spice client has it with QEMU. mechanisms: what the client may use (NULL: the best that
	 * is offered). *admitted tells; *mechanism which one was used (NULL: none), *why what the server said (NULL: nothing).
	 */
	enum spicecfg_status (*login)(struct spicecfg_ctx *ctx, const struct sc_sasl_server *server, const char *mechanisms,
				      const char *user, const char *password, size_t password_len, struct sc_arena *arena, bool *admitted,
				      const char **mechanism, const char **why);
	/* True when the server plugin ("scram") is installed in libsasl2's own directory. */
	bool (*has_plugin)(const char *plugin);
};

/* The module; NULL with the error recorded. */
const struct sc_module_sasl *sc_sasl(struct spicecfg_ctx *ctx);

#endif
