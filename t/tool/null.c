/* null: the cost of starting a program that is linked with all the libraries of gcs and does
 * nothing. bench measures against it. */
#include <cjson/cJSON.h>
#include <lmdb.h>
#include <sodium.h>

/* Referenced, so that the linker keeps the libraries. */
typedef void any(void);
extern any *const used[];
any *const used[] = {(any *)mdb_env_open, (any *)sodium_init, (any *)cJSON_ParseWithLengthOpts};

int
main(void)
{
	return 0;
}
