/* check_invariants: verifies the invariants of the cluster. For `gcs doctor`; the model is in
 * gcs-model(7). */
#ifndef DOCTOR_CHECK_INVARIANTS_H
#define DOCTOR_CHECK_INVARIANTS_H

struct check;
struct err;

/*
 * Every record is in a state of its kind and agrees with its references; live records refer to live
 * ones; ended ones hold nothing; names are unique among live records; leases do not exceed what
 * they are granted from; and nothing is queued that would fit now. Reads only rows, no cached state
 * of the transaction; but if it has an image, that is compared with the rows. Derived rows are
 * trusted: check_derived (doctor/check.h) verifies them.
 */
int check_invariants(struct check *check, struct err *e);

#endif
