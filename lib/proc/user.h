/* user: whom a process becomes. */
#ifndef PROC_USER_H
#define PROC_USER_H

#include <stddef.h>
#include <sys/types.h>

#define USER_GROUPS_MAX 256

struct err;

struct user {
	uid_t uid;
	gid_t gid;
	char name[64], home[256], shell[128]; /* for USER, HOME, SHELL */
	gid_t groups[USER_GROUPS_MAX];	      /* all of them, gid among them */
	size_t group_count;
};

/*
 * Asks the user database. ERR_NO: there is no such user, the database cannot be read, or a text or
 * the groups are more than fit (nobody is started with some of their groups).
 */
int user_find(uid_t uid, struct user *user, struct err *e);

/*
 * Becomes that user for good: groups, then gid, then uid, real, effective and saved. Only root can;
 * who is that user already stays what they are. For a child between fork and exec: calls nothing
 * but the kernel. 0 or an errno.
 */
int user_become(const struct user *user);

#endif
