/*
 * kind: what kinds of records there are, in one table: where their rows are, which states they
 * have, which events tell of them, and what is derived from them; and the members they have alike.
 */
#ifndef STATE_KIND_H
#define STATE_KIND_H

#include "rec/records.h"

struct arena;
struct cluster;
struct derived;
struct key;

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

/* The primary key of a record. */
void record_key(const struct kind *kind, const void *record, struct key *key);
/* What people call it: "n3", "default/KEY", a setting's name; its id if it has no name. In the
 * arena. */
const char *record_label(const struct kind *kind, const void *record, struct arena *a);

#endif
