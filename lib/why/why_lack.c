/* why_lack: a lack (place/lack.h) in words and as a code. */
#include "why/why.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/number.h"
#include "place/lack.h"

static const struct {
	enum why_code code; /* 0: too little now, or always */
	const char *text;   /* NULL: it is about a resource */
} lacks[] = {
    [LACK_DRAINING] = {WHY_DRAINING, "it is draining"},
    [LACK_DEAD] = {0, "it is dead"},
    [LACK_CORDONED] = {WHY_CORDONED, "it is cordoned"},
    [LACK_AFFINITY] = {WHY_AFFINITY, "it is not the node asked for"},
    [LACK_AVOIDED] = {WHY_AVOIDED, "it is to be avoided"},
    [LACK_LABELS] = {WHY_LABELS, "its labels do not match"},
    [LACK_FRAGMENTED] = {WHY_FRAGMENTED, NULL},
    [LACK_INSTANCE_BUSY] = {0, NULL},
};

enum why_code
why_lack_code(const struct lack *lack)
{
	enum why_code code = lacks[lack->code].code;

	return code ? code : lack->never ? WHY_INFEASIBLE : WHY_BUSY;
}

/* "gpu: 2 wanted, 1 free". */
static const char *
amounts_text(const struct lack *lack, const char *how, struct arena *a)
{
	char wanted[NUMBER_SIZE], have[NUMBER_SIZE];

	return arena_printf(a, "%s: %s wanted, %s %s", lack->resource,
	    resource_format(wanted, lack->resource, lack->want),
	    resource_format(have, lack->resource, lack->have), how);
}

const char *
why_lack_text(const struct lack *lack, struct arena *a)
{
	switch (lack->code) {
	case LACK_NONE:
	case LACK_DRAINING:
	case LACK_DEAD:
	case LACK_CORDONED:
	case LACK_AFFINITY:
	case LACK_AVOIDED:
	case LACK_LABELS:
		break;
	case LACK_TOTAL:
		return amounts_text(lack, "in all", a);
	case LACK_WHOLE:
		return arena_printf(
		    a, "%s comes in whole instances, or a part of one", lack->resource);
	case LACK_FREE:
		return amounts_text(lack, "free", a);
	case LACK_FRAGMENTED:
		return amounts_text(lack, "free, but fragmented", a);
	case LACK_NO_INSTANCE:
		return arena_printf(a, "%s:%llu: no such instance", lack->resource,
		    (unsigned long long)lack->instance);
	case LACK_INSTANCE_BUSY:
		return arena_printf(
		    a, "%s:%llu: in use", lack->resource, (unsigned long long)lack->instance);
	}
	return lacks[lack->code].text;
}

int
why_lack_refuse(const struct lack *lack, struct arena *a, struct err *e)
{
	return err_set(e, ERR_UNSATISFIABLE, "%s%s", lack->never ? "infeasible: " : "",
	    why_lack_text(lack, a));
}
