#include "model/passing.h"

#include "base/arena.h"
#include "base/err.h"
#include "model/node.h"
#include "place/queue.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/kind.h"
#include "state/record.h"

/* Whether a record that ends with its process waits for this node. */
static int
is_waited_for(struct cluster *c, uint64_t node, bool *waited, struct err *e)
{
	struct heads heads = {.n = 0};
	size_t i;

	*waited = false;
	if (queue_heads(c, &heads, e) < 0)
		return -1;
	for (i = 0; i < heads.n && !*waited; i++) {
		const struct kind *kind = kind_of(c->kinds, heads.v[i].kind);
		struct waiter waiter = {0};
		void *record;

		if (!kind || !kind->process)
			continue;
		record = arena_alloc(c->arena, kind->rec->size);
		if (record_get_number(c, kind, heads.v[i].id, record, e) < 0)
			return -1;
		kind->waiter(record, &waiter);
		*waited = waiter.demand && waiter.demand->on == node;
	}
	return 0;
}

int
passing_end(struct cluster *c, uint64_t id, uint64_t cause, struct err *e)
{
	static const struct death how = {
	    .reason = REASON_EXPECTED_TERMINATION, .message = "its last job run has ended"};
	struct node *node = arena_alloc(c->arena, sizeof *node);
	int got = record_get_number(c, kind_of(c->kinds, KIND_NODE), id, node, e);
	uint64_t leases;
	bool waited;

	if (got <= 0 || !node->passing || node->state != NODE_ALIVE)
		return got < 0 ? -1 : 0;
	if (index_on_node_count(c, kind_of(c->kinds, KIND_LEASE), id, &leases, e) ||
	    is_waited_for(c, id, &waited, e))
		return -1;
	if (leases || waited)
		return 0;
	return node_end(c, node, &how, cause, e);
}
