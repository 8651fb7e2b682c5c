#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doc/apparmor.h"

static bool reads(const char *text, const char *path)
{
	return sc_apparmor_grants(text, path, "r", NULL, NULL);
}

static void patterns(void **state)
{
	(void)state;
	assert_true(reads("  /etc/sasl2/qemu.conf r,\n", "/etc/sasl2/qemu.conf"));
	assert_true(reads("/etc/sasl2/* rk, # ours", "/etc/sasl2/qemu.conf"));
	assert_true(reads("r /etc/sasl2/*.conf,", "/etc/sasl2/qemu.conf"));
	assert_true(reads("\"/etc/sasl2/q?mu.conf\" r,", "/etc/sasl2/qemu.conf"));
	assert_true(reads("/etc/pki/libvirt{,-spice,-vnc}/** r,", "/etc/pki/libvirt-spice/sasl/1/qemu.conf"));
	assert_true(reads("/etc/pki/libvirt{,-spice,-vnc}/** r,", "/etc/pki/libvirt/a"));
	assert_true(reads("/{etc,usr/{lib,share}}/a r,", "/usr/share/a"));
	assert_true(reads("/a w,\n/a r,", "/a"));
}

static void others(void **state)
{
	(void)state;
	assert_false(reads("", "/etc/sasl2/qemu.conf"));
	assert_false(reads("/etc/pki/libvirt{,-spice,-vnc}/** r,", "/etc/pki/libvirt-other/a"));
	assert_false(reads("/etc/* r,", "/etc/sasl2/qemu.conf"));
	assert_false(reads("/etc/sasl2/qemu.conf w,", "/etc/sasl2/qemu.conf"));
	assert_false(reads("# /etc/sasl2/qemu.conf r,", "/etc/sasl2/qemu.conf"));
	assert_false(reads("deny /etc/sasl2/qemu.conf r,", "/etc/sasl2/qemu.conf"));
	assert_false(reads("owner /etc/sasl2/qemu.conf r,", "/etc/sasl2/qemu.conf"));
	assert_false(reads("/etc/sasl2/qemu.conf r", "/etc/sasl2/qemu.conf"));
	assert_false(reads("@{HOME}/** r,", "/root/a"));
	assert_false(reads("/{a r,", "/a"));
	assert_false(reads("/a{{{{ r,", "/a"));
	assert_false(sc_apparmor_grants("/run/mux r,", "/run/mux", "rw", NULL, NULL));
	assert_true(sc_apparmor_grants("/run/mux rw,", "/run/mux", "rw", NULL, NULL));
}

static void keep(void *opaque, const char *name, size_t len)
{
	strncat(opaque, name, len);
	strcat(opaque, " ");
}

static void includes(void **state)
{
	char seen[256] = "";

	(void)state;
	assert_false(
	    sc_apparmor_grants("  #include <abstractions/base>\ninclude <a/b>\ninclude if exists <local/c>\n# included\n#include \"/d\"\n",
			       "/a", "r", keep, seen));
	assert_string_equal(seen, "abstractions/base a/b local/c /d ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(patterns), cmocka_unit_test(others), cmocka_unit_test(includes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
