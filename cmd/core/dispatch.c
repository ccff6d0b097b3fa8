/* gcs: the table of commands, the way of a command from its words to its exit code, and the one
 * place that prints errors. */
#include "core/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/seam.h"
#include "base/text.h"
#include "sched/schedule.h"
#include "state/event.h"
#include "state/request.h"
#include "commands.h"

#define ENTRY(name) extern const struct command cmd_##name;
COMMANDS(ENTRY)
#undef ENTRY

#define ENTRY(name) &cmd_##name,
static const struct command *const entries[] = {COMMANDS(ENTRY)};
const struct commands commands = {entries, ARRAY_LENGTH(entries)};

/*
 * Descriptors 0 to 2 exist from here on, so that no file of the store can be taken for one of them.
 */
static void
streams_exist(void)
{
	struct pollfd fds[] = {{.fd = 0}, {.fd = 1}, {.fd = 2}};
	bool there = poll(fds, 3, 0) >= 0;
	int fd;

	for (int i = 0; i < 3; i++)
		there = there && !(fds[i].revents & POLLNVAL);
	if (there || seam("no-streams"))
		return;
	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
}

static void (*death_undo)(void);

void
at_death(void (*undo)(void))
{
	death_undo = undo;
}

_Noreturn void
die(const char *text, const char *more)
{
	if (death_undo)
		death_undo();
	if (write(2, text, strlen(text)) < 0 || write(2, more, strlen(more)) < 0 ||
	    write(2, "\n", 1) < 0)
		_exit(ERR_STORE);
	_exit(ERR_STORE);
}

static void
exhausted(void)
{
	die("gcs: out of memory", "");
}

/* A mapped file that lies about itself ends here, on a stack of its own. */
static void
crashed(int signal_number)
{
	(void)signal_number;
	die("gcs: state damaged, run gcs doctor", "");
}

static void
signals_set(void)
{
	static unsigned char stack[32768];
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction action = {.sa_handler = crashed, .sa_flags = SA_ONSTACK};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGPIPE, &ignore, NULL);
	if (sigaltstack(&alternate, NULL))
		return;
	sigaction(SIGBUS, &action, NULL);
#ifndef __SANITIZE_ADDRESS__
	sigaction(SIGSEGV, &action, NULL);
#endif
}

static bool
is_terminal(int fd, int *width)
{
	struct winsize w;

	*width = 0;
	if (ioctl(fd, TIOCGWINSZ, &w))
		return false;
	*width = w.ws_col;
	return true;
}

static int
style_set(struct ctx *ctx, struct err *e)
{
	struct list_style *style = &ctx->style;
	bool terminal = !ctx->out->plain && is_terminal(ctx->out->fd, &style->width);
	const char *plain = getenv("NO_COLOR");

	style->format = (struct format){0};
	style->form.escape = terminal;
	style->color =
	    ctx->globals.color == 2 || (ctx->globals.color != 3 && terminal && !(plain && *plain));
	style->form.times = ctx->globals.time ? ctx->globals.time - 1 : TIMES_RELATIVE;
	if (!ctx->globals.time && !terminal)
		style->form.times = TIMES_ISO;
	if (!ctx->globals.output)
		return 0;
	return format_parse(ctx->globals.output, &style->format, ctx->arena, e) ? err_wrap(e, "-o")
										: 0;
}

/* word names o, whose value is in the next word. */
static bool
takes_next(const struct opt *o, const char *word)
{
	if (!o->argument)
		return false;
	return word[1] == '-' ? !strcmp(word + 2, o->name) : word[1] == o->letter;
}

/* How many of the leading words are global options and their values. */
static size_t
leading_options(struct ctx *ctx, char **words)
{
	struct opt_set sets[SETS_MOST];
	size_t i = 0, k;

	command_sets(NULL, ctx, sets);
	while (words[i] && words[i][0] == '-' && words[i][1] && strcmp(words[i], "--")) {
		const char *word = words[i++];
		bool inside = strchr(word, '=') || (word[1] != '-' && word[2]);

		for (k = 0; k < sets[0].opts.n; k++)
			if (takes_next(&sets[0].opts.v[k], word))
				break;
		if (k < sets[0].opts.n && !inside && words[i])
			i++;
	}
	return i;
}

static void
print_overview(struct ctx *ctx)
{
	struct buf text = {.arena = ctx->arena};

	help_overview(&commands, &text);
	out_add(ctx->out, text.p, text.n);
}

static void
print_help(struct ctx *ctx)
{
	struct opt_set sets[SETS_MOST];
	struct buf text = {.arena = ctx->arena};

	help_command(ctx->command, sets, command_sets(ctx->command, ctx, sets), &text);
	out_add(ctx->out, text.p, text.n);
}

static bool
is_noun(const char *word)
{
	size_t i, n = strlen(word);

	for (i = 0; i < commands.n; i++)
		if (!strncmp(commands.v[i]->name, word, n) && commands.v[i]->name[n] == ' ')
			return true;
	return false;
}

/* `gcs`, `gcs --help`, `gcs --version`, `gcs node`, `gcs node --help`: no command is named. 1:
 * answered, 0: there is one. */
static int
without_command(struct ctx *ctx, char **words, size_t lead, struct err *e)
{
	struct opt_set sets[SETS_MOST];
	struct buf text = {.arena = ctx->arena};
	char **rest = words + lead;
	bool noun = rest[0] && is_noun(rest[0]) &&
		    (!rest[1] || !strcmp(rest[1], "--help") || !strcmp(rest[1], "-h"));

	if (rest[0] && !noun)
		return 0;
	if (options_parse(sets, command_sets(NULL, ctx, sets), words, &ctx->parsed, ctx->arena, e))
		return -1;
	if (ctx->globals.version) {
		out_text(ctx->out, "gcs " GCS_VERSION "\n");
		return 1;
	}
	if (noun && (rest[1] || ctx->globals.help)) {
		help_noun(&commands, rest[0], &text);
		out_add(ctx->out, text.p, text.n);
		return 1;
	}
	if (noun)
		return err_value(e, ERR_USAGE, rest[0], "which verb of '%s'? see: gcs %s --help",
		    rest[0], rest[0]);
	print_overview(ctx);
	return ctx->globals.help ? 1 : err_set(e, ERR_USAGE, "%s", "");
}

/*
 * The call as it is compared between repeats of a request: the name and all words, parted by NUL.
 */
static struct slice
call_bytes(struct ctx *ctx, char **words)
{
	struct buf call = {.arena = ctx->arena};

	for (; *words; words++)
		buf_add(&call, *words, strlen(*words) + 1);
	return buf_slice(&call);
}

/* What a change answers under json. */
static void
answer_json(struct ctx *ctx)
{
	if (!ctx_json(ctx) || ctx->in_batch)
		return;
	out_printf(ctx->out, "{\"v\":1,\"seq\":%llu,\"changed\":%s,\"ids\":[%s]%s}\n",
	    (unsigned long long)txn_seq(ctx->cluster->txn), ctx->cluster->count ? "true" : "false",
	    buf_string(&ctx->ids), buf_string(&ctx->result));
}

struct change_body {
	ctx_body *body;
	void *argument;
};

/*
 * A change inside its transaction: repeated requests, the command, and what becomes of its events.
 */
static int
change_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct change_body *change = argument;
	struct slice answer;
	int got = 0;

	if (ctx->change.request_id && !ctx->change.dry_run)
		got = request_find(ctx->cluster, ctx->change.request_id, ctx->call, &answer, e);
	if (got < 0)
		return -1;
	if (got > 0) {
		out_add(ctx->out, answer.p, answer.n);
		if (ctx->after.run)
			result_again(ctx, answer);
		txn_end_as(ctx->cluster->txn, TXN_ABORT);
		return 0;
	}
	if (change->body ? change->body(ctx, change->argument, e) : command_run(ctx, e))
		return -1;
	if (schedule_rest(ctx->cluster, e))
		return -1;
	if (ctx->change.if_plan && plan_compare(ctx, e))
		return -1;
	if (ctx->change.dry_run)
		return plan_show(ctx, e);
	answer_json(ctx);
	if (!ctx->change.request_id || !ctx->cluster->count)
		return 0;
	return request_keep(ctx->cluster, ctx->change.request_id, ctx->call,
	    (struct slice){(unsigned char *)ctx->out->p, ctx->out->n}, e);
}

int
ctx_change(struct ctx *ctx, ctx_body *body, void *argument, struct err *e)
{
	struct change_body change = {body, argument};

	return ctx_write(ctx, ctx->command->flags & CMD_FREES, change_body, &change, e);
}

static int
read_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct transaction t;
	uint64_t seq;

	if (!ctx->globals.at)
		return command_run(ctx, e);
	if (when_parse(ctx, ctx->globals.at, &seq, e) ||
	    history_rewind(ctx->cluster, seq, argument, e))
		return err_wrap(e, "--at");
	if (seq >= txn_horizon(ctx->cluster->txn) &&
	    event_transaction(ctx->cluster, seq, &t, e) > 0)
		ctx->cluster->now_ms = t.time_ms;
	ctx->style.form.past = true;
	ctx->style.form.now_ms = ctx->cluster->now_ms;
	ctx->style.seq = seq;
	return command_run(ctx, e);
}

int
command_run(struct ctx *ctx, struct err *e)
{
	return ctx->command->run(ctx, ctx->params, ctx->parsed.operands, e);
}

static int results_leave(struct ctx *ctx, struct err *e);

/* A change, and what its caller waits for when it is committed and its answer has left. */
static int
change(struct ctx *ctx, struct err *e)
{
	if (ctx_open(ctx, false, e) || ctx_change(ctx, NULL, NULL, e))
		return -1;
	if (!ctx->after.run || ctx->change.dry_run)
		return 0;
	if (results_leave(ctx, e))
		return -1;
	notes_print(ctx);
	return ctx->after.run(ctx, e);
}

static int
command_begin(struct ctx *ctx, char **words, struct err *e)
{
	struct arena kept;
	int bad;

	ctx->call = call_bytes(ctx, words);
	if (ctx->command->prepare && ctx->command->prepare(ctx, e))
		return -1;
	switch (command_mode(ctx)) {
	case MODE_NONE:
		return command_run(ctx, e);
	case MODE_OPEN:
		bad = ctx_open(ctx, ctx->command->flags & CMD_READS, e);
		return bad || command_run(ctx, e) ? -1 : 0;
	case MODE_READ:
		arena_init(&kept, exhausted);
		bad = ctx_open(ctx, true, e) || ctx_read(ctx, read_body, &kept, e);
		arena_done(&kept);
		return bad ? -1 : 0;
	case MODE_WRITE:
		return change(ctx, e);
	}
	return -1;
}

static int
run(struct ctx *ctx, char **words, struct err *e)
{
	size_t lead = leading_options(ctx, words), used, n = 0;
	char **rest = words + lead, **all;
	int answered;

	output_guess(ctx, words);
	answered = without_command(ctx, words, lead, e);
	if (answered)
		return answered < 0 ? -1 : 0;
	ctx->command = command_find(&commands, rest, &used, e);
	if (!ctx->command)
		return -1;
	if (ctx->command->flags & CMD_RAW) {
		ctx->parsed.operands = rest + used;
		return command_begin(ctx, words, e);
	}
	while (words[n])
		n++;
	all = arena_copy(ctx->arena, words, (n + 1) * sizeof *all);
	memmove(all + lead, rest + used, (n - lead - used + 1) * sizeof *all);
	if (command_parse(ctx, all, e) || style_set(ctx, e))
		return -1;
	if (ctx->globals.version) {
		out_text(ctx->out, "gcs " GCS_VERSION "\n");
		return 0;
	}
	if (ctx->globals.help) {
		print_help(ctx);
		return 0;
	}
	return command_begin(ctx, words, e);
}

void
error_print(const struct ctx *ctx, const struct err *e)
{
	const char *name = ctx->command ? ctx->command->name : "";
	struct buf text = {.arena = ctx->arena};

	if (!*e->text)
		return;
	if (ctx_json(ctx)) {
		buf_printf(&text,
		    "{\"code\":%d,\"error\":\"%s\",\"command\":\"%s\",\"message\":", e->code,
		    err_name(e->code), name);
		text_json(&text, e->text, strlen(e->text));
		buf_text(&text, ",\"value\":");
		if (*e->value)
			text_json(&text, e->value, strlen(e->value));
		else
			buf_text(&text, "null");
		buf_text(&text, "}");
	} else {
		buf_printf(&text, "gcs: %s%s", name, *name ? ": " : "");
		text_escape(&text, e->text, strlen(e->text));
	}
	fprintf(stderr, "%s\n", buf_string(&text));
}

#define CODE_OWN_FAILURE 125 /* of a command that stands for a child */

static int
results_leave(struct ctx *ctx, struct err *e)
{
	if (!out_flush(ctx->out, e))
		return 0;
	if (ctx->committed)
		err_set(e, ERR_STORE, "committed as seq %llu, output failed: %s",
		    (unsigned long long)ctx->seq, strerror(ctx->out->failed));
	return -1;
}

/* Results leave only now: after the commit, and not at all after a failure that held them. */
static int
finish(struct ctx *ctx, int bad, struct err *e)
{
	struct err output = {0};

	if (bad && ctx->out->holding)
		out_reset(ctx->out);
	if (results_leave(ctx, &output)) {
		*e = bad ? *e : output;
		bad = -1;
	}
	if (!bad || !ctx_json(ctx))
		fputs(buf_string(&ctx->notes), stderr); /* an error under json stands alone */
	if (bad)
		error_print(ctx, e);
	if (!bad)
		return ctx->code;
	if (e->code == ERR_TIMEOUT || !ctx->command)
		return (int)e->code;
	return ctx->command->flags & CMD_STANDS || ctx->after.stands ? CODE_OWN_FAILURE
								     : (int)e->code;
}

/*
 * The store stays open to the end: the system closes it sooner than store_close could, and a
 * process that just ends is what a store must bear anyway.
 */
int
main(int argc, char **argv)
{
	static struct ctx ctx; /* so that what is still open is not taken for lost */
	struct err e = {0};
	struct arena arena, turn, kept;
	struct out out;
	int code;

	(void)argc;
	streams_exist();
	signals_set();
	umask(007);
	arena_init(&arena, exhausted);
	arena_init(&turn, exhausted);
	arena_init(&kept, exhausted);
	out_init(&out, 1);
	ctx.arena = &arena;
	ctx.turn = &turn;
	ctx.kept = &kept;
	ctx.out = &out;
	ctx.by.uid = getauxval(AT_UID);
	ctx.notes = (struct buf){.arena = &arena};
	code = finish(&ctx, run(&ctx, argv + 1, &e), &e);
	out_done(&out);
	arena_done(&kept);
	arena_done(&turn);
	arena_done(&arena);
	return code;
}
