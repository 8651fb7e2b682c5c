/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/commit/tx_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "system/os/clock.h"
#include "system/os/file.h"

enum { TRIES = 100 };

static const int dir_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/* Below a root the directory may be removed while this process waits for it. */
static bool is_current(struct spicecfg_ctx *ctx, const struct sc_state *state)
{
	struct sc_state now;
	struct stat ours, theirs;

	if (!ctx->root)
		return true;
	if (sc_state_open(ctx, false, &now) || now.tx < 0) {
		sc_let_go(ctx);
		return false;
	}
	bool same = fstat(state->tx, &ours) == 0 && fstat(now.tx, &theirs) == 0 && ours.st_ino == theirs.st_ino;
	sc_state_close(&now);
	return same;
}

static enum spicecfg_status lock_tx(struct spicecfg_ctx *ctx, const struct sc_state *state, int lock, int64_t end)
{
	while (flock(state->tx, lock | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		enum spicecfg_status status =
		    errno == EWOULDBLOCK
			? sc_clock_wait(ctx, end, "another spicecfg is working on %s", sc_state_name(ctx))
			: sc_fail(ctx, SPICECFG_SYSTEM, NULL, "%s can't be locked: %s", sc_state_name(ctx), strerror(errno));
		if (status)
			return status;
	}
	return SPICECFG_OK;
}

enum spicecfg_status sc_tx_enter(struct spicecfg_ctx *ctx, bool make, int lock, struct sc_state *state)
{
	int64_t end = sc_clock_ms() + ctx->lock_wait_ms;
	enum spicecfg_status status;

	for (int tries = 0; tries < TRIES; tries++) {
		status = sc_state_open(ctx, make, state);
		if (status || state->tx < 0)
			return status;
		status = lock_tx(ctx, state, lock, end);
		if (!status && is_current(ctx, state))
			return SPICECFG_OK;
		sc_state_close(state);
		if (status)
			return status;
	}
	return sc_fail(ctx, SPICECFG_SYSTEM, "Try again.", "other processes remove %s all the time", sc_state_name(ctx));
}

static void make_id(const struct spicecfg_ctx *ctx, char id[SC_TX_ID])
{
	time_t now = (time_t)sc_clock_now(ctx);
	struct tm utc;
	unsigned random;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		random = (unsigned)getpid() ^ (unsigned)clock();
	gmtime_r(&now, &utc);
	size_t len = strftime(id, SC_TX_ID, "%Y%m%d-%H%M%S-", &utc);
	snprintf(id + len, SC_TX_ID - len, "%08x", random);
}

int sc_tx_open(int at, const char *name)
{
	return openat(at, name, dir_flags);
}

/* LOCK_EX: the transaction is this process's. LOCK_SH: whether it is nobody's, which several may ask at once. */
static int claim(int at, const char *name, int lock)
{
	int fd = sc_tx_open(at, name);

	if (fd < 0 || (flock(fd, lock | LOCK_NB) == 0 && faccessat(at, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0))
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

int sc_tx_make(const struct spicecfg_ctx *ctx, int tx, char id[SC_TX_ID])
{
	for (int tries = 0; tries < TRIES; tries++) {
		make_id(ctx, id);
		if (mkdirat(tx, id, 0700) == 0) {
			int fd = claim(tx, id, LOCK_EX);

			/* else a recovery was faster */
			if (fd >= 0 || (errno != EWOULDBLOCK && errno != ENOENT))
				return fd;
		} else if (errno != EEXIST) {
			return -1;
		}
	}
	return -1;
}

bool sc_tx_is_name(const char *name)
{
	static const char form[] = "00000000-000000-xxxxxxxx";
	static const char *const ends[] = {"", SC_TX_DONE, SC_TX_CONFLICT, SC_TX_WAITING};

	for (const char *want = form; *want; want++, name++)
		if (!*name || (*want == '-' ? *name != '-' : !strchr(*want == 'x' ? "0123456789abcdef" : "0123456789", *name)))
			return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (strcmp(name, ends[i]) == 0)
			return true;
	return false;
}

bool sc_tx_is_dead(int at, const char *name, bool in_history)
{
	if (!sc_tx_is_name(name) || sc_text_ends(name, SC_TX_CONFLICT) || sc_text_ends(name, SC_TX_WAITING))
		return false;
	if (in_history) {
		char plan[SC_TX_NAME + sizeof(SC_TX_PLAN) + 1];

		snprintf(plan, sizeof(plan), "%.*s/" SC_TX_PLAN, SC_TX_NAME - 1, name);
		if (faccessat(at, plan, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			return false;
	}
	int fd = claim(at, name, LOCK_SH);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool any_dead(int at, bool in_history)
{
	struct sc_arena *memory = sc_arena_new();
	char **names = at < 0 || !memory ? NULL : sc_file_list_of(openat(at, ".", dir_flags), memory);
	/* what can't be listed may be there: a recovery says why */
	bool dead = at >= 0 && !names;

	for (; names && *names && !dead; names++)
		dead = sc_tx_is_dead(at, *names, in_history);
	sc_arena_free(memory);
	return dead;
}

bool sc_tx_any_dead(const struct sc_state *state)
{
	return any_dead(state->tx, false) || any_dead(state->history, true);
}

int sc_tx_note(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : 0;
}

static int put(int dir, const char *name, const char *bytes, size_t len, const struct sc_attributes *attributes)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600), result = 0;

	if (fd < 0)
		return -1;
	for (size_t done = 0; done < len && result == 0;) {
		ssize_t n = write(fd, bytes + done, len - done);

		if (n < 0 && errno != EINTR)
			result = -1;
		done += n > 0 ? (size_t)n : 0;
	}
	if (result == 0 && attributes)
		result = sc_attributes_write(fd, attributes);
	if (result == 0)
		result = fsync(fd);
	int error = errno;
	close(fd);
	errno = error;
	return result;
}

int sc_tx_put(int dir, const char *name, const char *bytes, size_t len)
{
	return put(dir, name, bytes, len, NULL);
}

int sc_tx_put_as(int dir, const char *name, const struct sc_buf *bytes, const struct sc_attributes *attributes)
{
	return put(dir, name, sc_buf_text(bytes), bytes->len, attributes);
}

int sc_tx_get(int dir, const char *name, size_t max, struct sc_buf *out)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 ? -1 : sc_tx_get_from(fd, max, out);
}

int sc_tx_get_from(int fd, size_t max, struct sc_buf *out)
{
	char chunk[16 * 1024];
	struct stat st;
	ssize_t n = -1;

	bool fine = fstat(fd, &st) == 0;
	if (fine && (!S_ISREG(st.st_mode) || (uintmax_t)st.st_size > max)) {
		errno = S_ISREG(st.st_mode) ? EFBIG : EINVAL;
		fine = false;
	}
	while (fine && (((n = read(fd, chunk, sizeof(chunk))) > 0 && out->len <= max) || (n < 0 && errno == EINTR)))
		sc_buf_add(out, chunk, n > 0 ? (size_t)n : 0);
	int error = n > 0 ? EFBIG : out->failed ? ENOMEM : errno;
	explicit_bzero(chunk, sizeof(chunk));
	close(fd);
	errno = error;
	return n == 0 && !out->failed ? 0 : -1;
}

static void remove_files(int dir)
{
	struct sc_arena *memory = sc_arena_new();
	char **names = memory ? sc_file_list_of(openat(dir, ".", dir_flags), memory) : NULL;

	for (; names && *names; names++)
		(void)unlinkat(dir, *names, 0);
	sc_arena_free(memory);
}

int sc_tx_remove(int at, const char *name)
{
	int dir = openat(at, name, dir_flags);
	int before = dir < 0 ? -1 : openat(dir, SC_TX_BEFORE, dir_flags);

	if (before >= 0) {
		remove_files(before);
		close(before);
		(void)unlinkat(dir, SC_TX_BEFORE, AT_REMOVEDIR);
	}
	if (dir >= 0) {
		remove_files(dir);
		close(dir);
	}
	return unlinkat(at, name, AT_REMOVEDIR);
}

int sc_tx_drop(int tx, const char *name)
{
	char done[SC_TX_NAME + sizeof(SC_TX_DONE)];

	snprintf(done, sizeof(done), "%.*s" SC_TX_DONE, SC_TX_NAME - 1, name);
	/* at once: a plan whose images are removed one by one would still be armed */
	if (renameat(tx, name, tx, done) < 0 || fsync(tx) < 0)
		return -1;
	return sc_tx_remove(tx, done);
}

const char *sc_tx_image(size_t step, char name[SC_TX_NAME])
{
	snprintf(name, SC_TX_NAME, "%04zu", step);
	return name;
}
