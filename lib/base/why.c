/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/why.h"

#include <errno.h>
#include <stddef.h>

/* What reading and writing have in common. */
static const char *both(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return "Check the path.";
	case ENAMETOOLONG:
		return "Use a shorter path: a name in it has at most 255 bytes, the whole path 4095.";
	case ELOOP:
		return "Check the symbolic links in the path.";
	case EISDIR:
		return "Name a regular file.";
	case EMFILE:
	case ENFILE:
		return "Raise the limit of open files.";
	case EIO:
		return "Look for errors of the disk in the kernel's log.";
	default:
		return NULL;
	}
}

const char *sc_why_read(int error)
{
	return error == EACCES || error == EPERM ? "Run it as a user who may read the file." : both(error);
}

const char *sc_why_write(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "Run it as a user who may write there.";
	case ENOSPC:
	case EDQUOT:
		return "Free some space on its file system, then repeat the command.";
	case EROFS:
		return "Its file system is mounted read-only: mount it writable, or use --output where the verb has it.";
	case ENOTSUP:
		return "Its file system lacks this: use one with ACLs and extended attributes.";
	default:
		return both(error);
	}
}
