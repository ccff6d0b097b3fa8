/* check: verifies that the state obeys the rules. For `gcs doctor`. */
#ifndef DOCTOR_CHECK_H
#define DOCTOR_CHECK_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct cluster;
struct err;

/* Called for each problem as it is found. */
typedef void check_report(void *argument, const char *text);

struct check {
	struct cluster *c;
	struct arena *kept; /* lives as long as the transaction; not the cluster's arena */
	check_report *report;
	void *argument;
	uint64_t problems;
	uint64_t rows, events; /* number of items checked */
};

/* Every row's checksum. Damage is reported, not an error. */
int check_rows(struct check *check, struct err *e);

/*
 * Checks derived rows against those rebuilt from the primary rows, and keys of records against
 * their rows.
 */
int check_derived(struct check *check, struct err *e);

/* Repeatable requests and their index. */
int check_requests(struct check *check, struct err *e);

/* The log: no gap, every event in a transaction and in the history of its record with the value it
 * replaced, rev of every record in the log. */
int check_log(struct check *check, struct err *e);

/* Values of kv: present, with the recorded length and checksum, and none unreferenced. */
int check_values(struct check *check, struct err *e);

/* Folding the log back to the horizon (to an empty state if nothing was deleted) and forward again
 * must give the existing rows. */
int check_fold(struct check *check, struct err *e);

#endif
