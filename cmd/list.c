/* list: `node list`, `kv list`: the records of a kind, driven by its table. */
#include "core/cmd.h"

#include <string.h>

#include "base/text.h"
#include "store/scan.h"
#include "state/key.h"
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
	return record_ended(kind, record) || (kind->expired && kind->expired(ctx->cluster, record));
}

static int
scan_start(struct ctx *ctx, const struct params *p, const struct kind *kind, struct scan *scan,
    struct err *e)
{
	struct key prefix = {.n = 0};

	if (!p->namespace && !p->prefix)
		return scan_table(scan, ctx->cluster->txn, kind->table, e);
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
rows(struct ctx *ctx, const struct computed *view, const struct kind *kind, struct scan *scan,
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
		if (computed_fill(ctx, view, kind, record, e))
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
	struct computed view;
	struct scan scan;
	uint64_t ended = 0;
	int bad;

	if (computed_open(ctx, kind, &view, e))
		return -1;
	view.values = p->values;
	if (kind->beats && !ctx->style.form.past) {
		view.beats = arena_alloc(ctx->turn, (view.count + 1) * sizeof *view.beats);
		if (pulse_read(ctx->cluster->pulse, 1, view.count, view.beats + 1, e))
			return -1;
	}
	if (!(list = list_begin(ctx->out, kind->rec, &ctx->list, &ctx->style, ctx->turn, e)))
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
	return list_of(ctx, params ? params : &none,
	    kind_of(ctx->kinds, *(const unsigned *)ctx->command->sub), e);
}

static const struct opt kv_opts[] = {
    OPT('N', "namespace", OPT_TEXT, namespace, "NS", "only this namespace",
	.completes = "namespace"),
    OPT(0, "prefix", OPT_TEXT, prefix, "TEXT",
	"only keys that begin with TEXT (in namespace default, unless given)"),
    OPT(0, "values", OPT_FLAG, values, NULL,
	"with the values (JSON: value, or value_base64 if not text)"),
};

#define LIST(kind, number, ...) \
	const struct command cmd_##kind##_list = { \
	    .name = #kind " list", \
	    .mode = MODE_READ, \
	    .flags = CMD_LISTS, \
	    .run = run, \
	    .sub = &(const unsigned){number}, \
	    .help = __VA_ARGS__, \
	}

LIST(node, KIND_NODE, "list the nodes");
LIST(kv, KIND_KV, "list keys", .opts = OPTS(kv_opts, struct params));
LIST(lease, KIND_LEASE, "list who holds which resources");
LIST(actor, KIND_ACTOR, "list the actors");
LIST(pg, KIND_PG, "list the placement groups");
LIST(job, KIND_JOB, "list the jobs");
LIST(task, KIND_TASK, "list the tasks");
LIST(worker, KIND_WORKER, "list the processes");
