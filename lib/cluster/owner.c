#include "cluster/owner.h"

#include "state/kv.h"

int
owned_end(struct cluster *c, uint64_t owner, uint64_t cause, struct err *e)
{
	return kv_owner_ended(c, owner, cause, e);
}
