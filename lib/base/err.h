/*
 * err: error reporting. The caller owns the struct; a failing function fills it and returns -1;
 * callers prefix the names they know. Nothing is allocated, so reporting an error cannot fail.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

/* The codes are the program's exit codes. */
enum err_code {
	ERR_NONE = 0,
	ERR_NO = 1,
	ERR_USAGE = 2,
	ERR_REFUSED = 3,
	ERR_UNSATISFIABLE = 4,
	ERR_IMPOSSIBLE = 5,
	ERR_HORIZON = 6,
	ERR_STORE = 7,
	ERR_BUSY = 8,
	ERR_DENIED = 9,
	ERR_TIMEOUT = 124
};

/* The remedy, worded by the code that prints the error: the library knows no commands. */
enum err_advice {
	ADVICE_NONE,
	ADVICE_CHECK,	   /* the state is damaged */
	ADVICE_MAKE,	   /* no cluster exists */
	ADVICE_PUT_BACK,   /* a missing file can be recreated */
	ADVICE_SHOW_LEASES /* the resources of the node in `value` */
};

struct err {
	enum err_code code;
	enum err_advice advice;
	char text[1024]; /* one line, no newline, no program name; "" fails silently */
	char value[256]; /* the offending value, "" if none */
};

struct err_meaning {
	int code;
	const char *name; /* "refused" */
	const char *help; /* one line */
};

struct err_meanings {
	const struct err_meaning *v;
	size_t n;
};

/* Rows for every code, and for 125 to 127 of commands that run a child. */
extern const struct err_meanings err_meanings;

/* The row of an enum err_code. */
const char *err_name(enum err_code code);

/*
 * Replaces the contents of e; arguments may be parts of it. Control bytes become '?', long texts
 * are truncated. Always returns -1.
 */
int err_set(struct err *e, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, and stores the offending value (NULL: none). */
int err_value(struct err *e, enum err_code code, const char *value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Sets the advice. Always returns -1. */
int err_advise(struct err *e, enum err_advice advice);

/*
 * Prefixes the text with "FORMAT: "; code, advice and value stay, and a silent failure stays
 * silent. Always returns -1.
 */
int err_wrap(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
