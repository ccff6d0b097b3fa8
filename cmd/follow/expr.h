/* expr: what `is`, `require` and `wait` can ask of a record. */
#ifndef CMD_FOLLOW_EXPR_H
#define CMD_FOLLOW_EXPR_H

#include "core/cmd.h"
#include "state/resolve.h"

enum expr_kind {
	EXPR_STATE,  /* a state's name, any case */
	EXPR_EXISTS, /* it is there and has not ended */
	EXPR_GONE,   /* it is not there, or has ended */
	EXPR_ENDED,
	EXPR_OK,    /* it has ended, and was a success by the rules of its kind */
	EXPR_EMPTY, /* of a node: nothing is on it */
	EXPR_FIELD, /* FIELD OP VALUE */
	EXPR_FITS,  /* fits:DEMAND, of no record */
	EXPR_QUIET  /* quiet:D: no event for so long */
};

struct expr {
	enum expr_kind kind;
	const char *text; /* as given */
	const char *demand;
	uint64_t quiet_ms;
};

/* The words among them, for completion. */
extern const struct enums expr_words;

/* Needs no store. ERR_USAGE. */
int expr_parse(const char *text, struct expr *x, struct arena *a, struct err *e);

/* Can it be asked of this kind? ERR_USAGE says why not. */
int expr_suits(struct ctx *ctx, const struct expr *x, const struct kind *kind, struct err *e);

/* One moment of a record. */
struct moment {
	const struct kind *kind; /* NULL: nothing of that name was ever there */
	void *record;		 /* NULL: it is not there */
	bool past;		 /* not what the transaction sees: only stored fields are known */
	bool final;		 /* what is not there will not come again */
};

/*
 * 1 it holds, 0 it does not, -1. Not for EXPR_FITS and EXPR_QUIET. What depends on more than the
 * stored fields does not hold in the past.
 */
int expr_holds(struct ctx *ctx, const struct expr *x, const struct moment *m, struct err *e);

/*
 * True if it can never hold of this record from here on. named: another may come to have its name.
 */
bool expr_hopeless(const struct expr *x, const struct moment *m, bool named);

/* Whether a demand fits somewhere now: 1, 0 or -1. */
int expr_fits(struct ctx *ctx, const struct expr *x, struct err *e);

/* The time of a record's last event, not after event `seq`; 0: none is known. */
int expr_last_event(
    struct ctx *ctx, const struct located *of, uint64_t seq, uint64_t *time_ms, struct err *e);

/* An expression about a record now; text NULL: about none. 1 holds, 0 does not, -1. */
int expr_is(struct ctx *ctx, const char *text, const char *expression, struct err *e);

#endif
