/* orders_internal: what a child that waits (spawn.h) is told to execute, and how that is sent. */
#ifndef PROC_ORDERS_INTERNAL_H
#define PROC_ORDERS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proc/user.h"

#define ORDERS_DESCRIPTORS 5 /* in, out, err, keep, script */

struct spawn;

/*
 * What goes down the line: this, with those descriptors that there are, then the texts, each with
 * its NUL: cwd (if there is one), argv, envp.
 */
struct order {
	uint32_t size; /* bytes of texts */
	uint32_t argc, envc;
	int32_t umask;
	bool has[ORDERS_DESCRIPTORS];
	bool foreground, cwd, other; /* other: becomes the user */
	struct user user;
};

/* What a child knows of its orders. */
struct orders {
	struct order order;
	int fds[ORDERS_DESCRIPTORS]; /* -1: none was sent */
	char *texts, *cwd, **argv, **envp;
};

/* In the child: false if the line ended before all was said. Calls nothing but the kernel. */
bool orders_receive(int line, struct orders *orders);

/* Memory for the child, which has no heap; NULL: none is available. */
void *orders_map(size_t size);

/* In the parent: 0 or an errno. */
int orders_send(int line, const struct spawn *what);

#endif
