/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int sc_secret_set(struct sc_secret *secret, const char *text, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = (len + 1 + page - 1) / page * page;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	sc_secret_free(secret);
	if (memory == MAP_FAILED)
		return -1;
	/* best effort: limits on locked memory are not a reason to fail */
	(void)mlock(memory, size);
	(void)madvise(memory, size, MADV_DONTDUMP);
	memcpy(memory, text, len);
	*secret = (struct sc_secret){memory, len, size};
	return 0;
}

void sc_secret_free(struct sc_secret *secret)
{
	if (!secret->text)
		return;
	explicit_bzero(secret->text, secret->size);
	munmap(secret->text, secret->size);
	*secret = (struct sc_secret)SC_SECRET_INIT;
}
