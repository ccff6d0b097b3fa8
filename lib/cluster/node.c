#include "cluster/node.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/number.h"
#include "base/text.h"
#include "cluster/cluster.h"
#include "cluster/kind.h"
#include "cluster/kv.h"
#include "cluster/record.h"

static const struct kind *
node_kind(void)
{
	return kind_of(KIND_NODE);
}

void
node_derive(const struct kind *kind, const void *record, struct derived *to)
{
	const struct node *n = record;
	struct key key = {.n = 0};
	bool ended = n->state == NODE_DEAD;

	key_byte(&key, kind->number);
	key_byte(&key, n->state);
	derive_sum(to, &key, 1);
	if (n->name) {
		key.n = 1;
		key_add(&key, slice_of(n->name));
		key_byte(&key, 0);
		key_byte(&key, ended);
		key_u64(&key, n->id);
		derive_row(to, TABLE_NAME, &key);
	}
	if (!ended)
		return;
	key.n = 1;
	key_u64(&key, n->death ? ((const struct death *)n->death)->end_ms : 0);
	key_u64(&key, n->id);
	derive_row(to, TABLE_ENDED, &key);
}

int
node_find(struct cluster *c, const char *text, const char *self, struct node **node, struct err *e)
{
	struct found found;

	if (record_find(c, node_kind(), text, self, &found, e) < 0)
		return -1;
	*node = found.record;
	return 0;
}

static int
name_holder(struct cluster *c, const char *name, struct node **node, struct err *e)
{
	struct err ignored;

	*node = NULL;
	if (node_find(c, name, NULL, node, &ignored)) {
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

/* What was given replaces what is there; labels are added. */
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
	for (i = 0; i < wanted->labels.n; i++)
		labels_set(
		    &n->labels, wanted->labels.v[i].key, wanted->labels.v[i].value, c->arena);
	boot_text(c, n);
}

int
node_register(struct cluster *c, struct node *wanted, struct err *e)
{
	struct node *n;

	if (!wanted->name || !text_is_name(wanted->name))
		return err_value(e, ERR_USAGE, wanted->name,
		    "'%s' is no name for a node (letters, digits, . _ -; not like an id)",
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
	if (record_put(c, node_kind(), n, 0, NULL, e))
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
node_end(struct cluster *c, struct node *node, enum node_reason reason, const char *message,
    uint64_t silent_ms, uint64_t cause, struct err *e)
{
	struct death *death;
	uint64_t seq;

	if (node->state == NODE_DEAD)
		return 0;
	death = arena_alloc(c->arena, sizeof *death);
	death->reason = reason;
	death->message = message;
	death->end_ms = c->time_ms;
	death->silent = silent_ms;
	node->death = death;
	node->state = NODE_DEAD;
	if (record_put(c, node_kind(), node, cause, &seq, e))
		return -1;
	return kv_owner_ended(c, ref_make('N', node->id), seq, e);
}

static int
living(const struct node *node, const char *wish, struct err *e)
{
	if (node->state != NODE_DEAD)
		return 0;
	return err_value(e, ERR_REFUSED, node->name, "node %s (N%llu) is DEAD: cannot %s it",
	    node->name, (unsigned long long)node->id, wish);
}

int
node_cordon(struct cluster *c, struct node *node, bool cordoned, struct err *e)
{
	if (living(node, cordoned ? "cordon" : "uncordon", e))
		return -1;
	node->cordoned = cordoned;
	return record_put(c, node_kind(), node, 0, NULL, e);
}

int
node_drain(struct cluster *c, struct node *node, const struct drain *drain, struct err *e)
{
	enum node_reason reason =
	    drain->purpose == DRAIN_PREEMPTION ? REASON_PREEMPTED : REASON_DRAINED;
	struct drain *d;
	uint64_t seq;

	if (living(node, "drain", e))
		return -1;
	d = arena_copy(c->arena, drain, sizeof *drain);
	if (node->drain)
		d->unknown = ((const struct drain *)node->drain)->unknown;
	node->drain = d;
	node->state = NODE_DRAINING;
	if (record_put(c, node_kind(), node, 0, &seq, e))
		return -1;
	if (drain->keep)
		return 0;
	return node_end(c, node, reason, drain->message, 0, seq ? seq : node->rev, e);
}

int
node_undrain(struct cluster *c, struct node *node, struct err *e)
{
	if (living(node, "undrain", e))
		return -1;
	if (node->state == NODE_ALIVE)
		return 0;
	node->state = NODE_ALIVE;
	node->drain = NULL;
	if (record_put(c, node_kind(), node, 0, NULL, e))
		return -1;
	return node_heartbeat(c, node, 0, 0, e);
}

int
node_label(struct cluster *c, struct node *node, const struct labels *labels, struct err *e)
{
	size_t i;

	if (living(node, "label", e))
		return -1;
	for (i = 0; i < labels->n; i++)
		labels_set(&node->labels, labels->v[i].key, labels->v[i].value, c->arena);
	return record_put(c, node_kind(), node, 0, NULL, e);
}

uint64_t
node_silent_ms(const struct beat *beat, const struct look *look)
{
	uint64_t since = beat->beat_ms ? beat->beat_ms : look->first_ms;

	if (since < look->grace_ms)
		since = look->grace_ms;
	return since && look->now_ms > since ? look->now_ms - since : 0;
}

static const char *
amount_cell(struct cluster *c, const struct amounts *total, const char *name)
{
	const struct amount *amount = amounts_get(total, name);
	char text[NUMBER_SIZE];

	return amount ? arena_strdup(c->arena, resource_format(text, name, amount->value)) : NULL;
}

static const char *
reason_cell(struct cluster *c, const struct node *node)
{
	const struct death *death = node->death;
	const struct drain *drain = node->drain;
	const char *text = death ? enum_text(node_reasons, death->reason) : NULL;

	if (death)
		return death->message
			   ? arena_printf(c->arena, "%s: %s", text ? text : "?", death->message)
			   : text;
	if (node->state == NODE_DRAINING)
		return drain && drain->message
			   ? arena_printf(c->arena, "drained: %s", drain->message)
			   : "drained";
	return node->cordoned ? "cordoned" : NULL;
}

int
node_view(struct cluster *c, struct node *node, const struct beat *beat, const struct look *look,
    uint64_t period_ms, struct err *e)
{
	(void)e;
	node->age = c->now_ms > node->created_ms ? c->now_ms - node->created_ms : 0;
	node->cpu = amount_cell(c, &node->total, "cpu");
	node->gpu = amount_cell(c, &node->total, "gpu");
	node->mem = amount_cell(c, &node->total, "mem");
	node->reason = reason_cell(c, node);
	if (!beat || node->state == NODE_DEAD)
		return 0;
	if (beat->beat_ms)
		node->heartbeat = look->now_ms > beat->beat_ms ? look->now_ms - beat->beat_ms : 1;
	node->load = beat->load;
	node->free_mem = beat->free_mem;
	node->stale = node->state == NODE_ALIVE && node_silent_ms(beat, look) > 2 * period_ms;
	return 0;
}
