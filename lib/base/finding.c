/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/finding.h"

#include "base/fix.h"

static const char lost[] = "out of memory";

static bool copy_text(struct sc_arena *arena, const char **text)
{
	const char *old = *text;

	*text = sc_arena_strdup(arena, old);
	return !old || *text;
}

static bool copy_fix(struct sc_arena *arena, const struct spicecfg_fix **fix)
{
	const struct spicecfg_fix *old = *fix;

	*fix = sc_fix_copy(arena, old);
	return !old || *fix;
}

static bool copy_message(struct sc_arena *arena, const char **message)
{
	bool fine = copy_text(arena, message);

	if (!*message)
		*message = lost;
	return fine;
}

bool sc_finding_copy(struct sc_arena *arena, const struct spicecfg_finding *finding, struct spicecfg_finding *out)
{
	*out = *finding;
	bool message = copy_message(arena, &out->message), path = copy_text(arena, &out->path);
	bool file = copy_text(arena, &out->file), fix = copy_fix(arena, &out->fix);
	bool target = copy_text(arena, &out->target);
	return message && path && file && fix && target;
}

void sc_error_copy(struct sc_arena *arena, const struct spicecfg_error *error, struct spicecfg_error *out)
{
	*out = *error;
	out->unrestored = NULL;
	(void)copy_message(arena, &out->message);
	(void)copy_text(arena, &out->file);
	(void)copy_fix(arena, &out->fix);
}
