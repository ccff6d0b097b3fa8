/* resolve: finds the record, or the history, that a text names. */
#ifndef STATE_RESOLVE_H
#define STATE_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>
#include "rec/enums.h"
#include "state/key.h"

struct cluster;
struct err;
struct event;
struct kind;
struct kinds;

/*
 * Finds what `text` means: an id, NAME, KIND/NAME, kv/NAMESPACE/KEY, @self (self: a record's text
 * or NULL). A name means its live holder, else the latest ended one. `only`: a kind, or NULL for
 * any. 1 with kind and record (in the arena), or -1: ERR_NO "no node matches 'x'", ERR_USAGE where
 * the text is not a valid name.
 */
struct found {
	const struct kind *kind;
	void *record;
};
int resolve_any(struct cluster *c, const struct kind *only, const char *text, const char *self,
    struct found *found, struct err *e);

/* The same for one kind only: the record, or NULL. */
void *resolve_kind(
    struct cluster *c, enum kind_number kind, const char *text, const char *self, struct err *e);

/* The id of the live holder of a name, 0 if the name is free. */
int resolve_holder(struct cluster *c, const struct kind *kind, const char *namespace,
    const char *name, uint64_t *id, struct err *e);

/*
 * The same for queries of the history: also finds what no longer exists, an id already assigned and
 * kv/NAMESPACE/KEY. 0, or -1 as above.
 */
struct located {
	const struct kind *kind;
	struct key key;
};
int resolve_located(
    struct cluster *c, const char *text, const char *self, struct located *located, struct err *e);

/*
 * What a text means even if nothing has that name yet: a kind and a key where they follow from the
 * text (an id, kv/NAMESPACE/KEY), else a name of one kind or (kind NULL) of any kind with names.
 * ERR_USAGE if it is not a valid name, ERR_NO (@self).
 */
struct expected {
	const struct kind *kind;
	const char *name;
	struct key key; /* n 0: known by name */
};
int resolve_expected(struct cluster *c, const char *text, const char *self,
    struct expected *expected, struct err *e);
/* True if it is an id already assigned: ids are never reused. */
bool resolve_given_out(const struct cluster *c, const struct expected *expected);
/* True if the event is about the target. */
bool resolve_is(
    const struct kinds *kinds, const struct expected *expected, const struct event *event);

#endif
