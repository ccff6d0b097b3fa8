/*
 * kind: what kinds of records there are, in one table: where their rows are, which states they
 * have, which events tell of them, and what is derived from them. And how people name a record.
 */
#ifndef STATE_KIND_H
#define STATE_KIND_H

#include "rec/records.h"
#include "store/store.h"

struct cluster;
struct derived;

/* The first byte of every key. Primary rows are what events tell of; derived rows are functions of
 * primary rows. */
enum table {
	TABLE_NODE = 'N',	 /* primary: id */
	TABLE_KV = 'k',		 /* primary: namespace NUL key */
	TABLE_CONFIG = 'g',	 /* primary: key */
	TABLE_LEASE = 'L',	 /* primary: id */
	TABLE_ACTOR = 'A',	 /* primary: id */
	TABLE_PG = 'P',		 /* primary: id */
	TABLE_JOB = 'J',	 /* primary: id */
	TABLE_TASK = 'T',	 /* primary: id */
	TABLE_WORKER = 'W',	 /* primary: id */
	TABLE_LOCK = 'K',	 /* primary: id */
	TABLE_VALUE = 'v',	 /* values of kv, one for each version: namespace NUL key, rev */
	TABLE_EVENT = 'e',	 /* seq */
	TABLE_TXN = 't',	 /* seq of its first event */
	TABLE_REQUEST = 'q',	 /* request id */
	TABLE_REQUEST_AGE = 'Q', /* derived: time, request id */
	TABLE_HISTORY = 'h',	 /* derived: kind, key of the record, seq */
	TABLE_NAME = 'n',	 /* derived: kind, namespace NUL, name NUL, ended, id */
	TABLE_OWNER = 'o',	 /* derived: letter and id of the owner, kind, key */
	TABLE_DUE = 'd',	 /* derived: time, kind, key */
	TABLE_ENDED = 'x',	 /* derived: kind, time of its end, id */
	TABLE_SUM = 's',	 /* derived: kind, state; value: how many, 8 bytes */
	TABLE_OFFER = 'u',   /* derived: 'N' node or 'L' lease; value: columns (place/offer.h) */
	TABLE_ON_NODE = 'b', /* derived: node, kind, id */
	TABLE_LIVE = 'l',    /* derived: kind, id of what only a look at the machine can see end */
	TABLE_LEFT = 'y',    /* what a transaction left over for the next one */
	TABLE_WAITING = 'w'  /* derived: shape, priority, born, kind, id */
};

struct state_rule {
	unsigned state;
	unsigned from; /* bit N set: state N may become this one; bit 0: may be created so */
	bool ended;
	unsigned event; /* type of the event that tells of it */
};

struct kind {
	unsigned number;    /* enum kind_number; also the kind's byte in derived keys */
	char letter;	    /* of its ids; 0: it has a key instead */
	const char *name;   /* "node" */
	const char *plural; /* "nodes" */
	const struct rec *rec;
	unsigned char table;
	const struct state_rule *states; /* NULL: none; ended by state 0 */
	unsigned updated;		 /* event of any other change */
	unsigned removed;		 /* event of the record's removal */
	void (*derive)(const struct kind *kind, const void *record, struct derived *to);
	/* Told of each change (old, new: NULL if it was not or is not there); NULL: nobody is. */
	void (*follow)(
	    struct cluster *c, const struct kind *kind, const void *old, const void *new);
	/* Of one that has ended: was it a success? NULL: its kind knows no such thing. */
	bool (*succeeded)(const void *record);
};

extern const struct kind kinds[]; /* ended by number 0; in lib/cluster, which knows the rules */

const struct kind *kind_of(unsigned number);
const struct kind *kind_letter(char letter);
const struct kind *kind_named(const char *name); /* NULL: none */

const struct state_rule *kind_state(const struct kind *kind, unsigned state);
bool record_ended(const struct kind *kind, const void *record);

/* The members every kind may have, 0 or NULL where a kind lacks them. */
uint64_t record_number(const struct kind *kind, const void *record);
uint64_t record_rev(const struct kind *kind, const void *record);
unsigned record_state(const struct kind *kind, const void *record);
const char *record_text(const struct kind *kind, const void *record, const char *field);
void record_set(const struct kind *kind, void *record, uint32_t field_number, uint64_t value);

/* A key under construction: at most STORE_KEY_MAX bytes, what is longer is cut (callers check
 * lengths before). */
struct key {
	unsigned char p[STORE_KEY_MAX];
	size_t n;
};
void key_byte(struct key *k, unsigned byte);
void key_u64(struct key *k, uint64_t value); /* 8 bytes, big-endian */
void key_add(struct key *k, struct slice bytes);
struct slice key_slice(const struct key *k);
uint64_t key_tail(struct slice key); /* the last 8 bytes as a number */

/* The primary key of a record. */
void record_key(const struct kind *kind, const void *record, struct key *key);
/* What people call it: "n3", "default/KEY", a setting's name; its id if it has no name. In the
 * arena. */
const char *record_label(const struct kind *kind, const void *record, struct arena *a);

/*
 * Finds what `text` means: an id, NAME, KIND/NAME, kv/NAMESPACE/KEY, @self (self: a record's text
 * or NULL). A name means its living holder, else the latest that ended. `only`: a kind, or NULL for
 * any. 1 with kind and record (in the arena), or -1: ERR_NO "no node matches 'x'", ERR_USAGE where
 * the text cannot name a record.
 */
struct found {
	const struct kind *kind;
	void *record;
};
int record_find(struct cluster *c, const struct kind *only, const char *text, const char *self,
    struct found *found, struct err *e);

/* The same where only this kind will do: the record, or NULL. */
void *record_named(
    struct cluster *c, enum kind_number kind, const char *text, const char *self, struct err *e);

/* The living holder of a name: its id, 0 if it is free. */
int record_holder(struct cluster *c, const struct kind *kind, const char *namespace,
    const char *name, uint64_t *id, struct err *e);

/*
 * The same for those who ask the history: also finds what is not there now, an id that was given
 * out and kv/NAMESPACE/KEY. 0, or -1 as above.
 */
struct located {
	const struct kind *kind;
	struct key key;
};
int record_locate(
    struct cluster *c, const char *text, const char *self, struct located *located, struct err *e);

/*
 * What a text will mean, also while there is nothing of that name: a kind and a key where they
 * follow from the text (an id, kv/NAMESPACE/KEY), else a name of one kind or (kind NULL) of any
 * that has names. ERR_USAGE if nothing can ever be called so, ERR_NO (@self).
 */
struct expected {
	const struct kind *kind;
	const char *name;
	struct key key; /* n 0: known by name */
};
int record_expect(struct cluster *c, const char *text, const char *self, struct expected *expected,
    struct err *e);
/* True if it is an id that was given out: what bears it never comes again. */
bool expected_given_out(const struct cluster *c, const struct expected *expected);
/* True if the event tells of what is meant. */
bool expected_is(const struct expected *expected, const struct event *event);

/* Rows that follow from a record. */
void derive_row(struct derived *to, unsigned char table, const struct key *key);
void derive_sum(struct derived *to, unsigned char table, const struct key *key, int64_t amount);
void derive_column(struct derived *to, unsigned char table, const struct key *key,
    struct slice column, int64_t amount);

/* The rows that several kinds have alike. 0 and NULL: none. */
void derive_name(struct derived *to, const struct kind *kind, const char *namespace,
    const char *name, bool ended, uint64_t id);
void derive_ended(struct derived *to, const struct kind *kind, uint64_t end_ms, uint64_t id);
void derive_due(struct derived *to, const struct kind *kind, uint64_t due_ms, struct slice entry);
void derive_count(struct derived *to, const struct kind *kind, unsigned state);
void derive_owned(struct derived *to, const struct kind *kind, uint64_t owner, struct slice entry);
void derive_on_node(struct derived *to, const struct kind *kind, uint64_t node, uint64_t id);
void derive_live(struct derived *to, const struct kind *kind, uint64_t id);

struct derived_row {
	unsigned char table;
	struct slice key;
	int64_t amount;	     /* of a sum; 0: a row without value */
	struct slice column; /* the row has many sums, and this is the name of one; empty: it has
				one */
};
struct derived {
	struct arena *arena;
	struct derived_row *v; /* grows in the arena */
	size_t n, size;
};

#endif
