/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A thread pool that keeps the order: pieces of work go into a ring of slots and come out in the order in which they went in. */
#ifndef SC_SYSTEM_POOL_H
#define SC_SYSTEM_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct sc_pool_ops {
	/* Puts the next piece of work into a free slot; false if there is no more. Called by the thread that runs the pool. */
	bool (*fill)(void *opaque, void *slot);
	/* Does the work; called by any thread, for several slots concurrently. worker: number of the thread, below threads; 0 is the thread
	 * that runs the pool. */
	void (*work)(void *opaque, unsigned worker, void *slot);
	/* Takes the result and frees the slot's contents; called in order, by the thread that runs the pool. */
	void (*emit)(void *opaque, void *slot);
};

/*
 * Runs until fill returns false and all results are emitted. slots: n_slots zeroed objects of slot_size bytes, owned by the caller.
 * threads: how many may work at a time, including the calling one. They are started when there is work for them; if a thread can't be
 * started, the others do its work.
 */
void sc_pool_run(const struct sc_pool_ops *ops, void *opaque, void *slots, size_t slot_size, size_t n_slots, unsigned threads);

#endif
