/*
 * stranger: makes an LMDB environment that does not belong to gcs.
 *
 *   stranger DIR
 */
#include <lmdb.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	MDB_val key = {5, "whose"}, value = {4, "mine"};
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi tree;

	if (argc != 2 || mdb_env_create(&env) || mdb_env_open(env, argv[1], 0, 0600) ||
	    mdb_txn_begin(env, NULL, 0, &txn) || mdb_dbi_open(txn, NULL, 0, &tree) ||
	    mdb_put(txn, tree, &key, &value, 0) || mdb_txn_commit(txn)) {
		fprintf(stderr, "stranger: see the head of t/tool/stranger.c\n");
		return 1;
	}
	mdb_env_close(env);
	return 0;
}
