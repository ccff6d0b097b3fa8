#include "state/cascade.h"

#include "state/cluster.h"
#include "state/index.h"

struct going {
	struct cascade *cascade;
	kind_goes *go;
};

static int
go(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct going *going = argument;

	return going->go(c, record, going->cascade, e);
}

/* notified below, once all leases are gone */
static int
bereft_tell(struct cluster *c, struct cascade *cascade, struct err *e)
{
	size_t i;

	for (i = 0; i < cascade->nbereft; i++) {
		const struct kind *kind = kind_letter(c->kinds, ref_letter(cascade->bereft[i]));

		if (kind && kind->bereft &&
		    kind->bereft(c, ref_number(cascade->bereft[i]), cascade->seq, e))
			return -1;
	}
	cascade->nbereft = 0;
	return 0;
}

static int
kind_go(struct cluster *c, const struct kind *kind, enum cascade_cause cause,
    struct cascade *cascade, struct err *e)
{
	struct going going = {cascade, kind->with[cause].go};
	int bad = cause == CASCADE_NODE
		      ? index_on_node(c, kind, ref_number(cascade->of), go, &going, e)
		      : index_owned(c, kind, cascade->of, go, &going, e);

	return bad ? -1 : bereft_tell(c, cascade, e);
}

static const struct kind *
whose_turn(const struct kinds *kinds, unsigned turn, enum cascade_cause cause)
{
	size_t i;

	for (i = 0; i < kinds->n; i++)
		if (kinds->v[i].with[cause].turn == turn)
			return &kinds->v[i];
	return NULL;
}

static int
all_go(struct cluster *c, enum cascade_cause cause, struct cascade *cascade, struct err *e)
{
	const struct kind *kind;
	unsigned turn;

	for (turn = 1; (kind = whose_turn(c->kinds, turn, cause)); turn++)
		if (kind_go(c, kind, cause, cascade, e))
			return -1;
	return 0;
}

int
cascade(struct cluster *c, struct cascade *cascade, struct err *e)
{
	if (cascade->cause != CASCADE_OWNER && all_go(c, cascade->cause, cascade, e))
		return -1;
	return all_go(c, CASCADE_OWNER, cascade, e);
}
