/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/os/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum state { FREE, READY, DONE };

struct pool {
	const struct sc_pool_ops *ops;
	void *opaque;
	char *slots;
	size_t slot_size, n_slots;
	enum state *states;
	size_t head, next, tail; /* oldest slot not emitted, next one to work on, first unused; they only grow */
	bool ended;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	unsigned n_started;
};

struct thread {
	struct pool *pool;
	unsigned worker;
	pthread_t id;
};

static void *slot_at(const struct pool *pool, size_t index)
{
	return pool->slots + index % pool->n_slots * pool->slot_size;
}

/* Works on the next slot; the lock is held before and after. */
static void work_one(struct pool *pool, unsigned worker)
{
	size_t index = pool->next++;

	pthread_mutex_unlock(&pool->lock);
	pool->ops->work(pool->opaque, worker, slot_at(pool, index));
	pthread_mutex_lock(&pool->lock);
	pool->states[index % pool->n_slots] = DONE;
	if (index == pool->head)
		pthread_cond_signal(&pool->done);
}

static void *thread_main(void *opaque)
{
	struct thread *thread = opaque;
	struct pool *pool = thread->pool;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		if (pool->next < pool->tail)
			work_one(pool, thread->worker);
		else if (pool->ended)
			break;
		else
			pthread_cond_wait(&pool->work, &pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* Signals are for the thread that the program began with. */
static bool start(struct pool *pool, struct thread *thread, unsigned worker)
{
	sigset_t all, before;

	*thread = (struct thread){.pool = pool, .worker = worker};
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&thread->id, NULL, thread_main, thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return !failed;
}

/* Returns false once all is emitted. The lock is held before and after. */
static bool step(struct pool *pool)
{
	if (pool->head < pool->tail && pool->states[pool->head % pool->n_slots] == DONE) {
		pthread_mutex_unlock(&pool->lock);
		pool->ops->emit(pool->opaque, slot_at(pool, pool->head));
		pthread_mutex_lock(&pool->lock);
		pool->states[pool->head++ % pool->n_slots] = FREE;
		return true;
	}
	if (!pool->ended && pool->tail - pool->head < pool->n_slots) {
		pthread_mutex_unlock(&pool->lock);
		bool more = pool->ops->fill(pool->opaque, slot_at(pool, pool->tail));
		pthread_mutex_lock(&pool->lock);
		if (more)
			pool->states[pool->tail++ % pool->n_slots] = READY;
		else
			pool->ended = true;
		pthread_cond_signal(&pool->work);
		return true;
	}
	if (pool->head == pool->tail)
		return false;
	if (pool->next < pool->tail)
		work_one(pool, 0);
	else
		pthread_cond_wait(&pool->done, &pool->lock);
	return true;
}

void sc_pool_run(const struct sc_pool_ops *ops, void *opaque, void *slots, size_t slot_size, size_t n_slots, unsigned threads)
{
	struct pool pool = {.ops = ops, .opaque = opaque, .slots = slots, .slot_size = slot_size, .n_slots = n_slots};
	struct thread *others = threads > 1 ? calloc(threads - 1, sizeof(*others)) : NULL;
	bool may_start = others != NULL;

	pool.states = calloc(n_slots, sizeof(*pool.states));
	if (!pool.states) {
		/* Without memory for states: one piece of work at a time, in the first slot. */
		while (ops->fill(opaque, slots)) {
			ops->work(opaque, 0, slots);
			ops->emit(opaque, slots);
		}
		free(others);
		return;
	}
	pthread_mutex_init(&pool.lock, NULL);
	pthread_cond_init(&pool.work, NULL);
	pthread_cond_init(&pool.done, NULL);
	pthread_mutex_lock(&pool.lock);
	while (step(&pool)) {
		/* Start another thread when a second piece of work is waiting. */
		if (may_start && pool.tail - pool.next > 1 && pool.n_started + 1 < threads) {
			may_start = start(&pool, &others[pool.n_started], pool.n_started + 1);
			pool.n_started += may_start;
		}
	}
	pthread_cond_broadcast(&pool.work);
	pthread_mutex_unlock(&pool.lock);
	for (unsigned i = 0; i < pool.n_started; i++)
		pthread_join(others[i].id, NULL);
	pthread_cond_destroy(&pool.done);
	pthread_cond_destroy(&pool.work);
	pthread_mutex_destroy(&pool.lock);
	free(pool.states);
	free(others);
}
