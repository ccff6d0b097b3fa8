/*
 * top: the current state of the cluster, redrawn when something happens. It sleeps until the bell
 * rings, a key is pressed or a second has passed, and holds no transaction meanwhile; however it
 * ends, the terminal gets its modes back.
 */
#include "top/top.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/die.h"
#include "core/signals.h"
#include "core/stay.h"
#include "ui/raw.h"

#define FRAME_MS 200 /* shortest time between frames for changes */
#define KEY_MS 50    /* and for keys */
#define ESCAPE 27

struct params {
	bool once;
	unsigned order, part;
	const char *size;
};

struct life {
	struct ctx *ctx;
	struct top_view view;
	bool color, quit;
	int keys; /* -1: none */
	uint64_t drawn_ms,
	    wanted_ms; /* CLOCK_MONOTONIC: of the last frame and the next; 0: never */
};

/* --- the terminal's modes, global for the signal handler --- */

static struct raw raw;
static int screen_fd = -1; /* the screen's terminal */

static void
terminal_leave(void)
{
	int error = errno;

	raw_end(&raw);
	if (screen_fd >= 0)
		(void)!write(screen_fd, SCREEN_LEAVE, strlen(SCREEN_LEAVE));
	screen_fd = -1;
	errno = error;
}

static void
terminal_enter(const struct life *l)
{
	raw_end(&raw);
	if (l->keys >= 0)
		raw_begin(&raw, l->keys);
	screen_fd = l->ctx->out->fd;
	(void)!write(screen_fd, SCREEN_ENTER, strlen(SCREEN_ENTER));
}

/* Stops as Ctrl-Z asks, with the terminal's modes restored for the shell; returns when
 * continued. */
static void
suspend(struct life *l)
{
	struct sigaction standard = {.sa_handler = SIG_DFL}, ours;
	sigset_t stop;

	terminal_leave();
	sigaction(SIGTSTP, &standard, &ours);
	raise(SIGTSTP);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, NULL);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	sigaction(SIGTSTP, &ours, NULL);
	terminal_enter(l);
}

/* --- keys --- */

static void
part_choose(struct life *l, unsigned part)
{
	l->view.part = part;
	l->view.skip = 0;
}

static void
scroll(struct life *l, long rows)
{
	if (l->view.part == TOP_ALL)
		return;
	if (rows < 0 && l->view.skip < (size_t)-rows)
		l->view.skip = 0;
	else
		l->view.skip += (size_t)rows;
}

static void
key_press(struct life *l, int key)
{
	long page = l->view.rows > 8 ? (long)l->view.rows - 8 : 1;

	if (key >= '0' && key <= '0' + TOP_PARTS)
		part_choose(l, key == '0' ? TOP_ALL : (unsigned)(key - '1'));
	else if (key == '\t')
		part_choose(l, (l->view.part + 1) % (TOP_PARTS + 1));
	else if (key == 'q')
		l->quit = true;
	else if (key == 'p')
		l->view.paused = !l->view.paused;
	else if (key == 's')
		l->view.order = l->view.order == ORDER_BEAT ? ORDER_USE : l->view.order + 1;
	else if (key == 'j' || key == 'k')
		scroll(l, key == 'j' ? 1 : -1);
	else if (key == ' ' || key == 'b')
		scroll(l, key == ' ' ? page : -page);
}

/* ESC [ A and the like: the arrow and page keys as letters; 0: any other. *n: bytes taken. */
static int
key_escaped(const char *p, size_t left, size_t *n)
{
	static const struct {
		const char *sequence;
		int key;
	} keys[] = {{"[A", 'k'}, {"[B", 'j'}, {"[C", '\t'}, {"OA", 'k'}, {"OB", 'j'}, {"[5~", 'b'},
	    {"[6~", ' '}};
	size_t i, size;

	for (i = 0; i < ARRAY_LENGTH(keys); i++) {
		size = strlen(keys[i].sequence);
		if (left > size && !memcmp(p + 1, keys[i].sequence, size)) {
			*n = size + 1;
			return keys[i].key;
		}
	}
	*n = left; /* unknown: takes all bytes that came with it */
	return 0;
}

/* Reads one key, or a whole escape sequence: input typed after the quit key is left to the
 * shell. */
static void
keys_take(struct life *l)
{
	struct pollfd more = {.fd = l->keys, .events = POLLIN};
	char keys[64];
	ssize_t n = read(l->keys, keys, 1), rest = 0;
	size_t at, took;

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) { /* the terminal is gone */
		l->quit = true;
		return;
	}
	if (*keys == ESCAPE && poll(&more, 1, 0) > 0)
		rest = read(l->keys, keys + 1, sizeof keys - 1);
	n += rest > 0 ? rest : 0;
	for (at = 0; at < (size_t)n; at += took) {
		took = 1;
		key_press(l,
		    keys[at] == ESCAPE ? key_escaped(keys + at, (size_t)n - at, &took) : keys[at]);
	}
}

/* --- the loop --- */

static int
frame(struct life *l, struct err *e)
{
	struct top top;
	struct top_looking looking = {&l->view, &top};
	struct screen screen;

	if (ctx_read(l->ctx, top_look, &looking, e))
		return -1;
	if (l->view.part != TOP_ALL)
		l->view.skip = top.parts[l->view.part].skipped;
	screen_begin(&screen, l->ctx->turn, l->view.rows, l->view.cols, l->view.live, l->color);
	top_draw(l->ctx, &top, &l->view, &screen);
	l->ctx->out->holding = true;
	out_add(l->ctx->out, screen.out.p, screen.out.n);
	l->drawn_ms = clock_monotonic_ms();
	return out_flush(l->ctx->out, e);
}

static void
want_within(const struct life *l, struct stay *s, uint64_t ms)
{
	s->next_ms = stay_earlier(s->next_ms, l->drawn_ms + ms);
}

/* Draws if a frame is due. After the bell has rung, ignores it until then. */
static int
turn(struct stay *s, void *argument, struct err *e)
{
	struct life *l = argument;

	if (s->ready) {
		keys_take(l);
		want_within(l, s, KEY_MS);
	}
	if (s->rung && !l->view.paused)
		want_within(l, s, FRAME_MS);
	s->deaf |= s->rung || l->view.paused;
	if (l->quit || !s->next_ms || clock_monotonic_ms() < s->next_ms)
		return l->quit ? STAY_OVER : STAY_ON;
	if (frame(l, e))
		return -1;
	s->deaf = l->view.paused;
	s->next_ms = l->view.paused ? 0 : l->drawn_ms + STAY_LOOK_MS;
	return l->ctx->out->closed ? STAY_OVER : STAY_ON;
}

static int
signalled(struct stay *s, void *argument, struct err *e)
{
	struct life *l = argument;

	(void)e;
	switch (s->signal) {
	case SIGTSTP:
		suspend(l);
		break;
	case SIGCONT:
		terminal_enter(l); /* the shell may have changed its modes */
		break;
	case SIGWINCH:
		break;
	default:
		return STAY_OVER;
	}
	raw_size(l->ctx->out->fd, &l->view.cols, &l->view.rows);
	s->next_ms = clock_monotonic_ms();
	return STAY_ON;
}

static int
live(struct life *l, struct err *e)
{
	static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};
	sigset_t open_mask;
	struct stay s = {.ctx = l->ctx,
	    .argument = l,
	    .turn = turn,
	    .signalled = signalled,
	    .open_mask = &open_mask,
	    .fds = &l->keys,
	    .n = 1,
	    .look_ms = STAY_FOR_EVER,
	    .next_ms = clock_monotonic_ms()};
	int bad;

	l->view.live = true;
	l->keys = isatty(0) ? 0 : -1;
	die_undo_set(terminal_leave);
	signals_hold(held, sizeof held / sizeof *held, &open_mask);
	terminal_enter(l);
	bad = stay_run(&s, e);
	terminal_leave();
	die_undo_set(NULL);
	return bad;
}

static int
size_take(const char *text, struct top_view *view, struct err *e)
{
	char cols[6], rows[6], end;
	int n = sscanf(text, "%5[0-9]x%5[0-9]%c", cols, rows, &end);

	view->cols = n == 2 ? strtoul(cols, NULL, 10) : 0;
	view->rows = n == 2 ? strtoul(rows, NULL, 10) : 0;
	if (!view->cols || !view->rows)
		return err_value(e, ERR_USAGE, text, "--size: '%s' is not of the form 80x24", text);
	return 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct life l = {.ctx = ctx, .keys = -1, .color = ctx->style.color};
	bool terminal;

	(void)operands;
	if (ctx->globals.output)
		return err_value(e, ERR_USAGE, ctx->globals.output,
		    "-o %s: this is a picture for people; the figures are in gcs status -o json",
		    ctx->globals.output);
	l.view = (struct top_view){.part = p->part ? p->part - 1 : TOP_ALL,
	    .order = p->order ? p->order : ORDER_USE,
	    .rows = 24,
	    .cols = 80};
	terminal = raw_size(ctx->out->fd, &l.view.cols, &l.view.rows);
	if (p->size && size_take(p->size, &l.view, e))
		return -1;
	/* The screen has its own colours, and escapes all text. */
	ctx->style.color = ctx->style.form.escape = false;
	if (!ctx->globals.time)
		ctx->style.form.times = TIMES_RELATIVE;
	return p->once || p->size || !terminal ? frame(&l, e) : live(&l, e);
}

static const struct enum_name part_names_rows[] = {
    {1 + TOP_NODES, "nodes", "the nodes"},
    {1 + TOP_QUEUE, "queue", "what is waiting for resources"},
    {1 + TOP_JOBS, "jobs", "living jobs"},
    {1 + TOP_TASKS, "tasks", "tasks on nodes"},
    {1 + TOP_ACTORS, "actors", "actors on nodes"},
    {1 + TOP_EVENTS, "events", "the end of the log"},
};
static const struct enums part_names = ENUMS(part_names_rows);

static const struct opt opts[] = {
    OPT(0, "once", OPT_FLAG, once, NULL,
	"print one screen as plain text (the default if stdout is not a terminal)"),
    OPT(0, "only", OPT_CHOICE, part, "PART", "start with this section alone", .sub = &part_names),
    OPT(0, "sort", OPT_CHOICE, order, "ORDER",
	"of the nodes: use (fullest first), name, beat (longest silent first)", .sub = &top_orders),
    OPT(0, "size", OPT_TEXT, size, "COLUMNSxROWS",
	"print one screen of this size (80x24 without a terminal)"),
};

const struct command cmd_top = {
    .name = "top",
    .help = "show the cluster live, or print one screen",
    .mode = MODE_OPEN,
    .flags = CMD_LONG | CMD_READS,
    .opts = OPTS(opts, struct params),
    .run = run,
};
