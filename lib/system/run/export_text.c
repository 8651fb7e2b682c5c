/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* export: lines, names of sections, users, and comments about what is left out. */
#include <stdarg.h>
#include <string.h>

#include "base/grow.h"
#include "system/libvirt/vm.h"
#include "system/run/export.h"

enum { USERS_MAX = 1000 };

void sc_export_put(struct sc_export *export, struct sc_export_section *section, unsigned group, const char *key, const char *value)
{
	const char *own = value && sc_policy_can_write(value) ? sc_arena_strdup(export->memory, value) : NULL;
	struct sc_policy_line *lines = own ? sc_arena_grow(export->memory, section->lines, section->n, sizeof(*lines)) : NULL;

	export->failed |= value && sc_policy_can_write(value) && !lines;
	if (!lines)
		return;
	section->lines = lines;
	lines[section->n++] = (struct sc_policy_line){key, own, group, false};
}

const char *sc_export_label(struct sc_export *export, const char *kind, const char *name)
{
	const char *label = sc_policy_label(export->memory, kind, name), *first = label;
	struct sc_table_entry *entry = label ? sc_table_add_text(&export->labels, label) : NULL;

	for (size_t n = 2; entry && entry->times++; n++) {
		label = sc_arena_printf(export->memory, "%s-%zu", first, n);
		entry = label ? sc_table_add_text(&export->labels, label) : NULL;
	}
	export->failed |= !entry;
	return entry ? label : NULL;
}

void sc_export_comment(struct sc_export *export, const char *format, ...)
{
	SC_BUF text = SC_BUF_INIT;
	va_list args;

	va_start(args, format);
	sc_buf_vaddf(&text, format, args);
	va_end(args);
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f)
			text.data[i] = '?';
	sc_buf_addf(&export->out, "%s; %s\n", export->out.len ? "\n" : "", sc_buf_text(&text));
	export->failed |= text.failed;
}

enum spicecfg_status sc_export_left_out(struct sc_export *export, const char *what)
{
	sc_export_comment(export, "%s left out: %s", what, export->ctx->error.message);
	sc_let_go(export->ctx);
	return sc_settle(export->ctx);
}

static enum spicecfg_status add_users(struct sc_export *export, const struct spicecfg_users *users, const char *name)
{
	const struct spicecfg_user *user;

	for (size_t i = 0; (user = spicecfg_users_get(users, i)); i++) {
		const char *login = sc_arena_printf(export->memory, "%s@%s", user->name, user->realm);
		const char *label = login ? sc_export_label(export, "user", user->name) : NULL;
		struct sc_export_section section = {.name = label};

		if (!label)
			return sc_fail_memory(export->ctx);
		sc_export_put(export, &section, 0, "user", sc_policy_accept_user(login) ? login : NULL);
		if (section.n && name)
			sc_export_put(export, &section, 0, "vm", name);
		if (section.n == (name ? 2 : 1)) {
			sc_export_put(export, &section, 0, "password", "generate");
			sc_policy_write(&export->out, section.name, section.lines, section.n, false);
		} else {
			sc_export_comment(export, "a user is left out, because a policy can't have its name");
		}
	}
	return export->failed ? sc_fail_memory(export->ctx) : SPICECFG_OK;
}

enum spicecfg_status sc_export_users(struct sc_export *export, struct spicecfg_vm *vm)
{
	struct spicecfg_users *users;
	enum spicecfg_status status = spicecfg_user_list(export->ctx, vm, &users);

	if (status)
		return sc_export_left_out(export, "users are");
	if (spicecfg_users_get(users, USERS_MAX))
		sc_export_comment(export, "the users of %s are left out: there are more than %d", vm ? vm->label : "the host", USERS_MAX);
	else
		status = add_users(export, users, vm ? vm->name : NULL);
	spicecfg_users_free(users);
	return status;
}
