/* text: validity of names and texts, and escaping for a terminal, a shell and JSON. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Strict UTF-8 (no overlong forms, no surrogates, at most U+10FFFF). */
bool text_is_utf8(const void *p, size_t n);

/*
 * A record's name: [A-Za-z0-9_][A-Za-z0-9._-]{0,127}, and not of the form of an id (capital letter,
 * digits).
 */
bool text_is_name(const char *text);

/* A namespace: like a name, 1 to 127 bytes, but may have the form of an id. */
bool text_is_namespace(const char *text);

/*
 * Adds text with control bytes, DEL, C1 controls and invalid UTF-8 as \xHH, and backslash doubled.
 */
void text_escape(struct buf *out, const char *p, size_t n);

/* Adds text in single quotes; a POSIX shell reads back the same bytes. */
void text_shell(struct buf *out, const char *p, size_t n);

/*
 * Adds a JSON string with its quotes; DEL and C1 controls are escaped too. Bytes that are not valid
 * UTF-8 become U+FFFD.
 */
void text_json(struct buf *out, const char *p, size_t n);

/* Adds lower-case hexadecimal. */
void text_hex(struct buf *out, const void *p, size_t n);

/* Reads exactly 2*n hexadecimal digits into n bytes. */
bool text_from_hex(const char *text, void *p, size_t n);

/* Adds standard base64 with padding (RFC 4648, section 4). */
void text_base64(struct buf *out, const void *p, size_t n);

/* Terminal columns of p: one per UTF-8 character (two if wide, none if combining). */
size_t text_width(const char *p, size_t n);

/* The number of bytes of p that fit into this many columns: whole characters. */
size_t text_fitting(const char *p, size_t n, size_t columns);

#endif
