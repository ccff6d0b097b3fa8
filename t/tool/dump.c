/*
 * dump: prints the file of a store byte for byte. It uses LMDB and nothing of gcs, so that no
 * change of gcs can change its output.
 *
 *   dump rows DIR       every row: key and value as stored; bytes that are not printable, blanks
 *                       and backslashes are written as \ and two digits
 *   dump copy DIR FILE  copies the rows into a new file, without free pages
 */
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
bytes_print(MDB_val bytes)
{
	const unsigned char *p = bytes.mv_data, *end = p + bytes.mv_size;

	for (; p < end; p++)
		if (*p > ' ' && *p < 0x7f && *p != '\\')
			putchar(*p);
		else
			printf("\\%02x", (unsigned)*p);
}

static int
rows(MDB_env *env)
{
	MDB_val key, value;
	MDB_cursor *cursor = NULL;
	MDB_txn *txn;
	MDB_dbi tree;
	int rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);

	if (rc)
		return rc;
	rc = mdb_dbi_open(txn, NULL, 0, &tree);
	if (!rc)
		rc = mdb_cursor_open(txn, tree, &cursor);
	while (!rc && !(rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT))) {
		bytes_print(key);
		putchar(' ');
		bytes_print(value);
		putchar('\n');
	}
	if (cursor) /* the transaction closes only the cursors of a writer */
		mdb_cursor_close(cursor);
	mdb_txn_abort(txn);
	return rc == MDB_NOTFOUND ? 0 : rc;
}

static int
copy(MDB_env *env, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), rc;

	if (fd < 0)
		return MDB_INVALID;
	rc = mdb_env_copyfd2(env, fd, MDB_CP_COMPACT);
	close(fd);
	return rc;
}

int
main(int argc, char **argv)
{
	MDB_env *env;
	int rc;

	if (argc < 3 ||
	    (argc == 3 ? strcmp(argv[1], "rows") : argc != 4 || strcmp(argv[1], "copy"))) {
		fprintf(stderr, "dump: see the head of t/tool/dump.c\n");
		return 2;
	}
	if (mdb_env_create(&env))
		return 1;
	/* No process writes meanwhile, so no lock file is needed. */
	rc = mdb_env_open(env, argv[2], MDB_RDONLY | MDB_NOLOCK, 0);
	if (!rc)
		rc = argc == 3 ? rows(env) : copy(env, argv[3]);
	mdb_env_close(env);
	if (rc)
		fprintf(stderr, "dump: %s: %s\n", argv[2], mdb_strerror(rc));
	return rc != 0;
}
