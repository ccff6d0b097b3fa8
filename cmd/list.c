/* list: `node list`, `kv list`: the records of a kind, driven by its table. */
#include "cmd.h"

#include <string.h>

#include "base/text.h"
#include "state/kv.h"

struct params {
	const char *namespace, *prefix;
	bool values;
};

static bool
hidden(struct ctx *ctx, const struct kind *kind, const void *record)
{
	if (ctx->list.all)
		return false;
	return record_ended(kind, record) ||
	       (kind->number == KIND_KV && kv_expired(ctx->cluster, record));
}

static int
scan_start(struct ctx *ctx, const struct params *p, const struct kind *kind, struct scan *scan,
    struct err *e)
{
	struct key prefix = {.n = 0};

	if (kind->number != KIND_KV || (!p->namespace && !p->prefix))
		return scan_prefix(
		    scan, ctx->cluster->txn, kind->table, (struct slice){NULL, 0}, false, e);
	if (p->namespace && !text_is_namespace(p->namespace))
		return err_value(e, ERR_USAGE, p->namespace, "'%s' is no namespace", p->namespace);
	if (p->prefix && strlen(p->prefix) > KV_KEY_MAX)
		return err_value(e, ERR_USAGE, p->prefix, "the prefix is longer than a key");
	key_add(&prefix, slice_of(p->namespace ? p->namespace : "default"));
	key_byte(&prefix, 0);
	key_add(&prefix, slice_of(p->prefix));
	return scan_prefix(scan, ctx->cluster->txn, kind->table, key_slice(&prefix), false, e);
}

/* All rows of the scan; *ended: how many were hidden because they ended. */
static int
rows(struct ctx *ctx, const struct view *view, const struct kind *kind, struct scan *scan,
    struct list *list, uint64_t *ended, struct err *e)
{
	struct arena_mark mark = arena_mark(ctx->turn);
	void *record = arena_alloc(ctx->turn, kind->rec->size);
	struct slice key, row;
	int got;

	mark = arena_mark(ctx->turn);
	while ((got = scan_next(scan, &key, &row, e)) > 0) {
		if (!list_keeps(list))
			arena_rewind(ctx->turn, mark);
		memset(record, 0, kind->rec->size);
		if (rec_decode(kind->rec, record, row, ctx->turn, e))
			return -1;
		if (hidden(ctx, kind, record)) {
			++*ended;
			continue;
		}
		if (view_fill(ctx, view, kind, record, e))
			return -1;
		got = list_row(list, record, e);
		if (got)
			break;
	}
	return got < 0 ? -1 : 0;
}

static int
list_of(struct ctx *ctx, const struct params *p, const struct kind *kind, struct err *e)
{
	struct list_count count = {0, false};
	struct list *list = NULL;
	struct view view;
	struct scan scan;
	uint64_t ended = 0;
	int bad;

	if (view_open(ctx, kind, &view, e))
		return -1;
	view.values = p->values;
	if (kind->number == KIND_NODE && !ctx->style.form.past) {
		view.beats = arena_alloc(ctx->turn, (view.count + 1) * sizeof *view.beats);
		if (pulse_read(ctx->cluster->pulse, 1, view.count, view.beats + 1, e))
			return -1;
	}
	if (list_begin(&list, ctx->out, kind->rec, &ctx->list, &ctx->style, ctx->turn, e))
		return -1;
	bad = scan_start(ctx, p, kind, &scan, e);
	if (!bad) {
		bad = rows(ctx, &view, kind, &scan, list, &ended, e);
		scan_close(&scan);
	}
	if (!bad)
		bad = list_end(list, &count, e);
	list_done(list);
	if (bad)
		return -1;
	if (ended)
		note(ctx, "%llu ended %s not shown (-a shows them)", (unsigned long long)ended,
		    ended == 1 ? kind->name : kind->plural);
	if (count.cut)
		note(ctx, "only the first %llu are shown (--limit)",
		    (unsigned long long)count.shown);
	return ctx->list.some && !count.shown ? err_set(e, ERR_NO, "%s", "") : 0;
}

static const struct params none;

int
records_list(struct ctx *ctx, const struct kind *kind, struct err *e)
{
	return list_of(ctx, &none, kind, e);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	(void)operands;
	return list_of(
	    ctx, params ? params : &none, kind_of(*(const unsigned *)ctx->command->sub), e);
}

static const struct opt kv_opts[] = {
    {'N', "namespace", OPT_TEXT, offsetof(struct params, namespace), "NS", "only this namespace",
	NULL, "namespace"},
    {0, "prefix", OPT_TEXT, offsetof(struct params, prefix), "TEXT",
	"only keys that begin with TEXT (in namespace default, unless given)", NULL, NULL},
    {0, "values", OPT_FLAG, offsetof(struct params, values), NULL,
	"with the values (JSON: value, or value_base64 if not text)", NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

static const unsigned node = KIND_NODE, kv = KIND_KV, lease = KIND_LEASE, actor = KIND_ACTOR,
		      pg = KIND_PG, job = KIND_JOB, task = KIND_TASK, worker = KIND_WORKER;

const struct command cmd_node_list = {
    "node list", "list the nodes", MODE_READ, CMD_LISTS, NULL, NULL, 0, run, &node, 0, NULL};
const struct command cmd_kv_list = {"kv list", "list keys", MODE_READ, CMD_LISTS, NULL, kv_opts,
    sizeof(struct params), run, &kv, 0, NULL};
const struct command cmd_lease_list = {"lease list", "list who holds which resources", MODE_READ,
    CMD_LISTS, NULL, NULL, 0, run, &lease, 0, NULL};
const struct command cmd_actor_list = {
    "actor list", "list the actors", MODE_READ, CMD_LISTS, NULL, NULL, 0, run, &actor, 0, NULL};
const struct command cmd_pg_list = {
    "pg list", "list the placement groups", MODE_READ, CMD_LISTS, NULL, NULL, 0, run, &pg, 0, NULL};
const struct command cmd_job_list = {
    "job list", "list the jobs", MODE_READ, CMD_LISTS, NULL, NULL, 0, run, &job, 0, NULL};
const struct command cmd_task_list = {
    "task list", "list the tasks", MODE_READ, CMD_LISTS, NULL, NULL, 0, run, &task, 0, NULL};
const struct command cmd_worker_list = {"worker list", "list the processes", MODE_READ, CMD_LISTS,
    NULL, NULL, 0, run, &worker, 0, NULL};
