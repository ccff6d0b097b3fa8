/* node register: adds machines to the cluster, one from options or many from a file. */
#include "core/host_node.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/node.h"
#include "proc/host.h"

struct params {
	const char *address, *from;
	struct amounts resources;
	struct labels labels;
	struct opt_number timeout;
	bool detect;
	struct node *nodes; /* made before the transaction */
	size_t *lines;	    /* of --from: the line of each */
	size_t n;
};

#define FROM_MOST (256U << 20)	 /* bytes of a file */
#define UTF8_MARK "\xef\xbb\xbf" /* spreadsheets put it first */

/* --- one node from options --- */

static int
prepare_one(struct ctx *ctx, struct params *p, const char *name, struct err *e)
{
	struct node *n = p->nodes = arena_alloc(ctx->arena, sizeof *n);
	struct host *host = arena_alloc(ctx->arena, sizeof *host);

	p->n = 1;
	n->name = name;
	n->address = p->address;
	n->total = p->resources;
	n->labels = p->labels;
	n->heartbeat_timeout = p->timeout.value;
	if (name && !p->detect)
		return 0;
	if (p->detect)
		return host_detect(ctx, n, e) ? err_wrap(e, "--detect") : 0;
	if (host_look(host, "", e))
		return err_wrap(e, "--detect");
	n->name = host->name;
	return 0;
}

/* --- many nodes from a file --- */

/* Takes one CSV field (RFC 4180: quotes doubled inside quotes) off the line: 1, 0 at the end of the
 * line, -1. */
static int
csv_next(struct ctx *ctx, const char **p, const char *end, const char **field, struct err *e)
{
	struct buf text = {.arena = ctx->arena};
	bool quoted = false;

	if (*p > end)
		return 0;
	buf_text(&text, "");
	for (; *p < end && (quoted || **p != ','); ++*p) {
		if (**p != '"')
			buf_byte(&text, **p);
		else if (quoted && *p + 1 < end && (*p)[1] == '"')
			buf_byte(&text, *(*p)++);
		else
			quoted = !quoted;
	}
	if (quoted)
		return err_set(e, ERR_USAGE, "a quote is not closed");
	++*p;
	*field = buf_string(&text);
	return 1;
}

static int
labels_cell(struct ctx *ctx, const char *text, struct labels *labels, struct err *e)
{
	struct label label;
	size_t n;

	for (; *text; text += n + (text[n] == ';')) {
		n = strcspn(text, ";");
		if (!n)
			continue;
		if (label_parse(arena_strndup(ctx->arena, text, n), &label, ctx->arena, e))
			return -1;
		labels_set(labels, label.key, label.value, ctx->arena);
	}
	return 0;
}

static int
csv_cell(struct ctx *ctx, struct node *n, const char *column, const char *text, struct err *e)
{
	struct amount amount;

	if (!*text)
		return 0;
	if (!strcmp(column, "name"))
		n->name = text;
	else if (!strcmp(column, "address"))
		n->address = text;
	else if (!strcmp(column, "labels"))
		return labels_cell(ctx, text, &n->labels, e);
	else if (amount_parse_named(column, text, &amount, ctx->arena, e))
		return -1;
	else
		amounts_set(&n->total, amount, ctx->arena);
	return 0;
}

struct header {
	const char *v[64];
	size_t n;
	bool json; /* no header: the lines are JSON */
};

/* A column is name, address, labels or a resource, and occurs once. */
static int
column_check(struct ctx *ctx, const struct header *h, const char *column, struct err *e)
{
	struct amount amount;
	size_t i;

	for (i = 0; i < h->n; i++)
		if (!strcmp(h->v[i], column))
			return err_value(
			    e, ERR_USAGE, column, "there are two columns '%s'", column);
	if (!strcmp(column, "name") || !strcmp(column, "address") || !strcmp(column, "labels"))
		return 0;
	return amount_parse_named(column, "0", &amount, ctx->arena, e);
}

static int
csv_header(struct ctx *ctx, const char *line, const char *end, struct header *h, struct err *e)
{
	bool named = false;
	const char *field;
	int got;

	while ((got = csv_next(ctx, &line, end, &field, e)) > 0) {
		if (h->n == sizeof h->v / sizeof *h->v)
			return err_set(
			    e, ERR_USAGE, "more than %zu columns", sizeof h->v / sizeof *h->v);
		if (column_check(ctx, h, field, e))
			return -1;
		named |= !strcmp(field, "name");
		h->v[h->n++] = field;
	}
	if (got < 0)
		return -1;
	return named ? 0 : err_set(e, ERR_USAGE, "the header has no column 'name'");
}

static int
csv_line(struct ctx *ctx, const struct header *h, const char *line, const char *end, struct node *n,
    struct err *e)
{
	const char *field;
	size_t i;
	int got;

	for (i = 0; (got = csv_next(ctx, &line, end, &field, e)) > 0; i++) {
		if (i == h->n)
			return err_set(e, ERR_USAGE, "more fields than the header has");
		if (csv_cell(ctx, n, h->v[i], field, e))
			return -1;
	}
	if (got < 0)
		return -1;
	return i < h->n ? err_set(e, ERR_USAGE, "fewer fields than the header has") : 0;
}

static int
node_line(struct ctx *ctx, struct params *p, struct header *h, const char *line, const char *end,
    struct err *e)
{
	struct node *n = &p->nodes[p->n];

	if (memchr(line, '\0', (size_t)(end - line)))
		return err_set(e, ERR_USAGE, "a NUL byte");
	if (!h->json && !h->n)
		return csv_header(ctx, line, end, h, e);
	p->n++;
	return h->json ? rec_from_json(&rec_node, n, line, (size_t)(end - line), ctx->arena, e)
		       : csv_line(ctx, h, line, end, n, e);
}

static int
parse_lines(
    struct ctx *ctx, struct params *p, const char *line, const char *end, bool json, struct err *e)
{
	struct header *header = arena_alloc(ctx->arena, sizeof *header);
	const char *stop, *tail;
	size_t number;

	header->json = json;
	for (number = 1; line < end; line = stop + 1, number++) {
		stop = memchr(line, '\n', (size_t)(end - line));
		stop = stop ? stop : end;
		tail = stop > line && stop[-1] == '\r' ? stop - 1 : stop;
		if (tail == line)
			continue;
		p->lines[p->n] = number;
		if (node_line(ctx, p, header, line, tail, e))
			return err_wrap(e, "%s: line %zu", p->from, number);
	}
	return json || header->n
		   ? 0
		   : err_value(e, ERR_USAGE, p->from, "%s: line 1: there is no header", p->from);
}

struct named_line {
	const char *name;
	size_t line;
};

static int
named_compare(const void *a, const void *b)
{
	const struct named_line *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* Refuses a name given twice: the second line would silently change what the first registered. */
static int
names_differ(struct ctx *ctx, const struct params *p, struct err *e)
{
	struct named_line *v = arena_alloc(ctx->arena, p->n * sizeof *v);
	const struct named_line *twice = NULL;
	size_t i;

	for (i = 0; i < p->n; i++)
		v[i] = (struct named_line){p->nodes[i].name ? p->nodes[i].name : "", p->lines[i]};
	qsort(v, p->n, sizeof *v, named_compare);
	for (i = 1; i < p->n; i++)
		if (*v[i].name && !strcmp(v[i].name, v[i - 1].name) &&
		    (!twice || v[i].line < twice->line))
			twice = &v[i];
	if (!twice)
		return 0;
	return err_value(e, ERR_USAGE, twice->name,
	    "%s: line %zu: node '%s' is in line %zu already", p->from, twice->line, twice->name,
	    twice[-1].line);
}

static int
prepare_many(struct ctx *ctx, struct params *p, struct err *e)
{
	int fd = strcmp(p->from, "-") ? open(p->from, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	struct buf text = {.arena = ctx->arena};
	size_t i, lines = 1;
	const char *first, *end;
	int bad;

	if (fd < 0)
		return err_value(
		    e, ERR_USAGE, p->from, "cannot read '%s': %s", p->from, strerror(errno));
	bad = input_read_all(fd, FROM_MOST, &text, e);
	if (fd != STDIN_FILENO)
		close(fd);
	if (bad || input_call_add(ctx, buf_slice(&text), e))
		return err_wrap(e, "%s", p->from);
	for (i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	p->nodes = arena_alloc(ctx->arena, lines * sizeof *p->nodes);
	p->lines = arena_alloc(ctx->arena, lines * sizeof *p->lines);
	first = buf_string(&text);
	end = first + text.n;
	if (!strncmp(first, UTF8_MARK, 3))
		first += 3;
	if (parse_lines(ctx, p, first, end, first[strspn(first, " \t\r\n")] == '{', e))
		return -1;
	return names_differ(ctx, p, e);
}

static int
prepare(struct ctx *ctx, struct err *e)
{
	struct params *p = ctx->params;
	bool others = ctx->parsed.n || p->address || p->resources.n || p->labels.n ||
		      p->timeout.given || p->detect;

	if (!p->from)
		return prepare_one(ctx, p, ctx->parsed.operands[0], e);
	if (others)
		return err_set(e, ERR_USAGE, "--from stands alone: the file says the rest");
	if (ctx->in_batch && !strcmp(p->from, "-"))
		return err_set(e, ERR_USAGE, "--from - is not for batch");
	return prepare_many(ctx, p, e);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	size_t i;

	(void)operands;
	if (ctx_pulse(ctx, e))
		return -1;
	for (i = 0; i < p->n; i++) {
		struct node n = p->nodes[i]; /* a copy: the body may run twice */

		if (node_register(ctx->cluster, &n, e))
			return p->from ? err_wrap(e, "%s: line %zu", p->from, p->lines[i]) : -1;
		result_id(ctx, 'N', n.id, true);
	}
	return 0;
}

static const struct opt opts[] = {
    OPT(0, "address", OPT_TEXT, address, "A", "address at which the node is reached"),
    OPT('r', "resources", OPT_AMOUNTS, resources, "R",
	"resources it has: cpu=8,gpu=4,mem=64Gi,disk=1Ti,licence=3"),
    OPT(0, "label", OPT_LABELS, labels, "k=v", "label; may be repeated"),
    OPT(0, "heartbeat-timeout", OPT_LIFETIME, timeout, "D|never",
	"how long it may be silent (default: the setting)"),
    OPT(0, "detect", OPT_FLAG, detect, NULL, "detect cpu, mem and gpu of this machine"),
    OPT(0, "from", OPT_TEXT, from, "FILE",
	"many nodes at once: CSV with a header, or JSON lines; - is stdin", .completes = "file"),
};

const struct command cmd_node_register = {
    .name = "node register",
    .help = "add nodes to the cluster, or update living ones",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "NAME", .count = OPERAND_OPTIONAL}),
    .opts = OPTS(opts, struct params),
    .run = run,
    .prepare = prepare,
};
