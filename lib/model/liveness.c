#include "model/liveness.h"

#include "base/arena.h"
#include "base/duration.h"
#include "base/number.h"
#include "model/node.h"
#include "state/cluster.h"
#include "state/config.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "store/scan.h"
#include "store/txn.h"

static uint64_t
timeout_of(const struct node *n, uint64_t standard)
{
	const struct drain *drain = n->drain;

	if (n->state == NODE_DEAD || (n->state == NODE_DRAINING && drain && drain->keep))
		return DURATION_NEVER;
	return n->heartbeat_timeout ? n->heartbeat_timeout : standard;
}

static void
judge(struct silence *s, const struct node *node, uint64_t silent_ms, uint64_t timeout)
{
	if (timeout == DURATION_NEVER)
		return;
	if (silent_ms <= timeout) {
		if (timeout - silent_ms + 1 < s->next_ms)
			s->next_ms = timeout - silent_ms + 1;
		return;
	}
	if (s->n < LIVENESS_MOST)
		s->v[s->n++] = (struct silent_node){node->id, node->rev, silent_ms};
	else
		s->next_ms = 0;
}

int
liveness_find(struct cluster *c, struct silence *s, struct err *e)
{
	uint64_t standard, count = txn_counter(c->txn, 'N');
	struct beat *beats = arena_alloc(c->arena, (count + 1) * sizeof *beats);
	struct slice key, value;
	struct scan scan;
	int got;

	s->n = 0;
	s->next_ms = UINT64_MAX;
	s->v = arena_alloc(c->arena, LIVENESS_MOST * sizeof *s->v);
	if (config_value(c, SETTING_HEARTBEAT_TIMEOUT, &standard, e) ||
	    pulse_read(c->pulse, 1, count, beats + 1, e))
		return -1;
	if (scan_table(&scan, c->txn, TABLE_NODE, e))
		return -1;
	while ((got = scan_next(&scan, &key, &value, e)) > 0) {
		struct arena_mark mark = arena_mark(c->arena);
		struct node node = {0};

		if (rec_decode(&rec_node, &node, value, c->arena, e)) {
			got = -1;
			break;
		}
		if (node.id <= count)
			judge(s, &node, node_silent_ms(&beats[node.id], &s->look),
			    timeout_of(&node, standard));
		arena_rewind(c->arena, mark);
	}
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}

static int
silent_end(struct cluster *c, const struct silence *s, const struct silent_node *found,
    uint64_t standard, struct err *e)
{
	struct node *node = arena_alloc(c->arena, sizeof *node);
	int got = record_get_number(c, kind_of(c->kinds, KIND_NODE), found->id, node, e);
	struct death how = {.reason = REASON_UNEXPECTED_TERMINATION};
	char text[NUMBER_SIZE];
	struct beat beat;
	uint64_t silent_ms;

	if (got < 0 || pulse_read(c->pulse, found->id, 1, &beat, e))
		return -1;
	silent_ms = node_silent_ms(&beat, &s->look);
	if (!got || node->rev != found->rev || silent_ms <= timeout_of(node, standard))
		return 0;
	how.message =
	    arena_printf(c->arena, "no heartbeat for %s", duration_short(text, silent_ms));
	how.silent = silent_ms;
	return node_end(c, node, &how, 0, e);
}

int
liveness_end(struct cluster *c, const struct silence *s, struct err *e)
{
	uint64_t standard;
	size_t i;

	if (config_value(c, SETTING_HEARTBEAT_TIMEOUT, &standard, e))
		return -1;
	for (i = 0; i < s->n; i++)
		if (silent_end(c, s, &s->v[i], standard, e))
			return -1;
	return 0;
}
