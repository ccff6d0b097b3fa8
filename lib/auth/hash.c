#include <sodium.h>
#include "auth/hash.h"
#include "base/err.h"

int
hash_text(const void *p, size_t n, char text[HASH_TEXT_SIZE], struct err *e)
{
	unsigned char hash[crypto_generichash_BYTES_MIN];

	/* Says 1 at once if it was called before. */
	if (sodium_init() < 0)
		return err_set(e, ERR_NO, "libsodium cannot be initialised");
	if (crypto_generichash(hash, sizeof hash, p, n, NULL, 0))
		return err_set(e, ERR_NO, "cannot hash %zu bytes", n);
	sodium_bin2hex(text, HASH_TEXT_SIZE, hash, sizeof hash);
	return 0;
}
