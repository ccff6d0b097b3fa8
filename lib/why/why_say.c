/* why_say: the lines of an answer, and what records are called in them. */
#include "why/why_internal.h"

#include "base/arena.h"
#include "state/cluster.h"
#include "state/kind.h"
#include "state/record.h"

static const struct enum_name why_codes_rows[] = {
    {WHY_STATE, "state", "what state it is in"},
    {WHY_INFEASIBLE, "infeasible", "this node, or no existing node, could ever run it"},
    {WHY_BUSY, "busy", "too little is free on this node now"},
    {WHY_FRAGMENTED, "fragmented",
	"enough is there in sum, but no instance has enough left, or no node enough instances"},
    {WHY_DRAINING, "draining", "the node is being drained, and takes nothing new"},
    {WHY_CORDONED, "cordoned", "the node is cordoned, and takes nothing new"},
    {WHY_LABELS, "labels", "the node does not have the labels asked for"},
    {WHY_AVOIDED, "avoided", "it is not to run on this node"},
    {WHY_AFFINITY, "affinity", "it belongs to another node"},
    {WHY_STRATEGY, "strategy", "the strategy of its placement group forbids the node"},
    {WHY_QUEUE_BEHIND, "queue_behind", "the node is left to one that has waited too long already"},
    {WHY_GROUP, "group", "the placement group it is to run in has no bundle for it yet"},
    {WHY_NO_NODES, "no_nodes", "there are no living nodes"},
    {WHY_MORE, "more", "so many nodes more are not named"},
    {WHY_WAITING, "waiting", "it could be placed if enough were free"},
    {WHY_BACKOFF, "backoff", "it failed, and waits before it is placed anew"},
    {WHY_NOT_TICKED, "not_ticked", "its time has come, but nobody advances time"},
    {WHY_NO_AGENT, "no_agent", "it is placed, and nobody has said yet that it runs"},
    {WHY_DEPENDENCY, "dependency", "another job must end before"},
    {WHY_TASK, "task", "the task of which the next lines speak"},
    {WHY_CAUSE, "cause", "an event, because of the next"},
    {WHY_COMMAND, "command", "the event with which it began"},
    {WHY_HORIZON, "horizon", "the history begins later"},
};
const struct enums why_codes = ENUMS(why_codes_rows);

int
why_say(struct asking *ask, enum why_code code, const char *about, uint64_t seq, const char *text,
    struct err *e)
{
	struct why_line line = {code, about, text, seq};

	return ask->tell(ask->argument, &line, e);
}

int
why_label(struct asking *ask, uint64_t ref, const char **label, struct err *e)
{
	const struct kind *kind = kind_letter(ref_letter(ref));
	void *record = kind ? arena_alloc(ask->c->arena, kind->rec->size) : NULL;

	if (kind && record_get_number(ask->c, kind, ref_number(ref), record, e) < 0)
		return -1;
	*label = kind ? arena_printf(ask->c->arena, "%s %s", kind->name,
			    record_label(kind, record, ask->c->arena))
		      : "?";
	return 0;
}
