#include "why/why_internal.h"

#include "base/arena.h"
#include "base/err.h"
#include "state/cluster.h"
#include "state/event.h"
#include "state/kind.h"
#include "state/record.h"
#include "state/resolve.h"

/* --- why this state: the chain of causes --- */

static const char *
event_sentence(struct cluster *c, const struct event *event)
{
	const char *type = enum_text(&event_types, event->type);

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

/* The event that set the current state: the last one that changed the state field. */
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
	if (found->kind->why && found->kind->why(&ask, found->record, e))
		return -1;
	if (state_event(&ask, found, &seq, e))
		return -1;
	return causes(&ask, seq, e);
}
