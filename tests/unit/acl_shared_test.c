/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A directory that others use, with random owners, modes and ACLs: nobody loses access to it, and only the granted subject gains access. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
/* must come after the headers above */
#include <cmocka.h>

#include "plan/acl.h"

enum { QEMU = 64055, MYBRO = 1022, SPICEX = 500, ROUNDS = 100000 };

static unsigned below(unsigned n)
{
	static uint64_t state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)((state >> 16) % n);
}

static const gid_t ids[] = {SPICEX, 501, 502, QEMU};

static void random_acl(struct sc_acl *acl)
{
	mode_t mode = (mode_t)below(512);

	/* mostly modes that planning accepts: others may not write */
	sc_acl_from_mode(acl, mode & (below(8) ? 0755U : 0777U));
	for (unsigned n = below(4); n > 0; n--) {
		enum sc_acl_tag tag = below(2) ? SC_ACL_USER : SC_ACL_GROUP;
		unsigned id = below(4) ? 1021 + below(3) : ids[below(4)], perms = below(8);

		(void)sc_acl_put(acl, tag, id, perms & (below(8) ? 5U : 7U));
	}
	if (acl->n > 3)
		(void)sc_acl_put(acl, SC_ACL_MASK, 0, below(8));
}

static struct sc_socket_place random_place(void)
{
	struct sc_socket_place place = {.dir = {.path = "/srv/x", .exists = true}, .qemu_uid = QEMU, .qemu_gid = QEMU};

	if (below(2))
		place.dir.path = SC_SOCKET_ROOT;
	place.dir.gid = ids[below(4)];
	place.directories = below(2);
	if (!below(3))
		place.dir.uid = QEMU;
	random_acl(&place.dir.access);
	place.dir.mode = S_IFDIR | sc_acl_mode(&place.dir.access);
	return place;
}

static unsigned rights(const struct sc_acl *acl, uid_t owner, gid_t group, const struct sc_acl_subject *who)
{
	unsigned has = 0;

	for (unsigned bit = 1; bit < 8; bit <<= 1)
		has |= sc_acl_allows(acl, owner, group, who, bit) ? bit : 0;
	return has;
}

/* A subject that is neither granted nor QEMU keeps exactly its access; the granted one additionally gets search permission. */
static void nobody_loses_in_a_shared_directory(void **state)
{
	(void)state;
	struct sc_arena *arena = sc_arena_new();
	unsigned taken = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct sc_socket_place place = random_place();
		struct sc_socket_change change = {.grant = {.id = MYBRO}, .word = "x"};
		const gid_t first = ids[below(4)], second = ids[below(4)], member[] = {first, second};
		struct sc_acl_wanted dir, socket;

		change.grant.group = below(2);
		change.revoke = !below(3);
		if (change.grant.group)
			change.grant.id = SPICEX;
		change.groups = member;
		change.n_groups = 2;
		if (sc_socket_unfit(&place, &change, 1, arena))
			continue;
		const struct sc_acl before = place.dir.access;
		assert_true(sc_socket_acls(&place, &change, 1, &dir, &socket));
		taken += !sc_acl_equal(&before, &dir.access);
		for (uid_t uid = 1020; uid < 1026; uid++) {
			const struct sc_acl_subject who = {uid, member, 2};
			bool in = change.grant.group ? member[0] == SPICEX || member[1] == SPICEX : uid == MYBRO;
			unsigned old = rights(&before, place.dir.uid, place.dir.gid, &who);
			unsigned new = rights(&dir.access, 0, place.dir.gid, &who);

			/* a revoke removes an entry that a grant may have made, and nothing else */
			if (!(in && change.revoke && new == (old & ~(unsigned)SC_ACL_X) && !place.directories))
				assert_int_equal(old & ~new, 0);
			assert_int_equal(new & ~old & ~(in && !change.revoke ? (unsigned)(SC_ACL_X | SC_ACL_R) : 0U), 0);
			if (in && !change.revoke && !change.grant.group)
				assert_true(new &SC_ACL_X);
		}
		const gid_t qemu = QEMU;
		const struct sc_acl_subject account = {QEMU, &qemu, 1};
		assert_true(sc_acl_allows(&dir.access, 0, place.dir.gid, &account, SC_ACL_W | SC_ACL_X));
		const struct sc_acl again = dir.access;
		place.dir.access = dir.access;
		place.dir.standing = dir.standing;
		place.dir.uid = 0;
		assert_true(sc_socket_acls(&place, &change, 1, &dir, &socket));
		assert_true(sc_acl_equal(&again, &dir.access));
	}
	assert_true(taken > ROUNDS / 4);
	sc_arena_free(arena);
}

/* In the VM's own directory only root and QEMU can replace the socket, whatever its ACL contained before. */
static void named_entries_of_the_own_directory_only_pass(void **state)
{
	(void)state;
	struct sc_socket_place place = {
	    .dir = {.path = SC_SOCKET_ROOT "/x", .exists = true}, .own = true, .qemu_uid = QEMU, .qemu_gid = QEMU};
	const struct sc_socket_change change = {.grant = {.id = MYBRO}, .word = "user:mybro"};
	struct sc_acl_wanted dir, socket;

	sc_acl_from_mode(&place.dir.access, 0770);
	assert_true(sc_acl_put(&place.dir.access, SC_ACL_USER, 1021, SC_ACL_RWX));
	assert_true(sc_acl_put(&place.dir.access, SC_ACL_MASK, 0, SC_ACL_RWX));
	assert_true(sc_socket_acls(&place, &change, 1, &dir, &socket));
	assert_int_equal(sc_acl_effective(&dir.access, SC_ACL_USER, 1021), SC_ACL_X);
	assert_int_equal(sc_acl_effective(&dir.access, SC_ACL_USER, MYBRO), SC_ACL_X);
}

/* A live socket whose group is not QEMU's does not become accessible to that group. */
static void a_foreign_group_of_the_socket_is_shut_out(void **state)
{
	(void)state;
	struct sc_socket_place place = {.dir = {.path = "/srv/x", .exists = true, .mode = S_IFDIR | 0755},
					.socket = {.exists = true, .uid = QEMU, .gid = 501, .mode = S_IFSOCK | 0775},
					.qemu_uid = QEMU,
					.qemu_gid = QEMU};
	const struct sc_socket_change change = {.grant = {.id = MYBRO}, .word = "user:mybro"};
	const gid_t gid = 501;
	const struct sc_acl_subject member = {1021, &gid, 1};
	struct sc_acl_wanted dir, socket;

	sc_acl_from_mode(&place.dir.access, 0755);
	sc_acl_from_mode(&place.socket.access, 0775);
	assert_true(sc_socket_acls(&place, &change, 1, &dir, &socket));
	assert_false(sc_acl_allows(&socket.access, QEMU, 501, &member, SC_ACL_W));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_loses_in_a_shared_directory),
	    cmocka_unit_test(named_entries_of_the_own_directory_only_pass),
	    cmocka_unit_test(a_foreign_group_of_the_socket_is_shut_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
