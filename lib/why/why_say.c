/* why_say: the lines of an answer, and the names of records in them. */
#include "why/why_internal.h"

#include "base/arena.h"
#include "state/cluster.h"
#include "state/kind.h"
#include "state/record.h"

static const struct enum_name why_codes_rows[] = {
    {WHY_STATE, "state", "its state"},
    {WHY_INFEASIBLE, "infeasible",
	"this node could never run it or, without a node, no existing one could"},
    {WHY_BUSY, "busy", "not enough is free on this node now"},
    {WHY_FRAGMENTED, "fragmented",
	"enough is free in total, but not in one instance, or not on one node"},
    {WHY_DRAINING, "draining", "the node is being drained and takes nothing new"},
    {WHY_CORDONED, "cordoned", "the node is cordoned and takes nothing new"},
    {WHY_LABELS, "labels", "the node does not have the required labels"},
    {WHY_AVOIDED, "avoided", "it must avoid this node"},
    {WHY_AFFINITY, "affinity", "it must run on another node"},
    {WHY_STRATEGY, "strategy", "the strategy of its placement group excludes the node"},
    {WHY_QUEUE_BEHIND, "queue_behind",
	"the node is reserved for a record that has waited too long"},
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
	const struct kind *kind = kind_letter(ask->c->kinds, ref_letter(ref));
	void *record = kind ? arena_alloc(ask->c->arena, kind->rec->size) : NULL;

	if (kind && record_get_number(ask->c, kind, ref_number(ref), record, e) < 0)
		return -1;
	*label = kind ? arena_printf(ask->c->arena, "%s %s", kind->name,
			    record_label(kind, record, ask->c->arena))
		      : "?";
	return 0;
}
