#include "model/actor.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/backoff.h"
#include "sched/lease.h"
#include "sched/dirt.h"
#include "sched/schedule.h"
#include "model/task.h"
#include "model/worker.h"
#include "place/demand.h"
#include "place/image.h"
#include "place/queue.h"
#include "state/cascade.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/index.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "state/resolve.h"
#include "store/txn.h"

static const struct kind *
actor_kind(const struct cluster *c)
{
	return kind_of(c->kinds, KIND_ACTOR);
}

static bool
has_ended(const struct actor *a)
{
	return a->state == ACTOR_DEAD || a->state == ACTOR_FAILED;
}

bool
actor_waits(const struct actor *a)
{
	return !has_ended(a) && !a->lease && !a->not_before_ms;
}

/* When the actor is due: the end of its backoff, or its deadline to become ready. */
static uint64_t
due_ms(const struct actor *a)
{
	if (a->not_before_ms || a->state == ACTOR_ALIVE)
		return a->not_before_ms;
	return a->start_ms && a->start_timeout ? a->start_ms + a->start_timeout : 0;
}

void
actor_derive(const struct kind *kind, const void *record, struct derived *to)
{
	const struct actor *a = record;
	const struct ending *death = a->death;
	const struct demand *demand = a->demand;
	struct key key = {.n = 0};

	key_u64(&key, a->id);
	derive_count(to, kind, a->state);
	derive_name(to, kind, a->namespace, a->name, has_ended(a), a->id);
	if (has_ended(a)) {
		derive_ended(to, kind, death ? death->end_ms : 0, a->id);
		return;
	}
	derive_on_node(to, kind, a->node, a->id);
	if (demand && demand->pg)
		derive_owned(to, kind, ref_make('P', demand->pg), key_slice(&key));
	if (!a->detached && a->job)
		derive_owned(to, kind, ref_make('J', a->job), key_slice(&key));
	derive_due(to, kind, due_ms(a), key_slice(&key));
	if (actor_waits(a))
		queue_derive(
		    to, kind, demand_shape(demand, to->arena), a->priority, a->born, a->id);
}

static int
name_holder(struct cluster *c, const struct actor *wanted, struct actor **holder, struct err *e)
{
	const char *full = arena_printf(c->arena, "actor/%s/%s", wanted->namespace, wanted->name);
	struct err missing = {0};

	*holder = NULL;
	if (!(*holder = resolve_kind(c, KIND_ACTOR, full, NULL, &missing))) {
		if (missing.code == ERR_NO)
			return 0;
		*e = missing;
		return -1;
	}
	if (has_ended(*holder))
		*holder = NULL;
	return 0;
}

int
actor_restarts_check(int64_t most, struct err *e)
{
	return most < -1 ? err_set(e, ERR_USAGE, "-1 (always), 0 (never) or more") : 0;
}

static int
wanted_check(const struct actor *wanted, struct err *e)
{
	if (wanted->name && !text_is_name(wanted->name))
		return err_value(e, ERR_USAGE, wanted->name,
		    "'%s' is not a valid actor name (letters, digits, . _ -; not like an id)",
		    wanted->name);
	if (!text_is_namespace(wanted->namespace))
		return err_value(e, ERR_USAGE, wanted->namespace, "'%s' is not a valid namespace",
		    wanted->namespace);
	return actor_restarts_check(wanted->max_restarts, e);
}

int
actor_create(struct cluster *c, struct actor *wanted, bool get_or_create, struct err *e)
{
	struct actor *holder = NULL;
	uint64_t seq;

	if (wanted_check(wanted, e) || (wanted->name && name_holder(c, wanted, &holder, e)))
		return -1;
	if (holder && !get_or_create)
		return err_value(e, ERR_REFUSED, wanted->name,
		    "actor name '%s/%s' is already used by A%llu", wanted->namespace, wanted->name,
		    (unsigned long long)holder->id);
	if (holder) {
		*wanted = *holder;
		return 0;
	}
	wanted->id = txn_counter_next(c->txn, 'A');
	wanted->state = ACTOR_PENDING;
	if (record_put(c, actor_kind(c), wanted, 0, &seq, e))
		return -1;
	dirt_waits(c, actor_kind(c), wanted->id, seq);
	return 0;
}

static int
actor_put_on(struct cluster *c, struct actor *actor, const struct lease *lease, struct err *e)
{
	actor->node = lease->node;
	actor->lease = lease->id;
	return record_put(c, actor_kind(c), actor, lease->born, NULL, e) ? -1 : 1;
}

int
actor_put_inside(
    struct cluster *c, struct actor *actor, uint64_t bundle, uint64_t cause, struct err *e)
{
	struct lease lease = {.owner = ref_make('A', actor->id)};
	struct demand demand = *(const struct demand *)actor->demand;
	int got;

	demand.bundle = bundle;
	got = bundle_lease_grant(c, &demand, &lease, cause, e);
	return got <= 0 ? got : actor_put_on(c, actor, &lease, e);
}

void
actor_waiter(const void *record, struct waiter *to)
{
	const struct actor *a = record;

	*to = (struct waiter){.demand = a->demand,
	    .priority = a->priority,
	    .born = a->born,
	    .since_ms = a->updated_ms,
	    .waits = actor_waits(a)};
}

static struct seeking
seeking_of(const struct actor *a)
{
	return (struct seeking){.demand = a->demand, .of = ref_make('A', a->id)};
}

int
actor_place(
    struct cluster *c, void *record, const struct among *nodes, uint64_t cause, struct err *e)
{
	struct seeking seeking = seeking_of(record);
	struct lease lease;
	int got;

	seeking.among = *nodes;
	got = schedule_lease(c, &seeking, cause, &lease, e);
	return got <= 0 ? got : actor_put_on(c, record, &lease, e);
}

int
actor_fits(struct cluster *c, const void *record, struct err *e)
{
	struct seeking seeking = seeking_of(record);

	return schedule_fits(c, &seeking, e);
}

int
actor_may_start(struct cluster *c, const void *record, struct worker *worker, struct err *e)
{
	const struct actor *a = record;
	unsigned long long id = (unsigned long long)a->id;

	(void)c;
	if (has_ended(a))
		return err_set(e, ERR_REFUSED, "actor A%llu is %s: it cannot be started", id,
		    enum_text(&actor_states, a->state));
	if (!a->node)
		return err_set(e, ERR_REFUSED, "actor A%llu has no node yet", id);
	if (a->worker)
		return err_set(e, ERR_REFUSED, "actor A%llu runs already, as W%llu", id,
		    (unsigned long long)a->worker);
	return worker_placed(worker, a->node, e);
}

int
actor_started(
    struct cluster *c, void *record, const struct worker *worker, uint64_t seq, struct err *e)
{
	struct actor *a = record;

	a->worker = worker->id;
	a->pid = worker->pid;
	a->start_ms = c->now_ms;
	if (a->ready_on_start && a->state != ACTOR_ALIVE) {
		a->state = ACTOR_ALIVE;
		a->alive_ms = c->time_ms;
	}
	return record_put(c, actor_kind(c), a, seq, NULL, e);
}

int
actor_worker_ended(struct cluster *c, void *record, const struct ended *ended, struct err *e)
{
	struct actor *a = record;
	unsigned type = ended->how->type;
	bool by_itself = type == EXIT_INTENDED_USER;
	struct loss loss = {.reason = by_itself ? END_EXITED : END_WORKER_DIED,
	    .message = ended->message,
	    .final = by_itself || type == EXIT_USER_ERROR,
	    .backoff = true,
	    .cause = ended->seq};

	return a->worker == ended->worker ? actor_lost(c, a, &loss, e) : 0;
}

int
actor_ready(
    struct cluster *c, struct actor *actor, uint64_t pid, const char *address, struct err *e)
{
	if (has_ended(actor))
		return err_set(e, ERR_REFUSED, "actor A%llu is %s: cannot become ALIVE",
		    (unsigned long long)actor->id, enum_text(&actor_states, actor->state));
	if (!actor->node)
		return err_set(
		    e, ERR_REFUSED, "actor A%llu has no node yet", (unsigned long long)actor->id);
	if (actor->state != ACTOR_ALIVE)
		actor->alive_ms = c->time_ms;
	actor->state = ACTOR_ALIVE;
	if (pid)
		actor->pid = pid;
	if (address)
		actor->address = address;
	return record_put(c, actor_kind(c), actor, 0, NULL, e);
}

/* gcs-model(7): restarts it did not cause are free, except for an actor that is never restarted. */
static bool
may_restart(const struct actor *a, const struct loss *loss)
{
	int64_t spent = (int64_t)(a->num_restarts - a->num_preempted);

	if (loss->final)
		return false;
	if (a->max_restarts == -1)
		return true;
	return spent < a->max_restarts || (loss->preempted && a->max_restarts > 0);
}

static void
set_backoff(struct cluster *c, struct actor *a, const struct loss *loss)
{
	uint64_t ran = a->alive_ms ? c->time_ms - a->alive_ms : 0;

	if (!loss->backoff)
		return;
	a->backoff = backoff_next(a->backoff, ran);
	a->not_before_ms = c->now_ms + a->backoff;
}

static int
actor_end(struct cluster *c, struct actor *a, const struct loss *loss, uint64_t *seq, struct err *e)
{
	struct ending *death = arena_alloc(c->arena, sizeof *death);
	bool exhausted = !loss->final && a->max_restarts > 0;
	bool never_was = a->state == ACTOR_PENDING && loss->reason == END_WORKER_DIED;

	death->reason = never_was   ? END_CREATION_FAILED
			: exhausted ? END_RESTARTS_EXHAUSTED
				    : loss->reason;
	death->last = exhausted ? loss->reason : 0;
	death->message = loss->message;
	death->end_ms = c->time_ms;
	a->death = death;
	a->state = never_was ? ACTOR_FAILED : ACTOR_DEAD;
	a->not_before_ms = 0;
	return record_put(c, actor_kind(c), a, loss->cause, seq, e);
}

static int
actor_restart(
    struct cluster *c, struct actor *a, const struct loss *loss, uint64_t *seq, struct err *e)
{
	a->num_restarts++;
	a->num_preempted += loss->preempted;
	a->state = ACTOR_RESTARTING;
	set_backoff(c, a, loss);
	a->alive_ms = 0;
	return record_put_as(
	    c, actor_kind(c), a, (struct told){EVENT_ACTOR_RESTARTING, loss->cause}, seq, e);
}

/* An actor lost on a draining node counts as preempted, whatever the cause. */
static int
was_preempted(struct cluster *c, const struct actor *a, bool *preempted, struct err *e)
{
	struct node node = {0};

	if (*preempted || !a->node)
		return 0;
	if (record_get_number(c, kind_of(c->kinds, KIND_NODE), a->node, &node, e) < 0)
		return -1;
	*preempted = node.state == NODE_DRAINING;
	return 0;
}

int
actor_lost(struct cluster *c, struct actor *a, const struct loss *how, struct err *e)
{
	struct dismissal dismissal = {a->worker, a->lease, a->grace, 0};
	struct cascade owned = {.cause = CASCADE_OWNER};
	struct loss loss = *how;
	uint64_t seq;
	bool ends;

	if (has_ended(a))
		return 0;
	if (was_preempted(c, a, &loss.preempted, e))
		return -1;
	ends = !may_restart(a, &loss);
	if (!ends && !a->node)
		return err_set(e, ERR_REFUSED,
		    "actor A%llu has no node: there is nothing to restart",
		    (unsigned long long)a->id);
	a->lease = a->node = a->pid = a->worker = a->start_ms = 0;
	a->address = NULL;
	if (ends ? actor_end(c, a, &loss, &seq, e) : actor_restart(c, a, &loss, &seq, e))
		return -1;
	dismissal.cause = seq;
	if (worker_dismiss(c, &dismissal, e))
		return -1;
	owned.of = ref_make('A', a->id);
	owned.seq = seq;
	if (ends)
		return cascade(c, &owned, e);
	if (actor_waits(a))
		dirt_waits(c, actor_kind(c), a->id, seq);
	return 0;
}

int
actor_node_ended(struct cluster *c, void *record, struct cascade *from, struct err *e)
{
	struct loss loss = {
	    .reason = END_NODE_DIED, .preempted = from->drained, .cause = from->seq};

	return actor_lost(c, record, &loss, e);
}

int
actor_job_ended(struct cluster *c, void *record, struct cascade *from, struct err *e)
{
	struct loss loss = {.reason = END_OWNER_DIED, .final = true, .cause = from->seq};

	return actor_lost(c, record, &loss, e);
}

int
actor_group_ended(struct cluster *c, void *record, struct cascade *from, struct err *e)
{
	struct loss loss = {.reason = END_PG_REMOVED, .final = true, .cause = from->seq};

	return actor_lost(c, record, &loss, e);
}

bool
actor_succeeded(const void *record)
{
	const struct actor *a = record;
	const struct ending *death = a->death;

	return a->state == ACTOR_DEAD && death && death->reason == END_EXITED;
}

bool
actor_may_move(const void *record)
{
	static const struct loss preempted = {.preempted = true};

	return may_restart(record, &preempted);
}

int
actor_due(struct cluster *c, struct slice key, struct err *e)
{
	struct loss late = {.reason = END_START_TIMEOUT, .backoff = true};
	struct actor *a = arena_alloc(c->arena, sizeof *a);
	int got = record_get(c, actor_kind(c), key, a, e);
	uint64_t seq;

	if (got <= 0 || !due_ms(a) || due_ms(a) > c->now_ms)
		return got < 0 ? -1 : 0;
	if (!a->not_before_ms)
		return actor_lost(c, a, &late, e);
	a->not_before_ms = 0;
	if (record_put(c, actor_kind(c), a, 0, &seq, e))
		return -1;
	dirt_waits(c, actor_kind(c), a->id, seq);
	return 0;
}

static const char *
restarts_cell(struct cluster *c, const struct actor *a)
{
	if (a->max_restarts == -1)
		return arena_printf(c->arena, "%llu/-", (unsigned long long)a->num_restarts);
	return arena_printf(
	    c->arena, "%llu/%lld", (unsigned long long)a->num_restarts, (long long)a->max_restarts);
}

int
actor_computed(struct cluster *c, void *record, const struct computed *from, struct err *e)
{
	struct actor *a = record;
	const struct demand *demand = a->demand;

	a->age = c->now_ms > a->created_ms ? c->now_ms - a->created_ms : 0;
	a->restarts = restarts_cell(c, a);
	a->resources = demand_cell(c, demand);
	a->pg = demand ? demand->pg : 0;
	a->reason = worker_reason_cell(c, a->death, a->not_before_ms, a->backoff, actor_waits(a),
	    a->state == ACTOR_ALIVE ? NULL : "placed, not ready yet");
	(void)from;
	(void)e;
	return 0;
}
