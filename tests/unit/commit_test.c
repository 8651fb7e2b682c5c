/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commits on the real file system: locks of all directories, long names. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "plan/plan.h"
#include "spicecfg/recover.h"
#include "system/commit/step_ops.h"
#include "system/os/lock.h"
#include "system/os/rename.h"

enum { PATH_ROOM = PATH_MAX + 8 };

struct world {
	struct spicecfg_ctx *ctx;
	char dir[64];
	size_t descriptors; /* open before the test */
};

static size_t count_descriptors(void)
{
	DIR *list = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(list);
	while (readdir(list))
		n++;
	closedir(list);
	return n;
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	char path[PATH_ROOM];

	*state = w;
	w->descriptors = count_descriptors();
	strcpy(w->dir, "/tmp/spicecfg-commit-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	for (const char *name = "abc"; *name; name++) {
		snprintf(path, sizeof(path), "%s/%c", w->dir, *name);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	w->ctx = spicecfg_ctx_new();
	spicecfg_ctx_set_lock_wait(w->ctx, 50);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", w->dir);
	assert_int_equal(system(command), 0);
	spicecfg_ctx_free(w->ctx);
	/* no commit, roll-back or recovery keeps one open */
	assert_int_equal(count_descriptors(), w->descriptors);
	free(w);
	return 0;
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void assert_text(const char *path, const char *text)
{
	char got[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	(void)!fgets(got, sizeof(got), file);
	fclose(file);
	assert_string_equal(got, text);
}

/* old NULL: a new file. */
static void add(struct spicecfg_plan *plan, const char *path, const char *old, const char *new)
{
	const struct sc_step step = {.type = SC_STEP_FILE,
				     .document = path,
				     .path = path,
				     .old = old,
				     .old_len = old ? strlen(old) : 0,
				     .new = new,
				     .new_len = strlen(new),
				     .outside = true};

	assert_int_equal(sc_plan_step(plan, &step), SPICECFG_OK);
}

static enum spicecfg_status commit(struct spicecfg_plan *plan)
{
	struct spicecfg_report *report;

	assert_int_equal(spicecfg_plan_check(plan, &report), SPICECFG_OK);
	enum spicecfg_status status = spicecfg_plan_commit(plan, report, NULL);
	spicecfg_report_free(report);
	return status;
}

static void three_files(const struct world *w, struct spicecfg_plan **plan, char paths[3][PATH_ROOM])
{
	assert_int_equal(sc_plan_new(w->ctx, plan), SPICECFG_OK);
	for (int i = 0; i < 3; i++) {
		snprintf(paths[i], PATH_ROOM, "%s/%c/file", w->dir, 'a' + i);
		put(paths[i], "old");
		add(*plan, paths[i], "old", "new");
	}
}

static struct sc_lock_key key_of(const char *dir)
{
	struct sc_lock_key key;
	int fd = open(dir, O_PATH | O_DIRECTORY);

	assert_true(fd >= 0);
	assert_true(sc_lock_key_dir(&key, fd, "a directory"));
	close(fd);
	key.dir = -1;
	return key;
}

/* Whichever directory another process has locked: nothing is changed. */
static void test_every_directory_is_locked(void **state)
{
	const struct world *w = *state;
	char paths[3][PATH_ROOM], dir[PATH_ROOM];
	struct spicecfg_plan *plan;
	struct sc_locks *locks;

	for (int held = 0; held < 3; held++) {
		three_files(w, &plan, paths);
		snprintf(dir, sizeof(dir), "%s/../%s/%c", w->dir, strrchr(w->dir, '/') + 1, 'a' + held);
		struct sc_lock_key key = key_of(dir);
		assert_int_equal(sc_locks_take(w->ctx, &key, 1, false, &locks), SPICECFG_OK);
		assert_int_equal(commit(plan), SPICECFG_SYSTEM);
		snprintf(dir, sizeof(dir), "(process %d) is working on %s/%c", getpid(), w->dir, 'a' + held);
		assert_non_null(strstr(spicecfg_ctx_error(w->ctx)->message, dir));
		spicecfg_ctx_clear_error(w->ctx);
		for (int i = 0; i < 3; i++)
			assert_text(paths[i], "old");
		sc_locks_release(locks);
		assert_int_equal(commit(plan), SPICECFG_OK);
		for (int i = 0; i < 3; i++)
			assert_text(paths[i], "new");
		spicecfg_plan_free(plan);
	}
}

/* A flock on the directory, which anybody who may read it can take, keeps nobody waiting. */
static void test_readers_hold_nothing(void **state)
{
	const struct world *w = *state;
	char paths[3][PATH_ROOM];
	struct spicecfg_plan *plan;
	int fd = open(w->dir, O_RDONLY | O_DIRECTORY), sub;

	three_files(w, &plan, paths);
	sub = openat(fd, "a", O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(flock(sub, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(commit(plan), SPICECFG_OK);
	close(sub);
	close(fd);
	spicecfg_plan_free(plan);
}

/* A process without our lock changes the file between the preparation and the exchange: its version stays, and the plan is stale. */
static void test_changed_in_between(void **state)
{
	const struct world *w = *state;
	char path[PATH_ROOM], other[PATH_ROOM];
	bool stale = false;

	for (int way = 0; way < 3; way++) {
		struct sc_step step = {
		    .type = SC_STEP_FILE, .path = path, .old = "old", .old_len = 3, .new = "new", .new_len = 3, .outside = true};
		snprintf(path, sizeof(path), "%s/a/f%d", w->dir, way);
		snprintf(other, sizeof(other), "%s/a/other", w->dir);
		if (way == 2)
			step.old = NULL;
		else
			put(path, "old");
		assert_int_equal(sc_step_file_ops.prepare(w->ctx, &step, &stale), SPICECFG_OK);
		if (way == 0) {
			put(other, "his");
			assert_int_equal(rename(other, path), 0);
		} else {
			put(path, "his");
		}
		assert_int_equal(sc_step_file_ops.apply(w->ctx, &step), SPICECFG_SYSTEM);
		assert_true(step.stale);
		sc_step_file_ops.undo(w->ctx, &step);
		sc_step_file_ops.finish(w->ctx, &step);
		assert_text(path, "his");
		spicecfg_ctx_clear_error(w->ctx);
	}
}

static void keep_message(void *opaque, enum spicecfg_log_level level, const char *message)
{
	(void)level;
	snprintf(opaque, PATH_ROOM, "%s", message);
}

/* A version that another process made from ours is not discarded when ours is rolled back. */
static void test_undo_keeps_others(void **state)
{
	const struct world *w = *state;
	char path[PATH_ROOM], other[PATH_ROOM], command[PATH_ROOM + 64], said[PATH_ROOM] = "";
	bool stale = false;
	struct sc_step step = {.type = SC_STEP_FILE, .path = path, .old = "old", .old_len = 3, .new = "new", .new_len = 3, .outside = true};

	spicecfg_ctx_set_log(w->ctx, keep_message, said);
	snprintf(path, sizeof(path), "%s/a/f", w->dir);
	snprintf(other, sizeof(other), "%s/a/other", w->dir);
	put(path, "old");
	assert_int_equal(sc_step_file_ops.prepare(w->ctx, &step, &stale), SPICECFG_OK);
	assert_int_equal(sc_step_file_ops.apply(w->ctx, &step), SPICECFG_OK);
	put(other, "new and his");
	assert_int_equal(rename(other, path), 0);
	sc_step_file_ops.undo(w->ctx, &step);
	sc_step_file_ops.finish(w->ctx, &step);
	assert_text(path, "new and his");
	snprintf(command, sizeof(command), "grep -qx old %s/a/f.*.spicecfg-bak", w->dir);
	assert_int_equal(system(command), 0);
	/* the message says where the old version is */
	assert_non_null(strstr(said, ".spicecfg-bak in the same directory"));
	spicecfg_ctx_set_log(w->ctx, NULL, NULL);
}

/* Another process changes a file that was written already, and the commit is cancelled. */
static bool change_first(void *opaque, enum spicecfg_stage stage)
{
	const char *const *paths = opaque;

	if (stage == SPICECFG_STAGE_PREPARED)
		return true;
	put(paths[1], "his");
	assert_int_equal(rename(paths[1], paths[0]), 0);
	return false;
}

/* The transaction stays armed. What somebody else wrote stays, which is an error once, until it is accepted. */
static void recover_conflict(const struct world *w, char paths[3][PATH_ROOM])
{
	struct spicecfg_recovery *recovery;
	char id[64];

	assert_int_equal(spicecfg_recover(w->ctx, NULL, &recovery), SPICECFG_SYSTEM);
	assert_string_equal(spicecfg_ctx_error(w->ctx)->unrestored[0], paths[0]);
	assert_null(spicecfg_ctx_error(w->ctx)->unrestored[1]);
	assert_int_equal(spicecfg_recovery_row(recovery, 0)->state, SPICECFG_RECOVERED_CONFLICT);
	snprintf(id, sizeof(id), "%s", spicecfg_recovery_row(recovery, 0)->id);
	spicecfg_recovery_free(recovery);
	assert_int_equal(spicecfg_recover(w->ctx, NULL, &recovery), SPICECFG_OK);
	assert_string_equal(spicecfg_recovery_row(recovery, 0)->id, id);
	spicecfg_recovery_free(recovery);
	assert_int_equal(spicecfg_recover(w->ctx, "no-such", NULL), SPICECFG_INPUT);
	assert_int_equal(spicecfg_recover(w->ctx, id, &recovery), SPICECFG_OK);
	assert_int_equal(spicecfg_recovery_row(recovery, 0)->state, SPICECFG_RECOVERED_ACCEPTED);
	spicecfg_recovery_free(recovery);
	assert_int_equal(spicecfg_recover(w->ctx, NULL, &recovery), SPICECFG_OK);
	assert_null(spicecfg_recovery_row(recovery, 0));
	spicecfg_recovery_free(recovery);
	assert_text(paths[0], "his");
}

/* The result names what a roll-back can't restore; the rest is as it was. */
static void test_unrestored_is_named(void **state)
{
	const struct world *w = *state;
	char paths[3][PATH_ROOM], other[PATH_ROOM];
	struct spicecfg_plan *plan;
	struct spicecfg_report *report;
	bool stale = true;

	three_files(w, &plan, paths);
	snprintf(other, sizeof(other), "%s/a/other", w->dir);
	const char *const both[] = {paths[0], other};
	assert_int_equal(spicecfg_plan_check(plan, &report), SPICECFG_OK);
	spicecfg_plan_set_stage_fn(plan, change_first, (void *)(uintptr_t)both);
	assert_int_equal(spicecfg_plan_commit(plan, report, &stale), SPICECFG_SYSTEM);
	const struct spicecfg_error *error = spicecfg_ctx_error(w->ctx);
	assert_int_equal(error->status, SPICECFG_SYSTEM);
	assert_false(stale);
	assert_non_null(error->unrestored);
	assert_string_equal(error->unrestored[0], paths[0]);
	assert_null(error->unrestored[1]);
	assert_text(paths[0], "his");
	assert_text(paths[1], "old");
	assert_text(paths[2], "old");
	spicecfg_report_free(report);
	spicecfg_plan_free(plan);
	recover_conflict(w, paths);
}

/* A default ACL of the directory grants no access to what is created in it: the plan's modes apply. */
static void test_inherits_no_acl(void **state)
{
	const struct world *w = *state;
	char path[PATH_ROOM + 64], command[PATH_ROOM + 128];
	bool stale = false;
	const mode_t modes[] = {0600, 0640, 0644, 0660};

	snprintf(command, sizeof(command), "setfacl -d -m u:1234:rwx,g:1235:rw,o::rwx %s/a 2>/dev/null", w->dir);
	if (system(command) != 0)
		skip();
	for (size_t i = 0; i < 8; i++) {
		struct sc_step step = {.type = SC_STEP_FILE, .path = path, .new = "new", .new_len = 3, .outside = true};
		struct stat st;

		step.want = (struct sc_want){.mode = i < 4, .bits = modes[i % 4]};
		if (i >= 4)
			step.old = "old", step.old_len = 3;
		snprintf(path, sizeof(path), "%s/a/f%zu", w->dir, i);
		if (step.old) {
			put(path, "old");
			assert_int_equal(removexattr(path, "system.posix_acl_access"), 0);
			assert_int_equal(chmod(path, modes[i % 4]), 0);
		}
		assert_int_equal(sc_step_file_ops.prepare(w->ctx, &step, &stale), SPICECFG_OK);
		assert_int_equal(sc_step_file_ops.apply(w->ctx, &step), SPICECFG_OK);
		sc_step_file_ops.finish(w->ctx, &step);
		assert_int_equal(getxattr(path, "system.posix_acl_access", NULL, 0), -1);
		assert_int_equal(errno, ENODATA);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, modes[i % 4]);
	}
}

/* Two files of one directory, and one directory under two names: a process doesn't wait for itself. */
static void test_directory_twice(void **state)
{
	const struct world *w = *state;
	char a[PATH_ROOM], b[PATH_ROOM], c[PATH_ROOM];
	struct spicecfg_plan *plan;

	assert_int_equal(sc_plan_new(w->ctx, &plan), SPICECFG_OK);
	snprintf(a, sizeof(a), "%s/a/one", w->dir);
	snprintf(b, sizeof(b), "%s/a/two", w->dir);
	snprintf(c, sizeof(c), "%s/a/../a/three", w->dir);
	add(plan, a, NULL, "1");
	add(plan, b, NULL, "2");
	add(plan, c, NULL, "3");
	assert_int_equal(commit(plan), SPICECFG_OK);
	assert_text(a, "1");
	assert_text(b, "2");
	assert_text(c, "3");
	spicecfg_plan_free(plan);
}

static void test_longest_names(void **state)
{
	const struct world *w = *state;
	static const size_t lengths[] = {100, 101, 240, NAME_MAX};
	char path[PATH_ROOM], command[PATH_ROOM + 64];
	struct spicecfg_plan *plan;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		int at = snprintf(path, sizeof(path), "%s/b/", w->dir);
		memset(path + at, 'n', lengths[i]);
		path[(size_t)at + lengths[i]] = '\0';
		assert_int_equal(sc_plan_new(w->ctx, &plan), SPICECFG_OK);
		add(plan, path, NULL, "made");
		assert_int_equal(commit(plan), SPICECFG_OK);
		assert_text(path, "made");
		spicecfg_plan_free(plan);
		assert_int_equal(sc_plan_new(w->ctx, &plan), SPICECFG_OK);
		add(plan, path, "made", "changed");
		assert_int_equal(commit(plan), SPICECFG_OK);
		assert_text(path, "changed");
		spicecfg_plan_free(plan);
	}
	snprintf(command, sizeof(command), "test $(ls -A %s/b | wc -l) = 4", w->dir);
	assert_int_equal(system(command), 0);
}

static void test_move_replaces_nothing(void **state)
{
	const struct world *w = *state;
	char path[PATH_ROOM];

	snprintf(path, sizeof(path), "%s/c", w->dir);
	assert_int_equal(chdir(path), 0);
	put("x", "x");
	put("y", "y");
	assert_int_equal(sc_rename_move(AT_FDCWD, "x", "y"), -1);
	assert_int_equal(sc_rename_exchange(AT_FDCWD, "x", "y", "z"), 0);
	assert_text("x", "y");
	assert_text("y", "x");
	assert_int_equal(sc_rename_move(AT_FDCWD, "x", "z"), 0);
	assert_text("z", "y");
	assert_int_equal(chdir("/"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_every_directory_is_locked, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_readers_hold_nothing, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_changed_in_between, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_undo_keeps_others, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_unrestored_is_named, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_inherits_no_acl, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_directory_twice, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_longest_names, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_move_replaces_nothing, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
