/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A document is as before, as after, or neither: then somebody else wrote it. It is restored from its image, into a new file: what a crash
 * left of the old one is not known.
 */
#include "system/commit/recover_step.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/commit/recover_define.h"
#include "system/commit/recover_tree.h"
#include "system/commit/tx_dir.h"
#include "system/os/place.h"
#include "system/os/rename.h"

enum now { BEFORE, AFTER, NEITHER, UNKNOWN };

struct place {
	int dir;
	const char *name;
};

static enum sc_undone failed(struct sc_undo *undo, const struct sc_tx_step *step, const char *what)
{
	sc_log(undo->ctx, SPICECFG_LOG_WARNING, "%s: %s: %s", step->document, what, strerror(errno));
	return SC_UNDO_FAILED;
}

/* Another size can't be that of the transaction: such a file is not read, since it may be of any size. */
static bool is_size_of(const struct sc_tx_step *step, const struct stat *st)
{
	const uintmax_t size = (uintmax_t)st->st_size;

	return size <= SC_TX_IMAGE_MAX && (size == step->before.len || size == step->after.len);
}

/* Reads at most st_size bytes and one more: a file that grows meanwhile has no digest either. */
static bool digest(int fd, const struct stat *st, struct sc_tx_state *now)
{
	struct sc_sha256 sum;
	char chunk[16 * 1024];
	ssize_t n = 0;

	sc_sha256_begin(&sum);
	while (now->len <= (size_t)st->st_size && ((n = read(fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR)))
		if (n > 0) {
			sc_sha256_add(&sum, chunk, (size_t)n);
			now->len += (size_t)n;
		}
	int error = errno;
	explicit_bzero(chunk, sizeof(chunk));
	errno = error;
	if (n == 0)
		sc_sha256_end(&sum, now->digest);
	return n >= 0;
}

/* Reads the file; *exists false: there is none. Something other than a file, or of another size than the step's, has no digest. */
static bool read_state(struct sc_undo *undo, const struct sc_tx_step *step, const struct place *place, struct sc_tx_state *now)
{
	struct stat st;

	*now = (struct sc_tx_state){.exists = true};
	if (fstatat(place->dir, place->name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		now->exists = false;
		return errno == ENOENT;
	}
	if (!S_ISREG(st.st_mode))
		return true;
	int fd = openat(place->dir, place->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool fine = fstat(fd, &st) == 0 && (!S_ISREG(st.st_mode) || !is_size_of(step, &st) || digest(fd, &st, now)) &&
		    sc_attributes_read(fd, undo->memory, &now->attributes) == 0;
	int error = errno;
	close(fd);
	errno = error;
	return fine;
}

static bool same_bytes(const struct sc_tx_state *now, const struct sc_tx_state *then)
{
	return now->len == then->len && *then->digest && strcmp(now->digest, then->digest) == 0;
}

/* Whether it is as the transaction made it; owners that were not chosen are not compared. */
static bool is_after(const struct sc_tx_state *now, const struct sc_tx_state *after)
{
	const struct sc_attributes *is = &now->attributes, *was = &after->attributes;

	return same_bytes(now, after) && is->mode == was->mode && (was->uid == (uid_t)-1 || is->uid == was->uid) &&
	       (was->gid == (gid_t)-1 || is->gid == was->gid);
}

static bool is_there(const struct place *place, const char *name)
{
	return faccessat(place->dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static enum now judge(struct sc_undo *undo, const struct sc_tx_step *step, const struct place *place)
{
	struct sc_tx_state now;
	char aside[SC_TEMP_NAME];

	if (!read_state(undo, step, place, &now))
		return UNKNOWN;
	if (!now.exists) {
		if (!step->before.exists)
			return BEFORE;
		sc_aside_name(step->temp, aside);
		/* names that could not be exchanged at once: for a moment there is none */
		return !step->after.exists || is_there(place, step->temp) || is_there(place, aside) ? AFTER : NEITHER;
	}
	if (step->before.exists && same_bytes(&now, &step->before) && sc_attributes_equal(&now.attributes, &step->before.attributes))
		return BEFORE;
	return step->after.exists && is_after(&now, &step->after) ? AFTER : NEITHER;
}

/* *removed: something was there. */
static bool remove_name(const struct place *place, const char *name, int flags, bool *removed)
{
	if (unlinkat(place->dir, name, flags) == 0)
		return *removed = true;
	return errno == ENOENT;
}

static bool remove_temps(const struct sc_tx_step *step, const struct place *place, bool *removed)
{
	char aside[SC_TEMP_NAME];

	sc_aside_name(step->temp, aside);
	return remove_name(place, step->temp, 0, removed) && remove_name(place, aside, 0, removed);
}

static bool get_image(struct sc_undo *undo, size_t index, struct sc_buf *image)
{
	const struct sc_tx_state *before = &undo->tx->steps[index].before;
	char name[SC_TX_NAME], digest[SC_SHA256_HEX];
	int dir = openat(undo->dir, SC_TX_BEFORE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	size_t max = before->len < SC_TX_IMAGE_MAX ? before->len : SC_TX_IMAGE_MAX;
	int result = dir < 0 ? -1 : sc_tx_get(dir, sc_tx_image(index, name), max, image), error = errno;

	if (dir >= 0)
		close(dir);
	errno = error;
	if (result < 0)
		return false;
	sc_sha256(sc_buf_text(image), image->len, digest);
	errno = EIO;
	return image->len == before->len && strcmp(digest, before->digest) == 0;
}

/* The new file gets the name of the temp file, so that a kill leaves nothing that the plan does not name. */
static bool write_image(const struct sc_tx_step *step, const struct place *place, const struct sc_buf *image)
{
	if (sc_tx_put_as(place->dir, step->temp, image, &step->before.attributes) < 0)
		return false;
	return renameat(place->dir, step->temp, place->dir, place->name) == 0;
}

static enum sc_undone undo_file(struct sc_undo *undo, size_t index, const struct place *place)
{
	const struct sc_tx_step *step = &undo->tx->steps[index];
	SC_BUF image = SC_BUF_INIT;
	enum now now = judge(undo, step, place);
	bool changed = false;

	if (now == UNKNOWN)
		return failed(undo, step, "can't be read");
	if (now == AFTER && step->before.exists && !get_image(undo, index, &image))
		return failed(undo, step, "the copy of its old contents in the journal is damaged");
	if (!remove_temps(step, place, &changed))
		return failed(undo, step, "what is left beside it can't be removed");
	if (now == AFTER && !(step->before.exists ? write_image(step, place, &image) : remove_name(place, place->name, 0, &changed)))
		return failed(undo, step, "can't be restored");
	if ((changed || now == AFTER) && fsync(place->dir) < 0)
		return failed(undo, step, "its directory can't be synced");
	return now == NEITHER ? SC_UNDO_CONFLICT : SC_UNDONE;
}

/* A directory that the transaction made. One that is in use already stays. */
static enum sc_undone undo_made(struct sc_undo *undo, const struct sc_tx_step *step, const struct place *place)
{
	bool changed = false;

	if (step->temp && !remove_name(place, step->temp, AT_REMOVEDIR, &changed))
		return failed(undo, step, "what is left beside it can't be removed");
	if (!remove_name(place, place->name, AT_REMOVEDIR, &changed))
		return errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR ? SC_UNDO_CONFLICT
										 : failed(undo, step, "can't be removed");
	if (changed && fsync(place->dir) < 0)
		return failed(undo, step, "its directory can't be synced");
	return SC_UNDONE;
}

/* Opens the directory that the document is in; *missing: there is none. */
static bool open_place(struct sc_undo *undo, const struct sc_tx_step *step, struct place *place, bool *missing)
{
	if (sc_place_open(undo->ctx, step->path, step->outside, &place->name, &place->dir) == SPICECFG_OK)
		return true;
	*missing = errno == ENOENT;
	sc_log(undo->ctx, *missing ? SPICECFG_LOG_DEBUG : SPICECFG_LOG_WARNING, "%s: %s", step->document,
	       spicecfg_ctx_error(undo->ctx) ? spicecfg_ctx_error(undo->ctx)->message : strerror(errno));
	sc_let_go(undo->ctx);
	return false;
}

static enum sc_undone undo_define(struct sc_undo *undo, size_t index)
{
	SC_BUF image = SC_BUF_INIT;

	if (!get_image(undo, index, &image))
		return failed(undo, &undo->tx->steps[index], "the copy of its old contents in the journal is damaged");
	return sc_undo_define(undo, index, &image);
}

void sc_undo_find(struct sc_undo *undo, size_t index)
{
	const struct sc_tx_step *step = &undo->tx->steps[index];
	struct place place = {.dir = -1};
	bool missing;

	if (step->type != SC_STEP_MKDIR || step->before.exists || !step->temp || !open_place(undo, step, &place, &missing))
		return;
	/* where it has its name already, this fails */
	(void)sc_rename_move(place.dir, step->temp, place.name);
	close(place.dir);
}

enum sc_undone sc_undo_step(struct sc_undo *undo, size_t index)
{
	const struct sc_tx_step *step = &undo->tx->steps[index];
	struct place place = {.dir = -1};
	enum sc_undone result;
	bool missing = false;

	if (step->type == SC_STEP_ACL || (step->type == SC_STEP_MKDIR && step->before.exists))
		return sc_undo_attributes(undo, index);
	if (step->type == SC_STEP_DEFINE)
		return undo_define(undo, index);
	if (step->type == SC_STEP_ACTION)
		return sc_undo_action(undo, step) ? SC_UNDONE : SC_UNDO_FAILED;
	if (step->type != SC_STEP_FILE && step->type != SC_STEP_MKDIR)
		return SC_UNDONE;
	if (!open_place(undo, step, &place, &missing))
		return !missing ? SC_UNDO_FAILED : step->before.exists ? SC_UNDO_CONFLICT : SC_UNDONE;
	result = step->type == SC_STEP_FILE ? undo_file(undo, index, &place) : undo_made(undo, step, &place);
	close(place.dir);
	return result;
}

bool sc_undo_leftovers(struct sc_undo *undo, size_t index)
{
	const struct sc_tx_step *step = &undo->tx->steps[index];
	struct place place = {.dir = -1};
	bool missing = false, changed = false;

	if (step->type != SC_STEP_FILE)
		return true;
	if (!open_place(undo, step, &place, &missing))
		return missing;
	bool fine = remove_temps(step, &place, &changed) && (!changed || fsync(place.dir) == 0);
	if (!fine)
		(void)failed(undo, step, "what is left beside it can't be removed");
	close(place.dir);
	return fine;
}
