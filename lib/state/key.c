#include "state/key.h"

#include <string.h>

void
key_byte(struct key *k, unsigned byte)
{
	unsigned char b = (unsigned char)byte;

	key_add(k, (struct slice){&b, 1});
}

void
key_u64(struct key *k, uint64_t value)
{
	unsigned char b[8];
	int i;

	for (i = 0; i < 8; i++)
		b[i] = (unsigned char)(value >> (56 - 8 * i));
	key_add(k, (struct slice){b, sizeof b});
}

void
key_add(struct key *k, struct slice bytes)
{
	size_t room = sizeof k->p - k->n;

	if (bytes.n < room)
		room = bytes.n;
	if (room)
		memcpy(k->p + k->n, bytes.p, room);
	k->n += room;
}

struct slice
key_slice(const struct key *k)
{
	return (struct slice){k->p, k->n};
}

uint64_t
key_tail(struct slice key)
{
	uint64_t value = 0;
	size_t i;

	for (i = key.n < 8 ? 0 : key.n - 8; i < key.n; i++)
		value = value << 8 | key.p[i];
	return value;
}
