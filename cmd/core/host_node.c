#include "core/host_node.h"

#include <string.h>

#include "base/amount.h"
#include "store/scan.h"
#include "proc/host.h"
#include "state/key.h"
#include "state/record.h"
#include "state/resolve.h"

int
host_detect(struct ctx *ctx, struct node *n, struct err *e)
{
	struct host *host = arena_alloc(ctx->arena, sizeof *host);
	size_t i;

	if (host_look(host, "", e))
		return -1;
	const struct {
		const char *name;
		uint64_t value;
		bool indexed;
	} found[] = {{"cpu", host->cpus, false}, {"mem", host->mem, false},
	    {"gpu", host->gpus * AMOUNT_ONE, true}};

	if (!n->name)
		n->name = host->name;
	for (i = 0; i < ARRAY_LENGTH(found); i++)
		if (found[i].value && !amounts_get(&n->total, found[i].name))
			amounts_set(&n->total,
			    (struct amount){found[i].name, found[i].value, found[i].indexed},
			    ctx->arena);
	if (host->gpu_model[0] && !labels_get(&n->labels, "gpu_model"))
		labels_set(
		    &n->labels, "gpu_model", arena_strdup(ctx->arena, host->gpu_model), ctx->arena);
	return 0;
}

/* Nodes by label: reads all of them, but only if no node has the machine's name. */
static int
labelled(struct ctx *ctx, struct host_node *h, bool *found, struct err *e)
{
	struct slice key, row;
	struct scan scan;
	int got = 0;

	*found = false;
	if (scan_table(&scan, ctx->cluster->txn, TABLE_NODE, e))
		return -1;
	while (!(*found && !h->only) && (got = scan_next(&scan, &key, &row, e)) > 0) {
		struct node n = {0};
		const char *label;

		if (rec_decode(&rec_node, &n, row, ctx->turn, e)) {
			got = -1;
			break;
		}
		label = labels_get(&n.labels, "host");
		if (n.state == NODE_DEAD || !label || strcmp(label, h->host) != 0)
			continue;
		h->only = *found ? 0 : n.id;
		*found = true;
	}
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}

int
host_node_find(struct ctx *ctx, struct host_node *h, struct err *e)
{
	uint64_t id;
	bool found;

	h->id = h->only = 0;
	h->selector = NULL;
	if (resolve_holder(ctx->cluster, kind_of(ctx->kinds, KIND_NODE), "", h->host, &id, e))
		return -1;
	if (id) {
		h->id = id;
		return 1;
	}
	if (labelled(ctx, h, &found, e))
		return -1;
	if (found)
		h->selector = arena_printf(ctx->turn, "host=%s", h->host);
	return found;
}
