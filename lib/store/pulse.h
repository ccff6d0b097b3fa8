/*
 * pulse: heartbeats, in a flat file of 128-byte slots, each with a checksum, indexed by node
 * number. A beat is one pwrite: no lock, no flush, no wait. Beats of another boot id do not count.
 * Slot 0 keeps the last look. Times are CLOCK_BOOTTIME in milliseconds, or the given clock of a
 * store that has one.
 */
#ifndef STORE_PULSE_H
#define STORE_PULSE_H

#include <stdbool.h>
#include <stdint.h>
#include "store/store.h"

struct pulse; /* the open file and this machine's boot id */

#define PULSE_SLOT 128

struct beat {
	uint64_t beat_ms;  /* 0: none in this boot */
	uint64_t load;	   /* scaled by 10000, 0 if not given */
	uint64_t free_mem; /* bytes, 0 if not given */
};

/* Opens the file of a store. The caller owns it until pulse_close. */
int pulse_open(struct pulse **pulse, struct store *store, struct arena *a, struct err *e);
void pulse_close(struct pulse *pulse);

uint64_t pulse_now(const struct pulse *pulse); /* the clock with which beats are compared */
struct store_id pulse_boot(const struct pulse *pulse);

int pulse_beat(
    struct pulse *pulse, uint64_t number, uint64_t load, uint64_t free_mem, struct err *e);

/*
 * Reads the beats of numbers first … first + n - 1; beat_ms is 0 for slots that are missing, torn
 * or of another boot.
 */
int pulse_read(struct pulse *pulse, uint64_t first, uint64_t n, struct beat *beats, struct err *e);

/*
 * One look of a monitor, recorded in slot 0. A node that never beat in this boot counts from
 * first_ms (the first look after boot); grace_ms is when the machine last woke from a sleep longer
 * than period_ms (0: never): no beat counts as older.
 */
struct look {
	uint64_t now_ms, first_ms, grace_ms;
	uint64_t last_ms; /* of the look before this one, 0: none */
};
int pulse_look(struct pulse *pulse, uint64_t period_ms, struct look *look, struct err *e);
/* The record of the last look, without a new one: all 0 if there was none in this boot. */
int pulse_last_look(struct pulse *pulse, struct look *look, struct err *e);

#endif
