/*
 * kind: what kinds of records there are, in one table: where their rows are, which states they
 * have, which events tell of them, and what is derived from them; and the members they have alike.
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
	unsigned from; /* bit N set: state N may become this one; bit 0: may be created so */
	bool ended;
	unsigned event; /* type of the event that tells of it */
};

/* What ended when something else goes with it. */
enum cascade_cause {
	CASCADE_NODE,  /* the node it was on */
	CASCADE_JOB,   /* the job it belonged to */
	CASCADE_GROUP, /* the placement group it ran in */
	CASCADE_OWNER, /* any record that owned it: comes last, also after the others */
	CASCADE_CAUSES
};

typedef int kind_goes(struct cluster *c, void *record, struct cascade *cascade, struct err *e);

/*
 * A kind of record: what it is, and its verbs. NULL: the kind does not do that. `record` is always
 * a struct of the kind, `key` its primary key.
 */
struct kind {
	unsigned number;    /* enum kind_number; also the kind's byte in derived keys */
	char letter;	    /* of its ids; 0: it has a key instead */
	const char *name;   /* "node" */
	const char *plural; /* "nodes" */
	const struct rec *rec;
	unsigned char table;
	unsigned keep;			 /* enum setting: how many ended ones are remembered */
	const struct state_rule *states; /* nstates of them; 0: it has no states */
	size_t nstates;
	unsigned updated; /* event of any other change */
	unsigned removed; /* event of the record's removal */
	bool beats;	  /* its records beat, by id (store/pulse.h) */

	/* The rows that follow from it. */
	void (*derive)(const struct kind *kind, const void *record, struct derived *to);
	/* Told of each change (old, new: NULL if it was not or is not there). */
	int (*follow)(struct cluster *c, const struct kind *kind, const void *old, const void *new,
	    struct err *e);

	/* Waiting for a place: what it waits for and since when. */
	void (*waiter)(const void *record, struct waiter *to);
	/* Places one that waits, on these nodes (v NULL: on any): 1, 0 if it fits nowhere, -1. */
	int (*place)(struct cluster *c, void *record, const struct among *nodes, uint64_t cause,
	    struct err *e);
	/* Whether place would: 1, 0 or -1. Changes nothing. */
	int (*fits)(struct cluster *c, const void *record, struct err *e);
	/* The nodes that could serve one that starves, in c->kept; NULL: its demand says so. */
	int (*could_have)(struct cluster *c, const void *record, const uint64_t **nodes, size_t *n,
	    struct err *e);

	/* Its time has come, as its row in TABLE_DUE says; it may have come and gone. */
	int (*due)(struct cluster *c, struct slice key, struct err *e);
	/* It is there still, but its time is over: to readers it is gone. */
	bool (*expired)(const struct cluster *c, const void *record);

	/* What executes it in its stead (ref); NULL or 0: a process does so directly. */
	uint64_t (*executor)(const void *record);
	/* A process is to be started for it: ERR_REFUSED, or worker->node is filled in. */
	int (*may_start)(
	    struct cluster *c, const void *record, struct worker *worker, struct err *e);
	/* It was started (seq: that event). */
	int (*started)(struct cluster *c, void *record, const struct worker *worker, uint64_t seq,
	    struct err *e);
	/* One of its tasks was started (cause: that event), goes back to the queue, has ended. */
	int (*task_started)(
	    struct cluster *c, const struct task *task, uint64_t cause, struct err *e);
	int (*task_again)(
	    struct cluster *c, const struct task *task, uint64_t cause, struct err *e);
	int (*task_ended)(
	    struct cluster *c, const struct task *task, uint64_t cause, struct err *e);
	/* That process has ended. */
	int (*worker_ended)(
	    struct cluster *c, void *record, const struct ended *ended, struct err *e);
	/*
	 * The process with which it ends (its row is in TABLE_LIVE), and what to do when that is
	 * gone.
	 */
	int (*process)(struct cluster *c, uint64_t id, struct lost_process *process, struct err *e);
	int (*orphaned)(struct cluster *c, const struct lost_process *process, struct err *e);

	/* What it does when something ended, and its turn among the kinds (1 first; 0: nothing). */
	struct {
		unsigned turn;
		kind_goes *go;
	} with[CASCADE_CAUSES];
	/* Leases that it had, or that were on it, are gone. */
	int (*bereft)(struct cluster *c, uint64_t id, uint64_t cause, struct err *e);
	/* Whether it may be started elsewhere because its node is being drained; NULL: it stays. */
	bool (*may_move)(const void *record);

	/* Whether nothing is on it: 1, 0 or -1. */
	int (*empty)(struct cluster *c, const void *record, struct err *e);
	/* Sets labels, or removes those whose value is NULL; NULL: record_put will do. */
	int (*label)(struct cluster *c, void *record, const struct labels *labels, struct err *e);

	/* Of one that has ended: was it a success? */
	bool (*succeeded)(const void *record);
	/* Fills the computed fields. */
	int (*computed)(
	    struct cluster *c, void *record, const struct computed *from, struct err *e);
	/* Puts back what undo took from the history; NULL: record_put will do. */
	int (*restore)(struct cluster *c, void *record, struct err *e);
	/* What the history keeps beside an event of it: the key of a row in TABLE_VALUE (n 0: nothing)
	 * and its checksum (0: not known). */
	int (*kept)(const struct kind *kind, const struct event *event, struct key *key,
	    uint64_t *crc, struct arena *a, struct err *e);

	/* What must hold of it (doctor/invariants.h); why it waits (why/why.h). */
	int (*invariants)(
	    struct check *check, const struct kind *kind, const void *record, struct err *e);
	int (*why)(struct asking *ask, const void *record, struct err *e);
};

/* A table of kinds: n of them. That of all is in lib/kinds, which knows the rules, and is passed in
 * from above (struct cluster, `kinds`). */
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

/* The members every kind may have, 0 or NULL where a kind lacks them. */
uint64_t record_number(const struct kind *kind, const void *record);
uint64_t record_rev(const struct kind *kind, const void *record);
unsigned record_state(const struct kind *kind, const void *record);
const char *record_text(const struct kind *kind, const void *record, const char *field);
void record_set(const struct kind *kind, void *record, uint32_t field_number, uint64_t value);

/* The primary key of a record. */
void record_key(const struct kind *kind, const void *record, struct key *key);
/* What people call it: "n3", "default/KEY", a setting's name; its id if it has no name. In the
 * arena. */
const char *record_label(const struct kind *kind, const void *record, struct arena *a);

#endif
