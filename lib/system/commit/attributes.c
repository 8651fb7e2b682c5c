/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/attributes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/grow.h"
#include "base/text.h"

enum { LINK_SIZE = 32, NAMES_SIZE = 16 * 1024, VALUE_SIZE = 64 * 1024 };

static void link_of(int fd, char link[LINK_SIZE])
{
	snprintf(link, LINK_SIZE, "/proc/self/fd/%d", fd);
}

/* Labels that the kernel or a security module sets by itself. */
static bool is_label(const char *name)
{
	return sc_text_begins(name, "security.") || sc_text_begins(name, "trusted.");
}

static int read_one(const char *link, const char *name, struct sc_arena *memory, struct sc_attributes *out)
{
	char value[VALUE_SIZE];
	ssize_t size = getxattr(link, name, value, sizeof(value));

	if (size < 0)
		return errno == ENODATA || is_label(name) ? 0 : -1;
	struct sc_xattr *xattrs = sc_arena_grow(memory, out->xattrs, out->n_xattrs, sizeof(*xattrs));
	struct sc_xattr one = {sc_arena_strdup(memory, name), sc_arena_strndup(memory, value, (size_t)size), (size_t)size};
	if (!xattrs || !one.name || !one.value) {
		errno = ENOMEM;
		return -1;
	}
	out->xattrs = xattrs;
	out->xattrs[out->n_xattrs++] = one;
	return 0;
}

int sc_attributes_read(int fd, struct sc_arena *memory, struct sc_attributes *out)
{
	char link[LINK_SIZE], names[NAMES_SIZE];
	struct stat st;

	*out = (struct sc_attributes){0};
	link_of(fd, link);
	if (fstat(fd, &st) < 0)
		return -1;
	out->mode = st.st_mode;
	out->uid = st.st_uid;
	out->gid = st.st_gid;
	ssize_t len = listxattr(link, names, sizeof(names));
	if (len < 0)
		return errno == ENOTSUP ? 0 : -1;
	for (const char *name = names; name < names + len; name += strlen(name) + 1)
		if (read_one(link, name, memory, out) < 0)
			return -1;
	return 0;
}

const struct sc_xattr *sc_attributes_find(const struct sc_attributes *attributes, const char *name)
{
	for (size_t i = 0; i < attributes->n_xattrs; i++)
		if (strcmp(attributes->xattrs[i].name, name) == 0)
			return &attributes->xattrs[i];
	return NULL;
}

bool sc_attributes_same(const struct sc_attributes *a, const struct sc_attributes *b, const char *name)
{
	const struct sc_xattr *one = sc_attributes_find(a, name), *other = sc_attributes_find(b, name);

	if (!one || !other)
		return one == other;
	return one->len == other->len && memcmp(one->value, other->value, one->len) == 0;
}

bool sc_attributes_same_owner(const struct sc_attributes *a, const struct sc_attributes *b)
{
	return a->mode == b->mode && a->uid == b->uid && a->gid == b->gid;
}

bool sc_attributes_equal(const struct sc_attributes *a, const struct sc_attributes *b)
{
	bool same = sc_attributes_same_owner(a, b);

	for (size_t i = 0; i < a->n_xattrs && same; i++)
		same = is_label(a->xattrs[i].name) || sc_attributes_same(a, b, a->xattrs[i].name);
	for (size_t i = 0; i < b->n_xattrs && same; i++)
		same = is_label(b->xattrs[i].name) || sc_attributes_same(a, b, b->xattrs[i].name);
	return same;
}

/* What is there and should not be: a default ACL of the parent is inherited. */
static int remove_others(const char *link, const struct sc_attributes *wanted)
{
	char names[NAMES_SIZE];
	ssize_t len = listxattr(link, names, sizeof(names));

	if (len < 0)
		return errno == ENOTSUP ? 0 : -1;
	for (const char *name = names; name < names + len; name += strlen(name) + 1)
		if (!is_label(name) && !sc_attributes_find(wanted, name) && removexattr(link, name) < 0 && errno != ENODATA)
			return -1;
	return 0;
}

int sc_attributes_write(int fd, const struct sc_attributes *attributes)
{
	char link[LINK_SIZE];
	struct stat st;

	link_of(fd, link);
	if (fstat(fd, &st) < 0)
		return -1;
	if ((st.st_uid != attributes->uid || st.st_gid != attributes->gid) && chown(link, attributes->uid, attributes->gid) < 0)
		return -1;
	if (remove_others(link, attributes) < 0)
		return -1;
	for (size_t i = 0; i < attributes->n_xattrs; i++) {
		const struct sc_xattr *one = &attributes->xattrs[i];

		if (setxattr(link, one->name, one->value, one->len, 0) < 0 && !is_label(one->name))
			return -1;
	}
	return chmod(link, attributes->mode & 07777);
}
