/* The meta row: the properties of a store, fixed at its creation. */
#include "store/internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/wire.h"

#define META_TABLE 'm'
#define META_KEY "meta"

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
	meta->format = (uint32_t)seam_number("format", STORE_FORMAT);
	meta->needed = seam_number("needed", 0);
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
	return rc < 0 ? store_damaged(txn->store, "the meta row", e) : 1;
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
