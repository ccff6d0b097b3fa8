/* form: conversion of a record's fields to and from JSON and text. */
#ifndef REC_FORM_H
#define REC_FORM_H

#include "rec/rec.h"

/* Options for human-readable text; zeroed: plain values as in JSON, times in ms. */
struct form {
	uint64_t now_ms; /* for relative times */
	enum { TIMES_RELATIVE, TIMES_ISO, TIMES_UNIX } times;
	bool past;   /* --at: live fields are shown as "-" */
	bool escape; /* control bytes shown escaped */
};

/*
 * Adds one field's value as JSON: numbers for counts, sizes and amounts, ms integers for times and
 * durations ("never" as a text), "N3" for ids, objects for labels and amounts, null for an unset
 * field without an empty form.
 */
void field_json(
    const struct field *f, const void *record, const struct form *form, struct buf *out);

/*
 * Adds the field as text for a table cell, tsv, env or fmt; "" for unset (the table writes "-"),
 * but 0 and false are shown if FF_ALWAYS. A message is shown as JSON.
 */
void field_text(
    const struct field *f, const void *record, const struct form *form, struct buf *out);

/*
 * Sets a field from text as typed ("5s", "ALIVE", "k=v,k2=v2", "cpu=1,gpu=2"). ERR_USAGE naming
 * field and value.
 */
int field_parse(
    const struct field *f, void *record, const char *text, struct arena *a, struct err *e);

/* Reads a JSON array of strings, with the limits of rec_from_json. */
int texts_from_json(
    struct texts *texts, const char *json, size_t n, struct arena *a, struct err *e);

/*
 * A value inside a record by path: "state", "labels.zone", "total.gpu", "drain.message". Fills a
 * field and the struct it is a member of. 1 found, 0 the path is valid but has no value (no such
 * label or amount, an unset message on the way), -1 ERR_USAGE: no such field (lists the fields).
 * record may be NULL, which checks a path. key points into path.
 */
struct path_value {
	const struct field *field; /* the leaf; for labels and amounts the whole map */
	const char *key;	   /* the key within a map, else NULL */
	const void *record;	   /* NULL: no value */
};
int path_find(const struct rec *r, const void *record, const char *path, struct path_value *value,
    struct err *e);
void path_text(const struct path_value *value, const struct form *form, struct buf *out);

#endif
