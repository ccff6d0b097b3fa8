/* check_internal: declarations shared by the checks of check.h. */
#ifndef DOCTOR_CHECK_INTERNAL_H
#define DOCTOR_CHECK_INTERNAL_H

#include <stdbool.h>
#include "base/slice.h"
#include "doctor/check.h"

struct kind;

/* Reports a problem. */
void check_problem(struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Reports a rule broken by the record, as a predicate: "has a node, but no lease". */
void check_holds(
    struct check *check, const struct kind *kind, const void *record, bool holds, const char *text);

/* Calls visit for each row of a table; the cluster's arena is rewound after each. */
typedef int check_visit(
    struct check *check, struct slice key, struct slice row, void *argument, struct err *e);
int check_each(
    struct check *check, unsigned char table, check_visit *visit, void *argument, struct err *e);

/* Adds one to the uint64_t that is the argument. */
check_visit check_count;

#endif
