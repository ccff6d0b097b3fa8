#include <sodium.h>
#include "auth/hash.h"
#include "base/err.h"

#define BYTES crypto_generichash_BYTES_MIN

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct hash), "its state has room");

int
hash_begin(struct hash *hash, struct err *e)
{
	/* Says 1 at once if it was called before. */
	if (sodium_init() < 0 || crypto_generichash_init((void *)hash->state, NULL, 0, BYTES))
		return err_set(e, ERR_NO, "libsodium cannot be initialised");
	return 0;
}

/* These two cannot fail: the functions return 0 whatever they are given. */
void
hash_add(struct hash *hash, const void *p, size_t n)
{
	crypto_generichash_update((void *)hash->state, p, n);
}

void
hash_end(struct hash *hash, char text[HASH_TEXT_SIZE])
{
	unsigned char bytes[BYTES];

	crypto_generichash_final((void *)hash->state, bytes, sizeof bytes);
	sodium_bin2hex(text, HASH_TEXT_SIZE, bytes, sizeof bytes);
}

int
hash_text(const void *p, size_t n, char text[HASH_TEXT_SIZE], struct err *e)
{
	struct hash hash;

	if (hash_begin(&hash, e))
		return -1;
	hash_add(&hash, p, n);
	hash_end(&hash, text);
	return 0;
}
