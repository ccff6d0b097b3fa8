/* why_internal: declarations shared by the files of this room. */
#ifndef WHY_WHY_INTERNAL_H
#define WHY_WHY_INTERNAL_H

#include "why/why.h"

struct demand;
struct image_node;
struct lack;

#define NODES_MOST 20 /* named one by one */

struct asking {
	struct cluster *c;
	why_tell *tell;
	void *argument;
};

int why_say(struct asking *ask, enum why_code code, const char *about, uint64_t seq,
    const char *text, struct err *e);

/* "actor default/a1" of a ref. */
int why_label(struct asking *ask, uint64_t ref, const char **label, struct err *e);

/* Why a record with this demand (NULL: none) has no node, or no room in its group; of: its ref. */
int why_demand(struct asking *ask, const struct demand *demand, uint64_t of, struct err *e);

/* How much longer a failed record backs off. */
int why_backoff(struct asking *ask, uint64_t not_before_ms, struct err *e);

/* " (gcs undrain n1)": the command that opens the node; "" if not needed. */
const char *why_node_opens(struct asking *ask, const struct image_node *in, const char *name);

/* "; held by actor default/a (6 for 3m), L1 (2 for 1h: demo), and 2 more": of what the node lacks;
 * "" if none of it is in use. */
int why_node_held(struct asking *ask, const struct image_node *in, const struct lack *lack,
    const char **held, struct err *e);

/* Says for which record this node is reserved: 1, or 0 if for none. */
int why_node_kept(struct asking *ask, const struct image_node *in, const struct demand *demand,
    uint64_t of, const char *name, struct err *e);

#endif
