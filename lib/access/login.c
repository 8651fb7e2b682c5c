/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The second part of a way: nothing, a ticket, the user database, saslauthd. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access/access_impl.h"
#include "base/time.h"

static enum sc_access say_file(const struct sc_access_look *look, const char *what, const char *value, enum sc_access answer)
{
	const struct sc_sasl_fact *sasl = look->vm->sasl;

	return sc_access_say(look, &(struct sc_access_fact){what, value, sasl ? sasl->file : NULL, 0, answer});
}

/* Whether the SASL file says anything: ALLOW, if it was examined. */
static enum sc_access examine_file(const struct sc_access_look *look)
{
	const struct sc_sasl_fact *sasl = look->vm->sasl;

	if (!sasl)
		return say_file(look, "the SASL directory was not examined", NULL, SC_ACCESS_UNKNOWN);
	if (sasl->state == SC_SASL_FILE_BROKEN)
		return sc_access_say(look, &(struct sc_access_fact){"libsasl2 refuses the SASL file: QEMU does not start", NULL, sasl->file,
								    sasl->line, SC_ACCESS_DENY});
	if (sasl->state == SC_SASL_FILE_UNKNOWN || (sasl->state == SC_SASL_FILE_OK && sasl->reads != SC_TRUE))
		return say_file(look, "a SASL file that could not be read", sasl->file, SC_ACCESS_UNKNOWN);
	if (sasl->confined)
		return say_file(look, "AppArmor denies QEMU the file", sasl->confined, SC_ACCESS_UNKNOWN);
	return SC_ACCESS_ALLOW;
}

static enum sc_access say_service(const struct sc_access_look *look, const char *what, enum sc_access answer)
{
	return sc_access_say(look, &(struct sc_access_fact){what, NULL, look->vm->pam_path, 0, answer});
}

/* What the mechanisms of a channel can do. */
struct offer {
	bool plain;     /* PLAIN or LOGIN: the server gets the password */
	bool secret;    /* a mechanism for which the server needs the password in its database */
	bool anonymous; /* ANONYMOUS */
	bool other;     /* GSSAPI and the like, which ask somebody else */
};

static void look_at(void *opaque, const char *name, size_t len, const struct sc_mechanism *mechanism, enum sc_mechanism_outcome outcome)
{
	struct offer *offer = opaque;

	(void)name;
	(void)len;
	if (outcome == SC_MECH_ANYBODY)
		offer->anonymous = true;
	if (outcome != SC_MECH_OFFERED && outcome != SC_MECH_USELESS)
		return;
	if (!mechanism->no_plaintext)
		offer->plain = true;
	else if (!mechanism->needs_secret || strcmp(mechanism->plugin, "otp") == 0)
		offer->other = true;
	else
		offer->secret = true;
}

/* Without a list of the plugins that are installed, what is offered is unknown. */
static enum sc_access find_offer(const struct sc_access_look *look, bool tls, struct offer *offer)
{
	const struct sc_sasl_fact *sasl = look->vm->sasl;
	const struct sc_mechanism_input input = sc_sasl_input(look->host, sasl, tls);

	*offer = (struct offer){false, false, false, false};
	sc_mechanism_each(&input, look_at, offer);
	bool any = offer->plain || offer->secret || offer->anonymous || offer->other;
	enum sc_access answer = !any ? SC_ACCESS_DENY : look->host->sasl.plugins ? SC_ACCESS_ALLOW : SC_ACCESS_UNKNOWN;

	/* a tree of settings alone stands for a host that runs them */
	if (any && look->host->sasl.no_libraries)
		answer = sc_access_say(look, &(struct sc_access_fact){"the tree has no libraries: all plugins of libsasl2 are assumed",
								      NULL, NULL, 0, SC_ACCESS_ALLOW});
	const char *what = tls ? "mechanisms that are offered with TLS" : "mechanisms that are offered without TLS";

	if (!any)
		what = tls ? "mechanisms of which none is offered with TLS" : "mechanisms of which none is offered without TLS";
	return say_file(look, what, input.mech_list ? input.mech_list : "all", answer);
}

/* Words of pwcheck_method (lib/checkpw.c); without it libsasl2 uses auxprop. */
static bool has_method(const struct sc_sasl_fact *sasl, const char *word)
{
	const char *at = sasl->state == SC_SASL_FILE_OK && sasl->method ? sasl->method : "auxprop";

	while (*at) {
		size_t len = strcspn(at, " \t");

		if (len == strlen(word) && strncasecmp(at, word, len) == 0)
			return true;
		at += len + strspn(at + len, " \t");
	}
	return false;
}

enum sc_access sc_access_nobody_asked(const struct sc_access_look *look, bool tls)
{
	const struct sc_console *console = look->vm->console;
	struct offer offer;

	if (!console->sasl)
		return sc_access_say_vm(look, console->ticketing ? "a password is required" : "neither a password nor SASL is required",
					NULL, console->node, console->ticketing ? SC_ACCESS_DENY : SC_ACCESS_ALLOW);
	enum sc_access file = examine_file(look);
	if (file != SC_ACCESS_ALLOW)
		return file;
	enum sc_access offered = find_offer(look, tls, &offer);
	if (offer.anonymous)
		return sc_access_both(offered, say_file(look, "ANONYMOUS is offered", NULL, SC_ACCESS_ALLOW));
	if (offer.plain && has_method(look->vm->sasl, "alwaystrue"))
		return sc_access_both(offered, say_file(look, "any password is right", "alwaystrue", SC_ACCESS_ALLOW));
	if (offer.plain && has_method(look->vm->sasl, "saslauthd") && look->vm->names && look->vm->names->unasked != SC_ACCESS_DENY)
		return sc_access_both(offered, say_service(look, "PAM lets accounts in with any password", look->vm->names->unasked));
	return say_file(look, "every mechanism that is offered asks for a password", NULL, SC_ACCESS_DENY);
}

enum sc_access sc_access_ticket(const struct sc_access_look *look)
{
	const struct sc_console *console = look->vm->console;
	const struct sc_graphics *graphics = console->graphics;
	const enum sc_who who = look->question->subject.who;
	int64_t until, now = look->question->instant;

	if (!console->password || !*console->password)
		return sc_access_say_vm(look, "a password is required, and none is set", NULL, console->node, SC_ACCESS_DENY);
	if (strlen(console->password) > SC_ACCESS_TICKET_MAX)
		return sc_access_say_vm(look, "the password is too long: every login fails", NULL, console->node, SC_ACCESS_DENY);
	enum sc_access answer = who == SC_WHO_HOLDER || look->question->way.reach == SC_REACH_SOCKET ? SC_ACCESS_ALLOW : SC_ACCESS_DENY;
	if (who == SC_WHO_ANYBODY || who == SC_WHO_LOGIN)
		answer = SC_ACCESS_DENY;
	answer = sc_access_say_vm(look, "the password is known to the subject", NULL, console->node, answer);
	if (!graphics || !graphics->valid_to || console->password_origin != SC_FROM_XML)
		return answer;
	/* libvirt reads it as UTC (conf/domain_conf.c, virDomainGraphicsAuthDefParseXML) */
	char utc[SC_TIME_SIZE];
	bool read = snprintf(utc, sizeof(utc), "%sZ", graphics->valid_to) < (int)sizeof(utc) && sc_time_parse(utc, &until);
	enum sc_access valid = !read || !now ? SC_ACCESS_UNKNOWN : now <= until ? SC_ACCESS_ALLOW : SC_ACCESS_DENY;
	return sc_access_both(answer, sc_access_say_vm(look, "the password is valid until", graphics->valid_to, console->node, valid));
}

static enum sc_access find_entry(const struct sc_access_look *look, const struct sc_subject *subject)
{
	const struct sc_sasl_fact *sasl = look->vm->sasl;
	struct sc_access_fact fact = {"an entry of the user database", subject->name, sasl->database, 0, SC_ACCESS_UNKNOWN};

	fact.value = NULL;
	if (!sasl->database) {
		fact.what = "users that are not in a database of libsasl2";
		return sc_access_say(look, &fact);
	}
	if (sasl->db_state == SC_SASL_DB_MISSING || sasl->db_state == SC_SASL_DB_UNREADABLE || sasl->db_state == SC_SASL_DB_DAMAGED) {
		fact.what = sasl->db_state == SC_SASL_DB_MISSING      ? "the user database is missing"
			    : sasl->db_state == SC_SASL_DB_UNREADABLE ? "QEMU can't read the user database"
								      : "the user database is damaged";
		fact.answer = SC_ACCESS_DENY;
		return sc_access_say(look, &fact);
	}
	if (sasl->db_state != SC_SASL_DB_OK || sasl->db_reads != SC_TRUE || sasl->users < 0) {
		fact.what = "a user database that could not be read";
		return sc_access_say(look, &fact);
	}
	fact.value = subject->name;
	const struct sc_sasl_user *found =
	    sasl->users && sasl->entries ? bsearch(subject, sasl->entries, (size_t)sasl->users, sizeof(*sasl->entries), sc_access_by_login)
					 : NULL;
	fact.answer = found ? SC_ACCESS_ALLOW : sasl->users && !sasl->entries ? SC_ACCESS_UNKNOWN : SC_ACCESS_DENY;
	return sc_access_say(look, &fact);
}

enum sc_access sc_access_sasldb(const struct sc_access_look *look, bool tls)
{
	const struct sc_subject *subject = &look->question->subject;
	struct offer offer;
	enum sc_access file = examine_file(look);

	if (file != SC_ACCESS_ALLOW)
		return file;
	if (subject->who != SC_WHO_LOGIN)
		return say_file(look, "the user database has logins, not accounts", NULL, SC_ACCESS_DENY);
	enum sc_access offered = find_offer(look, tls, &offer);
	if (offer.secret || (offer.plain && has_method(look->vm->sasl, "auxprop")))
		return sc_access_both(offered, find_entry(look, subject));
	return say_file(look, "no mechanism that is offered uses the user database", NULL, SC_ACCESS_DENY);
}

static bool asks(const struct sc_sasl_fact *sasl, const char *backend)
{
	return sasl->backend && strcmp(sasl->backend, backend) == 0;
}

/* Whether saslauthd answers QEMU, and asks PAM or the file of passwords: ALLOW. */
static enum sc_access ask_saslauthd(const struct sc_access_look *look)
{
	const struct sc_sasl_fact *sasl = look->vm->sasl;

	if (sasl->mux_reads != SC_TRUE)
		return say_file(
		    look, sasl->mux_reads == SC_FALSE ? "QEMU can't reach saslauthd's socket" : "whether QEMU reaches saslauthd's socket",
		    sasl->mux, sasl->mux_reads == SC_FALSE ? SC_ACCESS_DENY : SC_ACCESS_UNKNOWN);
	if (sasl->starts != SC_TRUE)
		return say_file(look, sasl->starts == SC_FALSE ? "no saslauthd serves the socket" : "whether saslauthd serves the socket",
				sasl->mux, sasl->starts == SC_FALSE ? SC_ACCESS_DENY : SC_ACCESS_UNKNOWN);
	if (!asks(sasl, "pam") && !asks(sasl, "shadow"))
		return say_file(look, "saslauthd asks neither PAM nor /etc/shadow", sasl->backend, SC_ACCESS_UNKNOWN);
	if (sasl->joins != SC_FALSE)
		return say_file(look, "saslauthd can add the realm to names (-r)", NULL, SC_ACCESS_UNKNOWN);
	/* a cache adds logins to those that are let in now; which ones, no file says */
	if (sasl->caches != SC_FALSE)
		(void)say_file(look, "saslauthd can remember earlier logins (-c)", NULL, SC_ACCESS_UNKNOWN);
	return say_file(look, asks(sasl, "pam") ? "saslauthd asks PAM" : "saslauthd reads /etc/shadow", sasl->mux, SC_ACCESS_ALLOW);
}

/* saslauthd -a shadow (cyrus-sasl saslauthd/auth_shadow.c): the password, and the dates of the account. */
static enum sc_access ask_shadow(const struct sc_access_look *look)
{
	static const char file[] = "/etc/shadow";
	const struct sc_subject *subject = &look->question->subject;
	const struct sc_account_fact *account = subject->who == SC_WHO_USER ? sc_host_account_of(look->host, subject->name) : NULL;
	const long today = (long)(look->question->instant / 86400);
	struct sc_access_fact fact = {"the account's password and dates", subject->name, file, 0, SC_ACCESS_UNKNOWN};

	if (!account) {
		fact.what = subject->who == SC_WHO_USER ? "an account that is not in /etc/passwd" : "an account of the group";
		if (subject->who == SC_WHO_USER && look->host->logins.complete == SC_TRUE)
			fact.answer = SC_ACCESS_DENY;
		return sc_access_say(look, &fact);
	}
	const bool dated = account->expires >= 0 || (account->changed >= 0 && account->max >= 0);
	if (account->password == SC_FALSE)
		fact.answer = SC_ACCESS_DENY;
	else if (account->password == SC_TRUE && account->aged == SC_TRUE && (look->question->instant || !dated)) {
		const bool expired = account->expires >= 0 && today > account->expires;
		const bool old = account->changed >= 0 && account->max >= 0 && account->changed + account->max < today;

		fact.answer = expired || old ? SC_ACCESS_DENY : SC_ACCESS_ALLOW;
	}
	return sc_access_say(look, &fact);
}

/*
 * saslauthd with a cache (-c) lets in whom it has let in before, for eight hours if -t does not say otherwise. Who is let in at no time
 * can't be remembered; of who is denied at this instant, no file says whether he is.
 */
static enum sc_access ask_cache(const struct sc_access_look *look, const struct sc_access_person *person)
{
	struct sc_access_question ever = *look->question;
	struct sc_access_look silent = *look;

	if (look->vm->sasl->caches == SC_FALSE || !ever.instant)
		return SC_ACCESS_DENY;
	ever.instant = 0;
	silent.question = &ever;
	silent.fn = NULL;
	if (sc_access_pam(&silent, look->vm->pam, person) == SC_ACCESS_DENY)
		return SC_ACCESS_DENY;
	return say_file(look, "saslauthd can remember an earlier login (-c)", NULL, SC_ACCESS_UNKNOWN);
}

enum sc_access sc_access_saslauthd(const struct sc_access_look *look, bool tls)
{
	const struct sc_subject *subject = &look->question->subject;
	const bool user = subject->who == SC_WHO_USER, group = subject->who == SC_WHO_GROUP;
	struct offer offer;
	enum sc_access file = examine_file(look);

	if (file != SC_ACCESS_ALLOW)
		return file;
	enum sc_access offered = find_offer(look, tls, &offer);
	if (!has_method(look->vm->sasl, "saslauthd") || !offer.plain)
		return say_file(look, "no mechanism that is offered asks saslauthd", NULL, SC_ACCESS_DENY);
	if (!user && !group)
		return say_file(look, "PAM asks for accounts", NULL, SC_ACCESS_DENY);
	enum sc_access daemon = ask_saslauthd(look);
	if (daemon == SC_ACCESS_DENY)
		return daemon;
	if (asks(look->vm->sasl, "shadow"))
		return sc_access_both(sc_access_both(offered, daemon), ask_shadow(look));
	if (!look->vm->pam)
		return say_file(look, "a PAM service that was not examined", look->vm->pam_path, SC_ACCESS_UNKNOWN);
	const struct sc_access_person person = {user ? sc_host_account_of(look->host, subject->name) : NULL, user ? subject->name : NULL,
						group ? subject->name : NULL, true};
	enum sc_access pam = sc_access_pam(look, look->vm->pam, &person);
	if (pam == SC_ACCESS_DENY)
		pam = ask_cache(look, &person);
	return sc_access_both(sc_access_both(offered, daemon), pam);
}
