/* user: the user that a process becomes. */
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
 * Looks the user up. ERR_NO: no such user, the user database cannot be read, or a text or the group
 * list is too long (groups are never dropped).
 */
int user_find(uid_t uid, struct user *user, struct err *e);

/*
 * Becomes that user permanently: groups, then gid, then uid, real, effective and saved. Only root
 * can; does nothing if we already are that user. For a child between fork and exec: makes only
 * system calls. 0 or an errno.
 */
int user_become(const struct user *user);

#endif
