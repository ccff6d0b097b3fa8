/* worker: a process that executes a task or an actor, is the driver of a job, or holds a lock. */
#ifndef MODEL_WORKER_H
#define MODEL_WORKER_H

#include <stdint.h>
#include "rec/records.h"
#include "state/kind.h"

#define GRACE_MS 10000 /* between SIGTERM and SIGKILL, where nothing else was said */

/*
 * Says that a process was started for wanted->record (a ref; a job means its driver) and fills
 * *wanted: the task becomes RUNNING, an actor that is ready_on_start ALIVE. ERR_REFUSED: the record
 * has ended, has no resources yet, runs already, or is on another node than wanted->node.
 */
int worker_start(struct cluster *c, struct worker *wanted, struct err *e);

/*
 * Says that a process runs which executes no record, and fills *wanted. wanted->record: the lock
 * that it holds, or 0; nothing happens to it but what lock.h says. *seq: the event.
 */
int worker_run(struct cluster *c, struct worker *wanted, uint64_t *seq, struct err *e);

/* How a process ended, as its type follows from code and signal (type 0). */
struct worker_end {
	struct exit exit;
	const char *message;
	uint64_t cpu_ms, max_rss;
	uint64_t cause;
};

/* What the record of a process learns of its end. */
struct ended {
	uint64_t worker, seq; /* the event that tells of it */
	const struct exit *how;
	const char *message;
};

/* Says that it is gone, and what becomes of its record. One that is gone stays as it is. */
int worker_exit(
    struct cluster *c, struct worker *worker, const struct worker_end *end, struct err *e);

/*
 * A record has done with its process (0: it has none) and its lease (0). If a supervisor watches
 * the process, it is told to stop (once), and keeps the lease until it is gone; else it counts as
 * gone, and the lease is released.
 */
struct dismissal {
	uint64_t worker, lease, grace_ms, cause;
};
int worker_dismiss(struct cluster *c, const struct dismissal *how, struct err *e);

/* What the end of a process makes of the record that it executed. */
enum end_reason worker_exit_reason(const struct exit *how);

/* For the kinds' may_start: fills in the node where it is to run. ERR_REFUSED: it is on another. */
int worker_placed(struct worker *worker, uint64_t node, struct err *e);

/* "0", "3", "SIGKILL": how a process ended, in the arena; NULL: it has not. */
const char *worker_exit_cell(struct cluster *c, const struct exit *how);

/* The verbs of the kind (state/kind.h). */
void worker_derive(const struct kind *kind, const void *record, struct derived *to);
int worker_process(struct cluster *c, uint64_t id, struct lost_process *process, struct err *e);
int worker_orphaned(struct cluster *c, const struct lost_process *process, struct err *e);
kind_goes worker_node_ended, worker_job_ended;
bool worker_succeeded(const void *record);
int worker_computed(struct cluster *c, void *record, const struct computed *from, struct err *e);

#endif
