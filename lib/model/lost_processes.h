/*
 * lost_processes: processes that ended without a report. A caller that looks at the machine finds
 * them; a finding is acted on only if it still holds.
 */
#ifndef MODEL_LOST_PROCESSES_H
#define MODEL_LOST_PROCESSES_H

#include <stddef.h>
#include <stdint.h>

struct cluster;
struct err;

/*
 * Something that ends with a process: a supervised worker, or a task that waits for its submitter.
 */
struct lost_process {
	uint64_t ref, rev;
	uint64_t pid, started; /* of the process, with its boot id */
	const char *boot_id;
	const char *name; /* of a worker's files; NULL: the submitter of a task has none */
};

/* All of them, in the arena. */
int lost_processes_list(struct cluster *c, struct lost_process **v, size_t *n, struct err *e);

/* Ends a record whose process the caller has proven gone. Does nothing if the record has changed
 * since. */
int lost_processes_end(struct cluster *c, const struct lost_process *observed, struct err *e);

#endif
