/*
 * kind: the table of record kinds: where their rows are, their states, their events and their
 * derived rows; and the members they share.
 */
#ifndef STATE_KIND_H
#define STATE_KIND_H

#include "rec/records.h"

struct among;
struct arena;
struct asking;
struct cascade;
struct check;
struct cluster;
struct computed;
struct derived;
struct ended;
struct err;
struct event;
struct key;
struct lost_process;
struct waiter;
struct worker;

struct state_rule {
	unsigned state;
	unsigned from; /* bit N set: state N may change to this one; bit 0: may be created in it */
	bool ended;
	unsigned event; /* type of the event of this change */
};

/* What ended, for a cascade. */
enum cascade_cause {
	CASCADE_NODE,  /* the node it was on */
	CASCADE_JOB,   /* the job it belonged to */
	CASCADE_GROUP, /* the placement group it ran in */
	CASCADE_OWNER, /* any record that owned it: runs last, also after the others */
	CASCADE_CAUSES
};

typedef int kind_goes(struct cluster *c, void *record, struct cascade *cascade, struct err *e);

/*
 * A kind of record and its verbs. NULL: the kind lacks that verb. `record` is always a struct of
 * the kind, `key` its primary key.
 */
struct kind {
	unsigned number;    /* enum kind_number; also the kind's byte in derived keys */
	char letter;	    /* letter of its ids; 0: it has a key instead */
	const char *name;   /* "node" */
	const char *plural; /* "nodes" */
	const struct rec *rec;
	unsigned char table;
	unsigned keep;			 /* enum setting: how many ended records are kept */
	const struct state_rule *states; /* nstates entries; 0: it has no states */
	size_t nstates;
	unsigned updated; /* event of any other change */
	unsigned removed; /* event of the record's removal */
	bool beats;	  /* its records beat, by id (store/pulse.h) */

	/* The derived rows. */
	void (*derive)(const struct kind *kind, const void *record, struct derived *to);
	/* Called for each change (old, new: NULL if it did not or does not exist). */
	int (*follow)(struct cluster *c, const struct kind *kind, const void *old, const void *new,
	    struct err *e);

	/* If queued for placement: its demand and since when it waits. */
	void (*waiter)(const void *record, struct waiter *to);
	/* Places a queued record on one of these nodes (v NULL: any): 1, 0 if it fits
	 * nowhere, -1. */
	int (*place)(struct cluster *c, void *record, const struct among *nodes, uint64_t cause,
	    struct err *e);
	/* Whether place would succeed: 1, 0 or -1. Changes nothing. */
	int (*fits)(struct cluster *c, const void *record, struct err *e);
	/* The nodes that could serve a starving record, in c->kept; NULL: its demand decides. */
	int (*could_have)(struct cluster *c, const void *record, const uint64_t **nodes, size_t *n,
	    struct err *e);

	/* Its row in TABLE_DUE is due; the deadline may no longer apply. */
	int (*due)(struct cluster *c, struct slice key, struct err *e);
	/* It still exists but has expired: readers do not see it. */
	bool (*expired)(const struct cluster *c, const void *record);

	/* The record (ref) that executes it; NULL or 0: a process executes it directly. */
	uint64_t (*executor)(const void *record);
	/* Checks that a process may be started for it and fills in worker->node. ERR_REFUSED. */
	int (*may_start)(
	    struct cluster *c, const void *record, struct worker *worker, struct err *e);
	/* It was started (seq: the event). */
	int (*started)(struct cluster *c, void *record, const struct worker *worker, uint64_t seq,
	    struct err *e);
	/* One of its tasks was started (cause: the event), was requeued, has ended. */
	int (*task_started)(
	    struct cluster *c, const struct task *task, uint64_t cause, struct err *e);
	int (*task_again)(
	    struct cluster *c, const struct task *task, uint64_t cause, struct err *e);
	int (*task_ended)(
	    struct cluster *c, const struct task *task, uint64_t cause, struct err *e);
	/* Its process has ended. */
	int (*worker_ended)(
	    struct cluster *c, void *record, const struct ended *ended, struct err *e);
	/*
	 * The process whose end ends it (its row is in TABLE_LIVE), and the action when that
	 * process is gone.
	 */
	int (*process)(struct cluster *c, uint64_t id, struct lost_process *process, struct err *e);
	int (*orphaned)(struct cluster *c, const struct lost_process *process, struct err *e);

	/* Called when something ended, and its turn among the kinds (1 first; 0: never called). */
	struct {
		unsigned turn;
		kind_goes *go;
	} with[CASCADE_CAUSES];
	/* Leases that it owned, or that were on it, are gone. */
	int (*bereft)(struct cluster *c, uint64_t id, uint64_t cause, struct err *e);
	/* Whether it may be moved when its node is drained; NULL: it stays. */
	bool (*may_move)(const void *record);

	/* Whether it is empty: 1, 0 or -1. */
	int (*empty)(struct cluster *c, const void *record, struct err *e);
	/* Sets labels, or removes those whose value is NULL; NULL: record_put is enough. */
	int (*label)(struct cluster *c, void *record, const struct labels *labels, struct err *e);

	/* Whether an ended record succeeded. */
	bool (*succeeded)(const void *record);
	/* Fills the computed fields. */
	int (*computed)(
	    struct cluster *c, void *record, const struct computed *from, struct err *e);
	/* Restores a record that undo read from the history; NULL: record_put is enough. */
	int (*restore)(struct cluster *c, void *record, struct err *e);
	/* What the history stores beside its events: the key of a row in TABLE_VALUE (n 0: nothing)
	 * and its checksum (0: unknown). */
	int (*kept)(const struct kind *kind, const struct event *event, struct key *key,
	    uint64_t *crc, struct arena *a, struct err *e);

	/* Its invariants (doctor/invariants.h); why it waits (why/why.h). */
	int (*invariants)(
	    struct check *check, const struct kind *kind, const void *record, struct err *e);
	int (*why)(struct asking *ask, const void *record, struct err *e);
};

/* A table of n kinds. The table of all kinds is in lib/kinds, which knows the rules, and is passed
 * in by the caller (struct cluster, `kinds`). */
struct kinds {
	const struct kind *v;
	size_t n;
};

/* NULL: there is none. */
const struct kind *kind_of(const struct kinds *kinds, unsigned number);
const struct kind *kind_letter(const struct kinds *kinds, char letter);
const struct kind *kind_named(const struct kinds *kinds, const char *name);

const struct state_rule *kind_state(const struct kind *kind, unsigned state);
bool record_ended(const struct kind *kind, const void *record);

/* Members any kind may have; 0 or NULL where a kind lacks them. */
uint64_t record_number(const struct kind *kind, const void *record);
uint64_t record_rev(const struct kind *kind, const void *record);
unsigned record_state(const struct kind *kind, const void *record);
const char *record_text(const struct kind *kind, const void *record, const char *field);
void record_set(const struct kind *kind, void *record, uint32_t field_number, uint64_t value);

/* The primary key of a record. */
void record_key(const struct kind *kind, const void *record, struct key *key);
/* Its display name: "n3", "default/KEY", a setting's name; its id if it has no name. In the
 * arena. */
const char *record_label(const struct kind *kind, const void *record, struct arena *a);

#endif
