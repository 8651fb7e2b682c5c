/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/facts/pam_files.h"

#include "system/os/file.h"
#include "system/os/look.h"

struct pam_file {
	struct pam_file *before;
	struct sc_buf bytes; /* in memory; data NULL: none */
	struct sc_pam *pam;
	bool read, parsed;
};

/* NULL: out of memory, which is recorded. */
static struct pam_file *file_of(struct sc_pam_files *files, const char *path)
{
	const struct sc_table_entry *known = sc_table_find_text(&files->known, path);

	if (known)
		return (struct pam_file *)known->value;
	struct pam_file *file = sc_arena_alloc(files->memory, sizeof(*file));
	const char *name = file ? sc_arena_strdup(files->memory, path) : NULL;
	struct sc_table_entry *entry = name ? sc_table_add_text(&files->known, name) : NULL;

	if (!entry) {
		sc_look_failed(files->ctx, NULL, NULL);
		return NULL;
	}
	entry->value = file;
	file->before = files->last;
	return files->last = file;
}

static void read_file(struct sc_pam_files *files, const char *path, struct pam_file *file)
{
	SC_BUF text = SC_BUF_INIT;

	file->read = true;
	if (files->used >= SC_PAM_FILES_MAX) {
		sc_look_failed(files->ctx, path, "the files that the service names are too large together");
		return;
	}
	enum sc_look look = sc_look_read(files->ctx, path, SC_PAM_FILE_MAX, &text);
	/* a file that could not be used counts too */
	files->used += text.len;
	if (look != SC_LOOK_OK)
		return;
	file->bytes.data = sc_arena_strndup(files->memory, sc_buf_text(&text), text.len);
	file->bytes.len = text.len;
	if (!file->bytes.data)
		sc_look_failed(files->ctx, NULL, NULL);
}

const struct sc_buf *sc_pam_files_bytes(struct sc_pam_files *files, const char *path)
{
	struct pam_file *file = file_of(files, path);

	if (file && !file->read)
		read_file(files, path, file);
	return file && file->bytes.data ? &file->bytes : NULL;
}

struct sc_pam *sc_pam_files_own(struct sc_pam_files *files, const char *path)
{
	SC_BUF bytes = SC_BUF_INIT;
	struct pam_file *file = file_of(files, path);

	if (!file || sc_file_read(files->ctx, path, false, false, SC_PAM_FILE_MAX, &bytes, NULL) ||
	    sc_pam_parse(files->ctx, path, sc_buf_text(&bytes), bytes.len, &file->pam))
		return NULL;
	file->parsed = true;
	return file->pam;
}

struct sc_pam *sc_pam_files_include(struct sc_pam_files *files, const char *path)
{
	struct pam_file *file = file_of(files, path);

	if (!file || file->parsed)
		return file ? file->pam : NULL;
	file->parsed = true;
	const struct sc_buf *bytes = sc_pam_files_bytes(files, path);
	if (bytes && sc_pam_parse(files->ctx, path, bytes->data, bytes->len, &file->pam))
		file->pam = NULL;
	sc_look_error(files->ctx, path);
	return file->pam;
}

struct sc_pam *sc_pam_files_load(struct sc_pam_files *files, const char *name)
{
	/* Linux-PAM 1.4 and later */
	static const char *const directories[] = {"/etc/pam.d", "/usr/lib/pam.d", "/usr/etc/pam.d"};
	struct sc_pam *found = NULL;

	for (size_t i = 0; !found && i < (*name == '/' ? 1 : 3); i++) {
		const char *path = *name == '/' ? name : sc_arena_printf(files->memory, "%s/%s", directories[i], name);

		found = path ? sc_pam_files_include(files, path) : NULL;
	}
	return found;
}

void sc_pam_files_free(struct sc_pam_files *files)
{
	for (struct pam_file *file = files->last; file; file = file->before)
		sc_pam_free(file->pam);
	sc_table_free(&files->known);
	files->last = NULL;
}
