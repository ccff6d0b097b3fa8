/* worker: a process that executes a task or an actor, is the driver of a job, or holds a lock. */
#ifndef MODEL_WORKER_H
#define MODEL_WORKER_H

#include <stdint.h>
#include "rec/records.h"
#include "state/kind.h"

#define GRACE_MS 10000 /* default time from SIGTERM to SIGKILL */

/*
 * Records that a process was started for wanted->record (a ref; a job means its driver) and fills
 * *wanted: the task becomes RUNNING, a ready_on_start actor ALIVE. ERR_REFUSED: the record has
 * ended, has no resources yet, is already running, or is not on wanted->node.
 */
int worker_start(struct cluster *c, struct worker *wanted, struct err *e);

/*
 * Records a running process that executes no record, and fills *wanted. wanted->record: the lock
 * that it holds, or 0; the lock follows only lock.h. *seq: the event.
 */
int worker_run(struct cluster *c, struct worker *wanted, uint64_t *seq, struct err *e);

/* How a process ended; type 0: derived from code and signal. */
struct worker_end {
	struct exit exit;
	const char *message;
	uint64_t cpu_ms, max_rss;
	uint64_t cause;
};

/* The end of a process, as reported to its record. */
struct ended {
	uint64_t worker, seq; /* the event of the end */
	const struct exit *how;
	const char *message;
};

/* Records that it is gone and applies that to its record. A worker already gone stays as it is. */
int worker_exit(
    struct cluster *c, struct worker *worker, const struct worker_end *end, struct err *e);

/*
 * Ends a record's use of its process (0: none) and its lease (0: none). A supervised process is
 * told to stop (once) and keeps the lease until it is gone; any other counts as gone, and the lease
 * is released.
 */
struct dismissal {
	uint64_t worker, lease, grace_ms, cause;
};
int worker_dismiss(struct cluster *c, const struct dismissal *how, struct err *e);

/* Applies the end of a process to the record that it executed. */
enum end_reason worker_exit_reason(const struct exit *how);

/* For the kinds' may_start: fills in the node on which it must run. ERR_REFUSED: it is on
 * another. */
int worker_placed(struct worker *worker, uint64_t node, struct err *e);

/* How a process ended, "0", "3", "SIGKILL", in the arena; NULL: it has not ended. */
const char *worker_exit_cell(struct cluster *c, const struct exit *how);

/*
 * Why an actor or a task is not running, in the arena: how it ended, or the backoff (0: none) that
 * lasts until not_before_ms, or that it waits. `placed` is the answer if nothing of that holds.
 */
const char *worker_reason_cell(struct cluster *c, const struct ending *death,
    uint64_t not_before_ms, uint64_t backoff, bool waits, const char *placed);

/* The verbs of the kind (state/kind.h). */
void worker_derive(const struct kind *kind, const void *record, struct derived *to);
int worker_process(struct cluster *c, uint64_t id, struct lost_process *process, struct err *e);
int worker_orphaned(struct cluster *c, const struct lost_process *process, struct err *e);
kind_goes worker_node_ended, worker_job_ended;
bool worker_succeeded(const void *record);
int worker_computed(struct cluster *c, void *record, const struct computed *from, struct err *e);

#endif
