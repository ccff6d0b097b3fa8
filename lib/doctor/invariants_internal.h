/* invariants_internal: declarations shared by the files of check_invariants. */
#ifndef DOCTOR_INVARIANTS_INTERNAL_H
#define DOCTOR_INVARIANTS_INTERNAL_H

#include <stdbool.h>
#include "doctor/check_internal.h"
#include "doctor/invariants.h"
#include "state/kind.h"

/* The placement of a record: the same rules for all that is placed. */
struct demand;
struct place {
	const struct demand *demand; /* NULL: none */
	uint64_t node, lease;
};
int invariants_place(struct check *check, const struct kind *kind, const void *record,
    const struct place *has, struct err *e);

/* Leases against what they are granted from: nodes, and outer leases. */
int check_uses(struct check *check, struct err *e);

/* The queue, and the image of a transaction (NULL: none). */
struct image;
int check_waiting(struct check *check, struct err *e);
int check_image(struct check *check, struct image *remembered, struct err *e);

#endif
