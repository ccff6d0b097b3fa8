/*
 * cluster: the cluster as one transaction sees it. Every rule of the cluster is a function over
 * this struct; none prints, sleeps, forks or reads any clock but the transaction's. Only record_put
 * (record.h) changes records.
 */
#ifndef STATE_CLUSTER_H
#define STATE_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct by;
struct err;
struct kinds;
struct pulse;
struct txn;

/* The author, command and reason of a change: stored once per transaction. */
struct audit {
	struct by *by;
	const char *command;	/* "node drain" */
	const char *message;	/* NULL: none */
	const char *request_id; /* NULL: none */
};

struct cluster {
	const struct kinds *kinds; /* all kinds (state/kind.h) */
	struct txn *txn;
	struct arena *arena; /* everything returned lives as long as this */
	struct arena *kept;  /* the same, or an arena that lives as long as the transaction */
	struct audit audit;
	struct pulse *pulse; /* receives the first beat of a registration; NULL: not opened */
	bool dry_run;	     /* no effects outside this transaction: no beats */
	uint64_t now_ms;     /* deadlines are compared with this */
	uint64_t time_ms;    /* of the events made here: never earlier than the last event's */
	uint64_t first_seq, count; /* of the events made here */

	/* Created by their rooms on first use; NULL: not yet. */
	struct image *image;	  /* free resources per node (place/image.h) */
	struct sched *sched;	  /* state of the scheduler (lib/sched) */
	struct ended_jobs *ended; /* jobs whose followers must be notified (model/after.c) */

	bool guarded; /* --if-rev: records changed directly must be at this rev */
	uint64_t guard_rev;
};

/*
 * Initialises c for a transaction: the caller sets kinds, txn, arena, kept and audit (all 0 for
 * reading), all else is 0; fills in the times. A write transaction also reads the flush and quota
 * settings.
 */
int cluster_begin(struct cluster *c, struct err *e);

/* Writes the transaction's row if it made events. */
int cluster_end(struct cluster *c, struct err *e);

#endif
