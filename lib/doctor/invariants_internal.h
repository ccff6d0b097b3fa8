/* invariants_internal: what the files of check_invariants share. */
#ifndef DOCTOR_INVARIANTS_INTERNAL_H
#define DOCTOR_INVARIANTS_INTERNAL_H

#include <stdbool.h>
#include "doctor/check_internal.h"
#include "doctor/invariants.h"
#include "state/kind.h"

/* Where something is, and with what: the same rules for all that is placed. */
struct demand;
struct place {
	const struct demand *demand; /* NULL: none */
	uint64_t node, lease;
};
int invariants_place(struct check *check, const struct kind *kind, const void *record,
    const struct place *has, struct err *e);

/* Leases against what they are leases of: nodes, and leases that others are a part of. */
int check_uses(struct check *check, struct err *e);

/* What waits, and the image that a transaction remembers (NULL: none). */
struct image;
int check_waiting(struct check *check, struct err *e);
int check_image(struct check *check, struct image *remembered, struct err *e);

#endif
