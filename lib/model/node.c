#include "model/node.h"

#include <string.h>

#include "base/amount.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "sched/lease.h"
#include "place/image.h"
#include "place/capacity.h"
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
node_kind(const struct cluster *c)
{
	return kind_of(c->kinds, KIND_NODE);
}

void
node_derive(const struct kind *kind, const void *record, struct derived *to)
{
	const struct node *n = record;
	const struct drain *drain = n->drain;
	const struct death *death = n->death;
	bool ended = n->state == NODE_DEAD;
	struct key key = {.n = 0};

	key_u64(&key, n->id);
	derive_count(to, kind, n->state);
	derive_name(to, kind, "", n->name, ended, n->id);
	capacity_derive(to, n);
	if (n->state == NODE_DRAINING && drain && !drain->keep)
		derive_due(to, kind, drain->deadline_ms, key_slice(&key));
	if (ended)
		derive_ended(to, kind, death ? death->end_ms : 0, n->id);
}

static int
name_holder(struct cluster *c, const char *name, struct node **node, struct err *e)
{
	struct err ignored;

	*node = NULL;
	if (!(*node = resolve_kind(c, KIND_NODE, name, NULL, &ignored))) {
		if (ignored.code == ERR_NO)
			return 0;
		*e = ignored;
		return -1;
	}
	if ((*node)->state == NODE_DEAD)
		*node = NULL;
	return 0;
}

static void
boot_text(struct cluster *c, struct node *n)
{
	struct buf hex = {.arena = c->arena};
	struct store_id boot;

	if (!c->pulse)
		return;
	boot = pulse_boot(c->pulse);
	text_hex(&hex, boot.bytes, sizeof boot.bytes);
	n->boot_id = buf_string(&hex);
}

/* Given values replace the existing ones; labels are added. */
static void
node_merge(struct cluster *c, struct node *n, const struct node *wanted)
{
	size_t i;

	if (wanted->address)
		n->address = wanted->address;
	if (wanted->total.n)
		n->total = wanted->total;
	if (wanted->heartbeat_timeout)
		n->heartbeat_timeout = wanted->heartbeat_timeout;
	if (wanted->agent)
		n->agent = wanted->agent;
	n->passing = n->rev ? n->passing && wanted->passing : wanted->passing;
	for (i = 0; i < wanted->labels.n; i++)
		labels_set(
		    &n->labels, wanted->labels.v[i].key, wanted->labels.v[i].value, c->arena);
	boot_text(c, n);
}

/* Resources in use must remain. */
static int
totals_check(struct cluster *c, const struct node *node, struct err *e)
{
	const struct image_node *in;
	struct image *image;
	char used[NUMBER_SIZE];
	size_t r, i;

	if (image_of(c, &image, e))
		return -1;
	in = image_node(image, node->id);
	for (r = 0; in && r < image->nresources && r < in->width; r++) {
		const uint64_t *of_each = image_instances_used(in, (int)r);
		const char *name = image->resources[r].name;
		const struct amount *total = amounts_get(&node->total, name);
		uint64_t left = total ? total->value : 0;

		if (left < image_used(in, (int)r))
			return err_set(e, ERR_REFUSED, "%s of node %s are in use: %s", name,
			    node->name, resource_format(used, name, image_used(in, (int)r)));
		for (i = (size_t)(left / AMOUNT_ONE); of_each && i < image_instances(in, (int)r);
		     i++)
			if (of_each[i])
				return err_set(e, ERR_REFUSED, "%s:%zu of node %s is in use", name,
				    i, node->name);
	}
	return 0;
}

static int
instances_check(const struct node *node, struct err *e)
{
	const struct amount *total;

	for (total = node->total.v; total < node->total.v + node->total.n; total++)
		if (total->indexed && total->value % AMOUNT_ONE)
			return err_value(e, ERR_USAGE, total->name,
			    "%s has instances: a node has a whole number of them", total->name);
	return 0;
}

int
node_register(struct cluster *c, struct node *wanted, struct err *e)
{
	struct node *n;

	if (!wanted->name || !text_is_name(wanted->name))
		return err_value(e, ERR_USAGE, wanted->name,
		    "'%s' is not a valid node name (letters, digits, . _ -; not like an id)",
		    wanted->name ? wanted->name : "");
	if (name_holder(c, wanted->name, &n, e))
		return -1;
	if (!n) {
		n = arena_alloc(c->arena, sizeof *n);
		n->name = wanted->name;
		n->id = txn_counter_next(c->txn, 'N');
		n->state = NODE_ALIVE;
	}
	node_merge(c, n, wanted);
	if (instances_check(n, e) || (n->rev && totals_check(c, n, e)))
		return -1;
	if (record_put(c, node_kind(c), n, 0, NULL, e))
		return -1;
	*wanted = *n;
	return node_heartbeat(c, n, 0, 0, e);
}

int
node_heartbeat(
    struct cluster *c, const struct node *node, uint64_t load, uint64_t free_mem, struct err *e)
{
	if (node->state == NODE_DEAD)
		return err_value(e, ERR_REFUSED, node->name,
		    "node %s (N%llu) is DEAD: register again", node->name,
		    (unsigned long long)node->id);
	if (!c->pulse || c->dry_run)
		return 0;
	return pulse_beat(c->pulse, node->id, load, free_mem, e);
}

int
node_end(
    struct cluster *c, struct node *node, const struct death *how, uint64_t cause, struct err *e)
{
	struct cascade parts = {.cause = CASCADE_NODE,
	    .of = ref_make('N', node->id),
	    .drained = node->state == NODE_DRAINING};
	struct death *death;

	if (node->state == NODE_DEAD)
		return 0;
	death = arena_copy(c->arena, how, sizeof *how);
	death->end_ms = c->time_ms;
	node->death = death;
	node->state = NODE_DEAD;
	if (record_put(c, node_kind(c), node, cause, &parts.seq, e))
		return -1;
	return cascade(c, &parts, e);
}

int
node_living(const struct node *node, const char *wish, struct err *e)
{
	if (node->state != NODE_DEAD)
		return 0;
	return err_value(e, ERR_REFUSED, node->name, "node %s (N%llu) is DEAD: cannot %s it",
	    node->name, (unsigned long long)node->id, wish);
}

int
node_cordon(struct cluster *c, struct node *node, bool cordoned, struct err *e)
{
	if (node_living(node, cordoned ? "cordon" : "uncordon", e))
		return -1;
	node->cordoned = cordoned;
	return record_put(c, node_kind(c), node, 0, NULL, e);
}

/* Ends a draining node, unless it is kept. */
static int
drained(struct cluster *c, struct node *node, uint64_t cause, struct err *e)
{
	const struct drain *drain = node->drain;
	struct death how = {.reason = REASON_DRAINED, .message = drain->message};

	if (drain->purpose == DRAIN_PREEMPTION)
		how.reason = REASON_PREEMPTED;
	return node_end(c, node, &how, cause, e);
}

static bool
is_to_end(const struct node *node)
{
	const struct drain *drain = node->drain;

	return node->state == NODE_DRAINING && drain && !drain->keep;
}

int
node_empty(struct cluster *c, const void *record, struct err *e)
{
	uint64_t n;

	if (leases_on_node(c, ((const struct node *)record)->id, &n, e))
		return -1;
	return n == 0;
}

int
node_bereft(struct cluster *c, uint64_t id, uint64_t cause, struct err *e)
{
	struct node *node = arena_alloc(c->arena, sizeof *node);
	uint64_t n;

	if (record_get_number(c, node_kind(c), id, node, e) < 0)
		return -1;
	if (!is_to_end(node))
		return 0;
	if (leases_on_node(c, id, &n, e))
		return -1;
	return n ? 0 : drained(c, node, cause, e);
}

int
node_due(struct cluster *c, struct slice key, struct err *e)
{
	struct node *n = arena_alloc(c->arena, sizeof *n);
	int got = record_get(c, node_kind(c), key, n, e);
	const struct drain *drain = n->drain;

	if (got <= 0 || !is_to_end(n) || !drain->deadline_ms || drain->deadline_ms > c->now_ms)
		return got < 0 ? -1 : 0;
	return drained(c, n, 0, e);
}

int
node_restore(struct cluster *c, void *record, struct err *e)
{
	return node_totals_set(c, record, e) || node_heartbeat(c, record, 0, 0, e) ? -1 : 0;
}

int
node_label(struct cluster *c, void *record, const struct labels *labels, struct err *e)
{
	struct node *node = record;
	size_t i;

	if (node_living(node, "label", e))
		return -1;
	for (i = 0; i < labels->n; i++)
		labels_set(&node->labels, labels->v[i].key, labels->v[i].value, c->arena);
	return record_put(c, node_kind(c), node, 0, NULL, e);
}

int
node_totals_set(struct cluster *c, struct node *node, struct err *e)
{
	if (node_living(node, "change", e) || instances_check(node, e) || totals_check(c, node, e))
		return -1;
	return record_put(c, node_kind(c), node, 0, NULL, e);
}
