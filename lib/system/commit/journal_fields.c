/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/journal_fields.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

const struct sc_tx_field sc_tx_fields[] = {
    {"document", offsetof(struct sc_tx_step, document), false},
    {"path", offsetof(struct sc_tx_step, path), false},
    {"temp", offsetof(struct sc_tx_step, temp), false},
    {"uri", offsetof(struct sc_tx_step, uri), false},
    {"uuid", offsetof(struct sc_tx_step, uuid), false},
    {"action", offsetof(struct sc_tx_step, action[0]), false},
    {"argument-1", offsetof(struct sc_tx_step, action[1]), false},
    {"argument-2", offsetof(struct sc_tx_step, action[2]), false},
    {"argument-3", offsetof(struct sc_tx_step, action[3]), false},
    {"process", offsetof(struct sc_tx_step, process), false},
    {"outside", offsetof(struct sc_tx_step, outside), true},
    {"no-links", offsetof(struct sc_tx_step, no_links), true},
    {"secret", offsetof(struct sc_tx_step, secret), true},
    {"masked", offsetof(struct sc_tx_step, masked), true},
    {NULL, 0, false},
};

const struct sc_tx_field sc_tx_who_fields[] = {
    {"uid", offsetof(struct sc_tx_who, uid), false},
    {"login-uid", offsetof(struct sc_tx_who, login_uid), false},
    {"sudo-user", offsetof(struct sc_tx_who, sudo_user), false},
    {"verb", offsetof(struct sc_tx_who, verb), false},
    {"message", offsetof(struct sc_tx_who, message), false},
    {"diff", offsetof(struct sc_tx_who, diff), false},
    {NULL, 0, false},
};

static const char *const step_names[SC_STEP_TYPES] = {
    [SC_STEP_MKDIR] = "mkdir",   [SC_STEP_FILE] = "file", [SC_STEP_ACL] = "acl",
    [SC_STEP_DEFINE] = "define", [SC_STEP_LIVE] = "live", [SC_STEP_ACTION] = "action",
};

static const struct {
	const char *name;
	mode_t type;
} types[] = {{"file", S_IFREG}, {"directory", S_IFDIR}, {"socket", S_IFSOCK}, {"definition", 0}};

const char **sc_tx_text(void *of, const struct sc_tx_field *field)
{
	return field->flag ? NULL : (const char **)(void *)((char *)of + field->at);
}

bool *sc_tx_flag(void *of, const struct sc_tx_field *field)
{
	return field->flag ? (bool *)(void *)((char *)of + field->at) : NULL;
}

const char *sc_tx_step_name(enum sc_step_type type)
{
	return step_names[type];
}

bool sc_tx_step_type(const char *name, enum sc_step_type *type)
{
	for (size_t i = 0; i < SC_STEP_TYPES; i++) {
		*type = (enum sc_step_type)i;
		if (strcmp(step_names[i], name) == 0)
			return true;
	}
	return false;
}

const char *sc_tx_type_name(mode_t mode)
{
	size_t i = 0;

	while (i < sizeof(types) / sizeof(*types) - 1 && types[i].type != (mode & S_IFMT))
		i++;
	return types[i].name;
}

bool sc_tx_type(const char *name, mode_t *mode)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i].name, name) == 0) {
			*mode = (*mode & 07777) | types[i].type;
			return true;
		}
	return false;
}
