/* invariants: the invariants of each kind of record. A verb of the kinds (state/kind.h). */
#ifndef DOCTOR_INVARIANTS_H
#define DOCTOR_INVARIANTS_H

struct check;
struct err;
struct kind;

/* Reports each rule that a well-formed record breaks. */
typedef int invariants(
    struct check *check, const struct kind *kind, const void *record, struct err *e);
invariants invariants_node, invariants_lease, invariants_actor, invariants_pg, invariants_job,
    invariants_task, invariants_worker;

#endif
