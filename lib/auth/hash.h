/*
 * hash: BLAKE2b (RFC 7693) of some bytes, by libsodium. The library is initialised at the first
 * use, not before.
 */
#ifndef AUTH_HASH_H
#define AUTH_HASH_H

#include <stddef.h>

#define HASH_TEXT_SIZE 33 /* 16 bytes as hexadecimal and a NUL */

struct err;

int hash_text(const void *p, size_t n, char text[HASH_TEXT_SIZE], struct err *e);

/* The same of bytes that come in pieces. What is in it is libsodium's. */
struct hash {
	_Alignas(64) unsigned char state[384];
};
int hash_begin(struct hash *hash, struct err *e);
void hash_add(struct hash *hash, const void *p, size_t n);
void hash_end(struct hash *hash, char text[HASH_TEXT_SIZE]);

#endif
