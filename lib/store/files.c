#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>
#include "base/array.h"

struct fs_name {
	uint32_t magic;
	const char *name;
	bool good;
};

static const struct fs_name fs_names[] = {
    {0xef53, "ext4", true},
    {0x58465342, "xfs", true},
    {0x9123683e, "btrfs", true},
    {0x01021994, "tmpfs", true},
    {0x2fc12fc1, "zfs", true},
    {0xf2f52010, "f2fs", true},
    {0xca451a4e, "bcachefs", true},
    {0x794c7630, "overlayfs", true},
    {0x6969, "nfs", false},
    {0xff534d42, "cifs", false},
    {0xfe534d42, "smb2", false},
    {0x517b, "smb", false},
    {0x65735546, "fuse", false},
    {0x01021997, "9p", false},
    {0x00c36400, "ceph", false},
    {0x0bd00bd0, "lustre", false},
    {0x47504653, "gpfs", false},
    {0x01161970, "gfs2", false},
    {0x7461636f, "ocfs2", false},
    {0x5346414f, "afs", false},
    {0x73757245, "coda", false},
    {0x4d44, "vfat", false},
    {0x2011bab0, "exfat", false},
    {0x5346544e, "ntfs", false},
    {0x7366746e, "ntfs3", false},
    {0xf15f, "ecryptfs", false},
    {0x858458f6, "ramfs", false},
    {0x24051905, "ubifs", false},
    {0x3153464a, "jfs", false},
};

int
store_none(const struct store *store, struct err *e)
{
	err_set(e, ERR_STORE, "no cluster in '%s'", store->path);
	return err_advise(e, ADVICE_MAKE);
}

int
store_damaged(const struct store *store, const char *how, struct err *e)
{
	err_set(e, ERR_STORE, "the state in '%s' is damaged (%s)", store->path, how);
	return err_advise(e, ADVICE_CHECK);
}

int
store_file_fail(const struct store *store, const char *name, struct err *e)
{
	int why = errno;

	if (why == ENOENT) {
		err_set(e, ERR_STORE, "'%s/%s' is missing", store->path, name);
		return err_advise(e, ADVICE_PUT_BACK);
	}
	if (why == ELOOP)
		return err_set(e, ERR_STORE, "'%s/%s' is not a regular file", store->path, name);
	return err_set(e, ERR_STORE, "cannot use '%s/%s': %s", store->path, name, strerror(why));
}

int
store_file_trust(const struct store *store, const char *name, const struct stat *st, struct err *e)
{
	if (!S_ISREG(st->st_mode))
		return err_set(e, ERR_STORE, "'%s/%s' is not a regular file", store->path, name);
	if (st->st_nlink != 1)
		return err_set(e, ERR_STORE, "'%s/%s' has %ju links, not one", store->path, name,
		    (uintmax_t)st->st_nlink);
	if (st->st_uid != store->owner && !seam("no-owner-check"))
		return err_set(e, ERR_STORE,
		    "'%s/%s' belongs to uid %ju, but its directory to uid %ju", store->path, name,
		    (uintmax_t)st->st_uid, (uintmax_t)store->owner);
	return 0;
}

int
store_file_check(const struct store *store, const char *name, struct stat *st, struct err *e)
{
	if (fstatat(store->dir, name, st, AT_SYMLINK_NOFOLLOW)) {
		if (errno == ENOENT)
			return 0;
		return store_file_fail(store, name, e);
	}
	return store_file_trust(store, name, st, e) ? -1 : 1;
}

int
store_file_open(const struct store *store, const char *name, int flags, struct err *e)
{
	struct stat st;
	int fd;

	/* O_NONBLOCK: a file replaced by a FIFO must not block us before it is refused. */
	flags |= O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	fd = openat(store->dir, name, flags, 0600);
	if (fd < 0)
		return store_file_fail(store, name, e);
	if (fstat(fd, &st)) {
		store_file_fail(store, name, e);
	} else if (store_file_trust(store, name, &st, e) == 0) {
		return fd;
	}
	close(fd);
	return -1;
}

static int
fs_check(const struct store *store, uint32_t magic, struct err *e)
{
	char text[300];
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(fs_names); i++)
		if (fs_names[i].magic == magic)
			break;
	if (i == ARRAY_LENGTH(fs_names))
		return err_set(e, ERR_STORE,
		    "'%s' is on a file system of unknown kind (0x%x), which may not be local",
		    store->path, magic);
	if (!fs_names[i].good)
		return err_set(e, ERR_STORE,
		    "'%s' is on %s: only ext4, xfs, btrfs, tmpfs, zfs, f2fs and bcachefs will do",
		    store->path, fs_names[i].name);
	if (magic != 0x794c7630 || !store->options.warn)
		return 0;
	snprintf(text, sizeof text,
	    "'%.200s' is on overlayfs: it must not be seen through another mount", store->path);
	store->options.warn(text);
	return 0;
}

/* Root works as the directory's owner, so that the files it creates belong to the owner. */
static int
become_owner(const struct store *store, gid_t group, struct err *e)
{
	if (store->owner == 0 || getauxval(AT_EUID) != 0 || geteuid() != 0)
		return 0;
	if (setgroups(0, NULL) || setgid(group) || setuid(store->owner))
		return err_set(e, ERR_STORE, "cannot become the owner of '%s': %s", store->path,
		    strerror(errno));
	return 0;
}

int
store_dir_check(struct store *store, struct err *e)
{
	const char *magic = seam("fs-magic");
	struct statfs fs;
	struct stat st;

	if (fstat(store->dir, &st) || fstatfs(store->dir, &fs))
		return err_set(
		    e, ERR_STORE, "cannot look at '%s': %s", store->path, strerror(errno));
	store->owner = st.st_uid;
	store->device = st.st_dev;
	store->file_mode = st.st_mode & 070 ? 0660 : 0600;
	if (become_owner(store, st.st_gid, e))
		return -1;
	if (!seam("no-fs-check") &&
	    fs_check(store, magic ? (uint32_t)strtoul(magic, NULL, 16) : (uint32_t)fs.f_type, e))
		return -1;
	if (!(fs.f_flags & ST_RDONLY))
		return 0;
	if (!store->options.reading_only)
		return err_set(e, ERR_STORE, "'%s' is mounted read-only", store->path);
	store->unlocked = true;
	return 0;
}

bool
store_reserve_spend(struct store *store)
{
	struct err ignored;
	struct stat st;
	int fd;
	bool spent;

	store->reserve_full = false;
	if (seam("no-reserve"))
		return false;
	fd = store_file_open(store, "reserve", O_WRONLY, &ignored);
	if (fd < 0)
		return false;
	spent = fstat(fd, &st) == 0 && st.st_size > 0 && ftruncate(fd, 0) == 0;
	close(fd);
	return spent;
}

void
store_reserve_refill(struct store *store)
{
	struct err ignored;
	struct stat st;
	int fd;

	if (store->reserve_full || store_file_check(store, "reserve", &st, &ignored) != 1)
		return;
	if (st.st_size >= RESERVE_BYTES) {
		store->reserve_full = true;
		return;
	}
	fd = store_file_open(store, "reserve", O_WRONLY, &ignored);
	if (fd < 0)
		return;
	store->reserve_full = posix_fallocate(fd, 0, RESERVE_BYTES) == 0;
	if (!store->reserve_full && ftruncate(fd, 0))
		store->reserve_full = false;
	close(fd);
}

/* LMDB reports a short write as an I/O error. */
bool
store_disk_full(const struct store *store)
{
	struct statfs fs;

	return fstatfs(store->dir, &fs) == 0 && fs.f_bavail * (uint64_t)fs.f_bsize < 65536;
}
