/* why_node: explains whether a node fits. */
#include "why/why_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/amount.h"
#include "base/duration.h"
#include "place/image.h"
#include "place/lack.h"
#include "sched/starvation.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/kind.h"

#define HOLDERS_MOST 3 /* named one by one */

const char *
why_node_opens(struct asking *ask, const struct image_node *in, const char *name)
{
	bool drained = in->state == NODE_DRAINING;

	if (!drained && !in->cordoned)
		return "";
	return arena_printf(ask->c->arena, " (%s%s%s%s%s)", drained ? "gcs undrain " : "",
	    drained ? name : "", drained && in->cordoned ? "; " : "",
	    in->cordoned ? "gcs uncordon " : "", in->cordoned ? name : "");
}

/* --- current holders --- */

struct holders {
	const char *resource;
	uint64_t index; /* of the instance, INSTANCE_ALL: any */
	struct holder {
		struct lease lease;
		uint64_t amount;
	} * v;
	size_t n;
};

static uint64_t
holds(const struct lease *l, const struct holders *h)
{
	const struct amount *amount = amounts_get(&l->resources, h->resource);
	const struct instance *instance = l->instances.v;
	size_t i;

	if (h->index == INSTANCE_ALL)
		return amount ? amount->value : 0;
	for (i = 0; i < l->instances.n; i++)
		if (instance[i].index == h->index && !strcmp(instance[i].resource, h->resource))
			return instance[i].amount;
	return 0;
}

static int
holder_add(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lease *l = record;
	struct holders *h = argument;
	uint64_t amount = holds(l, h);

	(void)e;
	if (!amount)
		return 0;
	h->v = arena_push(c->arena, h->v, h->n, sizeof *h->v);
	h->v[h->n++] = (struct holder){*l, amount};
	return 0;
}

static int
larger_first(const void *a, const void *b)
{
	const struct holder *x = a, *y = b;

	if (x->amount != y->amount)
		return x->amount < y->amount ? 1 : -1;
	return (x->lease.id > y->lease.id) - (x->lease.id < y->lease.id);
}

static int
holder_text(struct asking *ask, const struct holder *h, const char *resource, struct buf *text,
    struct err *e)
{
	uint64_t since = h->lease.created_ms, now = ask->c->now_ms;
	const char *label = NULL;
	char amount[NUMBER_SIZE], age[NUMBER_SIZE];

	if (h->lease.owner && why_label(ask, h->lease.owner, &label, e))
		return -1;
	if (!label)
		label = arena_printf(ask->c->arena, "L%llu", (unsigned long long)h->lease.id);
	buf_printf(text, "%s (%s for %s%s%s)", label, resource_format(amount, resource, h->amount),
	    duration_short(age, now > since ? now - since : 0), h->lease.message ? ": " : "",
	    h->lease.message ? h->lease.message : "");
	return 0;
}

int
why_node_held(struct asking *ask, const struct image_node *in, const struct lack *lack,
    const char **held, struct err *e)
{
	struct holders h = {.resource = lack->resource,
	    .index = lack->code >= LACK_NO_INSTANCE ? lack->instance : INSTANCE_ALL};
	struct buf text = {.arena = ask->c->arena};
	size_t i;

	*held = "";
	if (!lack->resource || lack->code == LACK_WHOLE)
		return 0;
	if (index_on_node(ask->c, kind_of(ask->c->kinds, KIND_LEASE), in->id, holder_add, &h, e))
		return -1;
	if (!h.n)
		return 0;
	qsort(h.v, h.n, sizeof *h.v, larger_first);
	for (i = 0; i < h.n && i < HOLDERS_MOST; i++) {
		buf_text(&text, i ? ", " : "; held by ");
		if (holder_text(ask, &h.v[i], h.resource, &text, e))
			return -1;
	}
	if (h.n > HOLDERS_MOST)
		buf_printf(&text, ", and %zu more", h.n - HOLDERS_MOST);
	*held = buf_string(&text);
	return 0;
}

/* --- reservation --- */

int
why_node_kept(struct asking *ask, const struct image_node *in, const struct demand *demand,
    uint64_t of, const char *name, struct err *e)
{
	const char *label;
	uint64_t whom;

	if (starvation_kept(ask->c, demand, of, in, &whom, e))
		return -1;
	if (!whom)
		return 0;
	if (why_label(ask, whom, &label, e) ||
	    why_say(ask, WHY_QUEUE_BEHIND, name, 0,
		arena_printf(ask->c->arena,
		    "node %s: it fits, but is reserved for %s, which has waited for longer than "
		    "starvation_age (gcs why %c%llu)",
		    name, label, ref_letter(whom), (unsigned long long)ref_number(whom)),
		e))
		return -1;
	return 1;
}
