/* derive: the rows that follow from a record, gathered by its kind's `derive`. */
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
	int64_t amount;	     /* of a sum; 0: a row without value */
	struct slice column; /* the row has many sums, and this is the name of one; empty: it has
				one */
};
struct derived {
	struct arena *arena;
	struct derived_row *v; /* grows in the arena */
	size_t n;
};

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

#endif
