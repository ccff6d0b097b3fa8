#include "daemon/lock_take.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/lock.h"
#include "sched/schedule.h"
#include "core/host_node.h"
#include "core/stay.h"
#include "proc/runlock.h"
#include "state/record.h"
#include "state/index.h"
#include "state/resolve.h"
#include "wakeup/bell.h"

static struct lock
lock_wanted(const struct asking *a)
{
	const struct lock_params *p = a->p;

	return (struct lock){.name = a->name,
	    .mode = p->shared	     ? LOCK_SHARED
		    : p->slots.given ? LOCK_SLOT
				     : LOCK_EXCLUSIVE,
	    .slots = p->slots.value,
	    .user = a->ctx->by.user,
	    .expires_ms = p->ttl.given ? a->ctx->cluster->now_ms + p->ttl.value : 0};
}

static int
is_held(struct cluster *c, void *lock, void *argument, struct err *e)
{
	(void)c;
	(void)lock;
	(void)e;
	*(bool *)argument = true;
	return 0;
}

static int
look_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct asking *a = argument;
	struct lock wanted = lock_wanted(a);
	int fits = lock_fits(ctx->cluster, &wanted, e);

	a->fits = fits > 0;
	a->held = false;
	return fits < 0 ? -1
			: index_named(ctx->cluster, kind_of(ctx->kinds, KIND_LOCK), a->name,
			      is_held, &a->held, e);
}

/* Checks once a second whether the holder is gone. */
static int
look(struct asking *a, uint64_t now, struct err *e)
{
	size_t gone = 0;

	if (ctx_read(a->ctx, look_body, a, e))
		return -1;
	if (a->fits || (a->observed_ms && now - a->observed_ms < STAY_LOOK_MS))
		return 0;
	a->observed_ms = now;
	if (lost_processes_observe(a->ctx, &gone, NULL, e))
		return -1;
	return gone ? ctx_read(a->ctx, look_body, a, e) : 0;
}

/* The node of this process: that of its job, else that of this host. 0: none, or several. */
static int
node_here(struct ctx *ctx, uint64_t *id, struct err *e)
{
	const char *own = getenv("GCS_NODE_ID"), *dir = getenv("GCS_DIR");
	struct host_node here = {.host = NULL};
	const struct node *node;

	if (own && *own && dir && !strcmp(dir, ctx_dir(ctx))) {
		node = resolve_kind(ctx->cluster, KIND_NODE, own, NULL, e);
		*id = node ? node->id : 0;
		return node ? 0 : err_wrap(e, "GCS_NODE_ID");
	}
	here.host = arena_strndup(ctx->turn, ctx->by.host, strcspn(ctx->by.host, "."));
	if (host_node_find(ctx, &here, e) < 0)
		return -1;
	*id = here.id ? here.id : here.only;
	return 0;
}

void
lock_take_file(char to[LOCK_FILE_SIZE], uint64_t worker)
{
	snprintf(to, LOCK_FILE_SIZE, "W%llu.lock", (unsigned long long)worker);
}

static void
file_drop(struct asking *a)
{
	char name[LOCK_FILE_SIZE];
	struct err ignored;

	if (a->fd < 0)
		return;
	close(a->fd);
	a->fd = -1;
	lock_take_file(name, a->worker);
	runlock_remove(a->run, name, &ignored);
}

/* The file is locked before the record exists, so a living holder cannot be taken for gone. */
static int
file_take(struct asking *a, uint64_t worker, struct err *e)
{
	char name[LOCK_FILE_SIZE];

	if (a->fd >= 0 && a->worker == worker)
		return 0;
	file_drop(a);
	a->worker = worker;
	lock_take_file(name, worker);
	a->fd = runlock_take(a->run, name, 0660, e);
	return a->fd < 0 ? -1 : 0;
}

/* May run twice. */
int
lock_take_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct asking *a = argument;
	struct lock wanted = lock_wanted(a);
	struct worker holder = {.pid = process_id_number(a->self.pid),
	    .started = a->self.start_ticks,
	    .boot_id = a->self.boot_id,
	    .uid = ctx->by.uid,
	    .supervised = true};
	int got;

	a->granted = false;
	if (node_here(ctx, &holder.node, e))
		return -1;
	got = lock_grant(ctx->cluster, &wanted, &holder, e);
	if (got < 0 || schedule_rest(ctx->cluster, e))
		return -1;
	if (!got)
		return 0;
	a->granted = true;
	a->lock = wanted;
	return ctx->change.dry_run ? 0 : file_take(a, holder.id, e);
}

static int
try_now(struct asking *a, struct err *e)
{
	if (ctx_write(a->ctx, true, lock_take_body, a, e)) {
		file_drop(a);
		return -1;
	}
	return a->granted;
}

/*
 * Looks, and tries if the lock seems free. The first in line looks after every change; the others
 * once a second, and overtake a first that did not take a free lock in that time: it may be
 * stopped.
 */
int
lock_take_now(struct asking *a, struct err *e)
{
	uint64_t now = clock_monotonic_ms();
	bool first = a->turn.fd < 0 || fair_queue_first(&a->turn);

	if (!first && now - a->looked_ms < STAY_LOOK_MS)
		return 0;
	if (look(a, now, e))
		return -1;
	a->looked_ms = now;
	if (a->held || !a->free_ms)
		a->free_ms = a->held ? 0 : now;
	if (a->fits && (first || (a->free_ms && now - a->free_ms >= STAY_LOOK_MS)))
		return try_now(a, e);
	return 0;
}

static int
turn(struct stay *s, void *argument, struct err *e)
{
	int got = lock_take_now(argument, e);

	(void)s;
	return got > 0 ? STAY_OVER : got;
}

int
lock_take_wait(struct asking *a, struct err *e)
{
	struct stay s = {.ctx = a->ctx,
	    .argument = a,
	    .turn = turn,
	    .open_mask = &a->before,
	    .end_ms = a->end_ms};
	int bad;

	if (fair_queue_join(&a->turn, a->run, a->name, e))
		return -1;
	bad = stay_run(&s, e);
	if (fair_queue_leave(&a->turn))
		bell_ring(store_dir(a->ctx->store));
	return bad ? -1 : a->granted;
}
