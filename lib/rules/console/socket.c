/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The path of a Unix socket: QEMU removes what exists there and binds anew, as its own account. */
#include <string.h>
#include <sys/un.h>

#include "rules/fixes.h"
#include "rules/tables.h"

enum { PATH_MAX_BYTES = sizeof(((struct sockaddr_un *)0)->sun_path) - 1 }; /* 107: spice-server cuts off the rest */

/* Resolves "..", from the target where path is a link; false when path is not a directory. */
static bool go_up(const struct sc_host *host, char *path, size_t *len, size_t size)
{
	path[*len] = '\0';
	struct sc_path_fact fact = sc_host_path(host, path);
	size_t target = fact.path ? strlen(fact.path) : 0;

	if (fact.type != SC_PATH_DIRECTORY && fact.type != SC_PATH_UNKNOWN)
		return false;
	/* For a link, the fact describes its target. */
	if (fact.type == SC_PATH_DIRECTORY && target && target + 2 < size && strncmp(fact.path, path, target) != 0) {
		memcpy(path, fact.path, target);
		*len = target;
	}
	while (*len > 1 && path[*len - 1] == '/')
		--*len;
	while (*len > 1 && path[*len - 1] != '/')
		--*len;
	return true;
}

/* The path that is really bound, made absolute (QEMU works in /), without double slashes, "." and ".."; NULL when no path is bound. */
static const char *bound_path(const struct sc_console *console, const struct sc_host *host, char *buffer, size_t size)
{
	const char *path = console->socket;

	if (console->broken || !console->unix_socket || !path || !*path)
		return NULL;
	/* Abstract for spice-server, an ordinary relative path for VNC. */
	if (*path == '@' && !(console->graphics && console->graphics->kind == SC_GRAPHICS_VNC))
		return NULL;
	size_t end = strnlen(path, PATH_MAX_BYTES), len = 1;
	buffer[0] = '/';
	for (size_t i = 0; i < end;) {
		size_t part = strcspn(path + i, "/");

		part = part < end - i ? part : end - i;
		bool up = part == 2 && strncmp(path + i, "..", 2) == 0 && go_up(host, buffer, &len, size);
		if (!up && part && !(part == 1 && path[i] == '.') && len + part + 2 < size) {
			memcpy(buffer + len, path + i, part);
			len += part;
			if (i + part < end)
				buffer[len++] = '/';
		}
		i += part + (i + part < end);
	}
	buffer[len] = '\0';
	return buffer;
}

/* Cuts a bound path to its directory, in place. */
static void cut_to_directory(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == path)
		slash++;
	*slash = '\0';
}

typedef void socket_check(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console, char *path,
			  struct sc_findings *out);

static void each(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out, socket_check *check)
{
	char path[PATH_MAX_BYTES + 8];

	for (size_t i = 0; i < in->launch->n_consoles; i++)
		if (bound_path(&in->launch->consoles[i], in->host, path, sizeof(path)))
			check(rule, in, &in->launch->consoles[i], path, out);
}

/* A socket of VNC moves to libvirt's own directory; one of qemu:commandline is removed. */
static void fix(const struct sc_rule_input *in, const struct sc_console *console, struct sc_findings *out)
{
	if (!console->graphics || console->origin == SC_FROM_ARGS)
		sc_find_fix_arg(out, in->domain, console->node);
	else
		sc_find_fix_socket(out, console);
}

/* True for a relative path below a directory of / that does not exist: hardly anybody means that. */
static bool starts_nowhere(const struct sc_host *host, const struct sc_console *console)
{
	char top[PATH_MAX_BYTES + 8];
	size_t len = strcspn(console->socket, "/");

	if (*console->socket == '/' || *console->socket == '.' || !console->socket[len] || len > PATH_MAX_BYTES)
		return false;
	top[0] = '/';
	memcpy(top + 1, console->socket, len);
	top[len + 1] = '\0';
	return sc_host_file(host, top).type == SC_PATH_MISSING;
}

static void directory_of(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console, char *path,
			 struct sc_findings *out)
{
	const char *attr;
	const struct sc_xml_node *node = sc_console_socket_node(console, &attr);

	cut_to_directory(path);
	struct sc_path_fact directory = sc_host_path(in->host, path);
	if (directory.type == SC_PATH_MISSING || starts_nowhere(in->host, console))
		sc_find(out, rule, SC_HOST, node, attr, "directory '%s' of socket '%s' does not exist", path, console->socket);
	else if (directory.type == SC_PATH_FILE)
		sc_find(out, rule, SC_HOST, node, attr, "'%s' in the path of socket '%s' is not a directory", path, console->socket);
	else if (directory.type == SC_PATH_UNKNOWN)
		sc_doubt(out, rule, "nothing is known about directory '%s'", path);
	if (directory.type == SC_PATH_MISSING || directory.type == SC_PATH_FILE || starts_nowhere(in->host, console))
		fix(in, console, out);
}

static void socket_directory(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, directory_of);
}

static void writable_of(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console, char *path,
			struct sc_findings *out)
{
	const char *attr;
	const struct sc_xml_node *node = sc_console_socket_node(console, &attr);

	cut_to_directory(path);
	struct sc_path_fact directory = sc_host_path(in->host, path);
	if (directory.type != SC_PATH_DIRECTORY)
		return;
	size_t closed = sc_host_closed(in->host, path);
	if (closed) {
		const char *user = in->host->account.user;

		sc_find(out, rule, SC_HOST, node, attr, "QEMU's account can't pass '%.*s' on the way to its socket", (int)closed, path);
		if (user && sc_is_acl_name(user))
			sc_find_fix(out, "setfacl -m u:%s:x -- %.*s", user, (int)closed, path);
		else
			fix(in, console, out);
	} else if (directory.writable == SC_FALSE || directory.searchable == SC_FALSE) {
		sc_find(out, rule, SC_HOST, node, attr, "QEMU's account may not create sockets in directory '%s'", path);
		fix(in, console, out);
	} else if (directory.writable == SC_UNKNOWN)
		sc_doubt(out, rule, "it is not known whether QEMU's account may write to directory '%s'", path);
}

static void socket_directory_closed(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, writable_of);
}

static void taken_of(const struct sc_rule *rule, const struct sc_rule_input *in, const struct sc_console *console, char *path,
		     struct sc_findings *out)
{
	const char *attr;
	const struct sc_xml_node *node = sc_console_socket_node(console, &attr);
	size_t len = strlen(path);
	bool slash = len > 1 && path[len - 1] == '/';

	if (slash)
		path[len - 1] = '\0';
	struct sc_path_fact file = sc_host_file(in->host, path);
	if (slash || file.type == SC_PATH_DIRECTORY) {
		sc_find(out, rule, SC_HOST, node, attr, "'%s' is a directory, so a socket can't be created there", console->socket);
		fix(in, console, out);
		return;
	}
	if (file.type != SC_PATH_FILE)
		return;
	cut_to_directory(path);
	struct sc_path_fact directory = sc_host_path(in->host, path);
	if (directory.sticky && file.own == SC_FALSE && directory.own != SC_TRUE) {
		sc_find(out, rule, SC_HOST, node, attr,
			"'%s' belongs to another account and can't be removed from the sticky directory '%s'", console->socket, path);
		fix(in, console, out);
	}
}

static void socket_taken(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	each(rule, in, out, taken_of);
}

static void socket_long(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->launch->n_consoles; i++) {
		const struct sc_console *console = &in->launch->consoles[i];
		const char *attr;

		if (console->broken || !console->unix_socket || !console->socket || strlen(console->socket) <= PATH_MAX_BYTES)
			continue;
		if (console->graphics && console->graphics->kind == SC_GRAPHICS_VNC)
			continue;
		const struct sc_xml_node *node = sc_console_socket_node(console, &attr);
		sc_find(out, rule, SC_ALWAYS, node, attr, "the socket's path has %zu bytes, but only %d fit", strlen(console->socket),
			(int)PATH_MAX_BYTES);
	}
}

static void vnc_socket_long(const struct sc_rule *rule, const struct sc_rule_input *in, struct sc_findings *out)
{
	for (size_t i = 0; i < in->launch->n_consoles; i++) {
		const struct sc_console *console = &in->launch->consoles[i];
		const char *attr;

		if (console->broken || !console->graphics || console->graphics->kind != SC_GRAPHICS_VNC || !console->socket)
			continue;
		const struct sc_xml_node *node = sc_console_socket_node(console, &attr);
		/* QEMU's own sockets need no zero byte after the path. */
		if (strlen(console->socket) <= PATH_MAX_BYTES + 1)
			continue;
		sc_find(out, rule, SC_ALWAYS, node, attr, "the VNC socket's path has %zu bytes, but only %d fit", strlen(console->socket),
			(int)PATH_MAX_BYTES + 1);
		sc_find_fix_socket(out, console);
	}
}

const struct sc_rule sc_rules_socket[] = {
    {"socket-folder", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE | SC_HAS_VNC, "The socket's directory does not exist",
     "Neither libvirt nor QEMU creates the directory of a console's socket: QEMU can't bind. A relative path is relative to /. set-listen "
     "TARGET socket creates the directory.",
     "A8; spice-server server/reds.cpp reds_init_socket; measured", "spicecfg set-listen TARGET socket", socket_directory},
    {"socket-folder-closed", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE | SC_HAS_VNC,
     "QEMU may not write to the socket's directory",
     "QEMU creates the socket as its own account (libvirt-qemu, qemu), which needs write and search permission on the directory, even "
     "where a stale socket of that account exists in it, and search permission (x) on every directory above it.",
     "A8, A9; spice-server server/reds.cpp reds_init_socket; measured", "spicecfg set-listen TARGET socket", socket_directory_closed},
    {"socket-taken", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_SPICE | SC_HAS_VNC, "The socket's path is taken by something else",
     "QEMU removes a file, a link or an old socket that it finds at the path, but not a directory and, in a sticky directory, not a file "
     "of another account.",
     "spice-server server/reds.cpp reds_init_socket; measured", "spicecfg set-listen TARGET socket", socket_taken},
    {"socket-long", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_EFFECT, SC_HAS_SPICE, "A socket path that is cut off",
     "The VM starts, but the path of a Unix socket has at most 107 bytes: spice-server cuts off the rest, and clients do not find the "
     "socket.",
     "spice-server server/reds.cpp reds_init_socket (g_strlcpy); measured", "spicecfg set-listen TARGET socket", socket_long},
    {"vnc-socket-long", SPICECFG_LEVEL_ERROR, SPICECFG_CLASS_START, SC_HAS_VNC, "A VNC socket path that is too long",
     "QEMU refuses a VNC socket whose path has more than 108 bytes.", "QEMU util/qemu-sockets.c unix_listen_saddr",
     "spicecfg set TARGET 'PATH=default'", vnc_socket_long},
    {0},
};
