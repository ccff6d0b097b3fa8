/* filter: selects and orders the records of a list. */
#ifndef REC_FILTER_H
#define REC_FILTER_H

#include "rec/rec.h"

struct filter;

/*
 * One --filter: 'field op value', op one of = != < <= > >= ~ (POSIX extended regular expression). A
 * comma means or: 'state=ALIVE,DRAINING' or 'state=DEAD,total.gpu>0'; after != the field must equal
 * none of the list; "\," is a literal comma. An empty value with = or != tests whether the field is
 * unset. Values are parsed by the field's kind (5m, 4Gi, ALIVE, N3); a time is compared with a
 * time, a duration field with a duration; an age field given a duration likewise. A missing count
 * is 0; an unset time, duration, text, id or enum is neither less nor more than any value.
 * ERR_USAGE. The arena must outlive the filter. Several filters are chained: all must match. Start
 * with NULL.
 */
int filter_add(struct filter **filter, const struct rec *r, const char *text, uint64_t now_ms,
    struct arena *a, struct err *e);
bool filter_computed(const struct filter *filter);		    /* uses a virtual field */
bool filter_match(const struct filter *filter, const void *record); /* NULL matches all */
void filter_done(struct filter *filter); /* frees the compiled expressions; accepts NULL */

/*
 * 'k=v', 'k!=v', 'k in (a,b)', 'k notin (a,b)', 'k', '!k', joined by commas; != and notin hold if k
 * is absent. ERR_USAGE.
 */
struct selector;
int selector_parse(struct selector **selector, const char *text, struct arena *a, struct err *e);
/* NULL matches all */
bool selector_match(const struct selector *selector, const struct labels *labels);

/*
 * <0, 0, >0 by one field, in the order of its kind: numbers as numbers, enums by value, texts by
 * bytes, unset first.
 */
int field_compare(const struct field *f, const void *a, const void *b);

#endif
