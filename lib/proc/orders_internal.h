/* orders_internal: the message that tells a waiting child (spawn.h) what to execute. */
#ifndef PROC_ORDERS_INTERNAL_H
#define PROC_ORDERS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proc/user.h"

#define ORDERS_DESCRIPTORS 5 /* in, out, err, keep, script */

struct spawn;

/*
 * The message: this struct with its valid descriptors, then the texts, NUL-terminated: cwd (if
 * any), argv, envp.
 */
struct order {
	uint32_t size; /* bytes of texts */
	uint32_t argc, envc;
	int32_t umask;
	bool has[ORDERS_DESCRIPTORS];
	bool foreground, cwd, other; /* true: becomes another user */
	struct user user;
};

/* The orders as received by the child. */
struct orders {
	struct order order;
	int fds[ORDERS_DESCRIPTORS]; /* -1: not sent */
	char *texts, *cwd, **argv, **envp;
};

/* In the child: false if the message is incomplete. Makes only system calls. */
bool orders_receive(int line, struct orders *orders);

/* Memory for the child, which has no heap; NULL: not available. */
void *orders_map(size_t size);

/* In the parent: 0 or an errno. */
int orders_send(int line, const struct spawn *what);

#endif
