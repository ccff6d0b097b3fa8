/* host_node: the node that this machine is in the cluster. */
#ifndef CMD_CORE_HOST_NODE_H
#define CMD_CORE_HOST_NODE_H

#include "core/cmd.h"

struct host_node {
	const char *host;	/* name of this machine */
	uint64_t id;		/* the one node that is it; 0: the selector says which */
	const char *selector;	/* "host=NAME" */
	uint64_t only;		/* the one node that suits the selector; 0: none, or several do */
	const struct node *new; /* to be registered, where there is none */
};

/* What this machine has, for what was not said: cpu, mem, gpu, and the label of the GPUs' model. */
int host_detect(struct ctx *ctx, struct node *node, struct err *e);

/*
 * Inside a transaction: finds which living nodes are this machine: one of its name or address, or
 * those labelled host=NAME (as agents are). 1, 0: none is, -1.
 */
int host_node_find(struct ctx *ctx, struct host_node *host, struct err *e);

#endif
