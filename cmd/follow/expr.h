/* expr: the expressions of `is`, `require` and `wait`. */
#ifndef CMD_FOLLOW_EXPR_H
#define CMD_FOLLOW_EXPR_H

#include "core/cmd.h"
#include "state/resolve.h"

enum expr_kind {
	EXPR_STATE,  /* a state's name, any case */
	EXPR_EXISTS, /* the record exists and has not ended */
	EXPR_GONE,   /* the record does not exist, or has ended */
	EXPR_ENDED,
	EXPR_OK,    /* it has ended, successfully by the rules of its kind */
	EXPR_EMPTY, /* nothing is on the node */
	EXPR_FIELD, /* FIELD OP VALUE */
	EXPR_FITS,  /* fits:DEMAND, takes no record */
	EXPR_QUIET  /* quiet:D: no event for D */
};

struct expr {
	enum expr_kind kind;
	const char *text; /* as given */
	const char *demand;
	uint64_t quiet_ms;
};

/* The fixed words, for completion. */
extern const struct enums expr_words;

/* Needs no store. ERR_USAGE. */
int expr_parse(const char *text, struct expr *x, struct arena *a, struct err *e);

/* Whether the expression applies to this kind. ERR_USAGE says why not. */
int expr_suits(struct ctx *ctx, const struct expr *x, const struct kind *kind, struct err *e);

/* A record at one point in time. */
struct moment {
	const struct kind *kind; /* NULL: no record of that name ever existed */
	void *record;		 /* NULL: it does not exist */
	bool past;		 /* before this transaction's state: only stored fields are known */
	bool final;		 /* a record that does not exist will not appear again */
};

/*
 * 1 it holds, 0 it does not, -1. Not for EXPR_FITS and EXPR_QUIET. What depends on more than the
 * stored fields does not hold in the past.
 */
int expr_holds(struct ctx *ctx, const struct expr *x, const struct moment *m, struct err *e);

/* True if it can never hold for this record any more. named: another record may get the name. */
bool expr_hopeless(const struct expr *x, const struct moment *m, bool named);

/* Whether a demand fits somewhere now: 1, 0 or -1. */
int expr_fits(struct ctx *ctx, const struct expr *x, struct err *e);

/* The time of a record's last event up to event `seq`; 0: none is known. */
int expr_last_event(
    struct ctx *ctx, const struct located *of, uint64_t seq, uint64_t *time_ms, struct err *e);

/* Evaluates an expression for a record now; text NULL: for none. 1 holds, 0 does not, -1. */
int expr_is(struct ctx *ctx, const char *text, const char *expression, struct err *e);

#endif
