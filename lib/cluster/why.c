#include "cluster/why.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/number.h"
#include "cluster/actor.h"
#include "place/demand.h"
#include "place/image.h"
#include "rec/form.h"
#include "state/cluster.h"
#include "state/event.h"
#include "state/kind.h"
#include "state/record.h"

#define NODES_MOST 20 /* named one by one */

struct asking {
	struct cluster *c;
	why_tell *tell;
	void *argument;
};

static int
say(struct asking *ask, const char *code, const char *about, uint64_t seq, const char *text,
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
			return say(ask, "horizon", "", seq,
			    arena_printf(ask->c->arena,
				"event %llu is forgotten: the history begins later",
				(unsigned long long)seq),
			    e);
		if (say(ask, event.cause ? "cause" : "command", event.name, seq,
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

/* --- why not yet: node by node --- */

static const char *
node_code(const char *short_of, bool never)
{
	static const char *const codes[][2] = {{"fragmented", "fragmented"},
	    {"draining", "draining"}, {"cordoned", "cordoned"}, {"labels", "labels"},
	    {"avoided", "avoided"}, {"asked for", "affinity"}};
	size_t i;

	for (i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strstr(short_of, codes[i][0]))
			return codes[i][1];
	return never ? "infeasible" : "busy";
}

/* " (gcs undrain n1)": the command after which the node would take it; else "". */
static int
way_out(struct asking *ask, struct image *image, const struct image_node *in,
    const struct demand *demand, const char *name, const char **way, struct err *e)
{
	bool drained = in->state == NODE_DRAINING, never;
	struct image_node open = *in;
	const char *short_of;
	uint64_t count;

	*way = "";
	if (!drained && !in->cordoned)
		return 0;
	open.state = NODE_ALIVE;
	open.cordoned = false;
	if (demand_count(ask->c, image, &open, demand, 1, &count, &short_of, &never, e))
		return -1;
	if (!short_of)
		*way = arena_printf(ask->c->arena, " (%s%s%s%s%s)", drained ? "gcs undrain " : "",
		    drained ? name : "", drained && in->cordoned ? "; " : "",
		    in->cordoned ? "gcs uncordon " : "", in->cordoned ? name : "");
	return 0;
}

static int
node_answer(struct asking *ask, struct image *image, const struct image_node *in,
    const struct demand *demand, bool *ever, struct err *e)
{
	const char *short_of, *way;
	struct node n = {0};
	uint64_t count;
	bool never;

	if (demand_count(ask->c, image, in, demand, 1, &count, &short_of, &never, e))
		return -1;
	*ever |= !never;
	if (!short_of)
		return 0;
	if (record_get_number(ask->c, kind_of(KIND_NODE), in->id, &n, e) < 0 ||
	    way_out(ask, image, in, demand, n.name, &way, e))
		return -1;
	return say(ask, node_code(short_of, never), n.name, 0,
	    arena_printf(ask->c->arena, "node %s: %s%s", n.name, short_of, way), e);
}

/* Who has what, so that one sees what would have to end. */
static int
advice(struct asking *ask, const struct demand *demand, bool ever, struct err *e)
{
	static const struct form plain;
	struct buf text = {.arena = ask->c->arena};

	field_text(rec_field(&rec_demand, "resources"), demand, &plain, &text);
	if (!ever)
		return say(ask, "infeasible", "", 0,
		    arena_printf(ask->c->arena,
			"no node there is could ever take it; what would: a node with %s%s%s (gcs "
			"node register, gcs resource set)",
			buf_string(&text), demand->selector ? " and labels " : "",
			demand->selector ? demand->selector : ""),
		    e);
	return say(ask, "waiting", "", 0,
	    arena_printf(ask->c->arena,
		"it is placed as soon as %s are free on one node (gcs lease list; gcs resource fit "
		"-r %s)",
		buf_string(&text), buf_string(&text)),
	    e);
}

static int
waiting(struct asking *ask, const struct demand *demand, struct err *e)
{
	struct image *image;
	bool ever = false;
	size_t i, told = 0;

	if (image_of(ask->c, &image, e))
		return -1;
	if (!image->n &&
	    say(ask, "no_nodes", "", 0, "there are no living nodes (gcs node register)", e))
		return -1;
	for (i = 0; i < image->n; i++) {
		if (image->nodes[i]->state == NODE_DEAD)
			continue;
		if (++told <= NODES_MOST &&
		    node_answer(ask, image, image->nodes[i], demand, &ever, e))
			return -1;
		if (told > NODES_MOST && !ever) {
			const char *ignored;
			uint64_t count;
			bool never;

			if (demand_count(ask->c, image, image->nodes[i], demand, 1, &count,
				&ignored, &never, e))
				return -1;
			ever |= !never;
		}
	}
	if (told > NODES_MOST &&
	    say(ask, "more", "", 0,
		arena_printf(
		    ask->c->arena, "and %zu more nodes (gcs resource fit)", told - NODES_MOST),
		e))
		return -1;
	return image->n ? advice(ask, demand, ever, e) : 0;
}

static int
actor_why(struct asking *ask, const struct actor *a, struct err *e)
{
	static const struct demand none;
	char text[NUMBER_SIZE];
	uint64_t left;

	if (a->not_before_ms) {
		left = a->not_before_ms > ask->c->now_ms ? a->not_before_ms - ask->c->now_ms : 0;
		if (!left)
			return say(ask, "not_ticked", "", 0,
			    "its backoff is over, but nobody advances time (gcs monitor)", e);
		return say(ask, "backoff", "", 0,
		    arena_printf(ask->c->arena, "it failed before, and waits %s more",
			duration_short(text, left)),
		    e);
	}
	if (actor_waits(a))
		return waiting(ask, a->demand ? a->demand : &none, e);
	if (a->node && a->state != ACTOR_ALIVE)
		return say(ask, "no_agent", "", 0,
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

	if (state && say(&ask, "state", label, 0,
			 arena_printf(c->arena, "%s %s is %s", found->kind->name, label,
			     enum_text(state->sub, record_state(found->kind, found->record))),
			 e))
		return -1;
	if (found->kind->number == KIND_ACTOR && actor_why(&ask, found->record, e))
		return -1;
	if (state_event(&ask, found, &seq, e))
		return -1;
	return causes(&ask, seq, e);
}
