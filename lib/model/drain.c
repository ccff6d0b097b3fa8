#include "model/drain.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/evict.h"
#include "model/node.h"
#include "model/task.h"
#include "sched/lease.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/kind.h"
#include "state/record.h"

/* Rereads the record: an empty node may have ended. */
static int
node_again(struct cluster *c, struct node *node, struct err *e)
{
	uint64_t id = node->id;

	memset(node, 0, sizeof *node);
	return record_get_number(c, kind_of(c->kinds, KIND_NODE), id, node, e) < 0 ? -1 : 0;
}

/* Adds the owner of the lease to a list, "A1, P2 …"; a hold owns itself. */
static int
busy_add(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lease *l = record;
	uint64_t who = l->owner ? l->owner : ref_make('L', l->id);
	struct buf *text = argument;

	(void)c;
	(void)e;
	if (text->n < 100)
		buf_printf(text, "%s%c%llu", text->n ? ", " : "", ref_letter(who),
		    (unsigned long long)ref_number(who));
	else if (text->p[text->n - 1] != '.')
		buf_text(text, " ...");
	return 0;
}

static int
not_idle(struct cluster *c, const struct node *node, struct err *e)
{
	struct buf text = {.arena = c->arena};

	if (index_on_node(c, kind_of(c->kinds, KIND_LEASE), node->id, busy_add, &text, e))
		return -1;
	err_value(
	    e, ERR_REFUSED, node->name, "node %s is not idle: %s", node->name, buf_string(&text));
	return err_advise(e, ADVICE_SHOW_LEASES);
}

/* *cause: the event that started the drain, now or before. */
static int
begin(
    struct cluster *c, struct node *node, const struct drain *drain, uint64_t *cause, struct err *e)
{
	struct drain *d;
	uint64_t seq, n;

	if (node_living(node, "drain", e) || leases_on_node(c, node->id, &n, e))
		return -1;
	if (drain->purpose == DRAIN_IDLE && n)
		return not_idle(c, node, e);
	d = arena_copy(c->arena, drain, sizeof *drain);
	if (node->drain)
		d->unknown = ((const struct drain *)node->drain)->unknown;
	node->drain = d;
	node->state = NODE_DRAINING;
	if (record_put(c, kind_of(c->kinds, KIND_NODE), node, 0, &seq, e))
		return -1;
	*cause = seq ? seq : node->rev;
	return 0;
}

static int
go_on(struct cluster *c, struct node *node, struct drain_how how, uint64_t cause, struct err *e)
{
	uint64_t n;

	if (!how.stay && (tasks_leave(c, node->id, how.strict, cause, e) ||
			     evict_node(c, node->id, how.strict, cause, e)))
		return -1;
	if (how.strict && (leases_on_node(c, node->id, &n, e) || n))
		return n ? err_set(e, ERR_UNSATISFIABLE, "node %s: %llu %s cannot move", node->name,
			       (unsigned long long)n, n == 1 ? "lease" : "leases")
			 : -1;
	return node_bereft(c, node->id, cause, e) || node_again(c, node, e) ? -1 : 0;
}

int
drain_nodes(struct cluster *c, struct node **nodes, size_t n, const struct drain *drain,
    struct drain_how how, struct err *e)
{
	uint64_t *causes = arena_alloc(c->arena, (n + 1) * sizeof *causes);
	size_t i;

	for (i = 0; i < n; i++)
		if (begin(c, nodes[i], drain, &causes[i], e))
			return -1;
	for (i = 0; i < n; i++)
		if (go_on(c, nodes[i], how, causes[i], e))
			return -1;
	return 0;
}

int
drain_undo(struct cluster *c, struct node *node, struct err *e)
{
	if (node_living(node, "undrain", e))
		return -1;
	if (node->state == NODE_ALIVE)
		return 0;
	node->state = NODE_ALIVE;
	node->drain = NULL;
	if (record_put(c, kind_of(c->kinds, KIND_NODE), node, 0, NULL, e))
		return -1;
	return node_heartbeat(c, node, 0, 0, e);
}
