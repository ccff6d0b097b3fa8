/*
 * rec: a record is a list of fields, written once as F(kind, member, number, flags, sub, help) and
 * expanded twice: to the struct and to a table of struct field. Every operation on a record is a
 * loop over that table: stored form (rec.h), JSON and text (form.h), filter, sort and selector
 * (filter.h). Nothing here accesses storage.
 *
 * A record's struct begins with `struct slice unknown`: the fields of its row unknown to this
 * program, as wire bytes, which every rewrite keeps.
 */
#ifndef REC_REC_H
#define REC_REC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/array.h"
#include "base/slice.h"

struct arena;
struct buf;
struct err;
struct form; /* rec/form.h */

enum field_kind {    /* member type               sub */
	FK_U64,	     /* uint64_t                                            */
	FK_I64,	     /* int64_t                                             */
	FK_BOOL,     /* bool                                                */
	FK_TEXT,     /* const char *, NULL or "" is unset                   */
	FK_BYTES,    /* struct slice, p NULL is unset                       */
	FK_TIME,     /* uint64_t, ms since the epoch, 0 unset               */
	FK_DURATION, /* uint64_t, ms, 0 unset; DURATION_NEVER               */
	FK_SIZE,     /* uint64_t, bytes                                     */
	FK_REAL,     /* uint64_t, scaled by 10000                           */
	FK_ID,	     /* uint64_t, 0 unset                 const char[2], the kind's letter */
	FK_REF,	     /* uint64_t from ref_make, 0 unset: an id of any kind  */
	FK_ENUM,     /* unsigned, 0 unset                 const struct enums    */
	FK_TEXTS,    /* struct texts                                        */
	FK_LABELS,   /* struct labels, sorted by key, unique                */
	FK_AMOUNT,   /* struct amount, virtual only                         */
	FK_AMOUNTS,  /* struct amounts, sorted by name, unique              */
	FK_NUMBERS,  /* struct slice of packed varints                      */
	FK_JSON,     /* const char *, JSON already, virtual only            */
	FK_MESSAGE,  /* struct of sub *, NULL unset       const struct rec  */
	FK_LIST	     /* struct list_of, structs of sub    const struct rec  */
};

/* The kinds with a uint64_t member, for a switch: `case FK_ALL_U64:`. */
#define FK_ALL_U64 \
	FK_U64: \
	case FK_TIME: \
	case FK_DURATION: \
	case FK_SIZE: \
	case FK_REAL: \
	case FK_ID: \
	case FK_REF

enum field_flags {
	FF_VIRTUAL = 1 << 0, /* computed for display, not stored */
	FF_LIVE = 1 << 1,    /* virtual and not in the log: shown as - under --at */
	FF_COLUMN = 1 << 2,  /* a column of the table */
	FF_WIDE = 1 << 3,    /* a column of the wide table only */
	FF_CELL = 1 << 4,    /* for tables only: not in JSON, env or tsv by default */
	FF_INPUT = 1 << 5,   /* accepted as input (--from, JSON) */
	FF_STAMP = 1 << 6,  /* rev and updated_ms: implied by the event, not part of a difference */
	FF_ALWAYS = 1 << 7, /* in JSON even if 0 or empty */
	FF_PASSING = 1 << 8, /* differs between runs (an event number): not part of a plan */
	FF_RERUN = 1 << 9    /* part of the request: repeated when the work is resubmitted */
};

struct texts {
	const char **v;
	size_t n;
};

struct label {
	const char *key, *value;
};
struct labels {
	struct label *v;
	size_t n;
};

struct amount {
	const char *name; /* "cpu" */
	uint64_t value;	  /* bytes for mem, disk and object_store_mem, else scaled by 10000 */
	bool indexed;	  /* has instances */
};
struct amounts {
	struct amount *v;
	size_t n;
};

struct enum_name {
	unsigned value; /* from 1 */
	const char *name, *help;
};
struct enums {
	const struct enum_name *v;
	size_t n;
};
#define ENUMS(rows) \
	{ \
		(rows), ARRAY_LENGTH(rows) \
	}

struct list_of {
	void *v; /* n consecutive structs */
	size_t n;
};

struct field {
	enum field_kind kind;
	uint32_t name_n; /* bytes of the name */
	const char *name;
	uint32_t number; /* in the stored form; 0 for virtual fields */
	uint32_t flags;
	const void *sub;
	const char *help;
	size_t offset;
};

struct rec {
	const char *name; /* "node" */
	const char *help;
	size_t size;
	/* ascending numbers, virtual fields last or between: output order */
	const struct field *fields;
	size_t n;
};

/* The struct member, as the C type of its kind. */
const void *field_at(const struct field *f, const void *record);
void *field_to(const struct field *f, void *record);

/* By name, or NULL. */
const struct field *rec_field(const struct rec *r, const char *name);
/* By number, or NULL. */
const struct field *rec_field_number(const struct rec *r, uint32_t number);

/* Whether it differs from the kind's default. Bytes may be set and empty. */
bool field_is_set(const struct field *f, const void *record);

/*
 * Copies only the fields with a flag; the data they point to is shared. A message with flagged
 * fields is copied likewise, to the arena.
 */
void rec_copy(const struct rec *r, void *to, const void *from, uint32_t flag, struct arena *a);

/* A reference to a record of any kind: its letter and number combined. */
uint64_t ref_make(char letter, uint64_t number);
char ref_letter(uint64_t ref);
uint64_t ref_number(uint64_t ref);

const char *enum_text(const struct enums *names, unsigned value);	       /* NULL if unknown */
bool enum_parse(const struct enums *names, const char *text, unsigned *value); /* any case */
/* ERR_USAGE, listing the names. */
int enum_parse_one(
    const struct enums *names, const char *text, unsigned *value, struct arena *a, struct err *e);

/*
 * The stored form: canonical protobuf wire bytes (base/wire.h), unknown fields in their places.
 * Virtual fields are omitted.
 */
void rec_encode(const struct rec *r, const void *record, struct buf *out);

/*
 * Fills a zeroed struct; everything is copied to the arena, so the message may be freed. ERR_STORE
 * if malformed: also a text containing NUL, an unsorted map, and fields out of order or duplicated.
 */
int rec_decode(
    const struct rec *r, void *record, struct slice message, struct arena *a, struct err *e);

/* Only the fields up to this number; the others stay unchanged. */
int rec_decode_to(const struct rec *r, void *record, uint32_t number, struct slice message,
    struct arena *a, struct err *e);

/*
 * Adds the record as one JSON object on one line: all fields but FF_CELL, unset ones omitted unless
 * FF_ALWAYS. Unknown fields are not shown. Bytes that are not UTF-8 are in base64, with the key
 * NAME_base64.
 */
void rec_json(const struct rec *r, const void *record, const struct form *form, struct buf *out);

/*
 * Reads one JSON object into a zeroed struct, only fields flagged FF_INPUT. Limits: 16 MiB, depth
 * 64; refused are unknown or duplicate keys, integers of 2^53 and more, invalid UTF-8, NUL in
 * strings, trailing text. null leaves a field unset; a string is parsed by field_parse if the kind
 * is not a number or list, and by amounts_parse within amounts. ERR_USAGE.
 */
int rec_from_json(
    const struct rec *r, void *record, const char *json, size_t n, struct arena *a, struct err *e);

/* Takes the next of the packed varints of FK_NUMBERS off the front; false at the end. */
bool numbers_next(struct slice *numbers, uint64_t *value);

const char *labels_get(const struct labels *l, const char *key); /* NULL if absent */
/*
 * value NULL removes. Key and value are copied; the list is replaced, never changed in place.
 * Likewise amounts_set.
 */
void labels_set(struct labels *l, const char *key, const char *value, struct arena *a);
const struct amount *amounts_get(const struct amounts *l, const char *name);
void amounts_set(struct amounts *l, struct amount amount, struct arena *a); /* value 0 removes */

/*
 * "k=v"; ERR_USAGE. A valid label key is [A-Za-z0-9]([A-Za-z0-9._/-]{0,126}); a value is UTF-8 of
 * at most 255 bytes.
 */
int label_parse(const char *text, struct label *label, struct arena *a, struct err *e);

/*
 * "cpu=8,gpu=4,mem=64Gi,licence=3:indexed": adds to the list; repeated resources are summed, 0 adds
 * nothing, gpu is always indexed. A name is [a-z][a-z0-9_]{0,63}; sums are checked against
 * AMOUNT_MAX. ERR_USAGE.
 */
int amounts_parse(const char *text, struct amounts *amounts, struct arena *a, struct err *e);
int amount_parse_named(
    const char *name, const char *text, struct amount *amount, struct arena *a, struct err *e);
/* adds each of more */
void amounts_sum(struct amounts *l, const struct amounts *more, struct arena *a);
bool resource_is_bytes(const char *name); /* mem, disk, object_store_mem */
/* NUMBER_SIZE bytes: "2", "64Gi" */
char *resource_format(char *to, const char *name, uint64_t value);

#endif
