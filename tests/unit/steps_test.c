/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several calls in one plan: steps and changes become one, in the order of a commit; a call that fails leaves nothing. And the stage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan/plan.h"
#include "stage/stage.h"

static int make(void **state)
{
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	struct spicecfg_plan *plan;

	assert_non_null(ctx);
	assert_int_equal(sc_plan_new(ctx, &plan), SPICECFG_OK);
	*state = plan;
	return 0;
}

static int end(void **state)
{
	struct spicecfg_plan *plan = *state;
	struct spicecfg_ctx *ctx = plan->ctx;

	spicecfg_plan_free(plan);
	spicecfg_ctx_free(ctx);
	return 0;
}

static void begin(struct spicecfg_plan *plan)
{
	assert_int_equal(sc_plan_begin(plan), SPICECFG_OK);
}

static void leave(struct spicecfg_plan *plan, enum spicecfg_status status)
{
	assert_int_equal(sc_plan_end(plan, status), status);
}

static void add(struct spicecfg_plan *plan, const struct sc_step *step)
{
	assert_int_equal(sc_plan_step(plan, step), SPICECFG_OK);
}

static struct sc_step file(const char *path, const char *old, const char *new)
{
	return (struct sc_step){.type = SC_STEP_FILE,
				.document = path,
				.path = path,
				.old = old,
				.old_len = old ? strlen(old) : 0,
				.new = new,
				.new_len = new ? strlen(new) : 0};
}

/* A call that edits one file, and reports the setting "key" of it. */
static void edit(struct spicecfg_plan *plan, const char *path, const char *old, const char *new)
{
	const struct sc_step step = file(path, old, new);
	const struct spicecfg_change change = {path, "key", old, new, SPICECFG_EFFECT_NOW};

	begin(plan);
	add(plan, &step);
	if (old != new && (!old || !new || strcmp(old, new) != 0))
		assert_int_equal(sc_plan_change(plan, &change), SPICECFG_OK);
	leave(plan, SPICECFG_OK);
}

static void edits_are_one_step(void **state)
{
	struct spicecfg_plan *plan = *state;

	edit(plan, "/a", "1", "2");
	edit(plan, "/b", NULL, "new");
	edit(plan, "/a", "2", "3");
	assert_int_equal(plan->n_steps, 2);
	assert_string_equal(plan->steps[0].old, "1");
	assert_string_equal(plan->steps[0].new, "3");
	assert_int_equal(plan->n_changes, 2);
	assert_string_equal(plan->changes[0].from, "1");
	assert_string_equal(plan->changes[0].to, "3");
	assert_true(spicecfg_plan_changed(plan));
}

static void an_edit_and_its_reverse_leave_nothing(void **state)
{
	struct spicecfg_plan *plan = *state;

	edit(plan, "/a", "1", "2");
	edit(plan, "/a", "2", "1");
	edit(plan, "/b", NULL, "made");
	edit(plan, "/b", "made", NULL);
	edit(plan, "/c", "there", NULL);
	edit(plan, "/c", NULL, "there");
	for (size_t i = 0; i < plan->n_steps; i++)
		assert_true(sc_step_is_idle(&plan->steps[i]));
	assert_int_equal(plan->n_changes, 0);
	assert_false(spicecfg_plan_changed(plan));
}

/* Whether a secret is the old one again can't be seen from what is shown of it. */
static void a_secret_that_changed_twice_is_a_change(void **state)
{
	struct spicecfg_plan *plan = *state;

	edit(plan, "/a", "***", "other ***");
	edit(plan, "/a", "other ***", "***");
	assert_int_equal(plan->n_changes, 1);
}

static void the_last_owner_and_mode_apply(void **state)
{
	struct spicecfg_plan *plan = *state;
	struct sc_step step = file("/a", "1", "1");

	step.was = (struct sc_want){.mode = true, .bits = 0644};
	step.want = (struct sc_want){.mode = true, .owner = true, .bits = 0600, .uid = 7};
	begin(plan);
	add(plan, &step);
	leave(plan, SPICECFG_OK);
	step.want = (struct sc_want){.mode = true, .group = true, .bits = 0640, .gid = 8};
	begin(plan);
	add(plan, &step);
	leave(plan, SPICECFG_OK);
	assert_int_equal(plan->n_steps, 1);
	const struct sc_want *want = &plan->steps[0].want;
	assert_int_equal(want->bits, 0640);
	assert_int_equal(want->uid, 7);
	assert_int_equal(want->gid, 8);
	assert_true(sc_step_changes(&plan->steps[0]));
}

static void the_order_is_that_of_a_commit(void **state)
{
	struct spicecfg_plan *plan = *state;
	static const struct sc_action restart = {"restart-daemon", {"system"}}, lock = {"lock-accounts", {NULL}},
				      service = {"start-service", {"saslauthd.service"}};
	const struct sc_step steps[] = {
	    {.type = SC_STEP_LIVE, .document = "domain:vm", .new = "x", .new_len = 1},
	    {.type = SC_STEP_DEFINE, .document = "domain:vm", .old = "1", .old_len = 1, .new = "2", .new_len = 1},
	    {.type = SC_STEP_ACTION, .document = "libvirtd", .action = &restart},
	    file("/etc/libvirt/qemu.conf", "1", "2"),
	    {.type = SC_STEP_ACTION, .document = "/etc/group", .action = &lock},
	    {.type = SC_STEP_MKDIR, .document = "/var/spicex", .path = "/var/spicex"},
	    {.type = SC_STEP_ACTION, .document = "saslauthd.service", .action = &service},
	    {.type = SC_STEP_ACTION, .document = "libvirtd", .action = &restart},
	};
	static const enum sc_step_type want[] = {SC_STEP_ACTION, SC_STEP_FILE,   SC_STEP_MKDIR, SC_STEP_ACTION,
						 SC_STEP_ACTION, SC_STEP_DEFINE, SC_STEP_LIVE};

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		begin(plan);
		add(plan, &steps[i]);
		leave(plan, SPICECFG_OK);
	}
	/* the daemon is restarted once */
	assert_int_equal(plan->n_steps, sizeof(want) / sizeof(*want));
	for (size_t i = 0; i < plan->n_steps; i++)
		assert_int_equal(plan->steps[i].type, want[i]);
	assert_string_equal(plan->steps[0].action->name, "lock-accounts");
	assert_string_equal(plan->steps[3].action->name, "restart-daemon");
	assert_string_equal(plan->steps[4].action->name, "start-service");
}

static struct spicecfg_finding finding(const char *message)
{
	return (struct spicecfg_finding){.rule = "r", .level = SPICECFG_LEVEL_WARNING, .message = message, .path = ""};
}

static void a_failed_call_leaves_the_plan_as_it_was(void **state)
{
	struct spicecfg_plan *plan = *state;
	const struct sc_step again = file("/a", "2", "1"), other = file("/b", NULL, "b");
	const struct spicecfg_change back = {"/a", "key", "2", "1", 0}, more = {"/b", "key", NULL, "b", 0};
	const struct spicecfg_finding old = finding("old"), late = finding("late");

	begin(plan);
	assert_int_equal(sc_plan_judge(plan, "kind", "x"), SPICECFG_OK);
	assert_int_equal(sc_plan_find(plan, &old, true), SPICECFG_OK);
	leave(plan, SPICECFG_OK);
	edit(plan, "/a", "1", "2");
	struct sc_plan_row *row = sc_plan_row_of(plan, "/a");
	assert_non_null(row);
	row->label = "first";

	begin(plan);
	add(plan, &again);
	add(plan, &other);
	assert_int_equal(sc_plan_change(plan, &back), SPICECFG_OK);
	assert_int_equal(sc_plan_change(plan, &more), SPICECFG_OK);
	assert_int_equal(sc_plan_note(plan, "a note"), SPICECFG_OK);
	assert_int_equal(sc_plan_judge(plan, "kind", "x"), SPICECFG_OK);
	assert_int_equal(sc_plan_find(plan, &late, false), SPICECFG_OK);
	assert_int_equal(sc_plan_alias(plan, "/z", "/a"), SPICECFG_OK);
	assert_int_equal(sc_plan_watch(plan, "/w", false), SPICECFG_OK);
	sc_plan_row_of(plan, "/a")->label = "second";
	assert_non_null(sc_plan_row_of(plan, "/b"));
	assert_int_equal(plan->n_changes, 1);
	leave(plan, SPICECFG_INPUT);

	assert_int_equal(plan->n_steps, 1);
	assert_string_equal(plan->steps[0].new, "2");
	assert_int_equal(plan->n_changes, 1);
	assert_string_equal(plan->changes[0].document, "/a");
	assert_string_equal(plan->changes[0].to, "2");
	assert_int_equal(plan->n_notes, 0);
	assert_int_equal(plan->n_watched, 0);
	assert_int_equal(plan->n_rows, 1);
	assert_string_equal(plan->rows[0]->label, "first");
	assert_int_equal(plan->n_found, 1);
	assert_string_equal(plan->found[0].finding.message, "old");
	assert_true(plan->found[0].refuse);
	assert_string_equal(sc_plan_name(plan, "/z"), "/z");
}

static void a_call_that_can_not_begin_leaves_the_plan_as_it_was(void **state)
{
	struct spicecfg_plan *plan = *state;
	const struct sc_step step = file("/a", "1", "2");

	begin(plan);
	add(plan, &step);
	leave(plan, SPICECFG_OK);
	/* without memory for a copy of the plan there is none */
	leave(plan, SPICECFG_SYSTEM);
	assert_int_equal(plan->n_steps, 1);
	begin(plan);
	leave(plan, SPICECFG_SYSTEM);
	assert_int_equal(plan->n_steps, 1);
}

static void the_first_call_that_fails_leaves_an_empty_plan(void **state)
{
	struct spicecfg_plan *plan = *state;
	const struct sc_step step = file("/a", "1", "2");

	begin(plan);
	add(plan, &step);
	leave(plan, SPICECFG_USAGE);
	assert_int_equal(plan->n_steps, 0);
	assert_false(spicecfg_plan_changed(plan));
	edit(plan, "/a", "1", "3");
	assert_string_equal(plan->steps[0].new, "3");
}

static void a_document_has_one_name(void **state)
{
	struct spicecfg_plan *plan = *state;
	const struct sc_step step = file("./vm.xml", "2", "1");
	const struct spicecfg_change early = {"./vm.xml", "key", "2", "1", 0}, late = {"./vm.xml", "more", NULL, "x", 0};

	edit(plan, "vm.xml", "1", "2");
	edit(plan, "other.xml", "1", "2");
	plan->steps[0].key = "/vm.xml";
	begin(plan);
	assert_int_equal(sc_plan_change(plan, &early), SPICECFG_OK);
	assert_int_equal(plan->n_changes, 3);
	/* the change so far is that of the first name's setting, which has its old value again */
	assert_int_equal(sc_plan_alias(plan, "./vm.xml", "vm.xml"), SPICECFG_OK);
	assert_int_equal(plan->n_changes, 1);
	assert_int_equal(sc_plan_change(plan, &late), SPICECFG_OK);
	assert_string_equal(plan->changes[1].document, "vm.xml");
	struct sc_step same = step;
	same.key = "/vm.xml";
	add(plan, &same);
	assert_int_equal(plan->n_steps, 2);
	assert_string_equal(plan->steps[0].new, "1");
	assert_ptr_equal(sc_plan_step_of(plan, "./vm.xml"), &plan->steps[0]);
	leave(plan, SPICECFG_OK);
}

static void what_is_judged_again_replaces_what_was_found(void **state)
{
	struct spicecfg_plan *plan = *state;
	const struct spicecfg_finding one = finding("one"), two = finding("two"), lasting = finding("lasting");

	begin(plan);
	assert_int_equal(sc_plan_find(plan, &lasting, false), SPICECFG_OK);
	assert_int_equal(sc_plan_find(plan, &lasting, false), SPICECFG_OK);
	assert_int_equal(sc_plan_judge(plan, "listen", "vm"), SPICECFG_OK);
	assert_int_equal(sc_plan_find(plan, &one, true), SPICECFG_OK);
	leave(plan, SPICECFG_OK);
	begin(plan);
	assert_int_equal(sc_plan_judge(plan, "listen", "other"), SPICECFG_OK);
	assert_int_equal(sc_plan_find(plan, &two, false), SPICECFG_OK);
	leave(plan, SPICECFG_OK);
	assert_int_equal(plan->n_found, 3);
	begin(plan);
	assert_int_equal(sc_plan_judge(plan, "listen", "vm"), SPICECFG_OK);
	leave(plan, SPICECFG_OK);
	assert_int_equal(plan->n_found, 2);
	assert_string_equal(plan->found[0].finding.message, "lasting");
	assert_string_equal(plan->found[1].finding.message, "two");
}

static void a_stage_finds_what_was_put(void **state)
{
	(void)state;
	struct sc_stage *stage = sc_stage_new();
	struct sc_staged *one = sc_stage_put(stage, "/etc/a", false), *two = sc_stage_put(stage, "/etc/a", true);

	assert_non_null(one);
	assert_ptr_not_equal(one, two);
	one->bytes = "x";
	assert_ptr_equal(sc_stage_put(stage, "/etc/a", false), one);
	for (int i = 0; i < 100; i++) {
		char path[16];

		snprintf(path, sizeof(path), "/%d", i);
		assert_non_null(sc_stage_put(stage, path, false));
	}
	assert_ptr_equal(sc_stage_find(stage, "/etc/a", false), one);
	assert_string_equal(sc_stage_find(stage, "/etc/a", false)->bytes, "x");
	assert_null(sc_stage_find(stage, "/etc", false));
	assert_null(sc_stage_find(NULL, "/etc/a", false));
	assert_ptr_equal(sc_stage_get(stage, 1), two);
	assert_non_null(sc_stage_get(stage, 101));
	assert_null(sc_stage_get(stage, 102));
	one = sc_stage_put(stage, "domain:2f3c1f0e-6d5a-4f0b-9d86-0c2b1f7b9f10", false);
	assert_ptr_equal(sc_stage_find_domain(stage, "2f3c1f0e-6d5a-4f0b-9d86-0c2b1f7b9f10"), one);
	assert_null(sc_stage_find_domain(stage, "2f3c1f0e-6d5a-4f0b-9d86-0c2b1f7b9f11"));
	assert_null(sc_stage_find_domain(NULL, "2f3c1f0e-6d5a-4f0b-9d86-0c2b1f7b9f10"));
	sc_stage_free(stage);
}

static void a_name_is_directly_in_its_directory(void **state)
{
	(void)state;
	const struct sc_staged staged = {.path = "/etc/pki/a.pem"}, top = {.path = "/a"};

	assert_string_equal(sc_staged_in(&staged, "/etc/pki"), "a.pem");
	assert_string_equal(sc_staged_in(&staged, "/etc/pki/"), "a.pem");
	assert_null(sc_staged_in(&staged, "/etc"));
	assert_null(sc_staged_in(&staged, "/etc/pk"));
	assert_null(sc_staged_in(&staged, "/etc/pki/a.pem"));
	assert_string_equal(sc_staged_in(&top, "/"), "a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(edits_are_one_step, make, end),
	    cmocka_unit_test_setup_teardown(an_edit_and_its_reverse_leave_nothing, make, end),
	    cmocka_unit_test_setup_teardown(a_secret_that_changed_twice_is_a_change, make, end),
	    cmocka_unit_test_setup_teardown(the_last_owner_and_mode_apply, make, end),
	    cmocka_unit_test_setup_teardown(the_order_is_that_of_a_commit, make, end),
	    cmocka_unit_test_setup_teardown(a_failed_call_leaves_the_plan_as_it_was, make, end),
	    cmocka_unit_test_setup_teardown(a_call_that_can_not_begin_leaves_the_plan_as_it_was, make, end),
	    cmocka_unit_test_setup_teardown(the_first_call_that_fails_leaves_an_empty_plan, make, end),
	    cmocka_unit_test_setup_teardown(a_document_has_one_name, make, end),
	    cmocka_unit_test_setup_teardown(what_is_judged_again_replaces_what_was_found, make, end),
	    cmocka_unit_test(a_stage_finds_what_was_put),
	    cmocka_unit_test(a_name_is_directly_in_its_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
