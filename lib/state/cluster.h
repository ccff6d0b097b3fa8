/*
 * cluster: the cluster as one transaction sees it. Every rule of the cluster is a function over
 * this struct; none prints, sleeps, forks or reads another clock than the transaction's. Records
 * are changed by record_put alone (record.h).
 */
#ifndef STATE_CLUSTER_H
#define STATE_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct by;
struct err;
struct pulse;
struct txn;

/* Who makes a change, with what and why: kept once for each transaction. */
struct audit {
	struct by *by;
	const char *command;	/* "node drain" */
	const char *message;	/* NULL: none */
	const char *request_id; /* NULL: none */
};

struct cluster {
	struct txn *txn;
	struct arena *arena; /* everything handed out lives as long as this */
	struct arena *kept;  /* the same, or one that lives as long as the transaction */
	struct image *image; /* what is free where, made when asked for (image.h) */
	struct audit audit;
	struct pulse *pulse; /* where a registration leaves its first beat; NULL: not opened */
	bool dry_run;	     /* nothing may leave this transaction: no beats */
	uint64_t now_ms;     /* deadlines are judged by this */
	uint64_t time_ms;    /* of the events made here: never before the last one's */
	uint64_t first_seq, count;  /* of the events made here */
	uint64_t *freed, freed_seq; /* nodes that came to have more, and the event that began it */
	size_t freed_n;
	bool unblocked; /* something that starved is gone: nodes that were kept for it are free to
			   others */
	uint64_t unblocked_seq;
	uint64_t lessened_seq; /* event by which a node came to offer less: what starved for it may
				  keep nothing now; 0: none */
	uint64_t waits, waits_seq; /* ref of the record that began to wait, if it is the only one */
	size_t waits_n;		   /* how many began to wait */
	uint64_t *ended;	   /* jobs that ended and whose followers are still to be told */
	size_t ended_n;
	struct starving *starving; /* what has waited too long, oldest first (policy.h) */
	size_t starving_n;
	bool starving_known;
	bool guarded; /* --if-rev: what is changed directly must be at this rev */
	uint64_t guard_rev;
};

/*
 * Starts a turn over a transaction; reads what the settings say about flushing and quota if it
 * writes. ERR_STORE (quota). audit may be NULL for reading.
 */
int cluster_begin(struct cluster *c, struct txn *txn, const struct audit *audit, struct arena *a,
    struct arena *kept, struct err *e);

/* A node came to have more: by a lease that ended, or a change of its own. seq: the event. */
void cluster_freed(struct cluster *c, uint64_t node, uint64_t seq);

/* What starved does no longer: what was held up by it may fit anywhere. seq: the event. */
void cluster_unblocked(struct cluster *c, uint64_t seq);

/* Writes the transaction's row if there were events. */
int cluster_end(struct cluster *c, struct err *e);

#endif
