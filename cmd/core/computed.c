/* view: fills what a record shows besides its row: ages, heartbeats, values. */
#include "core/cmd.h"

#include "model/actor.h"
#include "model/job.h"
#include "model/lock.h"
#include "model/node.h"
#include "model/pg.h"
#include "model/task.h"
#include "model/worker.h"
#include "state/config.h"
#include "state/kv.h"

int
computed_open(struct ctx *ctx, const struct kind *kind, struct computed *view, struct err *e)
{
	struct cluster *c = ctx->cluster;

	*view = (struct computed){.count = txn_counter(c->txn, 'N')};
	if (kind->number != KIND_NODE || ctx->style.form.past)
		return 0;
	if (ctx_pulse(ctx, e) || config_value(c, SETTING_HEARTBEAT_PERIOD, &view->period_ms, e))
		return -1;
	if (pulse_last_look(c->pulse, &view->look, e))
		return -1;
	view->look.now_ms = pulse_now(c->pulse);
	return 0;
}

static int
beat_of(struct ctx *ctx, const struct computed *view, uint64_t id, struct beat *beat, struct err *e)
{
	if (!view->beats)
		return pulse_read(ctx->cluster->pulse, id, 1, beat, e);
	if (id <= view->count)
		*beat = view->beats[id];
	return 0;
}

static int
node_fill(struct ctx *ctx, const struct computed *view, struct node *node, struct err *e)
{
	struct beat beat = {0};

	if (ctx->style.form.past)
		return node_computed(ctx->cluster, node, NULL, &view->look, 0, e);
	if (beat_of(ctx, view, node->id, &beat, e))
		return -1;
	return node_computed(ctx->cluster, node, &beat, &view->look, view->period_ms, e);
}

static int
kv_fill(struct ctx *ctx, const struct computed *view, struct kv *kv, struct err *e)
{
	kv->age = ctx->cluster->now_ms > kv->updated_ms ? ctx->cluster->now_ms - kv->updated_ms : 0;
	return view->values ? kv_value(ctx->cluster, kv, &kv->value, e) : 0;
}

static int
lease_fill(struct ctx *ctx, struct lease *lease)
{
	uint64_t now = ctx->cluster->now_ms;

	lease->age = now > lease->created_ms ? now - lease->created_ms : 0;
	return 0;
}

int
computed_fill(struct ctx *ctx, const struct computed *view, const struct kind *kind, void *record,
    struct err *e)
{
	if (kind->number == KIND_NODE)
		return node_fill(ctx, view, record, e);
	if (kind->number == KIND_KV)
		return kv_fill(ctx, view, record, e);
	if (kind->number == KIND_ACTOR)
		actor_computed(ctx->cluster, record);
	if (kind->number == KIND_TASK)
		task_computed(ctx->cluster, record);
	if (kind->number == KIND_WORKER)
		worker_computed(ctx->cluster, record);
	if (kind->number == KIND_JOB)
		return job_computed(ctx->cluster, record, e);
	if (kind->number == KIND_PG)
		return pg_computed(ctx->cluster, record, e);
	if (kind->number == KIND_LOCK)
		lock_computed(ctx->cluster, record);
	if (kind->number == KIND_LEASE)
		return lease_fill(ctx, record);
	return 0;
}
