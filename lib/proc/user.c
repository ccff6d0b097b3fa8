#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "proc/user.h"

static bool
text_copy(char *to, size_t size, const char *from)
{
	size_t n = strlen(from);

	if (n >= size)
		return false;
	memcpy(to, from, n + 1);
	return true;
}

static bool
entry_copy(struct user *user, const struct passwd *entry)
{
	int count = USER_GROUPS_MAX;

	if (!text_copy(user->name, sizeof user->name, entry->pw_name) ||
	    !text_copy(user->home, sizeof user->home, entry->pw_dir) ||
	    !text_copy(user->shell, sizeof user->shell, entry->pw_shell) ||
	    getgrouplist(entry->pw_name, entry->pw_gid, user->groups, &count) < 0)
		return false;
	user->uid = entry->pw_uid;
	user->gid = entry->pw_gid;
	user->group_count = (size_t)count;
	return true;
}

int
user_find(uid_t uid, struct user *user, struct err *e)
{
	struct passwd entry, *found;
	char text[16384];
	int failed = getpwuid_r(uid, &entry, text, sizeof text, &found);

	*user = (struct user){0};
	if (failed)
		return err_set(
		    e, ERR_NO, "cannot look up uid %lu: %s", (unsigned long)uid, strerror(failed));
	if (!found)
		return err_set(e, ERR_NO, "no user has the uid %lu", (unsigned long)uid);
	if (!entry_copy(user, found))
		return err_set(e, ERR_NO, "user '%.64s' has too many groups, or too long a name",
		    found->pw_name);
	return 0;
}

int
user_become(const struct user *user)
{
	if (geteuid() != 0)
		return geteuid() == user->uid && getuid() == user->uid ? 0 : EPERM;
	if (setgroups(user->group_count, user->groups) ||
	    setresgid(user->gid, user->gid, user->gid) ||
	    setresuid(user->uid, user->uid, user->uid))
		return errno;
	return 0;
}
