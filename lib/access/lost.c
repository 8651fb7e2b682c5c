/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a change takes from whom: two trees, compared subject by subject. */
#include <string.h>

#include "access/access_impl.h"

/* What a subject has of a VM in one tree, from another machine or on the host. */
struct holding {
	enum sc_access verdict;
	struct sc_way way;  /* the best one */
	const char *unread; /* the first fact that could not be read */
	uint64_t facts;     /* a digest of what an unknown verdict is made of: two of the same say the same */
	uint64_t ticket;    /* that the subject knows: a console with another one does not let it in */
};

struct compare {
	const struct sc_access_tree *before, *after;
	int64_t instant;
	void (*fn)(void *opaque, const struct sc_access_difference *difference);
	void *opaque;
	size_t losses;
};

static void mix(uint64_t *digest, const char *text)
{
	for (; text && *text; text++)
		*digest = (*digest ^ (unsigned char)*text) * 0x100000001b3;
	*digest = (*digest ^ 0xff) * 0x100000001b3;
}

static void take_fact(void *opaque, const struct sc_access_fact *fact)
{
	struct holding *holding = opaque;

	mix(&holding->facts, fact->what);
	mix(&holding->facts, fact->value);
	mix(&holding->facts, fact->file);
	holding->facts = (holding->facts ^ (uint64_t)fact->answer) * 0x100000001b3;
	if (fact->answer == SC_ACCESS_UNKNOWN && !holding->unread)
		holding->unread = fact->file ? fact->file : fact->value ? fact->value : fact->what;
}

static void hold(const struct sc_access_tree *tree, const struct sc_access_vm *vm, const struct sc_access_difference *who, int64_t instant,
		 struct holding *holding)
{
	for (size_t i = 0; vm && i < vm->n_ways && holding->verdict != SC_ACCESS_ALLOW; i++) {
		const struct sc_access_question question = {.vm = vm, .subject = who->subject, .way = vm->ways[i], .instant = instant};

		/* they are not evaluated yet, and no setting of a console changes them */
		if (question.way.reach == SC_REACH_SSH || question.way.reach == SC_REACH_LIBVIRT ||
		    (question.way.reach == SC_REACH_NETWORK) != who->remote)
			continue;
		enum sc_access verdict = sc_access_lookup(tree, &question, NULL, NULL);
		if (question.way.via == SC_VIA_TICKET && vm->ticket != holding->ticket)
			verdict = SC_ACCESS_DENY;
		/* only then it matters which facts there are */
		if (verdict == SC_ACCESS_UNKNOWN)
			(void)sc_access_lookup(tree, &question, take_fact, holding);
		if (verdict > holding->verdict) {
			holding->verdict = verdict;
			holding->way = question.way;
		}
	}
}

/* Returns true when there is a difference. */
static bool report(struct compare *compare, struct sc_access_difference *difference, const struct holding *had, const struct holding *has)
{
	bool same = had->verdict == has->verdict && (had->verdict != SC_ACCESS_UNKNOWN || had->facts == has->facts);

	if (same)
		return false;
	bool loses = had->verdict > has->verdict || (had->verdict == SC_ACCESS_UNKNOWN && has->verdict == SC_ACCESS_UNKNOWN);
	bool sure = had->verdict != SC_ACCESS_UNKNOWN && has->verdict != SC_ACCESS_UNKNOWN;
	difference->way = loses ? had->way : has->way;
	difference->change = loses ? sure ? SC_ACCESS_LOSES : SC_ACCESS_MAY_LOSE : sure ? SC_ACCESS_GAINS : SC_ACCESS_MAY_GAIN;
	difference->unread = sure ? NULL : has->unread ? has->unread : had->unread;
	compare->losses += loses;
	if (compare->fn)
		compare->fn(compare->opaque, difference);
	return true;
}

/* A VM before and after; either can be NULL. ticket: the one that the subject knows. */
struct pair {
	const struct sc_access_vm *before, *after;
	uint64_t ticket;
};

static bool compare_subject(struct compare *compare, const struct pair *pair, const struct sc_subject *subject)
{
	bool differs = false;

	for (int remote = 1; remote >= 0; remote--) {
		struct sc_access_difference difference = {
		    .vm = pair->before ? pair->before : pair->after, .subject = *subject, .remote = remote};
		struct holding had = {.ticket = pair->ticket}, has = {.ticket = pair->ticket};

		hold(compare->before, pair->before, &difference, compare->instant, &had);
		hold(compare->after, pair->after, &difference, compare->instant, &has);
		differs |= report(compare, &difference, &had, &has);
	}
	return differs;
}

/* Whether both databases have the same users: then the lookup says the same of each of them. */
static bool same_logins(const struct sc_access_vm *a, const struct sc_access_vm *b)
{
	const struct sc_sasl_fact *x = a ? a->sasl : NULL, *y = b ? b->sasl : NULL;

	if (!x || !y || !x->entries || !y->entries || x->users != y->users)
		return false;
	for (long i = 0; x->entries != y->entries && i < x->users; i++)
		if (strcmp(x->entries[i].user, y->entries[i].user) != 0 || strcmp(x->entries[i].realm, y->entries[i].realm) != 0)
			return false;
	return true;
}

/* Whoever one of the two VMs names. */
static void compare_vms(struct compare *compare, const struct sc_access_vm *before, const struct sc_access_vm *after)
{
	const uint64_t old = before ? before->ticket : 0, new = after ? after->ticket : 0;
	const bool alike = same_logins(before, after);
	struct sc_subject subject;

	for (size_t i = 0; before && sc_access_subject_at(before, i, &subject); i++) {
		bool differs = compare_subject(compare, &(struct pair){before, after, old}, &subject);

		if (i == 0 && subject.who == SC_WHO_LOGIN && alike && !differs)
			i = (size_t)before->sasl->users - 1;
	}
	for (size_t i = 0; after && sc_access_subject_at(after, i, &subject); i++)
		if (!before || !sc_access_has_subject(before, &subject) || (subject.who == SC_WHO_HOLDER && old != new))
			compare_subject(compare, &(struct pair){before, after, new}, &subject);
}

static const struct sc_access_vm *same_vm(const struct sc_access_tree *tree, const struct sc_access_vm *vm)
{
	return sc_access_vm_find(tree, vm->uuid ? vm->uuid : vm->name);
}

size_t sc_access_lost(const struct sc_access_tree *before, const struct sc_access_tree *after, int64_t instant,
		      void (*fn)(void *opaque, const struct sc_access_difference *difference), void *opaque)
{
	struct compare compare = {before, after, instant, fn, opaque, 0};

	for (size_t i = 0; i < before->n_vms; i++)
		compare_vms(&compare, before->vms[i], same_vm(after, before->vms[i]));
	for (size_t i = 0; i < after->n_vms; i++)
		if (!same_vm(before, after->vms[i]))
			compare_vms(&compare, NULL, after->vms[i]);
	return compare.losses;
}
