/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ACLs of an open file. The descriptors may be opened with O_PATH. */
#ifndef SC_SYSTEM_ACL_FD_H
#define SC_SYSTEM_ACL_FD_H

#include "model/acl.h"

/* Reads the access ACL or, if standing, the default ACL of a directory (n == 0: none). Returns 0, or -1 with errno (EOVERFLOW: too many
 * entries). */
int sc_acl_fd_read(int fd, bool standing, struct sc_acl *out);

/* Writes the access or default ACL; a default ACL with n == 0 is removed. Returns 0, or -1 with errno. */
int sc_acl_fd_write(int fd, bool standing, const struct sc_acl *acl);

#endif
