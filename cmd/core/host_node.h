/* host_node: the node that represents this machine in the cluster. */
#ifndef CMD_CORE_HOST_NODE_H
#define CMD_CORE_HOST_NODE_H

#include "core/cmd.h"

struct host_node {
	const char *host;	/* name of this machine */
	uint64_t id;		/* the one node of this machine; 0: the selector decides */
	const char *selector;	/* "host=NAME" */
	uint64_t only;		/* the one node that matches the selector; 0: none, or several */
	const struct node *new; /* to be registered if no node matches */
};

/* Fills unset fields with what this machine has: cpu, mem, gpu, and the GPUs' model label. */
int host_detect(struct ctx *ctx, struct node *node, struct err *e);

/*
 * Inside a transaction: finds the living nodes that represent this machine: one with its name or
 * address, or those labelled host=NAME (as agents are). 1, 0: none, -1.
 */
int host_node_find(struct ctx *ctx, struct host_node *host, struct err *e);

#endif
