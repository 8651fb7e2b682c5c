/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/facts/sasldb_users.h"

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"

/* Databases that are kept, and users of each: a host has one, and each VM can have one. */
enum { KEPT = 64, USERS = 1000 };

struct kept {
	char digest[SC_SHA256_HEX];
	struct sc_sasl_user *users;
	size_t n;
};

struct listed {
	struct sc_arena *memory;
	struct kept kept[KEPT];
	size_t n;
};

static void listed_free(void *opaque)
{
	struct listed *listed = opaque;

	sc_arena_free(listed->memory);
	free(listed);
}

static void digest_of(const struct sc_sasldb *db, char hex[SC_SHA256_HEX])
{
	struct sc_sha256 sum;

	sc_sha256_begin(&sum);
	for (size_t i = 0; i < db->n_files; i++) {
		const struct sc_sasldb_file *file = &db->file[i];

		sc_sha256_add(&sum, file->suffix, strlen(file->suffix) + 1);
		sc_sha256_add(&sum, &file->bytes.len, sizeof(file->bytes.len));
		sc_sha256_add(&sum, file->bytes.data, file->bytes.len);
	}
	sc_sha256_end(&sum, hex);
}

static bool copy(struct sc_arena *memory, const struct sc_sasl_user *from, size_t n, struct sc_sasl_user **out)
{
	struct sc_sasl_user *users = sc_arena_alloc(memory, (n + 1) * sizeof(*users));

	for (size_t i = 0; users && i < n; i++) {
		users[i] = (struct sc_sasl_user){sc_arena_strdup(memory, from[i].user), sc_arena_strdup(memory, from[i].realm)};
		if (!users[i].user || !users[i].realm)
			return false;
	}
	*out = users;
	return users;
}

/* Where memory is short, the database is read again. */
static void keep(struct spicecfg_ctx *ctx, const char *digest, const struct sc_sasl_user *users, size_t n)
{
	struct listed *listed = ctx->listed;

	if (n > USERS)
		return;
	if (!listed && (listed = calloc(1, sizeof(*listed)))) {
		listed->memory = sc_arena_new();
		if (listed->memory) {
			ctx->listed = listed;
			ctx->listed_free = listed_free;
		} else {
			free(listed);
			listed = NULL;
		}
	}
	if (!listed || listed->n == KEPT)
		return;
	struct kept *kept = &listed->kept[listed->n];
	memcpy(kept->digest, digest, sizeof(kept->digest));
	kept->n = n;
	listed->n += copy(listed->memory, users, n, &kept->users);
}

enum spicecfg_status sc_sasldb_users(struct spicecfg_ctx *ctx, const struct sc_sasldb *db, struct sc_arena *memory,
				     struct sc_sasl_user **users, size_t *n)
{
	const struct listed *listed = ctx->listed;
	char digest[SC_SHA256_HEX];

	digest_of(db, digest);
	for (size_t i = 0; listed && i < listed->n; i++)
		if (strcmp(listed->kept[i].digest, digest) == 0) {
			*n = listed->kept[i].n;
			return copy(memory, listed->kept[i].users, *n, users) ? SPICECFG_OK : sc_fail_memory(ctx);
		}
	const struct sc_module_sasl *sasl = sc_sasl(ctx);
	enum spicecfg_status status = sasl ? sasl->list(ctx, db, memory, users, n) : SPICECFG_SYSTEM;
	if (!status)
		keep(ctx, digest, *users, *n);
	return status;
}
