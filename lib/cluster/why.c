#include "cluster/why_inner.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/number.h"
#include "cluster/actor.h"
#include "cluster/pg.h"
#include "state/cluster.h"
#include "state/event.h"
#include "state/kind.h"
#include "state/record.h"

const struct enum_name why_codes[] = {
    {WHY_STATE, "state", "its state"},
    {WHY_INFEASIBLE, "infeasible", "this node could never run it or, without a node, no existing one could"},
    {WHY_BUSY, "busy", "not enough is free on this node now"},
    {WHY_FRAGMENTED, "fragmented",
	"enough is free in total, but not in one instance, or not on one node"},
    {WHY_DRAINING, "draining", "the node is being drained and takes nothing new"},
    {WHY_CORDONED, "cordoned", "the node is cordoned and takes nothing new"},
    {WHY_LABELS, "labels", "the node does not have the required labels"},
    {WHY_AVOIDED, "avoided", "it must avoid this node"},
    {WHY_AFFINITY, "affinity", "it must run on another node"},
    {WHY_STRATEGY, "strategy", "the strategy of its placement group excludes the node"},
    {WHY_QUEUE_BEHIND, "queue_behind", "the node is reserved for a record that has waited too long"},
    {WHY_GROUP, "group", "its placement group has no bundle for it yet"},
    {WHY_NO_NODES, "no_nodes", "there are no living nodes"},
    {WHY_MORE, "more", "that many more nodes are not shown"},
    {WHY_WAITING, "waiting", "it is waiting until enough is free"},
    {WHY_BACKOFF, "backoff", "it failed, and waits before it is placed again"},
    {WHY_NOT_TICKED, "not_ticked", "it is due, but no monitor has acted on it yet"},
    {WHY_NO_AGENT, "no_agent", "it is placed, but not reported as running yet"},
    {WHY_DEPENDENCY, "dependency", "another job must end first"},
    {WHY_TASK, "task", "the task that the next lines are about"},
    {WHY_CAUSE, "cause", "an event, caused by the next one"},
    {WHY_COMMAND, "command", "the event that started it"},
    {WHY_HORIZON, "horizon", "earlier history has been forgotten"},
    {0, NULL, NULL},
};

int
why_say(struct asking *ask, enum why_code code, const char *about, uint64_t seq, const char *text,
    struct err *e)
{
	struct why_line line = {code, about, text, seq};

	return ask->tell(ask->argument, &line, e);
}

/* --- why this state: the chain of causes --- */

static const char *
event_sentence(struct cluster *c, const struct event *event)
{
	const char *type = enum_text(event_types, event->type);

	return arena_printf(c->arena, "event %llu: %s %s, by %s: %s%s%s",
	    (unsigned long long)event->seq, type ? type : "?", event->name,
	    event->user ? event->user : "?", event->command ? event->command : "?",
	    event->message && !event->cause ? ": " : "",
	    event->message && !event->cause ? event->message : "");
}

static int
causes(struct asking *ask, uint64_t seq, struct err *e)
{
	struct event_reader reader = {.c = ask->c};
	struct event event;
	int got;

	while (seq) {
		got = event_read(&reader, seq, &event, e);
		if (got < 0)
			return -1;
		if (!got)
			return why_say(ask, WHY_HORIZON, "", seq,
			    arena_printf(ask->c->arena,
				"event %llu is forgotten: the history begins later",
				(unsigned long long)seq),
			    e);
		if (why_say(ask, event.cause ? WHY_CAUSE : WHY_COMMAND, event.name, seq,
			event_sentence(ask->c, &event), e))
			return -1;
		seq = event.cause;
	}
	return 0;
}

/* The event that brought the state it has now: the last one that changed the state's field. */
static int
state_event(struct asking *ask, const struct found *found, uint64_t *seq, struct err *e)
{
	const struct field *state = rec_field(found->kind->rec, "state");
	struct event_reader reader = {.c = ask->c};
	uint64_t at = record_rev(found->kind, found->record), number;
	struct event event;
	int got;

	*seq = at;
	while (state && at && (got = event_read(&reader, at, &event, e))) {
		struct slice changed = event.changed;

		if (got < 0)
			return -1;
		while (numbers_next(&changed, &number))
			if (number == state->number) {
				*seq = at;
				return 0;
			}
		at = event.prev_rev;
	}
	return 0;
}

static int
actor_why(struct asking *ask, const struct actor *a, struct err *e)
{
	if (a->not_before_ms)
		return why_backoff(ask, a->not_before_ms, e);
	if (actor_waits(a))
		return why_waits(ask, a->demand, ref_make('A', a->id), e);
	if (a->node && a->state != ACTOR_ALIVE)
		return why_say(ask, WHY_NO_AGENT, "", 0,
		    arena_printf(ask->c->arena,
			"it is placed on N%llu, and nobody has said yet that it runs (gcs actor "
			"ready)",
			(unsigned long long)a->node),
		    e);
	return 0;
}

int
why(struct cluster *c, const struct found *found, why_tell *tell, void *argument, struct err *e)
{
	struct asking ask = {c, tell, argument};
	const struct field *state = rec_field(found->kind->rec, "state");
	const char *label = record_label(found->kind, found->record, c->arena);
	uint64_t seq;

	if (state && why_say(&ask, WHY_STATE, label, 0,
			 arena_printf(c->arena, "%s %s is %s", found->kind->name, label,
			     enum_text(state->sub, record_state(found->kind, found->record))),
			 e))
		return -1;
	if (found->kind->number == KIND_ACTOR && actor_why(&ask, found->record, e))
		return -1;
	if (found->kind->number == KIND_TASK && why_task(&ask, found->record, e))
		return -1;
	if (found->kind->number == KIND_JOB && why_job(&ask, found->record, e))
		return -1;
	if (found->kind->number == KIND_PG && pg_waits(found->record) &&
	    why_group_waits(&ask, found->record, e))
		return -1;
	if (state_event(&ask, found, &seq, e))
		return -1;
	return causes(&ask, seq, e);
}
