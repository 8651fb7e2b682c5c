/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/acl_fd.h"

#include <acl/libacl.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

/* libacl has no calls for O_PATH descriptors, and a socket can't be opened any other way: use the file's link in /proc/self/fd. */
enum { LINK_SIZE = 32 };

static void link_of(int fd, char link[LINK_SIZE])
{
	snprintf(link, LINK_SIZE, "/proc/self/fd/%d", fd);
}

static const struct {
	acl_tag_t tag;
	enum sc_acl_tag ours;
} tags[] = {{ACL_USER_OBJ, SC_ACL_OWNER}, {ACL_USER, SC_ACL_USER}, {ACL_GROUP_OBJ, SC_ACL_OWNING_GROUP},
	    {ACL_GROUP, SC_ACL_GROUP},    {ACL_MASK, SC_ACL_MASK}, {ACL_OTHER, SC_ACL_OTHER}};

static bool read_entry(acl_entry_t entry, struct sc_acl *out)
{
	acl_permset_t set;
	acl_tag_t tag;
	unsigned id = 0, perms = 0;
	size_t i = 0;

	if (acl_get_tag_type(entry, &tag) < 0 || acl_get_permset(entry, &set) < 0)
		return false;
	if (tag == ACL_USER || tag == ACL_GROUP) {
		void *qualifier = acl_get_qualifier(entry);

		if (!qualifier)
			return false;
		id = *(id_t *)qualifier;
		acl_free(qualifier);
	}
	perms |= acl_get_perm(set, ACL_READ) == 1 ? SC_ACL_R : 0;
	perms |= acl_get_perm(set, ACL_WRITE) == 1 ? SC_ACL_W : 0;
	perms |= acl_get_perm(set, ACL_EXECUTE) == 1 ? SC_ACL_X : 0;
	while (i < sizeof(tags) / sizeof(tags[0]) - 1 && tags[i].tag != tag)
		i++;
	if (!sc_acl_put(out, tags[i].ours, id, perms)) {
		errno = EOVERFLOW;
		return false;
	}
	return true;
}

int sc_acl_fd_read(int fd, bool standing, struct sc_acl *out)
{
	char link[LINK_SIZE];
	acl_entry_t entry;

	*out = (struct sc_acl){0};
	link_of(fd, link);
	acl_t acl = acl_get_file(link, standing ? ACL_TYPE_DEFAULT : ACL_TYPE_ACCESS);
	if (!acl && (errno == ENOTSUP || errno == EOPNOTSUPP)) {
		struct stat st;

		/* a file system without ACLs: only the mode applies */
		if (fstat(fd, &st) < 0)
			return -1;
		if (!standing)
			sc_acl_from_mode(out, st.st_mode);
		return 0;
	}
	if (!acl)
		return -1;
	int more = acl_get_entry(acl, ACL_FIRST_ENTRY, &entry);
	while (more == 1 && read_entry(entry, out))
		more = acl_get_entry(acl, ACL_NEXT_ENTRY, &entry);
	int saved = errno;
	acl_free(acl);
	errno = saved;
	return more == 0 ? 0 : -1;
}

static bool write_entry(acl_t *acl, const struct sc_acl_entry *from)
{
	acl_entry_t entry;
	acl_permset_t set;
	id_t id = from->id;

	if (acl_create_entry(acl, &entry) < 0 || acl_set_tag_type(entry, tags[from->tag].tag) < 0)
		return false;
	if ((from->tag == SC_ACL_USER || from->tag == SC_ACL_GROUP) && acl_set_qualifier(entry, &id) < 0)
		return false;
	if (acl_get_permset(entry, &set) < 0 || acl_clear_perms(set) < 0)
		return false;
	if (from->perms & SC_ACL_R && acl_add_perm(set, ACL_READ) < 0)
		return false;
	if (from->perms & SC_ACL_W && acl_add_perm(set, ACL_WRITE) < 0)
		return false;
	return !(from->perms & SC_ACL_X) || acl_add_perm(set, ACL_EXECUTE) == 0;
}

int sc_acl_fd_write(int fd, bool standing, const struct sc_acl *from)
{
	char link[LINK_SIZE];
	int result = 0;

	link_of(fd, link);
	if (standing && from->n == 0)
		return acl_delete_def_file(link);
	acl_t acl = acl_init((int)from->n);
	if (!acl)
		return -1;
	for (size_t i = 0; i < from->n && result == 0; i++)
		result = write_entry(&acl, &from->entries[i]) ? 0 : -1;
	if (result == 0)
		result = acl_set_file(link, standing ? ACL_TYPE_DEFAULT : ACL_TYPE_ACCESS, acl);
	int saved = errno;
	acl_free(acl);
	errno = saved;
	return result;
}
