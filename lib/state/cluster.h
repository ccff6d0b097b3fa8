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
struct kinds;
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
	const struct kinds *kinds; /* all there are (state/kind.h) */
	struct txn *txn;
	struct arena *arena; /* everything handed out lives as long as this */
	struct arena *kept;  /* the same, or one that lives as long as the transaction */
	struct audit audit;
	struct pulse *pulse; /* where a registration leaves its first beat; NULL: not opened */
	bool dry_run;	     /* nothing may leave this transaction: no beats */
	uint64_t now_ms;     /* deadlines are judged by this */
	uint64_t time_ms;    /* of the events made here: never before the last one's */
	uint64_t first_seq, count; /* of the events made here */

	/* Made by their rooms when first asked for; NULL: not yet. */
	struct image *image;	  /* what is free where (place/image.h) */
	struct sched *sched;	  /* what placing remembers (lib/sched) */
	struct ended_jobs *ended; /* whose followers are to be told (model/after.c) */

	bool guarded; /* --if-rev: what is changed directly must be at this rev */
	uint64_t guard_rev;
};

/*
 * Starts a turn over a transaction: kinds, txn, arena, kept and audit (all 0 for reading) are given,
 * all else is 0; the times are filled in. Reads what the settings say about flushing and quota if it
 * writes.
 */
int cluster_begin(struct cluster *c, struct err *e);

/* Writes the transaction's row if there were events. */
int cluster_end(struct cluster *c, struct err *e);

#endif
