#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "doc/polkit.h"

struct reported {
	char text[256];
};

static void tell(void *opaque, enum sc_polkit_grant grant, const char *name, size_t len, unsigned line)
{
	static const char *const words[] = {"all", "group", "user", "condition"};
	struct reported *reported = opaque;
	size_t used = strlen(reported->text);

	snprintf(reported->text + used, sizeof(reported->text) - used, "%s%u:%s", used ? " " : "", line, words[grant]);
	used = strlen(reported->text);
	if (name)
		snprintf(reported->text + used, sizeof(reported->text) - used, "=%.*s", (int)len, name);
}

#define ACTION "org.libvirt.unix.manage"
#define RULE(code) "polkit.addRule(function(action, subject) {" code "});"

static void assert_rules(const char *text, const char *expected)
{
	struct reported reported = {""};

	sc_polkit_read_rules(text, ACTION, tell, &reported);
	assert_string_equal(reported.text, expected);
}

static void assert_pkla(const char *text, const char *expected)
{
	struct reported reported = {""};

	sc_polkit_read_pkla(text, ACTION, tell, &reported);
	assert_string_equal(reported.text, expected);
}

static void rules_of_groups_and_users(void **state)
{
	(void)state;
	assert_rules("// the distribution's\n\n" RULE("if (action.id == \"" ACTION
						      "\" && subject.isInGroup(\"libvirt\")) { return polkit.Result.YES; }"),
		     "3:group=libvirt");
	assert_rules(RULE("if (action.id == '" ACTION "' && (subject.user == 'a' || subject.user === 'b')) return polkit.Result.YES;"),
		     "1:user=a 1:user=b");
	assert_rules(RULE("if (action.id.indexOf('org.libvirt.') == 0 && subject.isInGroup ( 'x' )) return 'yes';"), "1:group=x");
	assert_rules(RULE("if (action.id == '" ACTION "' && subject.isInGroup('x')) return polkit.Result.AUTH_SELF_KEEP;"), "1:group=x");
}

static void rules_without_accounts(void **state)
{
	(void)state;
	assert_rules(RULE("if (action.id == '" ACTION "') return polkit.Result.YES;"), "1:all");
	assert_rules(RULE("return polkit.Result.YES;"), "1:all");
	assert_rules(RULE("if (/^org\\.libvirt/.test(action.id)) return polkit.Result.YES;"), "1:all");
	assert_rules(RULE("if (action.id == '" ACTION "' && subject.local && subject.active) return polkit.Result.YES;"), "1:condition");
	assert_rules(RULE("if (action.id == '" ACTION "' && !subject.isInGroup('x')) return polkit.Result.YES;"), "1:condition");
	assert_rules(RULE("if (action.id == '" ACTION "' && subject.user != 'x') return polkit.Result.YES;"), "1:condition");
}

static void rules_that_grant_nothing(void **state)
{
	(void)state;
	assert_rules("", "");
	assert_rules("polkit.addRule", "");
	assert_rules("polkit.addRule(function() { return 'yes", "");
	assert_rules("polkit.addAdminRule(function(action, subject) { return ['unix-group:sudo']; });", "");
	assert_rules(RULE("if (action.id == '" ACTION "' && subject.isInGroup('x')) return polkit.Result.AUTH_ADMIN;"), "");
	assert_rules(RULE("if (action.id == 'org.freedesktop.login1.reboot') return polkit.Result.YES;"), "");
	assert_rules(RULE("if (/^org\\.freedesktop/.test(action.id)) return polkit.Result.YES;"), "");
	assert_rules("/* " RULE("return polkit.Result.YES;") " */ // " RULE("return polkit.Result.YES;"), "");
}

static void strings_and_comments(void **state)
{
	(void)state;
	assert_rules(RULE("var s = 'a)\\')'; /* } ) */ if (action.id == \"" ACTION
			  "\" && subject.isInGroup('y' /* not 'x' */)) return polkit.Result.YES;") "\n" RULE("return null;"),
		     "1:group=y");
	assert_rules("var u = 'http://x';\n" RULE("if (action.id == '" ACTION "' && subject.user == 'a') return polkit.Result.YES;"),
		     "2:user=a");
}

static void authorities_of_old(void **state)
{
	(void)state;
	assert_pkla("[VMs]\nIdentity=unix-group:x;unix-user:a\nAction=" ACTION "\nResultActive=yes\n", "1:group=x 1:user=a");
	assert_pkla("# c\n\n[VMs]\nIdentity=unix-user:*\nAction=org.foo;org.libvirt.*\nResultAny=yes\nResultActive=no\n", "3:all");
	assert_pkla("[VMs]\nIdentity=unix-group:x\nAction=" ACTION "\nResultActive=auth_admin\n", "");
	assert_pkla("[VMs]\nIdentity=unix-group:x\nAction=org.foo.bar\nResultActive=yes\n", "");
	assert_pkla("[a]\nIdentity=unix-group:x\nAction=*\nResultActive=yes\n[b]\nIdentity=unix-user:b\nAction=" ACTION
		    "\nResultInactive=yes",
		    "1:group=x 5:user=b");
}

static void defaults_of_the_action(void **state)
{
	static const char form[] =
	    "<?xml version='1.0'?>\n<!DOCTYPE policyconfig PUBLIC 'x' 'y'>\n<policyconfig>\n%s<action id=\"%s\">\n"
	    "<defaults><allow_any>%s</allow_any>\n<allow_active>%s</allow_active></defaults></action>\n%s</policyconfig>";
	static const struct {
		const char *before, *action, *any, *active, *behind, *expected;
	} cases[] = {
	    {"", ACTION, "auth_admin_keep", "auth_admin_keep", "", ""},
	    {"", ACTION, "auth_admin_keep", "yes", "", "6:all"},
	    {"", ACTION, " auth_self ", "no", "", "5:all"},
	    {"", "org.libvirt.unix.monitor", "yes", "yes", "", ""},
	    {"<!-- ", ACTION, "yes", "yes", " -->", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct reported reported = {""};
		char text[1024];

		snprintf(text, sizeof(text), form, cases[i].before, cases[i].action, cases[i].any, cases[i].active, cases[i].behind);
		sc_polkit_read_action(text, ACTION, tell, &reported);
		assert_string_equal(reported.text, cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rules_of_groups_and_users), cmocka_unit_test(rules_without_accounts),
	    cmocka_unit_test(rules_that_grant_nothing),  cmocka_unit_test(strings_and_comments),
	    cmocka_unit_test(authorities_of_old),        cmocka_unit_test(defaults_of_the_action),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
