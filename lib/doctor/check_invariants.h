/* check_invariants: does the state keep the rules of the cluster? For `gcs doctor`; the model is in
 * gcs-model(7). */
#ifndef DOCTOR_CHECK_INVARIANTS_H
#define DOCTOR_CHECK_INVARIANTS_H

struct check;
struct err;

/*
 * Every record is in a state of its kind and agrees with what it refers to; living records refer to
 * living ones; ended ones hold nothing; names are unique among the living; leases do not exceed
 * what they are leases of; and nothing waits that would fit now. Looks at the rows alone, never at
 * what the transaction remembers; but if it remembers an image, that is compared with the rows too.
 * What is derived is taken as it stands: check_derived (state/check.h) says whether it is right.
 */
int check_invariants(struct check *check, struct err *e);

#endif
