/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pam_time as saslauthd asks it: its file, and the local time of the host. */
#include <string.h>

#include "access/access_impl.h"
#include "access/pam_words.h"
#include "doc/pamtime.h"

enum { SUCCESS = 1 << SC_PAM_SUCCESS, DENIED = 1 << SC_PAM_PERM_DENIED };

static const char service[] = "spice";

/* The time by the clock of saslauthd; false: unknown. */
static bool find_time(const struct sc_access_look *look, struct sc_wall *now)
{
	const struct sc_zone_fact *zone = &look->host->logins.zone;
	const struct sc_sasl_fact *sasl = look->vm->sasl;

	if (!look->question->instant || zone->known != SC_TRUE || (sasl && sasl->zoned) ||
	    !sc_zone_wall(zone->data, zone->len, look->question->instant, now))
		return false;
	if (zone->elsewhere)
		(void)sc_access_say(look,
				    &(struct sc_access_fact){"the zone's file is missing below the root: that of this machine is used for",
							     zone->name, "/etc/localtime", 0, SC_ACCESS_ALLOW});
	return true;
}

unsigned sc_access_pam_time(const struct sc_access_look *look, const char *args, const struct sc_access_person *person,
			    struct sc_pam_reason *reason)
{
	struct sc_access_file_options options;
	struct sc_wall now;

	sc_access_file_options_read(args, "conffile=", SC_PAM_TIME_CONF, &options);
	const struct sc_pam_list_fact *list = options.foreign ? NULL : sc_host_pam_list(look->host, options.file);
	/* it ignores a missing file */
	if (list && list->exists == SC_FALSE)
		return SUCCESS;
	if (!list || list->exists != SC_TRUE || !list->text) {
		reason->why = "the file of pam_time could not be read";
		return SUCCESS | DENIED;
	}
	const struct sc_pamtime_login login = {service, person->name, find_time(look, &now) ? &now : NULL};
	enum sc_pamtime answer = sc_pamtime_ask(list->text, list->len, &login, &reason->line);
	reason->list = answer == SC_PAMTIME_ADMITS ? NULL : list->path;
	if (answer == SC_PAMTIME_UNCLEAR)
		reason->why = login.now ? "a rule with hours that can't be evaluated" : "a rule with hours, at a time that is unknown";
	return answer == SC_PAMTIME_ADMITS ? SUCCESS : answer == SC_PAMTIME_DENIES ? DENIED : SUCCESS | DENIED;
}
