/* undo: reverts a transaction by a new one. */
#include "core/cmd.h"

#include "base/number.h"
#include "model/undo.h"

/* The command to use instead, where there is one. */
static const struct {
	enum event_type type;
	const char *text;
} instead[] = {
    {EVENT_NODE_ALIVE, "a node that was registered is taken out by: gcs node unregister"},
    {EVENT_NODE_DEAD, "a dead node never returns: register it again"},
    {EVENT_LEASE_GRANTED, "a hold is given back by: gcs resource release"},
    {EVENT_ACTOR_PENDING, "an actor is ended by: gcs actor kill"},
    {EVENT_PG_PENDING, "a placement group is ended by: gcs pg remove"},
    {EVENT_JOB_PENDING, "a job is ended by: gcs job cancel"},
    {EVENT_JOB_RUNNING, "a job is ended by: gcs job finish, or gcs job cancel"},
    {EVENT_JOB_UPDATED, "a job is changed again by: gcs job update, gcs task cancel"},
    {EVENT_JOB_STOPPED, "a job is submitted again by: gcs job rerun"},
    {EVENT_JOB_FAILED, "a job is submitted again by: gcs job rerun"},
    {EVENT_TASK_PENDING, "a task is ended by: gcs task cancel"},
    {EVENT_WORKER_RUNNING, "a process that has ended is reported by: gcs worker exit"},
};

static int
refuse(const struct event *event, struct err *e)
{
	const char *text = "what ended or was placed does not come back";
	size_t i;

	if (event->type == EVENT_NODE_ALIVE && event->prev_rev)
		return err_set(e, ERR_REFUSED, "event %llu: an undrain is taken back by: gcs drain",
		    (unsigned long long)event->seq);
	for (i = 0; i < ARRAY_LENGTH(instead); i++)
		if (instead[i].type == event->type)
			text = instead[i].text;
	return err_set(e, ERR_REFUSED, "%s: %s", e->text, text);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct event refused;
	uint64_t seq;

	(void)params;
	if (number_u64(operands[0], &seq, e) || ctx_pulse(ctx, e))
		return -1;
	if (!undo(ctx->cluster, seq, &refused, e))
		return 0;
	return refused.seq ? refuse(&refused, e) : -1;
}

const struct command cmd_undo = {
    .name = "undo",
    .help = "revert the whole change that event SEQ belongs to",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "SEQ"}),
    .run = run,
};
