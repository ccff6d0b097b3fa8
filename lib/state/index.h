/* index: the records listed by a derived index. */
#ifndef STATE_INDEX_H
#define STATE_INDEX_H

#include <stdint.h>

struct cluster;
struct err;
struct key;
struct kind;

/*
 * Calls visit for each record of a kind that is owned by a record (ref). The list is read before
 * the first visit, so visit may change records and may end later ones; it returns -1 to stop with
 * an error. A row without a record is skipped.
 */
typedef int record_visit(struct cluster *c, void *record, void *argument, struct err *e);
int index_owned(struct cluster *c, const struct kind *kind, uint64_t owner, record_visit *visit,
    void *argument, struct err *e);
/* The same for records on a node; for records with a name (NULL: any), of kinds without
 * namespaces. */
int index_on_node(struct cluster *c, const struct kind *kind, uint64_t node, record_visit *visit,
    void *argument, struct err *e);
int index_named(struct cluster *c, const struct kind *kind, const char *name, record_visit *visit,
    void *argument, struct err *e);

/* The one with the next number after this one (0: the first): 1, 0, -1. */
int index_on_node_next(struct cluster *c, const struct kind *kind, uint64_t node, uint64_t after,
    void *record, struct err *e);
/* The number of records on a node. */
int index_on_node_count(
    struct cluster *c, const struct kind *kind, uint64_t node, uint64_t *n, struct err *e);

#endif
