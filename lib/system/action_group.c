/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "add-group": NAME, GID. The system's own tool does it: it knows the locks and the shadow files. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "system/action.h"

/* Runs a tool without its output; its exit status, or -1 with errno. */
static int run_tool(const char *const argv[])
{
	static const char *const environment[] = {"PATH=/usr/sbin:/sbin:/usr/bin:/bin", "LC_ALL=C", NULL};
	posix_spawn_file_actions_t files;
	int status = 0;
	pid_t pid;

	if ((errno = posix_spawn_file_actions_init(&files)))
		return -1;
	int error = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	for (int fd = 1; fd <= 2 && !error; fd++)
		error = posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_WRONLY, 0);
	if (!error)
		error = posix_spawn(&pid, argv[0], &files, NULL, (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
	posix_spawn_file_actions_destroy(&files);
	if (error) {
		errno = error;
		return -1;
	}
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int run_group_tool(const struct spicecfg_ctx *ctx, const char *tool, const struct sc_action *action)
{
	const char *argv[8] = {tool};
	int n = 1;

	if (ctx->root) {
		argv[n++] = "--prefix";
		argv[n++] = ctx->root;
	}
	if (action->arg[1]) {
		argv[n++] = "--gid";
		argv[n++] = action->arg[1];
		argv[n++] = "--system";
	}
	argv[n] = action->arg[0];
	return run_tool(argv);
}

static enum spicecfg_status apply(struct spicecfg_ctx *ctx, const struct sc_action *action, void **run)
{
	int status = run_group_tool(ctx, "/usr/sbin/groupadd", action);

	*run = NULL;
	if (status < 0)
		return sc_fail(ctx, SPICECFG_SYSTEM, "Install the package that has it (passwd, shadow-utils, shadow).",
			       "groupadd can't be run: %s", strerror(errno));
	if (status)
		return sc_fail(ctx, SPICECFG_SYSTEM, status == 10 ? "Run it as root." : NULL,
			       "the group '%s' can't be made: groupadd ended with %d", action->arg[0], status);
	*run = (void *)(uintptr_t)action->arg[0];
	return SPICECFG_OK;
}

static void undo(struct spicecfg_ctx *ctx, const struct sc_action *action, void *run)
{
	const struct sc_action gone = {"add-group", {action->arg[0], NULL, NULL}};

	if (run && run_group_tool(ctx, "/usr/sbin/groupdel", &gone) != 0)
		sc_log(ctx, SPICECFG_LOG_WARNING, "the group '%s' can't be removed again", action->arg[0]);
}

const struct sc_action_ops sc_action_add_group = {.name = "add-group", .apply = apply, .undo = undo};
