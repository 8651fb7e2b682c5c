/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* user list. */
#include <stdlib.h>

#include "base/rows.h"
#include "system/login/sasl_plan.h"

struct spicecfg_users {
	struct sc_rows rows;
};

static void add(void *opaque, const char *user, const char *realm)
{
	struct sc_rows *rows = opaque;
	struct spicecfg_user *own = sc_rows_add(rows, sizeof(*own));

	if (own)
		*own = (struct spicecfg_user){sc_rows_text(rows, user), sc_rows_text(rows, realm)};
}

enum spicecfg_status spicecfg_user_list(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, struct spicecfg_users **out)
{
	sc_ctx_enter(ctx);
	struct spicecfg_users *users = calloc(1, sizeof(*users));
	enum spicecfg_status status = users ? sc_user_list(ctx, vm, add, &users->rows) : sc_fail_memory(ctx);

	if (!status && users->rows.failed)
		status = sc_fail_memory(ctx);
	*out = status ? NULL : users;
	if (status)
		spicecfg_users_free(users);
	return status;
}

const struct spicecfg_user *spicecfg_users_get(const struct spicecfg_users *users, size_t index)
{
	return sc_rows_get(&users->rows, index, sizeof(struct spicecfg_user));
}

void spicecfg_users_free(struct spicecfg_users *users)
{
	if (users)
		sc_rows_free(&users->rows);
	free(users);
}
