/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/acl.h"

static const struct sc_grant spicex = {true, 500}, uvmb = {false, 1021};

static void expect_text(const struct sc_acl *acl, const char *want)
{
	SC_BUF text = SC_BUF_INIT;

	sc_acl_text(acl, &text);
	assert_string_equal(sc_buf_text(&text), want);
}

static void a_mode_and_back(void **state)
{
	(void)state;
	struct sc_acl acl;

	sc_acl_from_mode(&acl, 0754);
	expect_text(&acl, "user::rwx,group::r-x,other::r--");
	assert_int_equal(sc_acl_mode(&acl), 0754);
	assert_int_equal(sc_acl_effective(&acl, SC_ACL_OWNING_GROUP, 0), 5);
}

/* The ACLs that were verified to work (facts, F3). */
static void grants_of_the_facts(void **state)
{
	(void)state;
	struct sc_acl directory, standing = {0}, live;

	sc_acl_from_mode(&directory, 0770);
	sc_acl_from_mode(&live, 0775);
	assert_true(sc_acl_grant(&directory, SC_ACL_DIRECTORY, spicex));
	assert_true(sc_acl_grant(&standing, SC_ACL_STANDING, spicex));
	assert_true(sc_acl_grant(&live, SC_ACL_SOCKET, spicex));
	expect_text(&directory, "user::rwx,group::rwx,group:500:--x,mask::rwx,other::---");
	expect_text(&standing, "user::rw-,group::rw-,group:500:rw-,mask::rw-,other::---");
	expect_text(&live, "user::rw-,group::rw-,group:500:rw-,mask::rw-,other::---");
	assert_int_equal(sc_acl_mode(&directory), 0770);
	assert_int_equal(sc_acl_effective(&live, SC_ACL_GROUP, 500), SC_ACL_RW);
}

static void a_grant_twice_is_one(void **state)
{
	(void)state;
	struct sc_acl once = {0}, twice;

	assert_true(sc_acl_grant(&once, SC_ACL_STANDING, uvmb));
	twice = once;
	assert_true(sc_acl_grant(&twice, SC_ACL_STANDING, uvmb));
	assert_true(sc_acl_equal(&once, &twice));
}

static void revoke_undoes_a_grant(void **state)
{
	(void)state;
	struct sc_acl before, after;

	sc_acl_from_mode(&before, 0770);
	after = before;
	assert_true(sc_acl_grant(&after, SC_ACL_DIRECTORY, uvmb));
	assert_true(sc_acl_grant(&after, SC_ACL_DIRECTORY, spicex));
	sc_acl_revoke(&after, SC_ACL_DIRECTORY, uvmb);
	expect_text(&after, "user::rwx,group::rwx,group:500:--x,mask::rwx,other::---");
	sc_acl_revoke(&after, SC_ACL_DIRECTORY, spicex);
	assert_true(sc_acl_equal(&before, &after));
	sc_acl_revoke(&after, SC_ACL_DIRECTORY, spicex);
	assert_true(sc_acl_equal(&before, &after));
}

/* A user and a group with the same number are different subjects. */
static void ids_do_not_mix(void **state)
{
	(void)state;
	struct sc_acl acl = {0};

	assert_true(sc_acl_grant(&acl, SC_ACL_SOCKET, (struct sc_grant){false, 7}));
	assert_true(sc_acl_grant(&acl, SC_ACL_SOCKET, (struct sc_grant){true, 7}));
	sc_acl_revoke(&acl, SC_ACL_SOCKET, (struct sc_grant){true, 7});
	expect_text(&acl, "user::rw-,user:7:rw-,group::rw-,mask::rw-,other::---");
}

static void others_are_shut_out(void **state)
{
	(void)state;
	struct sc_acl acl;

	sc_acl_from_mode(&acl, 0777);
	sc_acl_close(&acl, SC_ACL_SOCKET);
	expect_text(&acl, "user::rw-,group::rw-,other::---");
}

/* What the mask had denied stays denied when the mask is widened for a new grant. */
static void masked_entries_stay_masked(void **state)
{
	(void)state;
	struct sc_acl acl;

	sc_acl_from_mode(&acl, 0700);
	assert_true(sc_acl_put(&acl, SC_ACL_USER, 33, SC_ACL_RWX));
	assert_true(sc_acl_put(&acl, SC_ACL_MASK, 0, SC_ACL_R));
	assert_int_equal(sc_acl_effective(&acl, SC_ACL_USER, 33), SC_ACL_R);
	assert_true(sc_acl_grant(&acl, SC_ACL_SOCKET, spicex));
	assert_int_equal(sc_acl_effective(&acl, SC_ACL_USER, 33), SC_ACL_R);
	assert_int_equal(sc_acl_effective(&acl, SC_ACL_GROUP, 500), SC_ACL_RW);
}

/* acl(5): the first matching class decides, but any matching group may grant access. */
static void access_is_decided_as_the_kernel_does(void **state)
{
	(void)state;
	struct sc_acl acl;
	const gid_t groups[] = {500, 600}, qemu[] = {64055};
	const struct sc_acl_subject owner = {10, groups, 2}, named = {1021, groups, 2}, member = {2000, groups, 2},
				    qemu_user = {64055, qemu, 1}, other = {3000, NULL, 0}, root = {0, NULL, 0},
				    group_only = {(uid_t)-1, groups, 1};

	sc_acl_from_mode(&acl, 0470);
	assert_true(sc_acl_put(&acl, SC_ACL_USER, 1021, 0));
	assert_true(sc_acl_put(&acl, SC_ACL_GROUP, 500, SC_ACL_X));
	assert_true(sc_acl_put(&acl, SC_ACL_GROUP, 600, SC_ACL_RWX));
	assert_true(sc_acl_put(&acl, SC_ACL_MASK, 0, SC_ACL_RW));
	assert_true(sc_acl_put(&acl, SC_ACL_OTHER, 0, SC_ACL_RWX));
	assert_true(sc_acl_allows(&acl, 10, 64055, &owner, SC_ACL_R));
	assert_false(sc_acl_allows(&acl, 10, 64055, &owner, SC_ACL_W));
	assert_false(sc_acl_allows(&acl, 10, 64055, &named, SC_ACL_R));
	assert_true(sc_acl_allows(&acl, 10, 64055, &member, SC_ACL_RW));
	assert_false(sc_acl_allows(&acl, 10, 64055, &member, SC_ACL_X));
	assert_false(sc_acl_allows(&acl, 10, 64055, &group_only, SC_ACL_X));
	assert_true(sc_acl_allows(&acl, 10, 64055, &qemu_user, SC_ACL_RW));
	assert_true(sc_acl_allows(&acl, 10, 64055, &other, SC_ACL_RWX));
	assert_true(sc_acl_allows(&acl, 10, 64055, &root, SC_ACL_RWX));
}

static void too_many_are_refused(void **state)
{
	(void)state;
	struct sc_acl acl = {0};
	unsigned taken = 0;

	while (taken < 100 && sc_acl_grant(&acl, SC_ACL_SOCKET, (struct sc_grant){true, 1000 + taken}))
		taken++;
	assert_int_equal(taken, 59);
	assert_true(acl.n <= SC_ACL_ENTRIES_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_mode_and_back),
	    cmocka_unit_test(grants_of_the_facts),
	    cmocka_unit_test(a_grant_twice_is_one),
	    cmocka_unit_test(revoke_undoes_a_grant),
	    cmocka_unit_test(ids_do_not_mix),
	    cmocka_unit_test(others_are_shut_out),
	    cmocka_unit_test(masked_entries_stay_masked),
	    cmocka_unit_test(access_is_decided_as_the_kernel_does),
	    cmocka_unit_test(too_many_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
