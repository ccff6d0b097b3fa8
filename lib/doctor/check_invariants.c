#include "doctor/check_invariants.h"

#include <string.h>

#include "base/array.h"
#include "base/arena.h"
#include "base/err.h"
#include "doctor/invariants_internal.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/key.h"
#include "state/record.h"
#include "store/txn.h"

/* --- references of a record --- */

enum target { TARGET_MISSING = 1, TARGET_ENDED, TARGET_LIVING };

#define TARGETS 4096

/* The record whose references are checked, and a cache of their targets. */
struct referring {
	struct check *check;
	const struct kind *kind;
	const void *record;
	bool ended;
	struct known {
		uint64_t ref;
		enum target target;
	} * known; /* TARGETS of them, by ref */
};

/* References of live records to records that may have ended before them. */
static const struct loose {
	const char *rec, *field;
	const char *where; /* only where this is true; NULL: everywhere */
} loose[] = {
    {"demand", "on", NULL},
    {"actor", "job", "detached"},
    {"pg", "job", "detached"},
    {"task", "worker", NULL},	/* the last one */
    {"worker", "record", NULL}, /* told to stop, but not gone yet */
    {"after", "job", "met"},
};

static bool
is_loose(const struct rec *rec, const struct field *f, const void *part)
{
	const struct loose *l;
	const struct field *where;

	for (l = loose; l < loose + ARRAY_LENGTH(loose); l++) {
		if (strcmp(l->rec, rec->name) != 0 || strcmp(l->field, f->name) != 0)
			continue;
		where = l->where ? rec_field(rec, l->where) : NULL;
		return !where || *(const bool *)field_at(where, part);
	}
	return false;
}

static int
target_find(struct referring *r, uint64_t ref, enum target *target, struct err *e)
{
	const struct kind *kind = kind_letter(r->check->c->kinds, ref_letter(ref));
	struct known *known = &r->known[(ref ^ ref >> 53) % TARGETS];
	void *record;
	int got;

	*target = known->target;
	if (known->target && known->ref == ref)
		return 0;
	*target = TARGET_MISSING;
	if (!kind)
		return 0;
	record = arena_alloc(r->check->c->arena, kind->rec->size);
	got = record_get_number(r->check->c, kind, ref_number(ref), record, e);
	if (got > 0)
		*target = record_ended(kind, record) ? TARGET_ENDED : TARGET_LIVING;
	*known = (struct known){ref, *target};
	return got < 0 ? -1 : 0;
}

static void
reference_problem(struct referring *r, const struct field *f, uint64_t ref, const char *text)
{
	check_problem(r->check, "%s %s: %s %c%llu %s", r->kind->name,
	    record_label(r->kind, r->record, r->check->c->arena), f->name, ref_letter(ref),
	    (unsigned long long)ref_number(ref), text);
}

static int
reference_check(
    struct referring *r, const struct field *f, uint64_t ref, bool may_have_ended, struct err *e)
{
	enum target target;

	if (!kind_letter(r->check->c->kinds, ref_letter(ref)) ||
	    ref_number(ref) > txn_counter(r->check->c->txn, ref_letter(ref))) {
		reference_problem(r, f, ref, "never was");
		return 0;
	}
	if (r->ended && ref_letter(ref) == 'L')
		reference_problem(r, f, ref, "is held, though it has ended");
	if (r->ended || may_have_ended)
		return 0;
	if (target_find(r, ref, &target, e))
		return -1;
	if (target != TARGET_LIVING)
		reference_problem(r, f, ref, target == TARGET_ENDED ? "has ended" : "is not there");
	return 0;
}

static int references(struct referring *r, const struct rec *rec, const void *part, struct err *e);

static int
list_references(struct referring *r, const struct field *f, const void *part, struct err *e)
{
	const struct list_of *list = field_at(f, part);
	const struct rec *rec = f->sub;
	size_t i;

	for (i = 0; i < list->n; i++)
		if (references(r, rec, (const char *)list->v + i * rec->size, e))
			return -1;
	return 0;
}

static int
field_references(struct referring *r, const struct rec *rec, const struct field *f,
    const void *part, struct err *e)
{
	uint64_t number;

	if (f->kind == FK_LIST)
		return list_references(r, f, part, e);
	if (f->kind == FK_MESSAGE)
		return references(r, f->sub, *(void *const *)field_at(f, part), e);
	if ((f->kind != FK_ID && f->kind != FK_REF) || !field_is_set(f, part))
		return 0;
	number = *(const uint64_t *)field_at(f, part);
	if (f->kind == FK_ID)
		number = ref_make(*(const char *)f->sub, number);
	return reference_check(r, f, number, is_loose(rec, f, part), e);
}

/* All references of a record except its own id. part: of the record; NULL: unset. */
static int
references(struct referring *r, const struct rec *rec, const void *part, struct err *e)
{
	const struct field *f;

	for (f = rec->fields; part && f < rec->fields + rec->n; f++) {
		if (f->flags & FF_VIRTUAL || (part == r->record && !strcmp(f->name, "id")))
			continue;
		if (field_references(r, rec, f, part, e))
			return -1;
	}
	return 0;
}

/* --- each record --- */

/* Tables that hold only live records. */
static const unsigned char of_living[] = {TABLE_WAITING, TABLE_DUE, TABLE_ON_NODE, TABLE_LIVE};

/* An ended record has left the queue and released its name. */
static void
ended_check(struct check *check, const struct kind *kind, const void *record)
{
	struct derived d = {.arena = check->c->arena};
	size_t i;

	kind->derive(kind, record, &d);
	for (i = 0; i < d.n; i++) {
		check_holds(check, kind, record, !memchr(of_living, d.v[i].table, sizeof of_living),
		    "has ended, but waits or holds something still");
		check_holds(check, kind, record,
		    d.v[i].table != TABLE_NAME || d.v[i].key.p[d.v[i].key.n - 9],
		    "has ended, but has its name still");
	}
}

static int
record_rules(struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	struct referring *r = argument;
	const struct kind *kind = r->kind;
	void *record = arena_alloc(check->c->arena, kind->rec->size);

	(void)key;
	if (rec_decode(kind->rec, record, row, check->c->arena, e)) {
		check_problem(check, "a %s's row is malformed", kind->name);
		return 0;
	}
	check_holds(check, kind, record,
	    !kind->nstates || kind_state(kind, record_state(kind, record)),
	    "is in no state that there is");
	r->record = record;
	r->ended = record_ended(kind, record);
	if (references(r, kind->rec, record, e))
		return -1;
	if (r->ended)
		ended_check(check, kind, record);
	return kind->invariants ? kind->invariants(check, kind, record, e) : 0;
}

/* --- names --- */

/* Rows are sorted: those of one name are adjacent, live ones first. */
static int
name_check(struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	struct key *before = argument;

	(void)row;
	(void)e;
	if (key.n < 10 || key.p[key.n - 9])
		return 0;
	key.n -= 8;
	if (before->n && !slice_compare(key_slice(before), key))
		check_problem(check, "two living %s have the name %s",
		    kind_of(check->c->kinds, key.p[0])->plural,
		    (const char *)key.p + 1 + strlen((const char *)key.p + 1) + 1);
	before->n = 0;
	key_add(before, key);
	return 0;
}

static int
all_rules(struct check *check, struct image *remembered, struct err *e)
{
	struct referring r = {.check = check};
	struct key before = {.n = 0};

	r.known = arena_alloc(check->kept, TARGETS * sizeof *r.known);
	for (r.kind = check->c->kinds->v; r.kind < check->c->kinds->v + check->c->kinds->n;
	     r.kind++)
		if (check_each(check, r.kind->table, record_rules, &r, e))
			return -1;
	if (check_each(check, TABLE_NAME, name_check, &before, e) || check_uses(check, e))
		return -1;
	return check_image(check, remembered, e) || check_waiting(check, e) ? -1 : 0;
}

int
check_invariants(struct check *check, struct err *e)
{
	struct cluster *c = check->c, look = *c;
	struct arena_mark mark = arena_mark(c->kept);
	int bad;

	look.image = NULL;
	look.sched = NULL;
	check->c = &look;
	bad = all_rules(check, c->image, e);
	check->c = c;
	arena_rewind(c->kept, mark);
	return bad;
}
