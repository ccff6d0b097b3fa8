/* show: `node show`, `kv show`: records in full; `show SEQ`: an event. */
#include "cmd.h"

#include "base/number.h"
#include "cluster/event.h"

static int
show_one(struct ctx *ctx, const struct view *view, const struct kind *kind, const char *text,
    struct err *e)
{
	struct found found;

	if (record_find(ctx->cluster, kind, text, ctx_self(), &found, e) < 0 ||
	    view_fill(ctx, view, kind, found.record, e))
		return -1;
	return show_record(ctx->out, kind->rec, found.record, &ctx->style, ctx->turn, e);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct kind *kind = kind_of(*(const unsigned *)ctx->command->sub);
	struct view view;

	(void)params;
	if (view_open(ctx, kind, &view, e))
		return -1;
	view.values = true;
	for (; *operands; operands++)
		if (show_one(ctx, &view, kind, *operands, e))
			return -1;
	return 0;
}

static int
show_event(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct event_reader reader = {.c = ctx->cluster};
	struct event event;
	uint64_t seq;
	int got;

	(void)params;
	for (; *operands; operands++) {
		if (number_u64(*operands, &seq, e))
			return -1;
		if (seq && seq < txn_horizon(ctx->cluster->txn))
			return err_value(e, ERR_HORIZON, *operands,
			    "event %s is forgotten: horizon %llu", *operands,
			    (unsigned long long)txn_horizon(ctx->cluster->txn));
		got = event_read(&reader, seq, &event, e);
		if (got == 0)
			return err_value(
			    e, ERR_NO, *operands, "no event has the number %s", *operands);
		if (got < 0 || event_show(&event, ctx->turn, e))
			return -1;
		if (show_record(ctx->out, &rec_event, &event, &ctx->style, ctx->turn, e))
			return -1;
	}
	return 0;
}

static const unsigned node = KIND_NODE, kv = KIND_KV, lease = KIND_LEASE, actor = KIND_ACTOR,
		      pg = KIND_PG;
static const struct operand nodes[] = {{"NODE", OPERAND_MANY, "node"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand leases[] = {
    {"LEASE", OPERAND_MANY, "lease"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand actors[] = {
    {"ACTOR", OPERAND_MANY, "actor"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand pgs[] = {{"PG", OPERAND_MANY, "pg"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand keys[] = {
    {"[NAMESPACE/]KEY", OPERAND_MANY, "kv"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand seqs[] = {{"SEQ", OPERAND_MANY, NULL}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_node_show = {
    "node show", "show all about nodes", MODE_READ, 0, nodes, NULL, 0, run, &node, 0, NULL};
const struct command cmd_kv_show = {
    "kv show", "show all about keys", MODE_READ, 0, keys, NULL, 0, run, &kv, 0, NULL};
const struct command cmd_show = {"show", "show events of the log in full", MODE_READ, 0, seqs, NULL,
    0, show_event, NULL, 0, NULL};
const struct command cmd_lease_show = {
    "lease show", "show all about leases", MODE_READ, 0, leases, NULL, 0, run, &lease, 0, NULL};
const struct command cmd_actor_show = {
    "actor show", "show all about actors", MODE_READ, 0, actors, NULL, 0, run, &actor, 0, NULL};
const struct command cmd_pg_show = {
    "pg show", "show all about placement groups", MODE_READ, 0, pgs, NULL, 0, run, &pg, 0, NULL};
