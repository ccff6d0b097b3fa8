#include "store/internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/wire.h"

/* Tables and keys of the two rows. */
#define META_TABLE 'm'
#define META_KEY "meta"
#define COUNTERS_TABLE 'c'
#define COUNTERS_KEY "counters"

enum {
	META_FORMAT = 1,
	META_NEEDED,
	META_IGNORABLE,
	META_C_LIBRARY,
	META_GIVEN_CLOCK,
	META_CREATED,
	META_CLUSTER,
	META_HISTORY,
	META_PARENT,
	META_FORK_SEQ,
	META_NAME
};

enum {
	COUNTER_SEQ = 1,
	COUNTER_HORIZON,
	COUNTER_LAST_MS,
	COUNTER_GIVEN_MS,
	COUNTER_ID = 10 /* and 25 more */
};

static int
random_fill(struct store_id *id, struct err *e)
{
	const char *staged = seam("ids");

	if (staged && text_from_hex(staged, id->bytes, sizeof id->bytes))
		return 0;
	if (getrandom(id->bytes, sizeof id->bytes, 0) == (ssize_t)sizeof id->bytes)
		return 0;
	return err_set(e, ERR_STORE, "no random bytes: %s", strerror(errno));
}

int
meta_fill(struct store_meta *meta, const struct store_init *init, struct err *e)
{
	const char *name = init->name ? init->name : "";

	*meta = (struct store_meta){.given_clock = init->given_clock};
	if (strlen(name) >= sizeof meta->name)
		return err_value(e, ERR_USAGE, name, "the cluster's name is too long");
	meta->format = (uint32_t)store_seam_number(seam("format"), STORE_FORMAT);
	meta->needed = store_seam_number(seam("needed"), 0);
	meta->created_ms = init->given_clock ? init->clock_ms : clock_real_ms();
	gate_library(meta->c_library, sizeof meta->c_library);
	memcpy(meta->name, name, strlen(name));
	if (random_fill(&meta->cluster, e) || random_fill(&meta->history, e))
		return -1;
	return 0;
}

static void
put_u64(struct buf *out, uint32_t number, uint64_t value)
{
	if (value)
		wire_put_u64(out, number, value);
}

static void
put_id(struct buf *out, uint32_t number, const struct store_id *id)
{
	static const struct store_id none;

	if (memcmp(id, &none, sizeof none) != 0)
		wire_put_bytes(out, number, id->bytes, sizeof id->bytes);
}

static void
put_text(struct buf *out, uint32_t number, const char *text)
{
	if (*text)
		wire_put_bytes(out, number, text, strlen(text));
}

int
meta_save(struct txn *txn, const struct store_meta *meta, struct err *e)
{
	struct arena *a = &txn->store->arena;
	struct arena_mark mark = arena_mark(a);
	struct buf out = {.arena = a};
	int rc;

	put_u64(&out, META_FORMAT, meta->format);
	put_u64(&out, META_NEEDED, meta->needed);
	put_u64(&out, META_IGNORABLE, meta->ignorable);
	put_text(&out, META_C_LIBRARY, meta->c_library);
	put_u64(&out, META_GIVEN_CLOCK, meta->given_clock);
	put_u64(&out, META_CREATED, meta->created_ms);
	put_id(&out, META_CLUSTER, &meta->cluster);
	put_id(&out, META_HISTORY, &meta->history);
	put_id(&out, META_PARENT, &meta->parent);
	put_u64(&out, META_FORK_SEQ, meta->fork_seq);
	put_text(&out, META_NAME, meta->name);
	rc = txn_put(txn, META_TABLE, slice_of(META_KEY), buf_slice(&out), e);
	arena_rewind(a, mark);
	return rc;
}

static void
take_id(struct store_id *id, struct slice bytes)
{
	if (bytes.n == sizeof id->bytes)
		memcpy(id->bytes, bytes.p, bytes.n);
}

static void
take_text(char *to, size_t size, struct slice bytes)
{
	if (bytes.n)
		snprintf(to, size, "%.*s", (int)(bytes.n < size ? bytes.n : size), bytes.p);
}

static void
meta_take(struct store_meta *meta, const struct wire_field *field)
{
	switch (field->number) {
	case META_FORMAT:
		meta->format = (uint32_t)field->value;
		return;
	case META_NEEDED:
		meta->needed = field->value;
		return;
	case META_IGNORABLE:
		meta->ignorable = field->value;
		return;
	case META_C_LIBRARY:
		take_text(meta->c_library, sizeof meta->c_library, field->bytes);
		return;
	case META_GIVEN_CLOCK:
		meta->given_clock = field->value != 0;
		return;
	case META_CREATED:
		meta->created_ms = field->value;
		return;
	case META_CLUSTER:
		take_id(&meta->cluster, field->bytes);
		return;
	case META_HISTORY:
		take_id(&meta->history, field->bytes);
		return;
	case META_PARENT:
		take_id(&meta->parent, field->bytes);
		return;
	case META_FORK_SEQ:
		meta->fork_seq = field->value;
		return;
	case META_NAME:
		take_text(meta->name, sizeof meta->name, field->bytes);
		return;
	}
}

int
meta_load(struct txn *txn, struct store_meta *meta, struct err *e)
{
	struct wire_field field = {0};
	struct slice row;
	int rc = txn_get(txn, META_TABLE, slice_of(META_KEY), &row, e);

	if (rc != 1)
		return rc;
	*meta = (struct store_meta){0};
	while ((rc = wire_next(&row, &field)) == 1)
		meta_take(meta, &field);
	return rc < 0 ? db_damaged(txn->store, "the meta row", e) : 1;
}

int
meta_check(const struct store *store, struct err *e)
{
	const struct store_meta *meta = &store->meta;
	char ours[sizeof meta->c_library];

	if (meta->format > STORE_FORMAT)
		return err_set(e, ERR_STORE,
		    "'%s' was made by a newer gcs (format %u, this program knows %d)", store->path,
		    meta->format, STORE_FORMAT);
	if (meta->needed)
		return err_set(e, ERR_STORE,
		    "'%s' was made by a newer gcs (it needs features 0x%jx, which this program "
		    "does not know)",
		    store->path, (uintmax_t)meta->needed);
	gate_library(ours, sizeof ours);
	if (strcmp(ours, meta->c_library) != 0 && !seam("no-libc-check"))
		return gate_library_refuse(store, meta->c_library, e);
	if (store->options.now_ms && !meta->given_clock)
		return err_set(
		    e, ERR_REFUSED, "'%s' has a real clock: its time cannot be given", store->path);
	return 0;
}

static uint64_t *
counter_of(struct counters *counters, uint32_t number)
{
	switch (number) {
	case COUNTER_SEQ:
		return &counters->seq;
	case COUNTER_HORIZON:
		return &counters->horizon;
	case COUNTER_LAST_MS:
		return &counters->last_ms;
	case COUNTER_GIVEN_MS:
		return &counters->given_ms;
	}
	if (number < COUNTER_ID || number >= COUNTER_ID + STORE_COUNTERS)
		return NULL;
	return &counters->id[number - COUNTER_ID];
}

int
counters_load(struct txn *txn, struct err *e)
{
	struct wire_field field = {0};
	struct slice row;
	uint64_t *counter;
	int rc;

	txn->counters = (struct counters){.horizon = 1};
	rc = txn_get(txn, COUNTERS_TABLE, slice_of(COUNTERS_KEY), &row, e);
	if (rc < 0 || (rc == 0 && txn->store->making))
		return rc;
	while (rc == 1 && (rc = wire_next(&row, &field)) == 1) {
		counter = counter_of(&txn->counters, field.number);
		if (counter)
			*counter = field.value;
		if (!row.n)
			return 0;
	}
	return db_damaged(txn->store, "the row of counters", e);
}

/* What this program does not know in the row stays in it. */
int
counters_save(struct txn *txn, struct err *e)
{
	struct arena *a = &txn->store->arena;
	struct arena_mark mark = arena_mark(a);
	struct buf known = {.arena = a}, fields = {.arena = a}, out = {.arena = a};
	struct slice before = {NULL, 0};
	const uint64_t *counter;
	int rc;

	for (uint32_t number = 1; number < COUNTER_ID + STORE_COUNTERS; number++) {
		counter = counter_of(&txn->counters, number);
		if (!counter)
			continue;
		wire_varint(&known, number);
		put_u64(&fields, number, *counter);
	}
	rc = txn_get(txn, COUNTERS_TABLE, slice_of(COUNTERS_KEY), &before, e);
	if (rc >= 0 && wire_patch(before, buf_slice(&known), buf_slice(&fields), &out))
		rc = db_damaged(txn->store, "the row of counters", e);
	if (rc >= 0) {
		txn->quota = 0;
		rc = txn_put(txn, COUNTERS_TABLE, slice_of(COUNTERS_KEY), buf_slice(&out), e);
	}
	arena_rewind(a, mark);
	return rc < 0 ? -1 : 0;
}

struct store *
txn_store(struct txn *txn)
{
	return txn->store;
}

bool
txn_writes(const struct txn *txn)
{
	return txn->writes;
}

void
txn_end_as(struct txn *txn, enum txn_end end)
{
	txn->end = end;
}

uint64_t
txn_seq(const struct txn *txn)
{
	return seam("id-as-seq") ? db_id(txn) : txn->counters.seq;
}

uint64_t
txn_seq_next(struct txn *txn)
{
	return ++txn->counters.seq;
}

uint64_t
txn_horizon(const struct txn *txn)
{
	return txn->counters.horizon ? txn->counters.horizon : 1;
}

void
txn_horizon_set(struct txn *txn, uint64_t seq)
{
	txn->counters.horizon = seq;
}

uint64_t
txn_counter(const struct txn *txn, char letter)
{
	return letter >= 'A' && letter <= 'Z' ? txn->counters.id[letter - 'A'] : 0;
}

uint64_t
txn_counter_next(struct txn *txn, char letter)
{
	return letter >= 'A' && letter <= 'Z' ? ++txn->counters.id[letter - 'A'] : 0;
}

uint64_t
txn_now(const struct txn *txn)
{
	return txn->now_ms;
}

uint64_t
txn_given_clock(const struct txn *txn)
{
	return txn->store->meta.given_clock ? txn->counters.given_ms : 0;
}

void
txn_given_clock_set(struct txn *txn, uint64_t ms)
{
	txn->counters.given_ms = ms;
}

uint64_t
txn_last_ms(const struct txn *txn)
{
	return txn->counters.last_ms;
}

void
txn_last_ms_set(struct txn *txn, uint64_t ms)
{
	txn->counters.last_ms = ms;
}

void
txn_sync_group(struct txn *txn)
{
	txn->group = true;
}

int
txn_quota(struct txn *txn, uint64_t bytes, struct err *e)
{
	(void)e;
	txn->quota = bytes;
	return 0;
}
