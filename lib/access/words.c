/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access/access.h"

#include <string.h>

const char *sc_reach_name(enum sc_reach reach)
{
	static const char *const names[] = {"network", "loopback", "socket", "ssh", "libvirt"};

	return names[reach];
}

const char *sc_via_name(enum sc_via via)
{
	static const char *const names[] = {"none", "ticket", "sasldb", "pam", "acl", "key", "libvirt"};

	return names[via];
}

const char *sc_access_name(enum sc_access verdict)
{
	static const char *const names[] = {"deny", "unknown", "allow"};

	return names[verdict];
}

const char *sc_access_join(const struct sc_access_fact *fact)
{
	static const char *const prepositions[] = {" on", " until"};
	size_t len = strlen(fact->what);

	for (size_t i = 0; i < sizeof(prepositions) / sizeof(*prepositions); i++) {
		size_t end = strlen(prepositions[i]);

		if (len > end && strcmp(fact->what + len - end, prepositions[i]) == 0)
			return " ";
	}
	return ": ";
}

const char *sc_subject_name(const struct sc_subject *subject, struct sc_arena *memory)
{
	switch (subject->who) {
	case SC_WHO_ANYBODY:
		return "anybody";
	case SC_WHO_HOLDER:
		return "holder";
	case SC_WHO_USER:
		return sc_arena_printf(memory, "user:%s", subject->name);
	case SC_WHO_GROUP:
		return sc_arena_printf(memory, "group:%s", subject->name);
	case SC_WHO_LOGIN:
		return sc_arena_printf(memory, "login:%s@%s", subject->name, subject->realm);
	}
	return NULL;
}
