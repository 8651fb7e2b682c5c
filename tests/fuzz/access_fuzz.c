/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Covers: lib/access/lookup.c lib/access/reach.c lib/access/login.c lib/access/pam.c lib/access/pam_modules.c lib/access/lost.c
 * lib/access/tree.c The decision about who gets in, not a reader: the bytes choose a host, its VM and the rules of its PAM service.
 * Promises:
 * - the stacks of PAM have the verdict of a second, literal evaluation, which tries every result of a module that is not known;
 * - less knowledge changes a verdict to unknown or not at all, so that nothing unknown lets anybody in or keeps anybody out;
 * - an entry that is removed from a database, a list or an ACL lets nobody in;
 * - what anybody may, everybody may;
 * - a host compared with itself takes nothing; compared with another, it takes what two lookups say.
 */
#include "../access/world.h"
#include "fuzz.h"

struct input {
	const uint8_t *data;
	size_t size, at;
};

static unsigned choose(struct input *in, unsigned n)
{
	return in->at < in->size ? in->data[in->at++] % n : 0;
}

/* Rules of PAM. The results of the modules are known here; a foreign one can have any. */
static const struct {
	const char *name;
	enum sc_pam_result result;
	bool any;
} modules[] = {{"pam_permit.so", SC_PAM_SUCCESS, false},
	       {"pam_deny.so", SC_PAM_AUTH_ERR, false},
	       {"pam_warn.so", SC_PAM_IGNORE, false},
	       {"pam_foreign.so", SC_PAM_SUCCESS, true},
	       {"pam_unix.so", SC_PAM_SUCCESS, false}};
static const char *const controls[] = {"required",
				       "requisite",
				       "sufficient",
				       "optional",
				       "[success=1 default=ignore]",
				       "[success=2 default=die]",
				       "[success=ok new_authtok_reqd=ok ignore=ignore default=bad]",
				       "[success=done default=ignore]",
				       "[auth_err=1 success=ok default=bad]",
				       "[success=ok ignore=ok default=ignore]",
				       "[default=ignore]",
				       "[success=reset default=bad]",
				       "[success=9 default=ok]",
				       "substack"};
enum { N_MODULES = sizeof(modules) / sizeof(*modules), N_CONTROLS = sizeof(controls) / sizeof(*controls), RULES = 10, FOREIGN_MAX = 3 };

struct rule {
	unsigned module, control, level;
};

struct stack {
	struct rule rules[RULES];
	size_t n;
	unsigned results[RULES]; /* of one run */
};

/* The word of a control for a result; "bad" where it has none. */
static const char *action_for(const char *control, const char *result, char word[16])
{
	static const char *const names[] = {"required", "requisite", "sufficient", "optional"};
	static const char *const actions[][3] = {
	    {"ok", "ignore", "bad"}, {"ok", "ignore", "die"}, {"done", "ignore", "ignore"}, {"ok", "ignore", "ignore"}};
	char key[32];

	for (int i = 0; i < 4; i++)
		if (strcmp(control, names[i]) == 0)
			return actions[i][strcmp(result, "success") == 0 || strcmp(result, "new_authtok_reqd") == 0 ? 0
					  : strcmp(result, "ignore") == 0                                           ? 1
														    : 2];
	for (int pass = 0; pass < 2; pass++) {
		snprintf(key, sizeof(key), "%s=", pass ? "default" : result);
		for (const char *at = control + 1; *at && *at != ']'; at += strcspn(at, " ]"), at += *at == ' ')
			if (strncmp(at, key, strlen(key)) == 0) {
				snprintf(word, 16, "%.*s", (int)strcspn(at + strlen(key), " ]"), at + strlen(key));
				return word;
			}
	}
	return "bad";
}

/* libpam/pam_dispatch.c line by line, for one result of each module. */
static bool run_literally(const struct stack *stack)
{
	static const char *const names[] = {"success",     "auth_err",    "user_unknown", "acct_expired",   "new_authtok_reqd",
					    "service_err", "perm_denied", "abort",        "module_unknown", "ignore"};
	int impression = 0, saved_impression = 0;
	bool status = false, saved_status = false;
	unsigned before = 0;

	for (size_t h = 0; h < stack->n; h++) {
		const struct rule *rule = &stack->rules[h];
		const unsigned level = rule->level, result = stack->results[h];
		char word[16];

		if (before < level) {
			saved_impression = impression;
			saved_status = status;
		}
		before = level;
		if (strcmp(controls[rule->control], "substack") == 0)
			continue;
		const char *action = action_for(controls[rule->control], names[result], word);
		if (strcmp(action, "reset") == 0) {
			impression = level ? saved_impression : 0;
			status = level && saved_status;
		} else if (strcmp(action, "ok") == 0 || strcmp(action, "done") == 0) {
			if (impression == 0 || (impression > 0 && status)) {
				impression = 1;
				status = result == SC_PAM_SUCCESS;
			}
		} else if (strcmp(action, "bad") == 0 || strcmp(action, "die") == 0) {
			impression = -1;
		} else if (strcmp(action, "ignore") != 0) {
			int jump = atoi(action);

			for (; h + 1 < stack->n && stack->rules[h + 1].level >= level && jump > 0; jump--)
				do
					h++;
				while (h + 1 < stack->n && stack->rules[h + 1].level > level);
			impression = jump ? -1 : impression;
		}
		if (strcmp(action, "die") == 0 || (strcmp(action, "done") == 0 && impression > 0))
			while (h + 1 < stack->n && stack->rules[h + 1].level >= level)
				h++;
	}
	return impression > 0 && status;
}

/* Every combination of results: *in and *out are set when one succeeds, one fails. */
static void run_all(struct stack *stack, size_t from, bool *in, bool *out)
{
	while (from < stack->n && !modules[stack->rules[from].module].any) {
		stack->results[from] = modules[stack->rules[from].module].result;
		from++;
	}
	if (from == stack->n) {
		*(run_literally(stack) ? in : out) = true;
		return;
	}
	for (unsigned result = 0; result < SC_PAM_RESULTS; result++) {
		stack->results[from] = result;
		run_all(stack, from + 1, in, out);
	}
}

static void check_stack(struct world *world, struct input *in)
{
	const struct sc_access_person anne = {sc_host_account_of(world->host, "anne"), "anne", NULL, true};
	struct sc_pam_rule_fact rules[RULES] = {{0}}, permit = {.control = "required", .module = "pam_permit.so", .args = ""};
	const struct sc_access_question question = {.vm = sc_access_vm_at(world->tree, 0), .instant = WORLD_NOW};
	const struct sc_access_look look = {world->host, question.vm, &question, NULL, NULL};
	struct stack stack = {.n = choose(in, RULES + 1)};
	bool succeeds = false, fails = false, resets = false;
	size_t foreign = 0;

	for (size_t i = 0; i < stack.n; i++) {
		struct rule *rule = &stack.rules[i];

		*rule = (struct rule){choose(in, N_MODULES), choose(in, N_CONTROLS), choose(in, 2)};
		if (modules[rule->module].any && ++foreign > FOREIGN_MAX)
			rule->module = 0;
		/* a substack begins with its mark */
		if (rule->level && (!i || (!stack.rules[i - 1].level && strcmp(controls[stack.rules[i - 1].control], "substack") != 0)))
			rule->level = 0;
		resets |= rule->level && strstr(controls[rule->control], "reset");
		rules[i] = (struct sc_pam_rule_fact){
		    "spice", (unsigned)i + 1, rule->level, controls[rule->control], modules[rule->module].name, "", NULL};
	}
	run_all(&stack, 0, &succeeds, &fails);
	const struct sc_pam_fact pam = {.path = "spice", .auth = {rules, stack.n, false, false}, .account = {&permit, 1, false, false}};
	enum sc_access got = sc_access_pam(&look, &pam, &anne);
	enum sc_access want = !fails ? SC_ACCESS_ALLOW : succeeds ? SC_ACCESS_UNKNOWN : SC_ACCESS_DENY;
	must(got == want || (resets && got == SC_ACCESS_UNKNOWN), "the verdict of the literal evaluation");
}

/* Hosts. */
static const char *const consoles[] = {
    "<graphics type='spice' port='5900' autoport='no' listen='0.0.0.0'/>",
    "<graphics type='spice' port='5900' autoport='no' listen='127.0.0.1'/>",
    "<graphics type='spice' tlsPort='5901' autoport='no' listen='0.0.0.0' defaultMode='secure'/>",
    "<graphics type='spice' port='5900' tlsPort='5901' autoport='no' listen='::'/>",
    "<graphics type='spice' port='5900' tlsPort='5901' listen='0.0.0.0'><channel name='main' mode='secure'/></graphics>",
    "<graphics type='spice' port='5900' autoport='no' listen='0.0.0.0' passwd='sesame'/>",
    "<graphics type='spice' port='5900' autoport='no' listen='0.0.0.0' passwd='other' passwdValidTo='2024-10-04T10:00:00'/>",
    "<graphics type='spice' port='5900' autoport='no' listen='somewhere' passwd='sesame'/>",
    "<graphics type='spice' autoport='yes'><listen type='network' network='lan'/></graphics>",
    "<graphics type='spice'><listen type='socket' socket='/s/vm/spice.socket'/></graphics>",
    "<graphics type='spice' passwd='sesame'><listen type='socket' socket='/s/vm/spice.socket'/></graphics>",
    "<graphics type='spice'><listen type='socket'/></graphics>",
    "<graphics type='vnc' port='5900' listen='0.0.0.0'/>",
    "",
};
/* Settings, each with its values; the first is in order. */
static const char *const settings[][8] = {
    {"", "conf:sasl"},
    {"", "mech:anonymous,plain", "mech:scram-sha-256", "mech:plain", "mech:digest-md5", "mech:gssapi", "mech:plain,foo", NULL},
    {"", "method:saslauthd", "method:auxprop,saslauthd", "method:alwaystrue", "method:nonsense"},
    {"", "file:missing", "file:unreadable", "file:broken"},
    {"", "db:missing", "db:unreadable", "db:damaged"},
    {"", "filter:yes", "filter:yes open:5900-5910"},
    {"", "daemon:off", "daemon:closed", "backend:shadow", "joins:yes", "cache:yes"},
};
/* What is not known, and what it can be instead: the verdict must be right whichever it is. */
static const struct {
	const char *less, *can_be[6];
} ignorance[] = {
    {"sasl:unknown", {"file:broken", "file:missing", "mech:anonymous,plain", "mech:gssapi", "db:missing"}},
    {"file:unknown", {"file:ok", "file:missing", "file:unreadable", "file:broken"}},
    {"reads:unknown file:ok", {"reads:ok file:ok", "file:unreadable"}},
    {"dbreads:unknown db:ok", {"dbreads:ok db:ok", "db:unreadable"}},
    {"db:unknown", {"db:ok", "db:missing", "db:unreadable", "db:damaged"}},
    {"plugins:unknown", {"plugins:ok", "plugins:none"}},
    {"filter:unknown", {"filter:yes", "filter:no"}},
    {"daemon:unknown", {"daemon:ok", "daemon:off", "daemon:closed"}},
    {"cache:unknown", {"cache:yes", "cache:no"}},
    {"pam:unknown", {"pam:all", "pam:closed", "pam:open", "pam:list", "pam:ours", "pam:denied"}},
    {"nologin:unknown", {"nologin:yes", "nologin:no"}},
    {"accounts:unknown", {"accounts:ok"}},
    {"shadow:unknown", {"shadow:ok"}},
    {"qemu:unknown", {"qemu:ok"}},
    {"door:unknown", {"door:group", "door:user", "door:nobody", "door:missing", "door:both"}},
    {"door:unread", {"door:group", "door:user", "door:nobody", "door:world"}},
    {"conf:unread", {"conf:sasl", "conf:off"}},
};
enum {
	N_CONSOLES = sizeof(consoles) / sizeof(*consoles),
	N_SETTINGS = sizeof(settings) / sizeof(*settings),
	N_IGNORANCE = sizeof(ignorance) / sizeof(*ignorance),
	N_PAM = sizeof(world_pam) / sizeof(*world_pam),
	N_DOORS = sizeof(world_doors) / sizeof(*world_doors),
	WORDS_MAX = 512
};

static const char *choose_words(struct input *in, char words[WORDS_MAX])
{
	size_t len = 0;

	*words = '\0';
	for (size_t i = 0; i < N_SETTINGS; i++) {
		unsigned n = 1;

		while (n < 8 && settings[i][n])
			n++;
		const char *word = settings[i][choose(in, n)];
		len += (size_t)snprintf(words + len, WORDS_MAX - len, "%s ", word);
	}
	snprintf(words + len, WORDS_MAX - len, "pam:%s door:%s ", world_pam[choose(in, N_PAM)].name, world_doors[choose(in, N_DOORS)].name);
	return words + strspn(words, " ");
}

static const struct sc_subject subjects[] = {
    {SC_WHO_ANYBODY, NULL, NULL},          {SC_WHO_HOLDER, NULL, NULL},
    {SC_WHO_USER, "anne", NULL},           {SC_WHO_USER, "bob", NULL},
    {SC_WHO_USER, "carl", NULL},           {SC_WHO_USER, "zoe", NULL},
    {SC_WHO_GROUP, "consoles", NULL},      {SC_WHO_LOGIN, "anne", "host.example"},
    {SC_WHO_LOGIN, "zoe", "host.example"},
};
enum { N_SUBJECTS = sizeof(subjects) / sizeof(*subjects), N_REACHES = 5, N_VIAS = 7 };

static enum sc_access ask(const struct world *world, const struct sc_subject *subject, int reach, int via)
{
	const struct sc_access_question question = {.vm = sc_access_vm_at(world->tree, 0),
						    .subject = *subject,
						    .way = {(enum sc_reach)reach, (enum sc_via)via},
						    .instant = WORLD_NOW};

	return sc_access_lookup(world->tree, &question, NULL, NULL);
}

/* Every verdict of the first host, together with that of the second. */
static void each_verdict(const struct world *a, const struct world *b, void (*check)(enum sc_access a, enum sc_access b))
{
	for (size_t i = 0; i < N_SUBJECTS; i++)
		for (int reach = 0; reach < N_REACHES; reach++)
			for (int via = 0; via < N_VIAS; via++)
				check(ask(a, &subjects[i], reach, via), ask(b, &subjects[i], reach, via));
}

static void knows_less(enum sc_access a, enum sc_access b)
{
	must(b == a || b == SC_ACCESS_UNKNOWN, "less knowledge changes a verdict to unknown or not at all");
}

static void lets_in_no_more(enum sc_access a, enum sc_access b)
{
	must(a == SC_ACCESS_ALLOW || b != SC_ACCESS_ALLOW, "an entry that is removed lets nobody in");
}

static void make_with(struct world *world, const char *console, const char *word, const char *words)
{
	char text[WORDS_MAX + 64];

	/* the first word of a kind applies */
	snprintf(text, sizeof(text), "%s %s", word, words);
	world_make(world, console, text);
	world_grow(world);
}

static void check_ignorance(const char *console, const char *words, struct input *in)
{
	unsigned which = choose(in, N_IGNORANCE), n = 0;
	struct world known, less;

	while (n < 6 && ignorance[which].can_be[n])
		n++;
	make_with(&known, console, ignorance[which].can_be[choose(in, n)], words);
	make_with(&less, console, ignorance[which].less, words);
	each_verdict(&known, &less, knows_less);
	world_free(&known);
	world_free(&less);
}

static void remove_entry(struct world *world, struct input *in)
{
	switch (choose(in, 3)) {
	case 0:
		world->sasl.users--;
		break;
	case 1:
		for (size_t i = 0; i < 5; i++)
			world->lists[i].n_lines -= world->lists[i].n_lines > 0;
		break;
	default:
		for (size_t i = world->parts[1].standing.n; i-- > 0;) {
			const struct sc_acl_entry entry = world->parts[1].standing.entries[i];

			if ((entry.tag == SC_ACL_USER || entry.tag == SC_ACL_GROUP) && entry.perms) {
				sc_acl_drop(&world->parts[1].standing, entry.tag, entry.id);
				break;
			}
		}
	}
}

static void check_removal(const struct world *world, const char *console, const char *words, struct input *in)
{
	struct world other;

	/* a list of those who are refused */
	if (strstr(words, "pam:denied"))
		return;
	world_make(&other, console, words);
	remove_entry(&other, in);
	world_grow(&other);
	each_verdict(world, &other, lets_in_no_more);
	world_free(&other);
}

static void check_anybody(const struct world *world)
{
	for (int reach = 0; reach < N_REACHES; reach++)
		for (size_t i = 0; i < N_SUBJECTS; i++)
			must(ask(world, &subjects[0], reach, SC_VIA_NONE) != SC_ACCESS_ALLOW ||
				 ask(world, &subjects[i], reach, SC_VIA_NONE) == SC_ACCESS_ALLOW,
			     "what anybody may, everybody may");
}

/* The best verdict of a named subject, from another machine or here. */
static enum sc_access best(const struct world *world, const struct sc_subject *subject, bool remote, bool ticket)
{
	enum sc_access found = SC_ACCESS_DENY;

	for (int reach = 0; reach <= SC_REACH_SOCKET; reach++)
		for (int via = 0; via < N_VIAS; via++)
			if ((reach == SC_REACH_NETWORK) == remote && (ticket || via != SC_VIA_TICKET))
				found = sc_access_either(found, ask(world, subject, reach, via));
	return found;
}

struct losses {
	const struct world *before, *after;
	bool ticket; /* both have the same */
};

static void check_difference(void *opaque, const struct sc_access_difference *difference)
{
	const struct losses *losses = opaque;
	enum sc_access had = best(losses->before, &difference->subject, difference->remote, true);
	enum sc_access has = best(losses->after, &difference->subject, difference->remote, losses->ticket);

	if (difference->change == SC_ACCESS_LOSES)
		must(had == SC_ACCESS_ALLOW && has == SC_ACCESS_DENY, "who loses had it and has it no more");
	if (difference->change == SC_ACCESS_MAY_LOSE || difference->change == SC_ACCESS_MAY_GAIN)
		must(had == SC_ACCESS_UNKNOWN || best(losses->after, &difference->subject, difference->remote, true) == SC_ACCESS_UNKNOWN,
		     "who may lose or gain has something unknown");
	if (difference->change == SC_ACCESS_GAINS)
		must(best(losses->after, &difference->subject, difference->remote, true) == SC_ACCESS_ALLOW, "who gains has it");
}

static void check_lost(const struct world *before, const struct world *after)
{
	const struct sc_access_vm *old = sc_access_vm_at(before->tree, 0), *new = sc_access_vm_at(after->tree, 0);
	struct losses losses = {before, after, old->ticket == new->ticket};
	struct sc_subject subject;
	size_t want = 0;

	must(sc_access_lost(before->tree, before->tree, WORLD_NOW, NULL, NULL) == 0, "a host compared with itself takes nothing");
	size_t lost = sc_access_lost(before->tree, after->tree, WORLD_NOW, check_difference, &losses);
	for (size_t i = 0; sc_access_subject_at(old, i, &subject); i++)
		for (int remote = 0; remote < 2; remote++)
			want += best(before, &subject, remote, true) > best(after, &subject, remote, losses.ticket);
	must(lost >= want, "whoever had it is named");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size, 0};
	const char *console = consoles[choose(&in, N_CONSOLES)];
	char text[WORDS_MAX], other_text[WORDS_MAX];
	const char *words = choose_words(&in, text);
	struct world world, other;

	world_make(&world, console, words);
	world_grow(&world);
	check_stack(&world, &in);
	check_anybody(&world);
	check_ignorance(console, words, &in);
	check_removal(&world, console, words, &in);
	console = consoles[choose(&in, N_CONSOLES)];
	world_make(&other, console, choose_words(&in, other_text));
	world_grow(&other);
	check_lost(&world, &other);
	world_free(&other);
	world_free(&world);
	return 0;
}
