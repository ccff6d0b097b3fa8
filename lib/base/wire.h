/*
 * wire: the protobuf wire format (protobuf.dev/programming-guides/encoding) and operations on a
 * message that need no schema. Canonical: ascending field numbers, defaults omitted by the writer.
 * Wire types written: 0 varint and 2 length-delimited; 1 and 5 are read and kept.
 */
#ifndef BASE_WIRE_H
#define BASE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/slice.h"

struct buf;

struct wire_field {
	uint32_t number;    /* 1 to 2^29-1 */
	unsigned type;	    /* 0, 1, 2 or 5 */
	uint64_t value;	    /* of types 0, 1, 5 */
	struct slice bytes; /* of type 2: the content; points into the message */
	struct slice raw;   /* tag and all */
};

/*
 * Takes the next field off the front of *message: 1, or 0 at the end, or -1 if the bytes are
 * malformed.
 */
int wire_next(struct slice *message, struct wire_field *field);

/* They write any value, also 0 and empty. */
void wire_put_u64(struct buf *out, uint32_t number, uint64_t value);
void wire_put_bytes(struct buf *out, uint32_t number, const void *p, size_t n);
void wire_varint(struct buf *out, uint64_t value);

/* Zigzag, for signed numbers. */
uint64_t wire_zigzag(int64_t value);
int64_t wire_unzigzag(uint64_t value);

/*
 * Below, a message whose numbers do not ascend is sorted first (stably), so the result is
 * canonical. Scratch memory comes from the arena of the first buf.
 *
 * Compares two messages field number by field number (all occurrences of a number together). Adds
 * to `changed` the packed varints of the numbers that differ, ascending, and to `before` and
 * `after` the fields of those numbers as each message has them. Numbers in skip (0-terminated;
 * NULL: none) are ignored. Returns how many differ, or -1 if malformed.
 */
int wire_diff(struct slice from, struct slice to, const uint32_t *skip, struct buf *changed,
    struct buf *before, struct buf *after);

/*
 * Adds to out the message with every field number listed in `changed` (packed varints) replaced by
 * the fields of `fields`, in ascending order. Returns 0, or -1 if malformed or if fields has a
 * number that is not listed. Adds nothing on failure.
 */
int wire_patch(struct slice message, struct slice changed, struct slice fields, struct buf *out);

/* The first field with this number: 1, 0 or -1. */
int wire_find(struct slice message, uint32_t number, struct wire_field *field);

#endif
