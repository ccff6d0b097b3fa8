#include "model/cascade.h"

#include "model/actor.h"
#include "model/lock.h"
#include "model/pg.h"
#include "rec/rec.h"
#include "state/kv.h"

int
cascade_owned(struct cluster *c, uint64_t owner, uint64_t cause, struct err *e)
{
	if (ref_letter(owner) == 'J' && (actors_job_ended(c, ref_number(owner), cause, e) ||
					    pgs_job_ended(c, ref_number(owner), cause, e)))
		return -1;
	if (locks_owner_ended(c, owner, cause, e))
		return -1;
	return kv_owner_ended(c, owner, cause, e);
}
