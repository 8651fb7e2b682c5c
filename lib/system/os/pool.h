/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several threads, one order: pieces of work go into a ring of slots and come out in the order in which they went in. */
#ifndef SC_SYSTEM_POOL_H
#define SC_SYSTEM_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct sc_pool_ops {
	/* The next piece of work into a free slot; false: there is no more. Called by the thread that runs the pool. */
	bool (*fill)(void *opaque, void *slot);
	/* Does it; called by any thread, for several slots at a time. worker: 0 for the thread that runs the pool, below threads. */
	void (*work)(void *opaque, unsigned worker, void *slot);
	/* Takes the result and frees the slot's contents; in order, by the thread that runs the pool. */
	void (*emit)(void *opaque, void *slot);
};

/*
 * Runs until fill has no more and all is emitted. slots: n_slots zeroed objects of slot_size bytes, the caller's. threads: how many may
 * work at a time, the calling one among them; they are started when there is work for them, and a thread that can't be started is done
 * without.
 */
void sc_pool_run(const struct sc_pool_ops *ops, void *opaque, void *slots, size_t slot_size, size_t n_slots, unsigned threads);

#endif
