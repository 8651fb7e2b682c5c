/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a fuzz target over the files of directories, without libFuzzer: replay DIRECTORY... The last name printed is the one that failed. */
#include <dirent.h>
#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "fuzz.h"

static char *read_all(const char *path, size_t *len)
{
	struct stat st;
	FILE *file = stat(path, &st) == 0 && S_ISREG(st.st_mode) ? fopen(path, "rb") : NULL;
	char *bytes = NULL;

	if (file && fseek(file, 0, SEEK_END) == 0) {
		long size = ftell(file);

		rewind(file);
		/* Not a byte more, so that the sanitizer detects reads past the end. */
		bytes = size >= 0 ? malloc((size_t)size + !size) : NULL;
		*len = bytes ? fread(bytes, 1, (size_t)size, file) : 0;
	}
	if (file)
		fclose(file);
	return bytes;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static unsigned run(const char *directory)
{
	struct dirent **names = NULL;
	int n = scandir(directory, &names, NULL, by_name);
	unsigned count = 0;

	for (int i = 0; i < n; i++) {
		char path[4096];
		size_t len = 0;

		snprintf(path, sizeof(path), "%s/%s", directory, names[i]->d_name);
		free(names[i]);
		char *bytes = strrchr(path, '/')[1] != '.' ? read_all(path, &len) : NULL;
		if (!bytes)
			continue;
		puts(path);
		fflush(stdout);
		(void)LLVMFuzzerTestOneInput((const uint8_t *)bytes, len);
		free(bytes);
		count++;
	}
	free(names);
	return count;
}

int main(int argc, char **argv)
{
	/* None of these small files may take much time or memory. */
	static const struct rlimit time = {60, 60};
	unsigned count = 0;

	setrlimit(RLIMIT_CPU, &time);
	for (int i = 1; i < argc; i++)
		count += run(argv[i]);
	printf("%u files\n", count);
	return count ? 0 : 1;
}
