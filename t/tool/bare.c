/* bare: like null, but linked as gcs is, which loads cJSON only when it reads JSON. */
#include <lmdb.h>
#include <sodium.h>

typedef void any(void);
extern any *const used[];
any *const used[] = {(any *)mdb_env_open, (any *)sodium_init};

int
main(void)
{
	return 0;
}
