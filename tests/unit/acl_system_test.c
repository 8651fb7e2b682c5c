/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ACLs on the real file system, verified with getfacl and setfacl. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "system/commit/step_ops.h"
#include "system/os/acl.h"
#include "system/os/acl_fd.h"

struct world {
	struct spicecfg_ctx *ctx;
	char root[64];
};

static char *in_root(const struct world *w, const char *path)
{
	static char full[256];

	snprintf(full, sizeof(full), "%s%s", w->root, path);
	return full;
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	*state = w;
	strcpy(w->root, "/tmp/spicecfg-acl-XXXXXX");
	assert_non_null(mkdtemp(w->root));
	w->ctx = spicecfg_ctx_new();
	assert_int_equal(spicecfg_ctx_set_root(w->ctx, w->root), SPICECFG_OK);
	assert_int_equal(mkdir(in_root(w, "/vm"), 0770), 0);
	assert_int_equal(chmod(in_root(w, "/vm"), 0770), 0);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", w->root);
	assert_int_equal(system(command), 0);
	spicecfg_ctx_free(w->ctx);
	free(w);
	return 0;
}

static void expect_getfacl(const struct world *w, const char *path, const char *want)
{
	char command[512], seen[1024] = "";
	size_t used = 0, n;

	snprintf(command, sizeof(command), "getfacl -cnpE '%s' | grep -v '^$' | paste -sd,", in_root(w, path));
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	while ((n = fread(seen + used, 1, sizeof(seen) - 1 - used, pipe)) > 0)
		used += n;
	pclose(pipe);
	seen[strcspn(seen, "\n")] = '\0';
	assert_string_equal(seen, want);
}

static void make_socket(const struct world *w, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	const char *full = in_root(w, path);

	assert_true(strlen(full) < sizeof(address.sun_path));
	memcpy(address.sun_path, full, strlen(full));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
}

static const struct sc_grant spicex = {true, 50000};

static struct sc_acl_wanted wanted_dir(const struct sc_acl_state *now)
{
	struct sc_acl_wanted wanted = {
	    .access = now->access, .standing = now->standing, .known = true, .old_access = now->access, .old_standing = now->standing};

	assert_true(sc_acl_grant(&wanted.access, SC_ACL_DIRECTORY, spicex));
	assert_true(sc_acl_grant(&wanted.standing, SC_ACL_STANDING, spicex));
	return wanted;
}

static enum spicecfg_status run_step(const struct world *w, const char *path, const struct sc_acl_wanted *wanted, bool take_back)
{
	struct sc_step step = {.type = SC_STEP_ACL, .path = path, .acl = wanted};
	bool stale = false;
	enum spicecfg_status status = sc_step_acl_ops.prepare(w->ctx, &step, &stale);

	if (!status) {
		status = sc_step_acl_ops.apply(w->ctx, &step);
		if (status || take_back)
			sc_step_acl_ops.undo(w->ctx, &step);
	}
	sc_step_acl_ops.finish(w->ctx, &step);
	return status;
}

static void a_directory_gets_both_acls(void **state)
{
	struct world *w = *state;
	struct sc_acl_state now;
	int fd;

	assert_int_equal(sc_acl_look(w->ctx, "/vm", &now), SPICECFG_OK);
	assert_true(now.exists && S_ISDIR(now.mode) && now.standing.n == 0);
	struct sc_acl_wanted wanted = wanted_dir(&now);
	assert_int_equal(run_step(w, "/vm", &wanted, false), SPICECFG_OK);
	expect_getfacl(
	    w, "/vm",
	    "user::rwx,group::rwx,group:50000:--x,mask::rwx,other::---,default:user::rw-,default:group::rw-,default:group:50000:rw-,"
	    "default:mask::rw-,default:other::---");
	/* what is created in it, like QEMU's socket with libvirt's umask 0002, inherits it */
	mode_t old = umask(0002);
	make_socket(w, "/vm/spice.socket");
	umask(old);
	expect_getfacl(w, "/vm/spice.socket", "user::rw-,group::rw-,group:50000:rw-,mask::rw-,other::---");
	/* and back */
	assert_int_equal(sc_acl_look(w->ctx, "/vm", &now), SPICECFG_OK);
	assert_int_equal(now.mode & 07777, 0770);
	fd = sc_acl_open(w->ctx, "/vm");
	assert_int_equal(sc_acl_fd_write(fd, true, &(struct sc_acl){0}), 0);
	close(fd);
	expect_getfacl(w, "/vm", "user::rwx,group::rwx,group:50000:--x,mask::rwx,other::---");
}

static void an_undo_puts_them_back(void **state)
{
	struct world *w = *state;
	struct sc_acl_state now;

	assert_int_equal(sc_acl_look(w->ctx, "/vm", &now), SPICECFG_OK);
	struct sc_acl_wanted wanted = wanted_dir(&now);
	assert_int_equal(run_step(w, "/vm", &wanted, true), SPICECFG_OK);
	expect_getfacl(w, "/vm", "user::rwx,group::rwx,other::---");
}

static void a_foreign_change_is_noticed(void **state)
{
	struct world *w = *state;
	struct sc_acl_state now;

	assert_int_equal(sc_acl_look(w->ctx, "/vm", &now), SPICECFG_OK);
	struct sc_acl_wanted wanted = wanted_dir(&now);
	assert_int_equal(chmod(in_root(w, "/vm"), 0700), 0);
	assert_int_equal(run_step(w, "/vm", &wanted, false), SPICECFG_SYSTEM);
	assert_string_equal(spicecfg_ctx_error(w->ctx)->message, "somebody else changed the ACL meanwhile");
	expect_getfacl(w, "/vm", "user::rwx,group::---,other::---");
}

static void a_live_socket(void **state)
{
	struct world *w = *state;
	struct sc_acl_state now;
	struct sc_acl_wanted wanted = {.socket = true};

	make_socket(w, "/vm/spice.socket");
	assert_int_equal(sc_acl_look(w->ctx, "/vm/spice.socket", &now), SPICECFG_OK);
	assert_true(now.exists && S_ISSOCK(now.mode));
	wanted.access = now.access;
	assert_true(sc_acl_grant(&wanted.access, SC_ACL_SOCKET, spicex));
	assert_int_equal(run_step(w, "/vm/spice.socket", &wanted, false), SPICECFG_OK);
	expect_getfacl(w, "/vm/spice.socket", "user::rw-,group::rw-,group:50000:rw-,mask::rw-,other::---");
	/* a VM that stopped meanwhile removed its socket */
	assert_int_equal(run_step(w, "/vm/missing.socket", &wanted, false), SPICECFG_OK);
	/* what replaced the socket is not changed */
	assert_int_equal(mkdir(in_root(w, "/vm/dir"), 0700), 0);
	assert_int_equal(run_step(w, "/vm/dir", &wanted, false), SPICECFG_SYSTEM);
	expect_getfacl(w, "/vm/dir", "user::rwx,group::---,other::---");
}

static void no_symlink_is_followed(void **state)
{
	struct world *w = *state;
	struct sc_acl_state now;
	struct sc_acl_wanted wanted = {.socket = true};
	char target[256];

	assert_int_equal(mkdir(in_root(w, "/etc"), 0755), 0);
	assert_int_equal(mkdir(in_root(w, "/etc/secret"), 0700), 0);
	snprintf(target, sizeof(target), "%s", in_root(w, "/etc"));
	assert_int_equal(symlink(target, in_root(w, "/link")), 0);
	make_socket(w, "/etc/real.socket");
	assert_int_equal(symlink("../etc/real.socket", in_root(w, "/vm/spice.socket")), 0);
	errno = 0;
	assert_int_equal(sc_acl_open(w->ctx, "/link/secret"), -1);
	assert_int_equal(errno, ELOOP);
	assert_int_equal(sc_acl_open(w->ctx, "/link"), -1);
	assert_int_equal(errno, ELOOP);
	assert_int_equal(sc_acl_open(w->ctx, "/vm/../etc/secret"), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(sc_acl_look(w->ctx, "/link/secret", &now), SPICECFG_INPUT);
	sc_acl_from_mode(&wanted.access, 0666);
	assert_int_equal(run_step(w, "/vm/spice.socket", &wanted, false), SPICECFG_SYSTEM);
	expect_getfacl(w, "/etc/secret", "user::rwx,group::---,other::---");
	spicecfg_ctx_clear_error(w->ctx);
	assert_int_equal(sc_acl_look(w->ctx, "/nothing/here", &now), SPICECFG_OK);
	assert_false(now.exists);
}

static enum spicecfg_status make_directory(const struct world *w, const char *path, const void *acls, bool *stale)
{
	struct sc_step step = {.type = SC_STEP_MKDIR, .path = path, .want = {.mode = true, .bits = 0770}, .no_links = true, .acl = acls};

	*stale = false;
	enum spicecfg_status status = sc_step_mkdir_ops.prepare(w->ctx, &step, stale);
	if (!status)
		status = sc_step_mkdir_ops.apply(w->ctx, &step);
	if (status)
		sc_step_mkdir_ops.undo(w->ctx, &step);
	sc_step_mkdir_ops.finish(w->ctx, &step);
	return status;
}

/* A default ACL of the parent would give its users access to what must be private. */
static void a_new_directory_inherits_nothing(void **state)
{
	struct world *w = *state;
	struct sc_acl_wanted wanted = {.known = false};
	struct sc_acl open_to_all;
	bool stale;

	sc_acl_from_mode(&open_to_all, 0777);
	assert_true(sc_acl_put(&open_to_all, SC_ACL_USER, 50001, SC_ACL_RWX));
	assert_true(sc_acl_put(&open_to_all, SC_ACL_MASK, 0, SC_ACL_RWX));
	int fd = sc_acl_open(w->ctx, "/vm");
	assert_int_equal(sc_acl_fd_write(fd, true, &open_to_all), 0);
	close(fd);
	assert_int_equal(make_directory(w, "/vm/plain", NULL, &stale), SPICECFG_OK);
	expect_getfacl(w, "/vm/plain", "user::rwx,group::rwx,other::---");
	/* an existing one is accepted as it is */
	assert_int_equal(make_directory(w, "/vm/plain", NULL, &stale), SPICECFG_OK);
	assert_true(sc_acl_grant(&wanted.access, SC_ACL_DIRECTORY, spicex));
	assert_true(sc_acl_grant(&wanted.standing, SC_ACL_STANDING, spicex));
	assert_int_equal(make_directory(w, "/vm/acls", &wanted, &stale), SPICECFG_OK);
	expect_getfacl(
	    w, "/vm/acls",
	    "user::rwx,group::rwx,group:50000:--x,mask::rwx,other::---,default:user::rw-,default:group::rw-,default:group:50000:rw-,"
	    "default:mask::rw-,default:other::---");
	/* unless its owner was never checked */
	assert_int_equal(mkdir(in_root(w, "/vm/planted"), 0777), 0);
	assert_int_equal(make_directory(w, "/vm/planted", &wanted, &stale), SPICECFG_SYSTEM);
	assert_true(stale);
}

static void setfacl(const struct world *w, const char *what)
{
	char command[512];

	snprintf(command, sizeof(command), "setfacl %s '%s'", what, in_root(w, "/vm"));
	assert_int_equal(system(command), 0);
}

/* Every kind of entry as libacl writes it, out of order and with ids beyond 2^31, and more of them than there is room for. */
static void what_setfacl_writes_is_read(void **state)
{
	struct world *w = *state;
	struct sc_acl_state now;
	SC_BUF text = SC_BUF_INIT;

	setfacl(w, "-m u:4000000000:r-x,g:7:-w-,u:5:rwx,m:r-x,o:--x -d -m g:9:rw-,u:8:---,m:rwx");
	assert_int_equal(sc_acl_look(w->ctx, "/vm", &now), SPICECFG_OK);
	sc_acl_text(&now.access, &text);
	sc_buf_addc(&text, ' ');
	sc_acl_text(&now.standing, &text);
	assert_string_equal(sc_buf_text(&text), "user::rwx,user:5:rwx,user:4000000000:r-x,group::rwx,group:7:-w-,mask::r-x,other::--x "
						"user::rwx,user:8:---,group::rwx,group:9:rw-,mask::rwx,other::--x");
	sc_buf_free(&text);
	setfacl(w, "-b $(seq -f '-m u:%g:r' 100 159)");
	assert_int_equal(sc_acl_look(w->ctx, "/vm", &now), SPICECFG_OK);
	assert_int_equal(now.access.n, SC_ACL_ENTRIES_MAX);
	setfacl(w, "-m u:160:r");
	assert_int_equal(sc_acl_look(w->ctx, "/vm", &now), SPICECFG_INPUT);
	assert_string_equal(spicecfg_ctx_error(w->ctx)->message, "its ACL has more than 64 entries");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_directory_gets_both_acls, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_undo_puts_them_back, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_foreign_change_is_noticed, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_live_socket, setup, teardown),
	    cmocka_unit_test_setup_teardown(no_symlink_is_followed, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_new_directory_inherits_nothing, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_setfacl_writes_is_read, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
