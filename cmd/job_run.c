/* job run: runs a job in the foreground on this machine: queues, takes the resources, runs,
 * releases them. Needs no agent and no monitor. */
#include "core/cmd.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/duration.h"
#include "model/job.h"
#include "model/node.h"
#include "model/passing.h"
#include "model/lost_processes.h"
#include "sched/schedule.h"
#include "model/task.h"
#include "state/resolve.h"
#include "why/why.h"
#include "core/host_node.h"
#include "place/queue.h"
#include "proc/host.h"
#include "proc/process_id.h"
#include "state/record.h"
#include "daemon/supervision.h"
#include "core/child_signals.h"
#include "core/stay.h"
#include "core/work.h"

struct params {
	struct work_params work;
	const char *name;
	bool now;
	struct labels labels;
};

struct running {
	struct ctx *ctx;
	const struct params *params;
	struct supervision s;
	struct host_node host;
	struct node *register_as; /* NULL: this machine is a node already */
	struct process_id self;
	uint64_t job, task, born, ahead, told; /* told: the last `ahead` reported */
	int64_t priority;
	uint64_t end_ms;	  /* CLOCK_MONOTONIC: when to stop queueing; 0: never */
	uint64_t looked, look_ms; /* the last look at other processes; time to the next */
	unsigned state;
	bool placed;
	bool asked, hopeless; /* asked: it was checked; hopeless: no node could ever run it */
};

/* --- this machine --- */

static int
host_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct running *r = argument;
	int got = host_node_find(ctx, &r->host, e);

	r->register_as = got ? NULL : arena_alloc(ctx->arena, sizeof *r->register_as);
	return got < 0 ? -1 : 0;
}

/* The machine's resources are detected before the transaction that registers it. */
static int
host_prepare(struct running *r, struct err *e)
{
	struct ctx *ctx = r->ctx;
	char *host = arena_alloc(ctx->arena, 256);

	if (gethostname(host, 255))
		return err_set(e, ERR_NO, "this machine has no name");
	host[strcspn(host, ".")] = '\0';
	r->host.host = host;
	if (r->params->work.demand.on)
		return 0;
	if (ctx_read(ctx, host_body, r, e))
		return -1;
	if (!r->register_as)
		return 0;
	r->register_as->heartbeat_timeout = DURATION_NEVER;
	r->register_as->passing = true;
	labels_set(&r->register_as->labels, "host", host, ctx->arena);
	return host_detect(ctx, r->register_as, e);
}

static int
here(struct running *r, struct demand *demand, struct err *e)
{
	struct ctx *ctx = r->ctx;
	struct node node;
	int got;

	if (demand->on)
		return 0;
	got = host_node_find(ctx, &r->host, e);
	if (got < 0)
		return -1;
	if (!got && !r->register_as)
		return err_set(
		    e, ERR_REFUSED, "the node of this machine has just ended: try again");
	if (!got) {
		node = *r->register_as;
		if (ctx_pulse(ctx, e) || node_register(ctx->cluster, &node, e))
			return -1;
		r->host.id = node.id;
	}
	demand->on = r->host.id;
	if (r->host.selector)
		demand->selector = demand->selector ? arena_printf(ctx->turn, "%s,%s",
							  demand->selector, r->host.selector)
						    : r->host.selector;
	return 0;
}

/* --- submitting --- */

static int
task_look(struct running *r, struct err *e)
{
	struct task task = {0};

	if (record_get_number(
		r->ctx->cluster, kind_of(r->ctx->kinds, KIND_TASK), r->task, &task, e) < 0)
		return -1;
	r->state = task.state;
	r->priority = task.priority;
	r->born = task.born;
	r->placed = task.lease != 0;
	return 0;
}

static int
submit_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct running *r = argument;
	const struct params *p = r->params;
	struct task work;
	struct job job = {.name = p->name,
	    .labels = p->labels,
	    .work = &work,
	    .pid = process_id_number(r->self.pid),
	    .started = r->self.start_ticks,
	    .boot_id = r->self.boot_id};

	if (work_task(ctx, &p->work, 0, &work, e) || work_job(ctx, &p->work, &job, e) ||
	    here(r, work.demand, e))
		return -1;
	work.attached = true;
	job.env = (struct labels){0};
	if (job_submit(ctx->cluster, &job, e) || schedule_rest(ctx->cluster, e))
		return -1;
	r->job = job.id;
	r->task = job.driver;
	if (task_look(r, e))
		return -1;
	if (r->placed)
		return supervision_claim(&r->s, ref_make('T', r->task), e);
	return p->now ? err_set(e, ERR_UNSATISFIABLE, "it does not fit now (gcs resource fit)") : 0;
}

/* If it does not fit, dead processes not found yet may still hold the resources. */
static int
submit(struct running *r, struct err *e)
{
	struct err ignored;
	size_t n;

	if (!ctx_write(r->ctx, false, submit_body, r, e))
		return 0;
	if (e->code != ERR_UNSATISFIABLE || lost_processes_observe(r->ctx, &n, NULL, &ignored) ||
	    !n)
		return -1;
	return ctx_write(r->ctx, false, submit_body, r, e);
}

/* --- queueing --- */

/* Considers only lines about all nodes together. */
static int
hopeless_tell(void *argument, const struct why_line *line, struct err *e)
{
	bool *hopeless = argument;

	(void)e;
	*hopeless |= line->code == WHY_INFEASIBLE && !*line->about;
	return 0;
}

static int
hopeless_look(struct running *r, struct err *e)
{
	struct task task = {0};
	struct found found = {kind_of(r->ctx->kinds, KIND_TASK), &task};

	r->asked = true;
	if (record_get_number(r->ctx->cluster, found.kind, r->task, &task, e) < 0)
		return -1;
	return why(r->ctx->cluster, &found, hopeless_tell, &r->hopeless, e);
}

/* Counts the tasks ahead: an estimate, since a task that fits may go first. */
static int
wait_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct running *r = argument;

	if (task_look(r, e))
		return -1;
	if (!r->placed && !r->asked && hopeless_look(r, e))
		return -1;
	if (r->placed || !ctx->globals.verbose)
		return 0;
	return queue_ahead(ctx->cluster, r->priority, r->born, &r->ahead, e);
}

static int
claim_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct running *r = argument;

	(void)ctx;
	return supervision_claim(&r->s, ref_make('T', r->task), e);
}

static int
cancel_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct running *r = argument;
	struct job job = {0};

	if (record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_JOB), r->job, &job, e) < 0 ||
	    job_cancel(ctx->cluster, &job, 0, e) || schedule_rest(ctx->cluster, e))
		return -1;
	if (!r->host.id)
		return 0;
	return passing_end(ctx->cluster, r->host.id, ctx->seq, e);
}

/* The job stays queued: such a node may come. */
static void
say_hopeless(struct running *r)
{
	if (r->hopeless && !r->ctx->globals.quiet)
		fprintf(stderr,
		    "gcs: job run: J%llu is queued, but no existing node could ever run it (gcs "
		    "why J%llu)\n",
		    (unsigned long long)r->job, (unsigned long long)r->job);
	r->hopeless = false;
}

static void
say_place(struct running *r)
{
	unsigned long long id = (unsigned long long)r->job;
	bool said = r->ahead == r->told;

	r->told = r->ahead;
	if (!r->ctx->globals.verbose || said)
		return;
	if (r->ahead)
		fprintf(stderr, "gcs: job run: J%llu is queued, %llu ahead of it\n", id,
		    (unsigned long long)r->ahead);
	else
		fprintf(stderr, "gcs: job run: J%llu is queued, next in line\n", id);
}

/* Applies what only time brings: the end of its own wait, and the end of abandoned waits ahead of
 * it. */
static int
nudge(struct running *r, struct err *e)
{
	uint64_t now = clock_monotonic_ms();
	size_t n, of;

	if (r->end_ms && now >= r->end_ms && stay_tick(r->ctx, e))
		return e->code == ERR_BUSY ? 0 : -1;
	if (now < r->looked + r->look_ms)
		return 0;
	r->looked = now;
	if (lost_processes_observe(r->ctx, &n, &of, e))
		return e->code == ERR_BUSY ? 0 : -1;
	r->look_ms =
	    STAY_LOOK_MS * (1 + of / 8); /* keeps the total rate of checks steady as waiters grow */
	return 0;
}

static int
wait_step(struct stay *s, void *argument, struct err *e)
{
	struct running *r = argument;

	if (nudge(r, e) || ctx_read(s->ctx, wait_body, r, e))
		return -1;
	if (r->placed || r->state != TASK_PENDING)
		return STAY_OVER;
	say_hopeless(r);
	say_place(r);
	return STAY_ON;
}

/* 0: it may run; 1: a signal came; -1. */
static int
wait_turn(struct running *r, struct err *e)
{
	struct stay s = {
	    .ctx = r->ctx, .argument = r, .turn = wait_step, .open_mask = &r->s.open_mask};
	uint64_t timeout = r->params->work.queue_timeout.value;

	r->looked = clock_monotonic_ms();
	r->look_ms = STAY_LOOK_MS;
	s.next_ms = r->end_ms = timeout ? r->looked + timeout : 0;
	r->told = UINT64_MAX;
	if (stay_run(&s, e))
		return -1;
	if (!s.signal)
		return 0;
	r->ctx->code = 128 + s.signal;
	return ctx_write(r->ctx, true, cancel_body, r, e) ? -1 : 1;
}

static int
ended_unstarted(struct running *r, struct err *e)
{
	unsigned long long id = (unsigned long long)r->job;

	if (r->state == TASK_CANCELLED)
		return err_set(e, ERR_REFUSED, "J%llu was cancelled while it waited", id);
	return err_set(
	    e, ERR_TIMEOUT, "J%llu did not get its resources in time (gcs why J%llu)", id, id);
}

static int
turn(struct running *r, struct err *e)
{
	int got;

	if (r->placed)
		return supervision_run(&r->s, e);
	got = wait_turn(r, e);
	if (got)
		return got < 0 ? -1 : 0;
	if (!r->placed)
		return ended_unstarted(r, e);
	if (ctx_write(r->ctx, false, claim_body, r, e))
		return -1;
	return supervision_run(&r->s, e);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct running r = {.ctx = ctx, .params = params};
	int bad;

	(void)operands;
	if (!ctx->parsed.child)
		return err_set(e, ERR_USAGE, "what is to run? (after --)");
	supervision_init(&r.s, ctx);
	r.s.foreground = true;
	child_signals_hold(&r.s.open_mask);
	bad = process_id_look(getpid(), &r.self, e) || host_prepare(&r, e) ||
	      supervision_spare(&r.s, e) || submit(&r, e);
	if (!bad)
		bad = turn(&r, e);
	if (!bad && !ctx->code)
		ctx->code = r.s.outcome.code;
	if (!bad && r.s.trouble)
		note(ctx, "job run: %s", r.s.trouble);
	supervision_done(&r.s);
	return bad;
}

static const struct opt opts[] = {
    OPT(0, "name", OPT_TEXT, name, "NAME", "name of the job"),
    OPT(0, "now", OPT_FLAG, now, NULL, "fail if it does not fit now"),
    WORK_LIMIT_OPTS(struct params, work),
    OPT(0, "priority", OPT_TEXT, work.priority, "N", "larger runs first (0)"),
    OPT(0, "label", OPT_LABELS, labels, "k=v", "label; may be repeated"),
    DEMAND_OPTS(struct params, work.demand),
};

const struct command cmd_job_run = {
    .name = "job run",
    .help = "run a command here once its resources are free; exits with the command's code",
    .mode = MODE_OPEN,
    .flags = CMD_CHILD | CMD_LONG | CMD_STANDS,
    .opts = OPTS(opts, struct params),
    .run = run,
};
