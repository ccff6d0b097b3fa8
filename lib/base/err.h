/*
 * err: how a failure travels. The caller owns the struct; whoever fails fills it and returns -1;
 * callers on the way up put the name they know in front. Nothing is allocated, so failing cannot
 * fail.
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

/* What helps, to be said in the words of whoever prints the error: the library knows no commands. */
enum err_advice {
	ADVICE_NONE,
	ADVICE_CHECK,	   /* the state is damaged */
	ADVICE_MAKE,	   /* there is no cluster */
	ADVICE_PUT_BACK,   /* a file is missing that can be made anew */
	ADVICE_SHOW_LEASES /* those of the node that is the value */
};

struct err {
	enum err_code code;
	enum err_advice advice;
	char text[1024]; /* one line, no newline, no program name; "" is a silent failure */
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

/* Rows for every code, and for 125 to 127 of commands that stand for a child. */
extern const struct err_meanings err_meanings;

/* Of a code of enum err_code. */
const char *err_name(enum err_code code);

/*
 * Replaces what e holds; arguments may be parts of it. Control bytes become '?', what is too long
 * is cut. Always returns -1.
 */
int err_set(struct err *e, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, and remembers the value that was wrong (NULL: none). */
int err_value(struct err *e, enum err_code code, const char *value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds what helps. Always returns -1. */
int err_advise(struct err *e, enum err_advice advice);

/*
 * Puts "FORMAT: " in front of the text; code, advice and value stay, and a silent failure stays silent.
 * Always returns -1.
 */
int err_wrap(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
