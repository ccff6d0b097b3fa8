/* key: the tables of the store, and the construction of their keys. */
#ifndef STATE_KEY_H
#define STATE_KEY_H

#include <stddef.h>
#include <stdint.h>
#include "base/slice.h"
#include "store/txn.h"

/* The first byte of every key. Events describe primary rows; derived rows are functions of primary
 * rows. */
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
	TABLE_VALUE = 'v',	 /* values of kv, one per version: namespace NUL key, rev */
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
	TABLE_CAPACITY = 'u',	 /* derived: 'N' node or 'L' lease; columns: place/capacity.h */
	TABLE_ON_NODE = 'b',	 /* derived: node, kind, id */
	TABLE_LIVE = 'l',	 /* derived: kind, id of what ends with a process */
	TABLE_LEFT = 'y',	 /* work left over for the next transaction */
	TABLE_WAITING = 'w'	 /* derived: shape, priority, born, kind, id */
};

/* A key under construction: at most STORE_KEY_MAX bytes, longer keys are truncated (callers check
 * lengths first). */
struct key {
	unsigned char p[STORE_KEY_MAX];
	size_t n;
};
void key_byte(struct key *k, unsigned byte);
void key_u64(struct key *k, uint64_t value); /* 8 bytes, big-endian */
void key_add(struct key *k, struct slice bytes);
struct slice key_slice(const struct key *k);
uint64_t key_tail(struct slice key); /* the last 8 bytes as a number */

#endif
