/* top_draw: draws the screen. Tables say which fields of a record are shown where. */
#include "top/top.h"

#include <ctype.h>
#include <string.h>

#include "base/number.h"
#include "base/time.h"
#include "ui/bar.h"

#define RESOURCES_MOST 8
#define BAR_LEAST 4
#define BAR_MOST 20
#define AMOUNT_ROOM 13 /* "256Gi/1.5Ti" beside a bar, and the gap after it */
#define NODE_ROOM 40   /* the rest of a node's line */
#define PARTED_FROM 30 /* from this many lines on, blank lines separate the parts */

/* One column: the first of these fields that the record has. */
struct shown {
	const char *title, *field, *or_field;
};

static const struct shown queue_columns[] = {{"ID", "id", NULL}, {"NAME", "name", NULL},
    {"JOB", "job", NULL}, {"RESOURCES", "resources", "size"}, {"WAITED", "waited", "age"},
    {"REASON", "reason", NULL}};
static const struct shown job_columns[] = {{"NAME", "name", NULL}, {"STATE", "state", NULL},
    {"USER", "user", NULL}, {"RESOURCES", "resources", NULL}, {"WAITED", "waited", NULL},
    {"RAN", "ran", NULL}, {"REASON", "reason", NULL}};
static const struct shown task_columns[] = {{"STATE", "state", NULL}, {"JOB", "job", NULL},
    {"INDEX", "index", NULL}, {"NODE", "node", NULL}, {"RESOURCES", "resources", NULL},
    {"RAN", "ran", NULL}, {"REASON", "reason", NULL}, {"COMMAND", "argv", NULL}};
static const struct shown actor_columns[] = {{"NAME", "name", NULL}, {"STATE", "state", NULL},
    {"JOB", "job", NULL}, {"NODE", "node", NULL}, {"RESOURCES", "resources", NULL},
    {"RESTARTS", "restarts", NULL}, {"AGE", "age", NULL}, {"REASON", "reason", NULL}};

#define COLUMNS(of) of, ARRAY_LENGTH(of)

/* The first column is the id, under the part's title; in the queue, the position. */
static const struct part {
	const char *title, *one;
	const struct shown *columns;
	size_t n;
} parts[TOP_PARTS] = {
    [TOP_NODES] = {"NODES", "nodes", NULL, 0},
    [TOP_QUEUE] = {"QUEUE", "queue", COLUMNS(queue_columns)},
    [TOP_JOBS] = {"JOBS", "jobs", COLUMNS(job_columns)},
    [TOP_TASKS] = {"TASKS", "tasks", COLUMNS(task_columns)},
    [TOP_ACTORS] = {"ACTORS", "actors", COLUMNS(actor_columns)},
    [TOP_EVENTS] = {"EVENTS", "events", NULL, 0},
};

struct drawing {
	struct ctx *ctx;
	const struct top *top;
	const struct top_view *view;
	struct screen *screen;
};

/* --- the head --- */

static void
draw_resources(struct drawing *d)
{
	const struct cluster_summary *g = &d->top->summary;
	char used_text[NUMBER_SIZE], total_text[NUMBER_SIZE];
	size_t i;

	for (i = 0; i < g->total.n; i++) {
		const struct amount *total = &g->total.v[i];
		const struct amount *used = amounts_get(&g->used, total->name);
		struct buf bar = {.arena = d->ctx->turn};
		const char *text;

		bar_add(&bar, 10, used ? used->value : 0, total->value);
		resource_format(used_text, total->name, used ? used->value : 0);
		resource_format(total_text, total->name, total->value);
		text = arena_printf(d->ctx->turn, " %s of %s", used_text, total_text);
		if (d->screen->col &&
		    d->screen->col + 4 + strlen(total->name) + bar.n + strlen(text) >
			d->screen->cols)
			screen_next(d->screen);
		screen_printf(
		    d->screen, TINT_NONE, "%s%s ", d->screen->col ? "   " : "", total->name);
		screen_text(d->screen, TINT_BAR, buf_string(&bar));
		screen_text(d->screen, TINT_NONE, text);
	}
	if (g->total.n)
		screen_next(d->screen);
}

static void
draw_counts(struct drawing *d)
{
	const struct cluster_summary *g = &d->top->summary;
	struct screen *s = d->screen;
	const struct {
		unsigned kind;
		const char *title;
		const uint64_t *counts;
	} rows[] = {{KIND_JOB, "jobs", g->jobs}, {KIND_TASK, "tasks", g->tasks},
	    {KIND_ACTOR, "actors", g->actors}, {KIND_PG, "pgs", g->pgs}};
	size_t i;

	screen_printf(s, TINT_NONE, "nodes %llu alive", (unsigned long long)g->nodes[NODE_ALIVE]);
	if (g->cordoned)
		screen_printf(s, TINT_NONE, " (%llu cordoned)", (unsigned long long)g->cordoned);
	if (g->overdue)
		screen_printf(s, TINT_NONE, " (%llu overdue)", (unsigned long long)g->overdue);
	screen_printf(s, TINT_NONE, ", %llu draining, %llu dead",
	    (unsigned long long)g->nodes[NODE_DRAINING], (unsigned long long)g->nodes[NODE_DEAD]);
	for (i = 0; i < ARRAY_LENGTH(rows); i++) {
		const char *text = summary_states(d->ctx, rows[i].kind, rows[i].counts, true);

		if (!*text)
			continue;
		if (s->col + 3 + strlen(rows[i].title) + 1 + strlen(text) > s->cols)
			screen_next(s);
		screen_printf(s, TINT_NONE, "%s%s %s", s->col ? "   " : "", rows[i].title, text);
	}
	screen_next(s);
}

static void
draw_head(struct drawing *d)
{
	const struct store_meta *meta = store_meta(d->ctx->store);
	const struct cluster_summary *g = &d->top->summary;
	char time[TIME_SIZE];
	struct screen *s = d->screen;

	if (*meta->name)
		screen_printf(s, TINT_TITLE, "%s   ", meta->name);
	screen_printf(s, TINT_NONE, "%s   event %llu   monitor ",
	    time_format_local(time, d->ctx->style.form.now_ms), (unsigned long long)d->ctx->seq);
	screen_text(s, g->monitor ? TINT_GOOD : TINT_WARN, g->monitor ? "running" : "not running");
	if (!*meta->name)
		screen_printf(s, TINT_NONE, "   %s", store_path(d->ctx->store));
	screen_next(s);
	draw_counts(d);
	draw_resources(d);
	if (!g->why)
		return;
	screen_printf(s, TINT_BAD, "unhealthy: %s", g->why);
	screen_next(s);
}

/* --- the parts --- */

/* "NODES", or "NODES 3 to 9 of 1523" if not all are shown. */
static const char *
part_title(struct drawing *d, enum top_part part, size_t shown)
{
	const struct top_rows *rows = &d->top->parts[part];
	uint64_t from = rows->skipped + 1, to = rows->skipped + shown;

	if (shown >= rows->total)
		return parts[part].title;
	if (part == TOP_EVENTS || !rows->skipped)
		return arena_printf(d->ctx->turn, "%s %zu of %llu", parts[part].title, shown,
		    (unsigned long long)rows->total);
	return arena_printf(d->ctx->turn, "%s %llu to %llu of %llu", parts[part].title,
	    (unsigned long long)from, (unsigned long long)to, (unsigned long long)rows->total);
}

static enum tint
state_tint(const char *state)
{
	static const struct {
		const char *state;
		enum tint tint;
	} tints[] = {{"ALIVE", TINT_GOOD}, {"RUNNING", TINT_GOOD}, {"PENDING", TINT_WARN},
	    {"RESTARTING", TINT_WARN}, {"DRAINING", TINT_WARN}, {"cordoned", TINT_WARN},
	    {"ALIVE!", TINT_BAD}};
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(tints); i++)
		if (!strcmp(tints[i].state, state))
			return tints[i].tint;
	return TINT_NONE;
}

/* A command, approximately as it was typed. */
static void
words_add(struct buf *out, const struct texts *words)
{
	size_t i;

	for (i = 0; i < words->n; i++)
		buf_printf(out, "%s%s", i ? " " : "", words->v[i]);
}

static struct cell
record_cell(struct drawing *d, const struct top_row *row, const struct shown *shown)
{
	const struct field *f = rec_field(row->kind->rec, shown->field);
	struct buf text = {.arena = d->ctx->turn};
	enum tint tint = TINT_NONE;

	if (!f && shown->or_field)
		f = rec_field(row->kind->rec, shown->or_field);
	if (!f)
		return (struct cell){NULL, TINT_NONE};
	if (f->kind == FK_TEXTS)
		words_add(&text, field_at(f, row->record));
	else
		field_text(f, row->record, &d->ctx->style.form, &text);
	if (f->kind == FK_ENUM)
		tint = state_tint(buf_string(&text));
	return (struct cell){text.n ? text.p : NULL, tint};
}

static void
draw_records(struct drawing *d, enum top_part number, size_t shown)
{
	static const struct shown id = {NULL, "id", NULL};
	const struct top_rows *rows = &d->top->parts[number];
	const struct part *part = &parts[number];
	size_t n = part->n + 1, i, r;
	const char **titles = arena_alloc(d->ctx->turn, n * sizeof *titles);
	struct cell *cells = arena_alloc(d->ctx->turn, n * shown * sizeof *cells);
	struct grid grid = {titles, n, shown, cells};

	titles[0] = part_title(d, number, shown);
	for (i = 0; i < part->n; i++)
		titles[i + 1] = part->columns[i].title;
	for (r = 0; r < shown; r++) {
		cells[r * n] = record_cell(d, &rows->v[r], &id);
		if (number == TOP_QUEUE)
			cells[r * n].text = arena_printf(
			    d->ctx->turn, "%llu", (unsigned long long)(rows->skipped + r + 1));
		for (i = 0; i < part->n; i++)
			cells[r * n + i + 1] = record_cell(d, &rows->v[r], &part->columns[i]);
	}
	screen_grid(d->screen, &grid);
}

/* The resources that get a column each: well-known ones first. */
static size_t
resources_choose(struct drawing *d, const char **names, size_t most)
{
	static const char *const known[] = {"cpu", "gpu", "mem"};
	const struct amounts *total = &d->top->summary.total;
	size_t i, k, n = 0;

	for (k = 0; k < 3 && n < most; k++)
		if (amounts_get(total, known[k]))
			names[n++] = known[k];
	for (i = 0; i < total->n && n < most; i++) {
		for (k = 0; k < 3 && strcmp(known[k], total->v[i].name) != 0; k++)
			;
		if (k == 3)
			names[n++] = total->v[i].name;
	}
	return n;
}

static const char *
upper(struct drawing *d, const char *name)
{
	char *text = arena_strdup(d->ctx->turn, name), *p;

	for (p = text; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return text;
}

/* "[##..] 4/8"; empty if the node has none of it. */
static const char *
resource_cell(struct drawing *d, const struct node *n, const char *name, unsigned bar_width)
{
	const struct amount *total = amounts_get(&n->total, name);
	const struct amount *used = amounts_get(&n->used, name);
	char used_text[NUMBER_SIZE], total_text[NUMBER_SIZE];
	struct buf text = {.arena = d->ctx->turn};

	if (!total)
		return NULL;
	bar_add(&text, bar_width, used ? used->value : 0, total->value);
	buf_printf(&text, " %s/%s", resource_format(used_text, name, used ? used->value : 0),
	    resource_format(total_text, name, total->value));
	return text.p;
}

static const char *
node_state(const struct node *n)
{
	if (n->stale)
		return "ALIVE!";
	if (n->cordoned && n->state == NODE_ALIVE)
		return "cordoned";
	return enum_text(&node_states, n->state);
}

static void
node_cells(struct drawing *d, const struct top_row *row, const char **names, size_t resources,
    unsigned bar_width, struct cell *cells)
{
	static const struct shown id = {NULL, "id", NULL}, beat = {NULL, "heartbeat", NULL};
	const struct node *node = row->record;
	size_t i;

	cells[0] = (struct cell){node->name, TINT_NONE};
	cells[1] = record_cell(d, row, &id);
	cells[2] = (struct cell){node_state(node), state_tint(node_state(node))};
	for (i = 0; i < resources; i++)
		cells[3 + i] = (struct cell){resource_cell(d, node, names[i], bar_width), TINT_BAR};
	cells[3 + resources] = record_cell(d, row, &beat);
}

static void
draw_nodes(struct drawing *d, size_t shown)
{
	const struct top_rows *rows = &d->top->parts[TOP_NODES];
	size_t room = d->screen->cols > NODE_ROOM ? d->screen->cols - NODE_ROOM : 0;
	size_t most = room / (BAR_LEAST + 2 + AMOUNT_ROOM), i, resources, n;
	const char *names[RESOURCES_MOST], *titles[RESOURCES_MOST + 4] = {NULL};
	unsigned bar_width = BAR_LEAST;
	struct cell *cells;
	struct grid grid = {titles, 0, shown, NULL};

	most = most < 3 ? 3 : most > RESOURCES_MOST ? RESOURCES_MOST : most;
	resources = resources_choose(d, names, most);
	if (resources && room / resources > BAR_LEAST + 2 + AMOUNT_ROOM)
		bar_width = (unsigned)(room / resources) - 2 - AMOUNT_ROOM;
	if (bar_width > BAR_MOST)
		bar_width = BAR_MOST;
	grid.n = n = resources + 4;
	grid.cells = cells = arena_alloc(d->ctx->turn, n * shown * sizeof *cells);
	titles[0] = part_title(d, TOP_NODES, shown);
	titles[1] = "ID";
	titles[2] = "STATE";
	for (i = 0; i < resources; i++)
		titles[3 + i] = upper(d, names[i]);
	titles[3 + resources] = "BEAT";
	for (i = 0; i < shown; i++)
		node_cells(d, &rows->v[i], names, resources, bar_width, &cells[i * n]);
	screen_grid(d->screen, &grid);
}

static void
draw_events(struct drawing *d, size_t shown)
{
	const struct top_rows *rows = &d->top->parts[TOP_EVENTS];
	size_t i;

	screen_text(d->screen, TINT_DIM, part_title(d, TOP_EVENTS, shown));
	screen_next(d->screen);
	for (i = rows->n - shown; i < rows->n; i++) {
		struct buf line = {.arena = d->ctx->turn};

		event_text(d->ctx, rows->v[i].record, &line);
		screen_text(d->screen, TINT_NONE, buf_string(&line));
		screen_next(d->screen);
	}
}

/* --- sharing out lines --- */

static bool
part_seen(const struct drawing *d, unsigned part)
{
	return d->top->parts[part].n && (d->view->part == TOP_ALL || d->view->part == part);
}

/*
 * Shares out lines one by one, so that a part with many rows does not crowd out one with few. A
 * part also costs its title and, where there is room, a blank line.
 */
static void
lines_share(const struct drawing *d, size_t lines, size_t gap, size_t share[TOP_PARTS])
{
	size_t cost;
	unsigned part;
	bool more = true;

	memset(share, 0, TOP_PARTS * sizeof *share);
	while (more) {
		more = false;
		for (part = 0; part < TOP_PARTS; part++) {
			cost = share[part] ? 1 : 2 + gap;
			if (!part_seen(d, part) || share[part] >= d->top->parts[part].n ||
			    lines < cost)
				continue;
			lines -= cost;
			share[part]++;
			more = true;
		}
	}
}

static void
draw_parts(struct drawing *d, size_t lines)
{
	size_t gap = d->view->rows >= PARTED_FROM, share[TOP_PARTS];
	unsigned part;

	lines_share(d, lines, gap, share);
	for (part = 0; part < TOP_PARTS; part++) {
		if (!share[part])
			continue;
		if (gap)
			screen_next(d->screen);
		if (part == TOP_NODES)
			draw_nodes(d, share[part]);
		else if (part == TOP_EVENTS)
			draw_events(d, share[part]);
		else
			draw_records(d, part, share[part]);
	}
	if (d->view->part != TOP_ALL && !d->top->parts[d->view->part].n)
		screen_printf(d->screen, TINT_DIM, "%s: nothing", parts[d->view->part].title);
}

/* The last line: the keys, and their settings. */
static void
draw_foot(struct drawing *d)
{
	struct screen *s = d->screen;
	unsigned part;

	screen_bottom(s);
	if (d->view->paused)
		screen_text(s, TINT_WARN, "PAUSED ");
	screen_printf(
	    s, TINT_DIM, "q quit p pause s by %s", enum_text(&top_orders, d->view->order));
	screen_text(s, d->view->part == TOP_ALL ? TINT_TITLE : TINT_DIM, " 0 all");
	for (part = 0; part < TOP_PARTS; part++)
		screen_printf(s, d->view->part == part ? TINT_TITLE : TINT_DIM, " %u %s", part + 1,
		    parts[part].one);
}

void
top_draw(struct ctx *ctx, const struct top *top, const struct top_view *view, struct screen *screen)
{
	struct drawing d = {ctx, top, view, screen};
	size_t left, foot = view->live;

	draw_head(&d);
	left = screen_left(screen);
	if (left > foot)
		draw_parts(&d, left - foot);
	if (view->live && left)
		draw_foot(&d);
	screen_end(screen);
}
