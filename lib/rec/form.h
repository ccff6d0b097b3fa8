/* form: a record's fields as JSON and as text, both ways. */
#ifndef REC_FORM_H
#define REC_FORM_H

#include "rec/rec.h"

/* How texts for people are made; zeroed: JSON-like plain values, that is times in ms. */
struct form {
	uint64_t now_ms; /* for relative times */
	enum { TIMES_RELATIVE, TIMES_ISO, TIMES_UNIX } times;
	bool past;   /* --at: live fields are shown as "-" */
	bool escape; /* control bytes shown escaped */
};

/*
 * Adds one field's value as JSON: numbers for counts, sizes and amounts, ms integers for times and
 * durations ("never" as a text), "N3" for ids, objects for labels and amounts, null for what is
 * unset and has no empty form.
 */
void field_json(
    const struct field *f, const void *record, const struct form *form, struct buf *out);

/*
 * Adds the field as text for a table cell, tsv, env or fmt; "" for unset ("-" is the table's
 * business), but 0 and false are shown where FF_ALWAYS. A message is shown as JSON.
 */
void field_text(
    const struct field *f, const void *record, const struct form *form, struct buf *out);

/*
 * Sets a field from text as people type it ("5s", "ALIVE", "k=v,k2=v2", "cpu=1,gpu=2"). ERR_USAGE
 * naming field and value.
 */
int field_parse(
    const struct field *f, void *record, const char *text, struct arena *a, struct err *e);

/* Reads a JSON array of strings, with the limits of rec_from_json. */
int texts_from_json(
    struct texts *texts, const char *json, size_t n, struct arena *a, struct err *e);

/*
 * A value inside a record by path: "state", "labels.zone", "total.gpu", "drain.message". Fills a
 * field and the struct it is a member of. 1 found, 0 the path is good but nothing is there (no such
 * label or amount, an unset message on the way), -1 ERR_USAGE: no such field (lists what there is).
 * record may be NULL, which checks a path. key points into path.
 */
struct path_value {
	const struct field *field; /* the leaf; for labels and amounts the whole map */
	const char *key;	   /* the key within a map, else NULL */
	const void *record;	   /* NULL: not there */
};
int path_find(const struct rec *r, const void *record, const char *path, struct path_value *value,
    struct err *e);
void path_text(const struct path_value *value, const struct form *form, struct buf *out);

#endif
