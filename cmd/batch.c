/* batch: many commands in one transaction, or in one each. */
#include "cmd.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cluster/check_rules.h"
#include "cluster/schedule.h"
#include "rec/form.h"
#include "state/check.h"

#define BATCH_MOST (256U << 20) /* bytes of input */

struct line {
	size_t number;
	const char *label; /* what a later @label stands for; NULL: none */
	char **words;
	struct ctx ctx; /* parsed: all reading is done before the lock is taken */
};

struct params {
	bool each, keep_going, check, breached;
	struct line *lines; /* made before the transaction */
	size_t n;
};

/* What labels stand for so far: the first word that the line printed. */
struct label_value {
	const char *label, *value;
};
struct bindings {
	struct label_value *v;
	size_t n;
};

static int
line_words(struct ctx *ctx, const char *text, size_t n, char ***words, struct err *e)
{
	struct texts texts = {0};
	size_t i;

	if (*text != '[')
		return shell_words(text, n, words, ctx->arena, e);
	if (texts_from_json(&texts, text, n, ctx->arena, e))
		return -1;
	*words = arena_alloc(ctx->arena, (texts.n + 1) * sizeof **words);
	for (i = 0; i < texts.n; i++)
		(*words)[i] = (char *)texts.v[i];
	return 0;
}

/* "g:" in front names what the line makes. */
static void
line_label(struct ctx *ctx, struct line *line)
{
	size_t n = line->words[0] ? strlen(line->words[0]) : 0;

	if (n < 2 || line->words[0][n - 1] != ':')
		return;
	line->label = arena_strndup(ctx->arena, line->words[0], n - 1);
	line->words++;
}

static const struct command require = {"require", "refuse the batch unless an expression holds",
    MODE_READ, 0, NULL, NULL, 0, NULL, NULL, 0, NULL};

static int
line_find(struct line *line, size_t *used, struct err *e)
{
	struct ctx *sub = &line->ctx;

	*used = 1;
	if (!strcmp(line->words[0], "require")) {
		sub->command = &require;
		return 0;
	}
	sub->command = command_find(commands, line->words, used, e);
	if (!sub->command)
		return -1;
	if (sub->command->mode != MODE_READ && sub->command->mode != MODE_WRITE)
		return err_set(e, ERR_USAGE, "'%s' is not for batch", sub->command->name);
	return 0;
}

static int
line_parse(struct ctx *ctx, struct line *line, struct err *e)
{
	struct ctx *sub = &line->ctx;
	size_t used, n = 0;

	*sub = *ctx;
	sub->in_batch = true;
	sub->change = (struct change){.message = ctx->change.message};
	sub->list = (struct list_params){0};
	sub->globals = (struct globals){.output = ctx->globals.output, .quiet = ctx->globals.quiet};
	if (line_find(line, &used, e))
		return -1;
	if (sub->command == &require) {
		while (line->words[n])
			n++;
		if (n != 3 && (n != 2 || strncmp(line->words[1], "fits:", 5) != 0))
			return err_set(e, ERR_USAGE, "require: needs REC and EXPR");
		sub->parsed = (struct parsed){line->words + 1, n - 1, NULL};
		return 0;
	}
	if (command_parse(sub, line->words + used, e))
		return -1;
	if (sub->globals.help || sub->globals.version || sub->globals.at || sub->globals.dir)
		return err_set(
		    e, ERR_USAGE, "-h, --version, --at and -D are not for a line of a batch");
	if (sub->change.dry_run || sub->change.if_plan || sub->change.request_id)
		return err_set(
		    e, ERR_USAGE, "-n, --if-plan and --request-id are for the whole batch");
	if (sub->globals.output &&
	    format_parse(sub->globals.output, &sub->style.format, ctx->arena, e))
		return -1;
	if (sub->command->prepare && sub->command->prepare(sub, e))
		return -1;
	if (sub->after.expression)
		return err_set(e, ERR_USAGE, "--wait is not for a line of a batch");
	return 0;
}

/* A line that mentions a label (@g) is parsed when the label has its value. */
static bool
mentions_label(const struct line *line)
{
	char **w;

	for (w = line->words; *w; w++)
		if ((*w)[0] == '@' && strcmp(*w, "@self") != 0)
			return true;
	return false;
}

static const char *
bound(const struct bindings *b, const char *label)
{
	size_t i;

	for (i = b->n; i-- > 0;)
		if (!strcmp(b->v[i].label, label))
			return b->v[i].value;
	return NULL;
}

static int
line_bind(struct ctx *ctx, struct line *line, const struct bindings *b, struct err *e)
{
	struct line copy = *line;
	size_t i, n = 0;
	char **words;

	if (!mentions_label(line))
		return 0;
	while (line->words[n])
		n++;
	words = arena_copy(ctx->arena, line->words, (n + 1) * sizeof *words);
	for (i = 0; i < n; i++) {
		if (words[i][0] != '@' || !strcmp(words[i], "@self"))
			continue;
		if (words[i][1] == '@') { /* the way to write a word that begins with @ */
			words[i]++;
			continue;
		}
		if (!bound(b, words[i] + 1))
			return err_value(e, ERR_USAGE, words[i], "no line before is labelled '%s:'",
			    words[i] + 1);
		words[i] = arena_strdup(ctx->arena, bound(b, words[i] + 1));
	}
	copy.words = words;
	if (line_parse(ctx, &copy, e))
		return -1;
	line->ctx = copy.ctx;
	return 0;
}

static int
line_take(
    struct ctx *ctx, struct params *p, const char *text, size_t n, size_t number, struct err *e)
{
	struct line *line = &p->lines[p->n];

	while (n && isspace((unsigned char)*text)) {
		text++;
		n--;
	}
	*line = (struct line){.number = number};
	if (!n || *text == '#')
		return 0;
	if (line_words(ctx, text, n, &line->words, e))
		return -1;
	if (!line->words[0])
		return 0;
	line_label(ctx, line);
	if (!line->words[0])
		return err_set(e, ERR_USAGE, "a label without a command");
	p->n++;
	if (mentions_label(line))
		return 0;
	return line_parse(ctx, line, e);
}

static int
prepare(struct ctx *ctx, struct err *e)
{
	struct params *p = ctx->params;
	struct buf text = {.arena = ctx->arena};
	const char *at, *end, *stop;
	size_t number, lines = 1, i;

	if (p->keep_going && !p->each)
		return err_set(e, ERR_USAGE, "--keep-going goes with --each");
	if (p->each && (ctx->change.dry_run || ctx->change.if_plan || ctx->change.request_id))
		return err_set(e, ERR_USAGE,
		    "-n, --if-plan and --request-id are for a batch that is one change");
	if (ctx->change.if_rev.given)
		return err_set(e, ERR_USAGE, "--if-rev is for the lines of a batch");
	if (read_all(STDIN_FILENO, BATCH_MOST, &text, e) || call_add(ctx, buf_slice(&text), e))
		return -1;
	at = buf_string(&text);
	for (i = 0; i < text.n; i++)
		lines += at[i] == '\n';
	p->lines = arena_alloc(ctx->arena, lines * sizeof *p->lines);
	end = at + text.n;
	for (number = 1; at < end; at = stop + 1, number++) {
		stop = memchr(at, '\n', (size_t)(end - at));
		stop = stop ? stop : end;
		if (line_take(ctx, p, at, (size_t)(stop - at), number, e))
			return err_wrap(e, "line %zu", number);
	}
	return 0;
}

static int
line_require(struct ctx *sub, struct err *e)
{
	char **o = sub->parsed.operands;
	bool alone = sub->parsed.n == 1;
	int yes = holds(sub, alone ? NULL : o[0], o[!alone], e);

	if (yes)
		return yes < 0 ? -1 : 0;
	if (alone)
		return err_value(e, ERR_REFUSED, o[0], "'%s' does not hold", o[0]);
	return err_value(e, ERR_REFUSED, o[0], "%s: '%s' does not hold", o[0], o[1]);
}

/* The first thing that a line printed, or its first id under json, is what its label stands for. */
static void
line_name(struct ctx *ctx, const struct line *line, size_t start, struct bindings *b)
{
	const char *ids = buf_string(&line->ctx.ids);
	const char *text = ctx->out->n > start ? ctx->out->p + start : "", *end;
	size_t n = ctx->out->n > start ? ctx->out->n - start : 0;

	if (!line->label)
		return;
	if (*ids == '"') {
		text = ids + 1;
		n = strcspn(text, "\"");
	}
	end = n ? memchr(text, '\n', n) : NULL;
	n = end ? (size_t)(end - text) : n;
	b->v[b->n++] = (struct label_value){line->label, arena_strndup(ctx->arena, text, n)};
}

/* Keeps what was found first. */
static void
breach(void *argument, const char *text)
{
	struct err *e = argument;

	if (!e->code)
		err_set(e, ERR_STORE, "%s", text);
}

/* Whether the state after a line is what the rules say it must be. */
static int
line_check(struct ctx *ctx, struct err *e)
{
	struct params *p = ctx->params;
	struct err found = {0};
	struct arena kept;
	struct check check = {
	    .c = ctx->cluster, .kept = &kept, .report = breach, .argument = &found};
	int bad;

	if (!p->check)
		return 0;
	arena_init(&kept, ctx->arena->exhausted);
	bad = check_derived(&check, e) || check_rules(&check, e);
	arena_done(&kept);
	if (bad || !check.problems)
		return bad ? -1 : 0;
	p->breached = true;
	*e = found;
	return -1;
}

/* Runs a line inside the transaction that is open over ctx. */
static int
line_run(struct ctx *ctx, struct line *line, struct bindings *b, struct err *e)
{
	struct arena_mark mark = arena_mark(ctx->turn);
	struct ctx *sub = &line->ctx;
	size_t start = ctx->out->n;
	int bad;

	sub->store = ctx->store;
	sub->cluster = ctx->cluster;
	sub->by = ctx->by; /* not yet known when the line was read */
	sub->style.seq = txn_seq(ctx->cluster->txn);
	sub->style.form.now_ms = ctx->cluster->now_ms;
	sub->result = (struct buf){.arena = ctx->turn};
	sub->ids = (struct buf){.arena = ctx->turn};
	sub->notes = (struct buf){.arena = ctx->turn};
	ctx->cluster->guarded = sub->change.if_rev.given;
	ctx->cluster->guard_rev = sub->change.if_rev.value;
	bad = sub->command == &require ? line_require(sub, e) : command_run(sub, e);
	ctx->cluster->guarded = false;
	if (bad)
		return err_wrap(e, "line %zu: %s", line->number, sub->command->name);
	if (txn_writes(ctx->cluster->txn) && (schedule_rest(ctx->cluster, e) || line_check(ctx, e)))
		return err_wrap(e, "line %zu: %s", line->number, sub->command->name);
	line_name(ctx, line, start, b);
	buf_text(&ctx->notes, buf_string(&sub->notes));
	if (ctx_json(ctx) && (sub->command->flags & CMD_MUTATES))
		out_printf(ctx->out, "{\"line\":%zu,\"ids\":[%s]%s}\n", line->number,
		    buf_string(&sub->ids), buf_string(&sub->result));
	arena_rewind(ctx->turn, mark);
	return 0;
}

static int
all_lines(struct ctx *ctx, void *argument, struct err *e)
{
	struct params *p = argument;
	struct bindings b = {arena_alloc(ctx->arena, (p->n + 1) * sizeof *b.v), 0};
	size_t i;

	for (i = 0; i < p->n; i++) {
		struct line *line = &p->lines[i];

		if (line_bind(ctx, line, &b, e))
			return err_wrap(e, "line %zu", line->number);
		if (line->ctx.change.message && !ctx->cluster->audit.message)
			ctx->cluster->audit.message = line->ctx.change.message;
		if (line_run(ctx, line, &b, e))
			return -1;
	}
	return 0;
}

struct single {
	struct line *line;
	struct bindings *bindings;
};

static int
single_line(struct ctx *ctx, void *argument, struct err *e)
{
	struct single *single = argument;

	return line_run(ctx, single->line, single->bindings, e);
}

/* One line as a transaction of its own, told of as itself in the log. */
static int
line_alone(struct ctx *ctx, struct line *line, struct bindings *b, struct err *e)
{
	struct single single = {line, b};
	struct ctx own = *ctx;
	bool writes;
	int bad;

	if (line_bind(ctx, line, b, e))
		return err_wrap(e, "line %zu", line->number);
	own.command = line->ctx.command;
	own.change.message =
	    line->ctx.change.message ? line->ctx.change.message : ctx->change.message;
	writes = command_mode(&line->ctx) == MODE_WRITE;
	bad = writes ? ctx_write(&own, own.command->flags & CMD_FREES, single_line, &single, e)
		     : ctx_read(&own, single_line, &single, e);
	ctx->by = own.by;
	ctx->seq = own.seq;
	ctx->committed = own.committed;
	fputs(buf_string(&own.notes), stderr);
	if (bad)
		out_reset(ctx->out);
	return bad || out_flush(ctx->out, e) ? -1 : 0;
}

static int
each_line(struct ctx *ctx, struct params *p, struct err *e)
{
	struct bindings b = {arena_alloc(ctx->arena, (p->n + 1) * sizeof *b.v), 0};
	struct arena_mark turn = arena_mark(ctx->turn), kept = arena_mark(ctx->kept);
	struct err first = {0};
	size_t i;

	for (i = 0; i < p->n && !ctx->out->closed; i++) {
		int bad = line_alone(ctx, &p->lines[i], &b, e);

		arena_rewind(ctx->turn, turn);
		arena_rewind(ctx->kept, kept);
		if (!bad)
			continue;
		if (!p->keep_going || p->breached || ctx->out->failed)
			return -1;
		if (!first.code)
			first = *e;
		error_print(ctx, e);
	}
	*e = first;
	*e->text = '\0';
	return first.code ? -1 : 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	(void)params;
	(void)operands;
	if (((struct params *)ctx->params)->each)
		return each_line(ctx, ctx->params, e);
	return ctx_change(ctx, all_lines, ctx->params, e);
}

static const struct opt opts[] = {
    {0, "each", OPT_FLAG, offsetof(struct params, each), NULL,
	"one transaction per line; stop at the first failure", NULL, NULL},
    {0, "keep-going", OPT_FLAG, offsetof(struct params, keep_going), NULL,
	"with --each: continue after a failure", NULL, NULL},
    {0, "check", OPT_FLAG, offsetof(struct params, check), NULL,
	"stop before a line that would break a rule of the state", NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

const struct command cmd_batch = {"batch", "run the commands on stdin, one per line, all or none",
    MODE_OPEN, CMD_MUTATES | CMD_LONG, NULL, opts, sizeof(struct params), run, NULL, 0, prepare};
