/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/os/file_root.h"

static int root;
static char top[64];

static void put(const char *path, const char *text)
{
	int fd = openat(root, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static int setup(void **state)
{
	(void)state;
	snprintf(top, sizeof(top), "/tmp/spicecfg-root-XXXXXX");
	assert_non_null(mkdtemp(top));
	root = open(top, O_PATH | O_DIRECTORY);
	assert_int_equal(mkdirat(root, "etc", 0700), 0);
	assert_int_equal(mkdirat(root, "etc/inner", 0700), 0);
	put("etc/hostname", "image\n");
	put("etc/inner/file", "inner\n");
	assert_int_equal(symlinkat("/etc/hostname", root, "absolute"), 0);
	assert_int_equal(symlinkat("../../../../etc/hostname", root, "etc/inner/upward"), 0);
	assert_int_equal(symlinkat("inner", root, "etc/way"), 0);
	assert_int_equal(symlinkat("loop", root, "loop"), 0);
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	close(root);
	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

static void expect(const char *path, int flags, const char *text)
{
	char read_back[32] = "";
	int fd = sc_file_open_in_root(root, path, O_RDONLY | flags);

	if (!text) {
		assert_int_equal(fd, -1);
		return;
	}
	assert_true(fd >= 0);
	assert_true(read(fd, read_back, sizeof(read_back) - 1) >= 0);
	assert_string_equal(read_back, text);
	close(fd);
}

static void stays_inside(void **state)
{
	(void)state;
	expect("/etc/hostname", 0, "image\n");
	expect("absolute", 0, "image\n");
	expect("/etc/inner/upward", 0, "image\n");
	expect("/../../etc/hostname", 0, "image\n");
	expect("/etc/way/file", 0, "inner\n");
	expect("/etc/./way/../hostname", 0, "image\n");
}

static void refuses(void **state)
{
	(void)state;
	expect("/loop", 0, NULL);
	assert_int_equal(errno, ELOOP);
	expect("/absolute", O_NOFOLLOW, NULL);
	assert_int_equal(errno, ELOOP);
	expect("/etc/missing", 0, NULL);
	assert_int_equal(errno, ENOENT);
}

static void opens_the_root(void **state)
{
	(void)state;
	int fd = sc_file_open_in_root(root, "/", O_RDONLY | O_DIRECTORY);

	assert_true(fd >= 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(stays_inside),
	    cmocka_unit_test(refuses),
	    cmocka_unit_test(opens_the_root),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
