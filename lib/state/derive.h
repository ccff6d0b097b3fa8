/* derive: the derived rows of a record, collected by its kind's `derive`. */
#ifndef STATE_DERIVE_H
#define STATE_DERIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/slice.h"
#include "state/key.h"

struct arena;
struct kind;

struct derived_row {
	unsigned char table;
	struct slice key;
	int64_t amount;	     /* added to a sum; 0: a row without value */
	struct slice column; /* name of one of the row's sums; empty: it has only one */
};
struct derived {
	struct arena *arena;
	struct derived_row *v; /* grows in the arena */
	size_t n;
};

/* The derived rows of a record. */
void derive_row(struct derived *to, unsigned char table, const struct key *key);
void derive_sum(struct derived *to, unsigned char table, const struct key *key, int64_t amount);
void derive_column(struct derived *to, unsigned char table, const struct key *key,
    struct slice column, int64_t amount);

/* The derived rows common to several kinds. 0 and NULL: none. */
void derive_name(struct derived *to, const struct kind *kind, const char *namespace,
    const char *name, bool ended, uint64_t id);
void derive_ended(struct derived *to, const struct kind *kind, uint64_t end_ms, uint64_t id);
void derive_due(struct derived *to, const struct kind *kind, uint64_t due_ms, struct slice entry);
void derive_count(struct derived *to, const struct kind *kind, unsigned state);
void derive_owned(struct derived *to, const struct kind *kind, uint64_t owner, struct slice entry);
void derive_on_node(struct derived *to, const struct kind *kind, uint64_t node, uint64_t id);
void derive_live(struct derived *to, const struct kind *kind, uint64_t id);

#endif
