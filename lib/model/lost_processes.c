#include "model/lost_processes.h"

#include "base/arena.h"
#include "base/err.h"
#include "state/cluster.h"
#include "state/key.h"
#include "state/kind.h"
#include "store/scan.h"

int
lost_processes_list(struct cluster *c, struct lost_process **v, size_t *n, struct err *e)
{
	struct slice key, value;
	struct scan scan;
	int got;

	*n = 0;
	if (scan_table(&scan, c->txn, TABLE_LIVE, e))
		return -1;
	while ((got = scan_next(&scan, &key, &value, e)) > 0) {
		const struct kind *kind = kind_of(c->kinds, key.p[0]);

		if (!kind || !kind->process)
			continue;
		*v = arena_push(c->arena, *v, *n, sizeof **v);
		if (kind->process(c, key_tail(key), &(*v)[*n], e)) {
			got = -1;
			break;
		}
		++*n;
	}
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}

int
lost_processes_end(struct cluster *c, const struct lost_process *o, struct err *e)
{
	const struct kind *kind = kind_letter(c->kinds, ref_letter(o->ref));

	return kind && kind->orphaned ? kind->orphaned(c, o, e) : 0;
}
